//! `campaign.html`: what the campaign comes to, what was found, what was not looked at, and what the runs did.

use maud::{Markup, html};

use super::words::{digits, driver, number, rate, runs, seeds};
use super::{exercised, headline, signatures};
use crate::encode::html::{cut, own, sentence, untrusted};
use crate::html::{Assets, bar, commands, document, scroll};
use record::campaign::{Campaign, Planted};

pub(super) fn page(campaign: &Campaign, assets: Assets) -> String {
    let headline = headline(campaign);
    let title = format!(
        "{} {} · {} · MQTT campaign",
        headline.verdict,
        headline.beside,
        sentence(&campaign.subject, 80)
    );
    document(
        &title,
        "#signatures",
        assets,
        &html! {
            (head(campaign))
            (contents(campaign))
            main {
                (signatures::section(campaign))
                (exercised::blind(campaign))
                (exercised::section(campaign))
                (canary(campaign))
                (failures(campaign))
                (about(campaign))
            }
            footer {
                p {
                    "Made by " (own(&campaign.suite.name)) " " (own(&campaign.suite.version)) " from campaign.json alone. "
                    "The statements are those of the OASIS Standards MQTT Version 3.1.1 and MQTT Version 5.0, in our words. "
                    "OASIS and MQTT are names of their owners."
                }
            }
        },
    )
}

fn head(campaign: &Campaign) -> Markup {
    let headline = headline(campaign);
    html! {
        header {
            (bar("MQTT campaign: many workloads with hardship, judged by what Clients saw"))
            h1 {
                span class={ "v " (headline.like.name()) } { (headline.glyph) " " (headline.verdict) }
                " " span.count { (own(&headline.beside)) }
            }
            p.lead { strong { (cut(&campaign.subject, 80)) } ", a Server. " (own(&headline.meaning)) }
            dl.meta {
                div { dt { "Seeds" } dd { (seeds(campaign)) } }
                div { dt { "Runs" } dd { (runs(campaign)) } }
                @if let Some(rate) = rate(campaign) { div { dt { "Rate" } dd { (rate) } } }
                div { dt { "Driver" } dd { (driver(campaign.driver)) } }
                div { dt { "Versions" } dd {
                    @for (index, version) in campaign.exercised.versions.iter().enumerate() {
                        @if index > 0 { ", " }
                        "MQTT " (own(&version.name)) " in " (number(version.count, "run"))
                    }
                } }
                div { dt { "Suite" } dd {
                    (own(&campaign.suite.name)) " " (own(&campaign.suite.version))
                    @if !campaign.suite.commit.is_empty() { " (" code { (own(&campaign.suite.commit)) } ")" }
                } }
                div { dt { "Exit code" } dd { (campaign.exit_code) } }
                div.wide { dt { "campaign.json (SHA-256)" } dd { code.digest { (campaign.digest()) } } }
            }
            (commands([("Run the same again", campaign.command.as_str())]))
        }
    }
}

fn contents(campaign: &Campaign) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#signatures" { "What was found (" (campaign.signatures.len()) ")" } }
                li { a href="#blind-spots" { "Blind spots (" (super::blind_spots(campaign).len()) ")" } }
                li { a href="#exercised" { "What was exercised" } }
                li { a href="#canary" { "Planted failures" } }
                @if campaign.failed_runs > 0 { li { a href="#failures" { "Runs that prove nothing (" (digits(campaign.failed_runs)) ")" } } }
                li { a href="#about" { "About campaigns" } }
            }
        }
    }
}

fn canary(campaign: &Campaign) -> Markup {
    html! {
        section #canary aria-labelledby="canary-h" {
            h2 #canary-h { "Would a failure have been seen?" }
            p { "In a few of each thousand seeds an observation is altered before it is judged. What is planted so has to be reported." }
            (scroll("Planted failures", &html! {
                table {
                    caption { "Planted failures" }
                    thead { tr { @for title in ["Planted", "How many", "Reported", ""] { @if title.is_empty() { td {} } @else { th scope="col" { (title) } } } } }
                    tbody { @for planted in &campaign.canary { (canary_row(planted)) } }
                }
            }))
        }
    }
}

fn canary_row(planted: &Planted) -> Markup {
    let missed = planted.reported < planted.planted;
    html! {
        tr {
            th scope="row" { (own(&planted.name)) }
            td.number { (digits(planted.planted)) }
            td.number { (digits(planted.reported)) }
            td {
                @match (planted.planted, planted.each, missed) {
                    (0, ..) => span.level { "there was no place for one" },
                    (_, true, true) => strong.v.fail { "✗ each has to be reported" },
                    (_, true, false) => span.v.pass { "✓ each was reported" },
                    (_, false, _) => span.level { "what else happens in a run may excuse one" },
                }
            }
        }
    }
}

fn failures(campaign: &Campaign) -> Markup {
    html! {
        @if campaign.failed_runs > 0 {
            section #failures aria-labelledby="failures-h" {
                h2 #failures-h { "Runs that prove nothing (" (digits(campaign.failed_runs)) ")" }
                p { "The Server panicked in them, or a host of the network failed." }
                ul.plain { @for failure in &campaign.failures { li { "seed " code { (failure.seed) } ": " (untrusted(&failure.reason)) } } }
                @if campaign.failed_runs > campaign.failures.len() as u64 { p { (campaign.failures.len()) " of " (digits(campaign.failed_runs)) " are listed." } }
            }
        }
    }
}

fn about(campaign: &Campaign) -> Markup {
    html! {
        section #about aria-labelledby="about-h" {
            h2 #about-h { "About campaigns" }
            p { "A seed decides what two to four Clients do, and which trouble networks, processes and machines get into meanwhile. "
                "What the Clients saw is judged by a checker that shares no code with them or with the Server: it knows nothing but packets, ends and times. "
                "A message counts as lost only when all trouble has ended, every Client has returned, and silence is proved." }
            p { "Of each kind of breach the run of fewest steps is kept, and of these the lowest seed; then steps are left out and made simpler for as long as the breach shows." }
            dl.meta { div { dt { "Schema" } dd { code { (own(&campaign.schema)) } } } }
        }
    }
}
