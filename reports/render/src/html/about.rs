//! About this run: how it was made, how far the suite can be trusted, what was masked, and what the words mean.

use maud::{Markup, html};

use super::Context;
use super::page::badge;
use crate::encode::html::own;
use record::Verdict;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        section #about aria-labelledby="about-h" {
            h2 #about-h { "About this run" }
            dl.meta {
                @if let Some(round_trip) = record.run.round_trip_us {
                    div { dt { "Measured round trip" } dd { (round_trip / 1000) "." (format!("{:03}", round_trip % 1000)) " ms; deadlines derive from it" } }
                }
                div { dt { "Jobs" } dd { (record.run.jobs) } }
                @if let Some(platform) = &record.run.platform { div { dt { "Platform" } dd { (own(platform)) } } }
                div { dt { "Schema" } dd { code { (own(&record.schema)) } } }
            }
            h3 { "Can the suite be trusted?" }
            @match &record.selftest {
                Some(test) => p {
                    (test.caught) " of " (test.defects) " Servers that are wrong on purpose were caught, and "
                    (test.spared) " of " (test.variants) " conforming ones that choose differently were not accused."
                    @if test.null_servers > 0 { " Of " (test.null_servers) " Servers that do nothing right, " (test.null_servers_caught) " were seen through." }
                    @if !test.is_perfect() { " " strong { "The suite did not prove itself in full: take verdicts with care." } }
                },
                None => p { "The suite did not test itself in this run. " code { "mqtt-certify selftest" } " does." },
            }
            h3 { "What was masked" }
            @if record.redactions.is_empty() {
                p { "No secret value was known, and nothing was masked." }
            } @else {
                ul { @for redaction in &record.redactions { li { (own(&redaction.name)) ": " (redaction.times) " times" } } }
            }
            h3 { "What the words mean" }
            dl.legend {
                @for verdict in Verdict::ALL { dt { (badge(verdict)) } dd { (meaning(verdict)) } }
            }
            p { "A run is conformant when it is complete and unfiltered, and every applicable MUST statement that has a check was judged and kept. "
                "Statements that are not exercised or have no check do not stand in the way, and are counted beside the verdict. "
                "Conformance says nothing about performance, security or scale, and this report is no certificate of OASIS." }
        }
    }
}

const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "An outcome that the statement forbids was seen; the evidence shows it.",
        Verdict::Error => "Our own fault. Never counts against the Subject.",
        Verdict::Inconclusive => {
            "No verdict is possible: the precondition was not reached, or nothing proved that the Subject was alive."
        }
        Verdict::NotRun => "Left out by a filter, or the run ended before.",
        Verdict::Warn => "A SHOULD was not followed. Still conformant.",
        Verdict::Pass => "An outcome that the statement allows was seen.",
        Verdict::Info => "The statement leaves a choice, and the choice made is recorded.",
        Verdict::NotExercised => "The situation that the statement speaks of did not arise. Never a pass.",
        Verdict::NotApplicable => "Binds something that this Subject is not or does not offer.",
        Verdict::Untested => "No check exists for the statement yet.",
        Verdict::Untestable => "Nothing of it is visible from outside.",
    }
}

pub(super) fn footer(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        p {
            "Made by " (own(&record.suite.name)) " " (own(&record.suite.version)) " from results.json alone. "
            "The statements are those of the OASIS Standards MQTT Version 3.1.1 and MQTT Version 5.0, in our words. "
            "OASIS and MQTT are names of their owners."
        }
    }
}
