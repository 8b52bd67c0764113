//! All checks, one row each. Long rows of passing checks are cut, with the number that is missing.

use maud::{Markup, html};

use super::Context;
use super::page::{badge, scroll};
use super::statements::filter;
use crate::encode::html::{own, sentence};
use crate::encode::name;
use crate::record::{Check, Verdict};

impl<'a> Context<'a> {
    pub(super) fn check(&self, id: &str) -> Option<&'a Check> {
        self.checks.get(id).copied()
    }

    /// Whether a fragment of the page stands for this check.
    pub(super) fn has_row(&self, check: &Check) -> bool {
        self.rows.contains(check.id.as_str())
    }
}

/// The checks that get a row: whatever did not pass, and as many others as the detail allows.
pub(super) fn rows(checks: &[Check], passing: usize) -> Vec<&Check> {
    let mut left = passing;
    checks
        .iter()
        .filter(|check| match check.verdict {
            Verdict::Fail | Verdict::Error | Verdict::Inconclusive | Verdict::Warn => true,
            _ => {
                let keep = left > 0;
                left = left.saturating_sub(1);
                keep
            }
        })
        .collect()
}

pub(super) fn section(context: &Context<'_>) -> Markup {
    let record = context.record;
    let rows = rows(&record.checks, context.detail.passing);
    html! {
        section #checks aria-labelledby="checks-h" {
            h2 #checks-h { "All checks" }
            @if rows.len() < record.checks.len() {
                p { (rows.len()) " of " (record.checks.len()) " checks shown: everything that did not pass and the first "
                    (context.detail.passing) " others. All of them are in results.json." }
            }
            (filter("checks", &rows.iter().map(|check| check.verdict).collect::<Vec<_>>()))
            (scroll("All checks", &html! {
                table.checks data-rows="checks" {
                    caption { "Every check of this run" }
                    thead { tr { th scope="col" { "Verdict" } th scope="col" { "Check" } th scope="col" { "Version, transport" } th scope="col" { "ms" } } }
                    tbody { @for check in rows { (row(context, check)) } }
                }
            }))
        }
    }
}

fn row(context: &Context<'_>, check: &Check) -> Markup {
    let in_evidence = context.shown().iter().any(|finding| finding.representative().id == check.id);
    let fragment = name::check(&check.id);
    html! {
        tr id=[(!in_evidence).then_some(&fragment)] data-v=(check.verdict.name()) {
            td { (badge(check.verdict)) @if let Some(waiver) = &check.waived_by { " (waived " (own(waiver)) ")" } }
            td {
                (own(&check.title))
                br; @if in_evidence { a href={ "#" (fragment) } { code { (own(&check.id)) } } } @else { code { (own(&check.id)) } }
                @if check.verdict != Verdict::Pass && !check.reason.is_empty() {
                    p.reason { bdi { (own(&sentence(&check.reason, 300))) } }
                }
                @if check.verdict.is_finding() && !in_evidence && !check.reproduce.rerun.is_empty() {
                    pre { code { (own(&check.reproduce.rerun)) } }
                }
                @for choice in check.choices.iter().take(8) { p.reason { "Choice: " bdi { (own(&sentence(choice, 200))) } } }
            }
            td { (check.version) " " (own(&check.transport)) }
            td.number { (check.milliseconds) }
        }
    }
}
