//! All statements, one row each, with their checks inside.

use maud::{Markup, html};

use super::Context;
use super::page::{badge, scroll};
use crate::encode::html::own;
use crate::encode::name;
use crate::record::{Requirement, Verdict};
use crate::standard;

/// Checks that are named under one statement; those that did not pass come first.
const NAMED: usize = 16;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        section #statements aria-labelledby="statements-h" {
            h2 #statements-h { "All statements" }
            p { "The wording is ours; each section number leads to the text of the standard." }
            (filter("statements", &record.requirements.iter().map(|requirement| requirement.verdict).collect::<Vec<_>>()))
            (scroll("All statements", &html! {
                table.statements data-rows="statements" {
                    caption { "Every normative statement of the selected versions" }
                    thead { tr { th scope="col" { "Verdict" } th scope="col" { "Statement" } th scope="col" { "What it demands" } } }
                    tbody { @for requirement in &record.requirements { (row(context, requirement)) } }
                }
            }))
        }
    }
}

/// Search and filter, hidden until the script makes them work.
pub(super) fn filter(list: &str, verdicts: &[Verdict]) -> Markup {
    html! {
        div.filter data-for=(list) hidden {
            label { "Search " input type="search" autocomplete="off" spellcheck="false"; }
            @for verdict in Verdict::ALL {
                @if verdicts.contains(&verdict) {
                    button type="button" aria-pressed="false" data-verdict=(verdict.name()) { (verdict.glyph()) " " (verdict.word()) }
                }
            }
            span.result role="status" aria-live="polite" {}
        }
    }
}

fn row(context: &Context<'_>, requirement: &Requirement) -> Markup {
    html! {
        tr id=(name::statement(&requirement.id)) data-v=(requirement.verdict.name()) {
            td { (badge(requirement.verdict)) @if context.record.is_waived(requirement) { " (waived)" } }
            td {
                a.id href={ "#" (name::statement(&requirement.id)) } { (own(&requirement.id)) }
                br; span.level { (requirement.level) }
                " " a rel="noreferrer" href=(standard::link(requirement.version, &requirement.section)) { "§ " (own(&requirement.section)) }
                @if requirement.unnumbered { " " span.level { "(no number in the standard)" } }
            }
            td {
                (own(&requirement.summary))
                @if !requirement.title.is_empty() { " " small.level { (own(&requirement.title)) } }
                @if let Some(reason) = &requirement.reason { p.reason { (own(reason)) } }
                @if !requirement.checks.is_empty() { (checks(context, requirement)) }
            }
        }
    }
}

fn checks(context: &Context<'_>, requirement: &Requirement) -> Markup {
    let mut checks: Vec<_> = requirement.checks.iter().filter_map(|id| context.check(id)).collect();
    checks.sort_by_key(|check| (check.verdict, check.id.as_str()));
    html! {
        details {
            summary { (checks.len()) " check" @if checks.len() != 1 { "s" } }
            @if let Some(note) = &requirement.note { p.reason { (own(note)) } }
            ul.plain {
                @for check in checks.iter().take(NAMED) {
                    li { (badge(check.verdict)) " "
                        @if context.has_row(check) { a href={ "#" (name::check(&check.id)) } { (own(&check.title)) } }
                        @else { (own(&check.title)) } }
                }
                @if checks.len() > NAMED { li { "and " (checks.len() - NAMED) " more, in results.json and results.csv" } }
            }
        }
    }
}
