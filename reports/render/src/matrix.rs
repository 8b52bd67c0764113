//! Several Records side by side: statements and features by Subject, for who has to choose.
//!
//! In alphabetical order, without a score and without a ranking. Every column says where it comes from, and a waived failure
//! is a failure: a buyer must not see a vendor's agreement with itself as a pass.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use serde_json::{Value, json};

use crate::encode::csv::cell;
use crate::encode::html::{own, sentence, untrusted};
use crate::encode::name;
use crate::html::{Assets, badge, bar, document, scroll};
use crate::{sentence as words, standard};
use record::encode::json::printable;
use record::{Capability, Check, Record, Requirement, Verdict, Version};

/// The page.
#[must_use]
pub fn render(records: &[Record]) -> String {
    let records = sorted(records);
    let names: Vec<String> = records.iter().map(|record| words::subject(record)).collect();
    let suites: BTreeSet<(&str, &str)> =
        records.iter().map(|record| (record.suite.version.as_str(), record.suite.commit.as_str())).collect();
    document(
        &format!("MQTT conformance: {}", names.join(", ")),
        "#statements",
        Assets::Inline,
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
                            td { (own(&record.completeness())) }
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
    let order = statement_list(records);
    let columns: Vec<BTreeMap<&str, Cell<'_>>> = records.iter().map(|record| column(record)).collect();
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
            label { "Search " input type="search" name="q" autocomplete="off" spellcheck="false"; }
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

/// `matrix.csv`: a line for each statement, a column for each Subject.
#[must_use]
pub fn csv(records: &[Record]) -> String {
    let records = sorted(records);
    let mut out = String::from("statement,level,section");
    for record in &records {
        out.push(',');
        out.push_str(&cell(words::subject(record).as_bytes()));
    }
    out.push_str("\r\n");
    for requirement in statement_list(&records) {
        let head = [requirement.id.as_str(), requirement.level.word(), requirement.section.as_str()];
        out.push_str(&head.map(|text| cell(text.as_bytes())).join(","));
        for record in &records {
            let verdict = record.requirement(&requirement.id).map_or("", |known| known.verdict.name());
            out.push(',');
            out.push_str(&cell(verdict.as_bytes()));
        }
        out.push_str("\r\n");
    }
    out
}

/// The same for programs, with where each column comes from.
#[must_use]
pub fn json(records: &[Record]) -> String {
    let records = sorted(records);
    let columns: Vec<Value> = records
        .iter()
        .map(|record| {
            json!({
                "subject": record.subject, "suite": record.suite, "verdict": record.verdict,
                "started": record.run.started, "testbed": record.run.testbed,
                "completeness": record.completeness(), "digest": record.digest(),
                "capabilities": record.capabilities,
            })
        })
        .collect();
    let statements: Vec<Value> = statement_list(&records)
        .into_iter()
        .map(|requirement| {
            let verdicts: Vec<Option<Verdict>> = records
                .iter()
                .map(|record| record.requirement(&requirement.id).map(|known| known.verdict))
                .collect();
            json!({ "statement": requirement.id, "level": requirement.level, "section": requirement.section, "verdicts": verdicts })
        })
        .collect();
    let document = json!({ "schema": "mqtt-certify/matrix/1", "columns": columns, "statements": statements });
    printable(&format!("{document:#}\n"))
}

/// In alphabetical order, without a ranking.
fn sorted(records: &[Record]) -> Vec<&Record> {
    let mut records: Vec<&Record> = records.iter().collect();
    records
        .sort_by_cached_key(|record| (words::subject(record), record.run.started.clone(), record.digest()));
    records
}

/// Every statement that any Record has, by version, then in the order in which they come first.
fn statement_list<'a>(records: &[&'a Record]) -> Vec<&'a Requirement> {
    let mut order: Vec<&Requirement> = Vec::new();
    let mut known = BTreeSet::new();
    for requirement in records.iter().flat_map(|record| &record.requirements) {
        if known.insert(requirement.id.as_str()) {
            order.push(requirement);
        }
    }
    order.sort_by_key(|requirement| requirement.version);
    order
}

/// What a Record has on a statement: the verdict, and for a finding what was seen in the first check that found it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Cell<'a> {
    verdict: Verdict,
    seen: Option<&'a Check>,
}

/// The cells of one Record, by statement.
fn column(record: &Record) -> BTreeMap<&str, Cell<'_>> {
    let mut seen: BTreeMap<&str, &Check> = BTreeMap::new();
    for check in record.checks.iter().filter(|check| check.verdict.is_finding()) {
        for id in check.accuses() {
            let known = seen.entry(id).or_insert(check);
            if check.verdict < known.verdict {
                *known = check;
            }
        }
    }
    record
        .requirements
        .iter()
        .map(|requirement| {
            let seen = seen.get(requirement.id.as_str()).copied();
            let seen = seen.filter(|check| requirement.verdict.is_finding() && !check.reason.is_empty());
            (requirement.id.as_str(), Cell { verdict: requirement.verdict, seen })
        })
        .collect()
}

fn row(requirement: &Requirement, columns: &[BTreeMap<&str, Cell<'_>>]) -> Markup {
    let cells: Vec<Option<Cell<'_>>> =
        columns.iter().map(|column| column.get(requirement.id.as_str()).copied()).collect();
    let verdict = |cell: &Option<Cell<'_>>| cell.map(|cell| cell.verdict);
    // A column that did not test the version of the statement says nothing about it.
    let tested: Vec<_> = cells.iter().filter_map(verdict).collect();
    let differs = tested.windows(2).any(|pair| pair[0] != pair[1]);
    html! {
        tr id=(name::statement(&requirement.id)) data-v=(if differs { "differs" } else { "same" }) {
            td { span.id { (own(&requirement.id)) } " " span.level { (requirement.level) } br; (own(&sentence(&requirement.summary.as_str().into(), 400))) }
            @for cell in cells {
                td { @match cell {
                    Some(Cell { verdict, seen: Some(check) }) => details {
                        summary { (badge(verdict)) }
                        p.reason { bdi { (own(&sentence(&check.reason, 300))) } }
                        p.reason { code { (own(&check.id)) } }
                    },
                    Some(Cell { verdict, seen: None }) => (badge(verdict)),
                    None => span.level { "not in this Record" },
                } }
            }
        }
    }
}
