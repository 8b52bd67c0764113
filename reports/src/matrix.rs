//! Several Records side by side: statements and features by Subject, for who has to choose.
//!
//! In alphabetical order, without a score and without a ranking. Every column says where it comes from, and a waived failure
//! is a failure: a buyer must not see a vendor's agreement with itself as a pass.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::encode::html::{own, sentence, untrusted};
use crate::encode::name;
use crate::html::{badge, bar, document, scroll};
use crate::record::{Capability, Record, Requirement, Verdict, Version};
use crate::{sentence as words, standard};

/// The page.
#[must_use]
pub fn render(records: &[Record]) -> String {
    let mut records: Vec<&Record> = records.iter().collect();
    records
        .sort_by_cached_key(|record| (words::subject(record), record.run.started.clone(), record.digest()));
    let names: Vec<String> = records.iter().map(|record| words::subject(record)).collect();
    let suites: BTreeSet<(&str, &str)> =
        records.iter().map(|record| (record.suite.version.as_str(), record.suite.commit.as_str())).collect();
    document(
        &format!("MQTT conformance: {}", names.join(", ")),
        "#statements",
        &html! {
            header {
                (bar("MQTT conformance, side by side"))
                h1 { "MQTT conformance of " (records.len()) " implementation" @if records.len() != 1 { "s" } }
                p.lead { "In alphabetical order, without a score. Conformance says nothing about performance, security or scale." }
                @if suites.len() > 1 {
                    p { strong.v.warn { "! The columns come from different versions of the suite." } " Compare only what both tested." }
                }
            }
            main {
                section #columns aria-labelledby="columns-h" { h2 #columns-h { "Who was tested, and how" } (provenance(&records)) }
                section #features aria-labelledby="features-h" { h2 #features-h { "Optional features and limits" } (features(&records, &names)) }
                section #statements aria-labelledby="statements-h" { h2 #statements-h { "Statements" } (statements(&records, &names)) }
            }
            footer { p { "The statements are those of the OASIS Standards MQTT Version 3.1.1 and MQTT Version 5.0, in our words." } }
        },
    )
}

fn provenance(records: &[&Record]) -> Markup {
    scroll(
        "Who was tested, and how",
        &html! {
            table {
                caption { "Where each column comes from" }
                thead { tr { @for title in ["Subject", "Verdict", "MUST statements tested", "Broken", "Date", "Suite", "Testbed", "Completeness", "Record (SHA-256)"] { th scope="col" { (title) } } } }
                tbody {
                    @for record in records {
                        @let musts = record.musts();
                        @let headline = words::headline(record);
                        tr {
                            th scope="row" { bdi { (own(&words::subject(record))) } " (" (record.subject.role.word()) ")" }
                            td { span class={ "v " (headline.like.name()) } { (headline.glyph) " " (headline.verdict) } }
                            td.number { (musts.tested()) " of " (musts.applicable) }
                            td.number { (musts.failed + musts.waived) }
                            td { (own(record.run.started.as_deref().unwrap_or("simulated"))) }
                            td { (own(&record.suite.version)) " " code { (own(&record.suite.commit)) } }
                            td { (record.run.testbed.name()) }
                            td { (own(&words::completeness(record))) }
                            td { code { (record.digest().get(..16).unwrap_or_default()) "…" } }
                        }
                    }
                }
            }
        },
    )
}

fn features(records: &[&Record], names: &[String]) -> Markup {
    let mut rows: BTreeMap<(&str, Option<Version>), Vec<Option<&Capability>>> = BTreeMap::new();
    for (column, record) in records.iter().enumerate() {
        for capability in &record.capabilities {
            let row = rows
                .entry((capability.name.as_str(), capability.version))
                .or_insert_with(|| vec![None; records.len()]);
            row[column] = Some(capability);
        }
    }
    scroll(
        "Optional features and limits",
        &html! {
            table {
                caption { "What was seen, and what was declared where nothing was seen" }
                thead { tr { th scope="col" { "Feature or limit" } @for name in names { th scope="col" { bdi { (own(name)) } } } } }
                tbody {
                    @for ((name, version), cells) in &rows {
                        tr {
                            th scope="row" { (own(name)) @if let Some(version) = version { " (" (version) ")" } }
                            @for cell in cells {
                                td {
                                    @match cell.and_then(|capability| capability.seen.as_ref().or(capability.declared.as_ref())) {
                                        Some(value) => (untrusted(value)),
                                        None => span.level { "unknown" },
                                    }
                                    @if cell.is_some_and(|capability| capability.mismatch) { " " strong.v.fail { "✗ contradicts what is declared" } }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn statements(records: &[&Record], names: &[String]) -> Markup {
    // Every statement that any Record has, in the order in which they come first.
    let mut order: Vec<&Requirement> = Vec::new();
    let mut known = BTreeSet::new();
    for requirement in records.iter().flat_map(|record| &record.requirements) {
        if known.insert(requirement.id.as_str()) {
            order.push(requirement);
        }
    }
    order.sort_by_key(|requirement| requirement.version);
    let columns: Vec<BTreeMap<&str, Verdict>> = records
        .iter()
        .map(|record| {
            record
                .requirements
                .iter()
                .map(|requirement| (requirement.id.as_str(), requirement.verdict))
                .collect()
        })
        .collect();
    let mut chapters: Vec<Vec<&Requirement>> = Vec::new();
    for requirement in order {
        let place = |other: &Requirement| (other.version, standard::chapter(&other.section).to_owned());
        match chapters.last_mut() {
            Some(last) if place(last[0]) == place(requirement) => last.push(requirement),
            _ => chapters.push(vec![requirement]),
        }
    }
    html! {
        div.filter hidden {
            label { "Search " input type="search" autocomplete="off" spellcheck="false"; }
            button type="button" aria-pressed="false" data-verdict="differs" { "Only where they differ" }
            span.result role="status" aria-live="polite" {}
        }
        (scroll("Statements", &html! {
            table.statements.matrix {
                caption { "Each statement, and what became of it" }
                thead { tr { th scope="col" { "Statement" } @for name in names { th scope="col" { bdi { (own(name)) } } } } }
                @for chapter in &chapters {
                    tbody {
                        tr.section { th colspan=(names.len() + 1) scope="rowgroup" {
                            "MQTT " (chapter[0].version) " § " (own(standard::chapter(&chapter[0].section))) " "
                            (standard::chapter_title(chapter[0].version, standard::chapter(&chapter[0].section)))
                        } }
                        @for requirement in chapter { (row(requirement, &columns)) }
                    }
                }
            }
        }))
    }
}

fn row(requirement: &Requirement, columns: &[BTreeMap<&str, Verdict>]) -> Markup {
    let verdicts: Vec<Option<Verdict>> =
        columns.iter().map(|column| column.get(requirement.id.as_str()).copied()).collect();
    let differs = verdicts.windows(2).any(|pair| pair[0] != pair[1]);
    html! {
        tr id=(name::statement(&requirement.id)) data-v=(if differs { "differs" } else { "same" }) {
            td { span.id { (own(&requirement.id)) } " " span.level { (requirement.level) } br; (own(&sentence(&requirement.summary.as_str().into(), 400))) }
            @for verdict in verdicts {
                td { @match verdict { Some(verdict) => (badge(verdict)), None => span.level { "not in this Record" } } }
            }
        }
    }
}
