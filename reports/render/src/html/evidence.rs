//! The evidence of a finding: everything that a developer needs to believe it and to see it again.

use maud::{Markup, html};

use super::Context;
use super::packets::Shown;
use super::page::badge;
use super::{packets, sequence};
use crate::encode::html::{own, sentence, untrusted};
use crate::encode::name;
use crate::finding::Finding;
use crate::standard;
use record::{Check, Requirement, Verdict};

/// Other checks of a finding that are named before the rest is counted.
const OTHERS: usize = 40;

/// Statements that are quoted in one block.
const QUOTED: usize = 6;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let shown = context.shown();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        section #evidence aria-labelledby="evidence-h" {
            h2 #evidence-h { "Evidence" }
            @if shown.len() < context.findings.len() {
                p { "The first " (shown.len()) " of " (context.findings.len()) " findings in full. The others have their rows above and their packets in results.json." }
            }
            @for (index, finding) in shown.iter().enumerate() { (block(context, index, finding)) }
        }
    }
}

fn block(context: &Context<'_>, index: usize, finding: &Finding<'_>) -> Markup {
    let check = finding.representative();
    let fragment = name::check(&check.id);
    html! {
        details.evidence id=(fragment) open[index < 3] {
            summary {
                h3 {
                    (badge(check.verdict)) @if finding.waived { " (waived)" } " "
                    @if let Some(requirement) = finding.requirements.first() { (own(&requirement.id)) " " (requirement.level) ": " }
                    (own(&check.title))
                }
            }
            p.finding { (untrusted(&check.reason)) }
            @if let Some((same, all)) = check.intermittent() { p { strong.v.warn { "! intermittent" } " Seen in " (same) " of " (all) " attempts; it counts as the worst." } }
            dl.meta {
                div.wide { dt { "Check" } dd { code { (own(&check.id)) } } }
                @if !check.feature.is_empty() { div { dt { "Feature" } dd { (own(&check.feature)) } } }
                @if !check.rule.is_empty() && check.rule != check.title { div { dt { "Rule" } dd { (own(&check.rule)) } } }
                div { dt { "Version, transport" } dd { (check.version) ", " (own(&check.transport)) } }
                @if !check.seed.is_empty() { div { dt { "Seed" } dd { code { (own(&check.seed)) } } } }
                @if check.signature.is_some() { div { dt { "Signature" } dd { code { (own(&finding.signature)) } } } }
            }
            (statements(context, finding))
            (outcomes(check))
            @if let Some(transcript) = &check.transcript {
                @let shown = Shown::of(transcript, context.detail.events);
                h4 { "What happened" }
                (sequence::diagram(&fragment, transcript, &shown, context.record.subject.role))
                (packets::table(&fragment, transcript, &shown, context.detail.all_fields))
            }
            @if !check.steps.is_empty() {
                details { summary { "Steps of the scenario" }
                    ol.plain { @for step in &check.steps { li { strong { (own(&step.keyword)) } " " (own(&step.text)) " " em { (own(&step.outcome)) } } } }
                }
            }
            @if !check.why_sure.is_empty() {
                h4 { "Why we are sure" }
                ul { @for reason in &check.why_sure { li { (untrusted(reason)) } } }
            }
            (reproduce(check))
            (others(context, finding))
        }
    }
}

fn statements(context: &Context<'_>, finding: &Finding<'_>) -> Markup {
    html! {
        @for requirement in finding.requirements.iter().take(QUOTED) { (statement(context, requirement)) }
        @if finding.requirements.len() > QUOTED { p { "and " (finding.requirements.len() - QUOTED) " more statements" } }
    }
}

fn statement(context: &Context<'_>, requirement: &Requirement) -> Markup {
    quote(requirement, context.requirement(&requirement.id).is_some())
}

/// A statement with its place in the standard, and in this page if it is listed there.
pub(crate) fn quote(requirement: &Requirement, is_listed: bool) -> Markup {
    html! {
        blockquote {
            p { (own(&requirement.summary)) }
            footer {
                @if is_listed { a href={ "#" (name::statement(&requirement.id)) } { (own(&requirement.id)) } } @else { (own(&requirement.id)) }
                ", " (requirement.level) ", "
                a rel="noreferrer" href=(standard::link(requirement.version, &requirement.section)) {
                    "MQTT " (requirement.version) ", section " (own(&requirement.section)) @if !requirement.title.is_empty() { " " (own(&requirement.title)) }
                }
            }
            @if let Some(note) = &requirement.note { p.reason { "How we read it: " (own(note)) } }
        }
    }
}

fn outcomes(check: &Check) -> Markup {
    html! {
        @if !check.acceptable.is_empty() {
            h4 { "What would have been accepted" }
            ul { @for outcome in &check.acceptable { li { (own(outcome)) } } }
        }
        @if check.expected.is_some() || check.actual.is_some() {
            h4 { "Expected and seen" }
            dl.versus {
                @if let Some(expected) = &check.expected { div { dt { "Expected" } dd.pass { (untrusted(expected)) } } }
                @if let Some(actual) = &check.actual { div { dt { "Seen" } dd class={ @if check.verdict == Verdict::Fail { "fail" } @else { "inconclusive" } } { (untrusted(actual)) } } }
            }
        }
    }
}

fn reproduce(check: &Check) -> Markup {
    let export = |rest: &str| {
        check
            .transcript
            .is_some()
            .then(|| format!("mqtt-certify export results.json --check {} {rest}", check.id))
    };
    let (script, capture) =
        (export("--format script | python3 -"), export("--format pcapng -o check.pcapng"));
    let lines = [
        (
            "Without any tool but bash: send the same bytes, show the answer within two seconds",
            check.reproduce.shell.as_ref(),
        ),
        (
            "Run this check again; it writes to the folder results",
            (!check.reproduce.rerun.is_empty()).then_some(&check.reproduce.rerun),
        ),
        ("Show the recorded exchange again, offline", check.reproduce.replay.as_ref()),
        (
            "Send again what was sent, with nothing but Python, from the folder of results.json; HOST:PORT behind the last - is another Server",
            script.as_ref(),
        ),
        ("Open the exchange in Wireshark, from the folder of results.json", capture.as_ref()),
    ];
    let lines = lines.into_iter().filter_map(|(title, line)| Some((title, line?.as_str())));
    let lines: Vec<(&str, &str)> = lines.collect();
    html! {
        @if !lines.is_empty() {
            h4 { "Reproduce" }
            (commands(lines))
        }
    }
}

/// Command lines to be copied, each with what it is for.
pub(crate) fn commands<'a>(lines: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    html! {
        @for (title, line) in lines {
            div.command {
                p { (own(title)) " " button.copy type="button" hidden { "Copy" } }
                pre tabindex="0" { code { (own(line)) } }
            }
        }
    }
}

fn others(context: &Context<'_>, finding: &Finding<'_>) -> Markup {
    let others = &finding.checks[1..];
    html! {
        @if !others.is_empty() {
            details {
                summary { (others.len()) " more check" @if others.len() != 1 { "s" } " of this finding" }
                ul.plain {
                    @for check in others.iter().take(OTHERS) {
                        li {
                            @if context.has_row(check) { a href={ "#" (name::check(&check.id)) } { code { (own(&check.id)) } } } @else { code { (own(&check.id)) } }
                            @if !check.reason.is_empty() { ": " bdi { (own(&sentence(&check.reason, 160))) } }
                        }
                    }
                    @if others.len() > OTHERS { li { "and " (others.len() - OTHERS) " more, in results.json" } }
                }
            }
        }
    }
}
