//! What was found: each kind of breach with the fewest steps that show it.

use maud::{Markup, html};

use super::words::{digits, number, share};
use crate::encode::html::{cut, own, untrusted};
use crate::encode::name;
use crate::html::{Shown, badge, commands, diagram, events_table, quote, scroll};
use record::campaign::{Campaign, Signature};
use record::{Role, Verdict};

/// Signatures that are shown in full.
const SHOWN: usize = 50;
/// Signatures that are opened at once.
const OPEN: usize = 3;
/// Events of one transcript.
const EVENTS: usize = 60;
/// Steps of one workload.
const STEPS: usize = 60;

pub(super) fn section(campaign: &Campaign) -> Markup {
    let signatures = &campaign.signatures;
    html! {
        section #signatures aria-labelledby="signatures-h" {
            h2 #signatures-h { "What was found (" (signatures.len()) ")" }
            @if signatures.is_empty() {
                p { "No run broke a delivery guarantee that the checker watches." }
            } @else {
                p { "Runs with the same kind of breach of the same statement are one line." }
                (list(campaign))
                @for (index, signature) in signatures.iter().take(SHOWN).enumerate() { (block(campaign, index, signature)) }
                @if signatures.len() > SHOWN { p { "The first " (SHOWN) " of " (signatures.len()) " in full. All of them are in campaign.json." } }
            }
        }
    }
}

fn fragment(signature: &Signature) -> String {
    name::check(&format!("{}-{}", signature.kind, signature.requirement.id))
}

fn list(campaign: &Campaign) -> Markup {
    scroll(
        "What was found",
        &html! {
            table.findings {
                caption { "Kinds of breach, by statement" }
                thead { tr { @for title in ["Kind", "Statement", "What it means", "Runs"] { th scope="col" { (title) } } } }
                tbody {
                    @for (index, signature) in campaign.signatures.iter().enumerate() {
                        tr {
                            td { span.v.fail { "✗ " (own(&signature.kind)) } @if signature.known { " known" } }
                            td { span.id { (own(&signature.requirement.id)) } " " span.level { (signature.requirement.level) } }
                            td { @if index < SHOWN { a href={ "#" (fragment(signature)) } { (own(&signature.meaning)) } } @else { (own(&signature.meaning)) } }
                            td.number.runs { (digits(signature.runs)) }
                        }
                    }
                }
            }
        },
    )
}

fn block(campaign: &Campaign, index: usize, signature: &Signature) -> Markup {
    let id = fragment(signature);
    let requirement = &signature.requirement;
    html! {
        details.evidence id=(id) open[index < OPEN] {
            summary { h3 { (badge(Verdict::Fail)) " " (own(&signature.kind)) ", " (own(&requirement.id)) " " (requirement.level) } }
            p.finding { (own(&signature.meaning)) }
            (quote(requirement, false))
            dl.meta {
                div { dt { "How often" } dd { (number(signature.runs, "run")) ", " (share(signature.runs, campaign.seeds.run)) " of all" } }
                div { dt { "The run of fewest steps" } dd {
                    "seed " code { (signature.seed) } ", " (number(signature.steps, "step"))
                    @if let Some(regression) = signature.regression { "; known failure number " (regression) }
                } }
                @if signature.known {
                    div { dt { "Known" } dd { "argued in the list of the campaign; not made shorter" } }
                } @else {
                    div { dt { "Made shorter" } dd { (number(signature.shortest.len() as u64, "step")) " left" } }
                }
                div.wide { dt { "What is wrong there" } dd { (untrusted(&signature.text)) } }
            }
            h4 { "The fewest steps that show it" }
            p { (own(&signature.setting)) "; then all trouble ends, every Client returns, and everything under way gets its time." }
            ol.plain { @for step in signature.shortest.iter().take(STEPS) { li { (cut(step, 400)) } } }
            @if signature.shortest.len() > STEPS { p { "The first " (STEPS) " of " (signature.shortest.len()) "; all of them are in campaign.json." } }
            @let shown = Shown::of(&signature.transcript, EVENTS);
            @if let Some(first) = &signature.first_seen {
                details { summary { "What was seen first" } pre tabindex="0" { @for line in first.lines() { (cut(&line, 400)) "\n" } } }
            }
            h4 { "What happened" }
            (diagram(&id, &signature.transcript, &shown, Role::Server))
            (events_table(&id, &signature.transcript, &shown, false))
            h4 { "Reproduce" }
            (commands(signature.commands.iter().map(|command| (command.title.as_str(), command.line.as_str()))))
        }
    }
}
