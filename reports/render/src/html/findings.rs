//! Findings in one line each, the comparison with a baseline, and waivers.

use maud::{Markup, html};

use super::Context;
use super::page::{badge, scroll};
use crate::encode::html::{own, sentence};
use crate::encode::name;
use crate::finding::Finding;
use record::{Baseline, Requirement, WaiverState};

/// Statements that are named beside a finding before the rest is counted.
const NAMED: usize = 4;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let findings = &context.findings;
    let checks: usize = findings.iter().map(|finding| finding.checks.len()).sum();
    html! {
        section #findings aria-labelledby="findings-h" {
            h2 #findings-h { "Findings (" (findings.len()) ")" }
            @if findings.is_empty() {
                p { "Nothing was found: no failure, no warning, nothing inconclusive." }
            } @else {
                p { (checks) " check" @if checks != 1 { "s" } " with something to look at, grouped by what they have in common into "
                    (findings.len()) " finding" @if findings.len() != 1 { "s" } ", the worst first." }
                (scroll("Findings", &html! {
                    table.findings {
                        caption { "Findings, the worst first" }
                        thead { tr { th scope="col" { "Verdict" } th scope="col" { "Statement" } th scope="col" { "What was seen" } th scope="col" { "Checks" } } }
                        tbody { @for (index, finding) in findings.iter().take(context.detail.lines).enumerate() { (row(context, index, finding)) } }
                    }
                }))
                @if findings.len() > context.detail.lines {
                    p { "The first " (context.detail.lines) " of " (findings.len()) " findings. All of them are in results.json and results.csv." }
                }
            }
        }
    }
}

fn row(context: &Context<'_>, index: usize, finding: &Finding<'_>) -> Markup {
    let check = finding.representative();
    let is_shown = index < context.detail.findings;
    html! {
        tr id={ "f-" (index + 1) } {
            td { (badge(finding.verdict)) @if finding.waived { " (waived)" } }
            td { (links(&finding.requirements)) }
            td {
                @let text = sentence(&check.reason, 400);
                @let words = html! { bdi { (own(&finding.title())) } };
                @if context.has_row(check) { a href={ "#" (name::check(&check.id)) } { (words) } } @else { (words) }
                @if !text.trim().is_empty() { br; bdi { (own(&text)) } }
                @if check.signature.is_some() { br; code.signature { (own(&finding.signature)) } }
                @if !is_shown { br; small { "Evidence left out: beyond the first " (context.detail.findings) " findings." } }
            }
            td.number { (finding.checks.len()) }
        }
    }
}

/// Links to statements, with their levels.
pub(super) fn links(requirements: &[&Requirement]) -> Markup {
    html! {
        @for (index, requirement) in requirements.iter().take(NAMED).enumerate() {
            @if index > 0 { br; }
            a.id href={ "#" (name::statement(&requirement.id)) } { (own(&requirement.id)) } " " span.level { (requirement.level) }
        }
        @if requirements.len() > NAMED { br; small { "and " (requirements.len() - NAMED) " more" } }
        @if requirements.is_empty() { span.level { "no statement" } }
    }
}

/// What changed since the baseline, by transitions.
pub(super) fn baseline(context: &Context<'_>) -> Markup {
    let Some(baseline) = &context.record.baseline else { return html! {} };
    html! {
        section #diff aria-labelledby="diff-h" {
            h2 #diff-h { "Since the baseline" }
            p {
                "Compared with " bdi { (own(&sentence(&baseline.subject.name, 80))) }
                @if let Some(version) = &baseline.subject.version { " " bdi { (own(&sentence(version, 40))) } }
                " (" (baseline.verdict.headline()) "), tested by " (own(&baseline.suite.name)) " " (own(&baseline.suite.version))
                @if baseline.suite.version == context.record.suite.version { ", the same suite as now." }
                @else { "; now it is " (own(&context.record.suite.version)) ", so that added and removed checks are listed apart and are no regressions." }
            }
            (transitions(context, baseline))
        }
    }
}

/// Checks of one kind of change that are listed.
const CHANGED: usize = 200;

fn transitions(context: &Context<'_>, baseline: &Baseline) -> Markup {
    html! {
        @if baseline.lists().iter().all(|(_, checks)| checks.is_empty()) { p { "No check changed, and none is failing." } }
        @for (transition, checks) in baseline.lists() {
            @if !checks.is_empty() {
                details open[transition.is_regression() || transition.is_unsettled()] {
                    summary { (transition.title()) " (" (checks.len()) ")" }
                    ul.plain { @for id in checks.iter().take(CHANGED) { li { (changed(context, id)) } } }
                    @if checks.len() > CHANGED { p { "The first " (CHANGED) " of " (checks.len()) "; all of them are in results.json." } }
                }
            }
        }
    }
}

/// A check that changed: what it is now, a link to where it stands, and why.
fn changed(context: &Context<'_>, id: &str) -> Markup {
    html! {
        @match context.check(id) {
            Some(check) => {
                (badge(check.verdict)) @if check.waived_by.is_some() { " (waived)" } " "
                @if context.has_row(check) { a href={ "#" (name::check(id)) } { code { (own(id)) } } } @else { code { (own(id)) } }
                @if let Some(statement) = check.accuses().next() { " " span.level { (own(statement)) } }
                @if check.verdict.is_finding() && !check.reason.is_empty() { p.reason { bdi { (own(&sentence(&check.reason, 300))) } } }
            },
            None => code { (own(id)) },
        }
    }
}

/// Failures that were agreed to be lived with.
pub(super) fn waivers(context: &Context<'_>) -> Markup {
    let mut waivers: Vec<_> = context.record.waivers.iter().collect();
    if waivers.is_empty() {
        return html! {};
    }
    waivers.sort_by_key(|waiver| (waiver.days_left.unwrap_or(i64::MAX), &waiver.id));
    html! {
        section #waivers aria-labelledby="waivers-h" {
            h2 #waivers-h { "Waivers (" (waivers.len()) ")" }
            p { "A waived failure stays a failure in every list. An expired waiver counts as the failure that it covered." }
            (scroll("Waivers", &html! {
                table {
                    caption { "Waivers, the one that expires first on top" }
                    thead { tr { @for title in ["Waiver", "State", "Checks", "Signature", "Reason", "Owner", "Expires", "Days left"] { th scope="col" { (title) } } } }
                    tbody {
                        @for waiver in waivers {
                            tr {
                                th scope="row" { (own(&waiver.id)) }
                                td { @match waiver.state { WaiverState::InForce => "in force", WaiverState::Stale => "stale", WaiverState::Expired => "expired" } }
                                td { (waiver.matched.len()) " matched" @for pattern in &waiver.checks { br; code { (own(pattern)) } } }
                                td { code { (own(&waiver.signature)) } }
                                td { (own(&waiver.reason)) @if let Some(issue) = &waiver.issue { " (" (own(issue)) ")" } }
                                td { (own(&waiver.owner)) }
                                td { (own(&waiver.expires)) }
                                td.number { @if let Some(days) = waiver.days_left { (days) } }
                            }
                        }
                    }
                }
            }))
        }
    }
}
