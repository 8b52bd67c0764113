//! The header strip: the verdict sentence, who was tested by whom, and how complete it is.

use maud::{Markup, html};

use super::Context;
use super::page::bar;
use crate::encode::html::{cut, own};
use crate::sentence;
use record::{Testbed, Verdict};

pub(super) fn head(context: &Context<'_>) -> Markup {
    let record = context.record;
    let headline = sentence::headline(record);
    html! {
        header {
            (bar("MQTT conformance report"))
            h1 {
                span class={ "v " (headline.like.name()) } { (headline.glyph) " " (headline.verdict) }
                " " span.count { (own(&headline.count)) }
            }
            p.lead {
                strong { (cut(&record.subject.name, 80)) @if let Some(version) = &record.subject.version { " " (cut(version, 40)) } }
                ", a " (record.subject.role.word()) " for " (record.specs()) ". " (own(&headline.scope))
            }
            @if record.verdict_reasons.len() > 1 {
                ul.reasons { @for reason in &record.verdict_reasons { li { (own(reason)) } } }
            }
            (tiles(context))
            dl.meta {
                div { dt { "Address" } dd { (own(&record.subject.address)) @if !record.subject.transports.is_empty() { " (" (own(&record.subject.transports.join(", "))) ")" } } }
                @if !record.subject.how_known.is_empty() {
                    div { dt { "Name known from" } dd { (own(&record.subject.how_known)) } }
                }
                div { dt { "Suite" } dd {
                    (own(&record.suite.name)) " " (own(&record.suite.version))
                    @if !record.suite.commit.is_empty() { " (" code { (own(&record.suite.commit)) } ")" }
                } }
                div { dt { "Testbed" } dd { (testbed(record.run.testbed)) } }
                @if let Some(started) = &record.run.started { div { dt { "Started" } dd { (own(started)) } } }
                div { dt { "Duration" } dd { (sentence::duration(record)) } }
                div { dt { "Seed" } dd { code { (own(&record.run.seed)) } } }
                div { dt { "Completeness" } dd { (own(&record.completeness())) } }
                div { dt { "Exit code" } dd { (record.exit.code) " (" (own(&record.exit.reasons.join("; "))) ")" } }
                div.wide { dt { "Command" } dd { code { (own(&record.run.command)) } } }
                div.wide { dt { "Record (SHA-256)" } dd { code.digest { (context.digest) } } }
            }
        }
    }
}

const fn testbed(testbed: Testbed) -> &'static str {
    match testbed {
        Testbed::Live => "live, over real sockets",
        Testbed::Simulated => "simulated network",
        Testbed::Virtual => "virtual time, no network",
    }
}

/// The counts of statements, each of which leads to the list that it counts.
fn tiles(context: &Context<'_>) -> Markup {
    let requirements = &context.record.requirements;
    html! {
        p #tiles-h.level { "Statements by verdict" }
        ul.tiles aria-labelledby="tiles-h" {
            @for verdict in Verdict::ALL {
                @let number = requirements.iter().filter(|requirement| requirement.verdict == verdict).count();
                @if number > 0 {
                    li class={ "tile " (verdict.name()) } {
                        a href="#statements" data-show=(verdict.name()) { b { (number) } " " span { (verdict.glyph()) " " (verdict.word()) } }
                    }
                }
            }
        }
    }
}
