//! Coverage per chapter, and what the Subject offers and chose.

use maud::{Markup, html};

use super::Context;
use super::page::scroll;
use crate::encode::html::{own, untrusted};
use crate::encode::name;
use crate::standard;
use record::{Record, Tally, Version};

/// The chapters of the Record's statements, in the order of the statements.
pub(crate) fn chapter_list(record: &Record) -> Vec<(Version, String)> {
    let mut chapters: Vec<(Version, String)> = Vec::new();
    for requirement in &record.requirements {
        let chapter = (requirement.version, standard::chapter(&requirement.section).to_owned());
        if !chapters.contains(&chapter) {
            chapters.push(chapter);
        }
    }
    chapters.sort_by_key(|(version, chapter)| {
        (*version, chapter.split('.').map(|part| part.parse::<u32>().unwrap_or(u32::MAX)).collect::<Vec<_>>())
    });
    chapters
}

pub(super) fn chapters(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        section #coverage aria-labelledby="coverage-h" {
            h2 #coverage-h { "Coverage per chapter" }
            p { "MUST and MUST NOT statements that bind a " (record.subject.role.word())
                ". A statement without a check, out of reach, or not exercised is never counted as passed." }
            @for version in [Version::V311, Version::V5] {
                @let listed: Vec<_> = chapter_list(record).into_iter().filter(|(of, _)| *of == version).collect();
                @if !listed.is_empty() {
                    (scroll(&format!("Coverage of MQTT {version}"), &html! {
                        table.coverage {
                            caption { "MQTT " (version) ": MUST statements per chapter" }
                            thead { tr { @for title in ["Chapter", "Applicable", "Passed", "Failed", "Waived", "Inconclusive", "Not run", "Not exercised", "Untested", "Untestable", "n/a"] { th scope="col" { (title) } } } }
                            tbody {
                                @for (_, chapter) in &listed {
                                    @let tally = record.tally(|requirement| requirement.level.is_must() && requirement.version == version && standard::chapter(&requirement.section) == chapter);
                                    @if tally.total() > 0 {
                                        tr id=(name::chapter(version, chapter)) {
                                            th scope="row" { (own(chapter)) " " (standard::chapter_title(version, chapter)) }
                                            (cells(&tally))
                                        }
                                    }
                                }
                            }
                            tfoot { tr {
                                th scope="row" { "All of MQTT " (version) }
                                (cells(&record.tally(|requirement| requirement.level.is_must() && requirement.version == version)))
                            } }
                        }
                    }))
                }
            }
            @let shoulds = record.shoulds();
            @if shoulds.total() > 0 {
                p { "SHOULD statements: " (shoulds.passed) " followed, " (shoulds.warned) " not followed, "
                    (shoulds.total() - shoulds.passed - shoulds.warned) " without a verdict. They never make a " (record.subject.role.word()) " non-conformant." }
            }
        }
    }
}

fn cells(tally: &Tally) -> Markup {
    let numbers = [
        (tally.applicable, ""),
        (tally.passed + tally.informed, "pass"),
        (tally.failed, "fail"),
        (tally.waived, "warn"),
        (tally.inconclusive + tally.errors, "inconclusive"),
        (tally.not_run, "not-run"),
        (tally.not_exercised, "not-exercised"),
        (tally.untested, "untested"),
        (tally.untestable, "untestable"),
        (tally.not_applicable, "not-applicable"),
    ];
    html! {
        @for (number, class) in numbers {
            @if number == 0 { td.number.zero { "0" } } @else { td class={ "number " (class) } { (number) } }
        }
    }
}

pub(super) fn features(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        section #features aria-labelledby="features-h" {
            h2 #features-h { "Optional features and limits" }
            @if record.capabilities.is_empty() && record.choices.is_empty() {
                p { "Nothing was recorded." }
            }
            @if !record.capabilities.is_empty() {
                (scroll("Optional features and limits", &html! {
                    table {
                        caption { "What the Subject declares, and what was seen of it" }
                        thead { tr { th scope="col" { "Feature or limit" } th scope="col" { "Version" } th scope="col" { "Declared" } th scope="col" { "Seen" } th scope="col" { "Agreement" } } }
                        tbody {
                            @for capability in &record.capabilities {
                                tr class=[capability.mismatch.then_some("bad")] {
                                    th scope="row" { (own(&capability.name)) }
                                    td { @if let Some(version) = capability.version { (version) } }
                                    td { @if let Some(declared) = &capability.declared { (untrusted(declared)) } @else { span.level { "not declared" } } }
                                    td { @if let Some(seen) = &capability.seen { (untrusted(seen)) } @else { span.level { "not seen" } } }
                                    td { @if capability.mismatch { strong.v.fail { "✗ contradiction" } } @else if capability.declared.is_some() && capability.seen.is_some() { "agree" } }
                                }
                            }
                        }
                    }
                }))
            }
            @if !record.choices.is_empty() {
                (scroll("Choices", &html! {
                    table {
                        caption { "Where the standard leaves a choice: what was seen. None of these is a failure" }
                        thead { tr { th scope="col" { "Choice" } th scope="col" { "Version" } th scope="col" { "Seen" } th scope="col" { "Times" } } }
                        tbody {
                            @for choice in &record.choices {
                                tr {
                                    th scope="row" { (own(&choice.name)) }
                                    td { @if let Some(version) = choice.version { (version) } }
                                    td { (untrusted(&choice.seen)) }
                                    td.number { (choice.times) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}
