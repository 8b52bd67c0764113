//! The comparison of two Records as a page of its own.

use maud::{Markup, html};

use super::sentence_case;
use crate::encode::html::{own, sentence};
use crate::html::{Assets, badge, bar, document, scroll};
use crate::sentence as words;
use record::compare::Transition;
use record::diff::Diff;
use record::{Record, Untrusted, Verdict};

/// Rows of one kind before the rest is counted.
const ROWS: usize = 500;

/// The page.
pub(super) fn page(diff: &Diff<'_>) -> String {
    let (code, exit) = diff.exit();
    let (glyph, like) = match code {
        0 => ("✓", Verdict::Pass),
        1 => ("✗", Verdict::Fail),
        _ => ("?", Verdict::Inconclusive),
    };
    let (before, now) = (words::subject(diff.before), words::subject(diff.now));
    document(
        &format!("{} · {before} to {now}", sentence_case(&exit)),
        "#changes",
        Assets::Inline,
        &html! {
            header {
                (bar("MQTT conformance, before and after"))
                h1 { span class={ "v " (like.name()) } { (glyph) " " (own(&sentence_case(&exit))) } }
                p.lead { "From " bdi { strong { (own(&before)) } } " to " bdi { strong { (own(&now)) } } ". By what became of each check, never by totals." }
                @let remarks = diff.remarks();
                @if !remarks.is_empty() { ul.reasons { @for remark in remarks { li { strong.v.warn { "!" } " " (own(&remark)) } } } }
                (sides(diff))
            }
            main {
                section #changes aria-labelledby="changes-h" {
                    h2 #changes-h { "What changed" }
                    @if diff.changes.lists().iter().all(|(_, checks)| checks.is_empty()) { p { "No check changed, and none is failing." } }
                    @for (transition, checks) in diff.changes.lists() { @if !checks.is_empty() { (list(diff, transition, checks)) } }
                }
            }
            footer { p { "Checks that only one of the two suites has are listed apart and are no regressions." } }
        },
    )
}

fn sides(diff: &Diff<'_>) -> Markup {
    let side = |title: &str, record: &Record| {
        html! {
            tr {
                th scope="row" { (title) }
                td { bdi { (own(&words::subject(record))) } }
                td { (record.verdict.headline()) }
                td { (own(&record.suite.version)) " " code { (own(&record.suite.commit)) } }
                td { (own(record.run.started.as_deref().unwrap_or("simulated"))) }
                td { (own(&record.completeness())) }
                td { code { (record.digest().get(..16).unwrap_or_default()) "…" } }
            }
        }
    };
    scroll(
        "The two runs",
        &html! {
            table {
                caption { "The two runs" }
                thead { tr { @for title in ["Run", "Subject", "Verdict", "Suite", "Date", "Completeness", "Record (SHA-256)"] { th scope="col" { (title) } } } }
                tbody { (side("Before", diff.before)) (side("After", diff.now)) }
            }
        },
    )
}

fn list(diff: &Diff<'_>, transition: Transition, checks: &[String]) -> Markup {
    let is_open = transition.is_regression() || transition.is_unsettled();
    html! {
        details #(transition.name()) open[is_open] {
            summary { h3 { (transition.title()) " (" (checks.len()) ")" } }
            (scroll(transition.title(), &html! {
                table {
                    caption { (transition.title()) }
                    thead { tr { @for title in ["Check", "Statement", "Before", "After", "What was seen"] { th scope="col" { (title) } } } }
                    tbody {
                        @for id in checks.iter().take(ROWS) {
                            @let (before, now) = diff.verdicts(id);
                            tr {
                                th scope="row" { code { (own(id)) } @if diff.is_waived(id) { " (waived)" } }
                                td { span.id { (own(diff.statement(id))) } }
                                td { (verdict(before)) }
                                td { (verdict(now)) }
                                td { bdi { (own(&sentence(&Untrusted::from(diff.reason(transition, id)), 300))) } }
                            }
                        }
                        @if checks.len() > ROWS { tr { td colspan="5" { "and " (checks.len() - ROWS) " more" } } }
                    }
                }
            }))
        }
    }
}

fn verdict(verdict: Option<Verdict>) -> Markup {
    html! { @match verdict { Some(verdict) => (badge(verdict)), None => span.level { "not there" } } }
}
