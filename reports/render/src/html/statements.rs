//! All statements, by section of the standard, one row each; every check stands once, under the first statement that it tests.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Context;
use super::page::{badge, scroll};
use crate::encode::html::{own, sentence};
use crate::encode::name;
use crate::standard;
use record::{Check, Record, Requirement, Verdict};

/// With more checks than this their lists stay closed on paper, where nobody looks one up among hundreds of pages.
const PRINTED: usize = 1_000;

/// Links to checks that stand elsewhere, under one statement.
const LINKS: usize = 8;

impl<'a> Context<'a> {
    pub(super) fn check(&self, id: &str) -> Option<&'a Check> {
        self.checks.get(id).copied()
    }

    /// Whether a fragment of the page stands for this check.
    pub(super) fn has_row(&self, check: &Check) -> bool {
        self.rows.contains(check.id.as_str())
    }

    /// Whether the check has an evidence block, which then bears its fragment.
    fn in_evidence(&self, check: &Check) -> bool {
        self.evidence.contains(check.id.as_str())
    }
}

/// The checks that get a place: as many of those that did not pass, and of the others, as the detail allows.
pub(super) fn rows(checks: &[Check], failing: usize, passing: usize) -> Vec<&Check> {
    let (mut failing, mut passing) = (failing, passing);
    checks
        .iter()
        .filter(|check| {
            let left = if check.verdict.is_finding() { &mut failing } else { &mut passing };
            let keep = *left > 0;
            *left = left.saturating_sub(1);
            keep
        })
        .collect()
}

/// The statement under which a check stands; empty if it names none of the Record.
fn homes(record: &Record) -> BTreeMap<&str, Vec<&Check>> {
    let known: BTreeMap<&str, ()> =
        record.requirements.iter().map(|requirement| (requirement.id.as_str(), ())).collect();
    let mut homes: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in &record.checks {
        let home = check
            .accuses()
            .chain(check.requirements.iter().map(String::as_str))
            .find(|id| known.contains_key(id));
        homes.entry(home.unwrap_or_default()).or_default().push(check);
    }
    for checks in homes.values_mut() {
        checks.sort_by_key(|check| (check.verdict, check.id.as_str()));
    }
    homes
}

pub(super) fn section(context: &Context<'_>) -> Markup {
    let record = context.record;
    let homes = homes(record);
    let mut sections: Vec<Vec<&Requirement>> = Vec::new();
    for requirement in &record.requirements {
        match sections.last_mut() {
            Some(last)
                if last[0].version == requirement.version && last[0].section == requirement.section =>
            {
                last.push(requirement)
            }
            _ => sections.push(vec![requirement]),
        }
    }
    let left_out = record.checks.len() - context.rows.len();
    html! {
        section #statements aria-labelledby="statements-h" {
            h2 #statements-h { "All statements and their checks" }
            p { "The wording is ours; each section leads to the text of the standard. A check stands under the first statement that it tests. "
                code { "mqtt-certify explain " i { "STATEMENT" } } " says how a statement is read and tested." }
            @if left_out > 0 {
                p { (context.rows.len()) " of " (record.checks.len()) " checks shown: the first " (context.detail.failing)
                    " that did not pass, and the first " (context.detail.passing) " others. All of them are in results.json and results.csv." }
            }
            @if context.rows.len() > PRINTED {
                p.paper { "On paper the lists of checks are closed, because there are " (context.rows.len()) " of them. They are in results.csv." }
            }
            (filter(&record.requirements.iter().map(|requirement| requirement.verdict).collect::<Vec<_>>()))
            (scroll("All statements", &html! {
                table.statements {
                    caption { "Every normative statement of the selected versions" }
                    thead { tr { th scope="col" { "Verdict" } th scope="col" { "Statement" } th scope="col" { "What it demands" } } }
                    @for statements in &sections {
                        tbody {
                            tr.section { th colspan="3" scope="rowgroup" { (heading(statements[0])) } }
                            @for requirement in statements { (row(context, requirement, homes.get(requirement.id.as_str()).map_or(&[], Vec::as_slice))) }
                        }
                    }
                }
            }))
            @if let Some(strays) = homes.get("") {
                h3 { "Checks that name no statement" }
                ul.plain { @for check in strays { @if context.has_row(check) { (entry(context, check)) } } }
            }
        }
    }
}

fn heading(requirement: &Requirement) -> Markup {
    html! {
        a href=(standard::link(requirement.version, &requirement.section)) {
            "MQTT " (requirement.version) " § " (own(&requirement.section))
        }
        " " (own(&requirement.title))
    }
}

/// Search and filter, hidden until the script makes them work.
fn filter(verdicts: &[Verdict]) -> Markup {
    html! {
        div.filter hidden {
            label { "Search " input type="search" name="q" autocomplete="off" spellcheck="false"; }
            @for verdict in Verdict::ALL {
                @if verdicts.contains(&verdict) {
                    button type="button" aria-pressed="false" data-verdict=(verdict.name()) { (verdict.glyph()) " " (verdict.word()) }
                }
            }
            span.result role="status" aria-live="polite" {}
        }
    }
}

fn row(context: &Context<'_>, requirement: &Requirement, checks: &[&Check]) -> Markup {
    let fragment = name::statement(&requirement.id);
    let here: Vec<&Check> = checks.iter().copied().filter(|check| context.has_row(check)).collect();
    let elsewhere: Vec<&Check> = requirement
        .checks
        .iter()
        .filter_map(|id| context.check(id))
        .filter(|check| !checks.iter().any(|own| own.id == check.id))
        .collect();
    let number = requirement.checks.len();
    let judged = requirement.verdict;
    html! {
        // Most of them passed, so that goes without saying to the filter.
        tr id=(fragment) data-v=[(judged != Verdict::Pass).then(|| judged.name())] {
            td { (judged.glyph()) " " (judged.word()) @if context.record.is_waived(requirement) { " (waived)" } }
            td { (own(&requirement.id)) " " i { (requirement.level) @if requirement.unnumbered { ", no number in the standard" } } }
            td {
                (own(&requirement.summary))
                @if let Some(reason) = &requirement.reason { p { (own(reason)) } }
                @if number > 0 {
                    details {
                        summary { (number) " check" @if number != 1 { "s" } }
                        @if let Some(note) = requirement.note.as_ref().filter(|_| judged != Verdict::Pass) { p { "How we read it: " (own(note)) } }
                        ul {
                            @for check in &here { (entry(context, check)) }
                            @for check in elsewhere.iter().filter(|check| context.has_row(check)).take(LINKS) {
                                li { (worded(check)) " " a href={ "#" (name::check(&check.id)) } { (own(&check.title)) } }
                            }
                            @let more = number.saturating_sub(here.len() + elsewhere.len().min(LINKS));
                            @if more > 0 { li { "and " (more) " more, in results.csv" } }
                        }
                    }
                }
            }
        }
    }
}

/// Glyph and word of a check; in colour if a reader has to look at it.
fn worded(check: &Check) -> Markup {
    html! {
        @if check.verdict.is_finding() { (badge(check.verdict)) } @else { (check.verdict.glyph()) " " (check.verdict.word()) }
    }
}

/// A check in the list. One that passed has its name only, which says what it tries: there are thousands of them.
fn entry(context: &Context<'_>, check: &Check) -> Markup {
    let fragment = name::check(&check.id);
    if check.verdict == Verdict::Pass && check.choices.is_empty() && check.attempts.is_empty() {
        return html! { li id=(fragment) { (worded(check)) " " code { (own(&check.id)) } } };
    }
    let in_evidence = context.in_evidence(check);
    html! {
        li id=[(!in_evidence).then_some(&fragment)] {
            (worded(check)) @if let Some(waiver) = &check.waived_by { " (waived by " (own(waiver)) ")" } " "
            @if in_evidence { a href={ "#" (fragment) } { (own(&check.title)) } } @else { (own(&check.title)) }
            @if let Some((same, all)) = check.intermittent() { " (in " (same) " of " (all) " attempts)" }
            " " code { (own(&check.id)) } @if check.milliseconds > 0 { " " (check.milliseconds) " ms" }
            @if check.verdict != Verdict::Pass && !check.reason.is_empty() {
                p { bdi { (own(&sentence(&check.reason, 300))) } }
            }
            @for choice in check.choices.iter().take(4) { p { "Choice: " bdi { (own(&sentence(choice, 200))) } } }
            @if check.verdict.is_finding() && !in_evidence && !check.reproduce.rerun.is_empty() {
                pre { code { (own(&check.reproduce.rerun)) } }
            }
        }
    }
}
