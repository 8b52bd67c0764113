//! What the runs really did: the blind spots first, then everything with its numbers.

use maud::{Markup, html};

use super::blind_spots::{count_of, is_possible};
use super::plots::{bar, histogram, legend, stacked};
use super::words::{digits, number, share};
use super::{Why, blind_spots};
use crate::encode::html::own;
use crate::html::scroll;
use record::campaign::{Campaign, Count, Occasions};

pub(super) fn blind(campaign: &Campaign) -> Markup {
    let spots = blind_spots(campaign);
    html! {
        section #blind-spots aria-labelledby="blind-spots-h" {
            h2 #blind-spots-h { "Blind spots (" (spots.len()) ")" }
            @if spots.is_empty() {
                p { "Each kind of hardship, action, packet and ending came about at least once." }
            } @else {
                p { "None of these happened in any run, so the campaign says nothing about them." }
                ul.plain {
                    @for spot in &spots {
                        li { strong { (own(&spot.what)) } ": " (why(spot.why)) }
                    }
                }
            }
        }
    }
}

fn why(why: Why) -> String {
    match why {
        Why::NeverAsked => "no workload asked for it".to_owned(),
        Why::NotAvailable(times) => {
            format!("asked for {}, and not available with this driver", number(times, "time"))
        }
        Why::NothingToBefall(times) => {
            format!("asked for {}, and there was never anything that it could befall", number(times, "time"))
        }
        Why::DidNotCome => "none came about".to_owned(),
    }
}

pub(super) fn section(campaign: &Campaign) -> Markup {
    let exercised = &campaign.exercised;
    html! {
        section #exercised aria-labelledby="exercised-h" {
            h2 #exercised-h { "What was really exercised" }
            (remarks(campaign))
            h3 { "Hardship" }
            (legend())
            (occasions("Hardship", "What was asked for, and what became of it", "Kind of hardship", "Nothing to befall", &exercised.hardship))
            @if exercised.cuts_at_packets > 0 {
                p { "A cut at a packet waits for its packet: " (number(exercised.cuts_at_packets, "Network Connection")) " were really cut so." }
            }
            h3 { "Actions of Clients" }
            (occasions("Actions of Clients", "What Clients were to do, and what became of it", "Action", "Not possible then", &exercised.actions))
            h3 { "How Network Connections ended" }
            (counts("How Network Connections ended", "As Clients saw it", "End", &exercised.endings))
            h3 { "Versions" }
            (counts("Versions", "Runs by version of the protocol", "MQTT", &exercised.versions))
            h3 { "Control Packets" }
            (packets(campaign))
            h3 { "How much is in a run" }
            p { "A column is a class of runs, and the number below it the least that is in it; classes double. The number above is that of runs." }
            div.plots { @for (index, distribution) in exercised.distributions.iter().enumerate() { (histogram(index, distribution)) } }
        }
    }
}

fn remarks(campaign: &Campaign) -> Markup {
    let exercised = &campaign.exercised;
    let remarks = [
        (exercised.restless, "run", "did not come to rest; nothing can be called lost in them"),
        (exercised.stopped, "run", "had to be stopped because too much happened in them"),
        (
            exercised.protocol_errors,
            "Network Connection",
            "had to be closed by a Client because of what it got",
        ),
    ];
    html! {
        @if remarks.iter().any(|(count, ..)| *count > 0) {
            ul.reasons {
                @for (count, noun, what) in remarks {
                    @if count > 0 { li { strong.v.warn { "!" } " " (number(count, noun)) " " (what) "." } }
                }
            }
        }
    }
}

/// The first cell of a row, which says in words when something never happened.
fn named(name: &str, never: bool) -> Markup {
    html! { th scope="row" { (own(name)) @if never { " " strong.v.warn { "! never" } } } }
}

fn occasions(label: &str, caption: &str, title: &str, idle: &str, kinds: &[Occasions]) -> Markup {
    let longest = kinds.iter().map(Occasions::asked).max().unwrap_or(0);
    scroll(
        label,
        &html! {
            table.numbers {
                caption { (caption) }
                thead { tr { @for title in [title, "", "Asked for", "Happened", idle, "Not available"] { (heading(title)) } } }
                tbody {
                    @for kind in kinds {
                        tr class=[(kind.happened == 0).then_some("never")] {
                            (named(&kind.name, kind.happened == 0))
                            td.bar { (stacked(kind, longest)) }
                            @for value in [kind.asked(), kind.happened, kind.idle, kind.not_available] { td { (digits(value)) } }
                        }
                    }
                }
            }
        },
    )
}

fn counts(label: &str, caption: &str, title: &str, counts: &[Count]) -> Markup {
    let longest = counts.iter().map(|count| count.count).max().unwrap_or(0);
    let all = counts.iter().map(|count| count.count).fold(0, u64::saturating_add);
    scroll(
        label,
        &html! {
            table.numbers {
                caption { (caption) }
                thead { tr { @for title in [title, "", "Count", "Share"] { (heading(title)) } } }
                tbody {
                    @for count in counts {
                        tr class=[(count.count == 0).then_some("never")] {
                            (named(&count.name, count.count == 0))
                            td.bar { (bar(count.count, longest)) }
                            td { (digits(count.count)) }
                            td { (share(count.count, all)) }
                        }
                    }
                }
            }
        },
    )
}

/// Both directions side by side.
fn packets(campaign: &Campaign) -> Markup {
    let (sent, received) = (&campaign.exercised.sent, &campaign.exercised.received);
    let longest = sent.iter().chain(received).map(|count| count.count).max().unwrap_or(0);
    let cells = |counts: &[Count], name: &str, by_client: bool| {
        let count = count_of(counts, name);
        html! {
            @if is_possible(name, by_client) || count > 0 {
                td.bar { (bar(count, longest)) }
                td { (digits(count)) @if count == 0 { " " strong.v.warn { "! never" } } }
            } @else { td.bar {} td { "–" } }
        }
    };
    scroll(
        "Control Packets",
        &html! {
            table.numbers {
                caption { "What Clients sent and got, in all runs" }
                thead { tr { @for title in ["Control Packet", "", "From Clients", "", "From the Server"] { (heading(title)) } } }
                tbody {
                    @for packet in sent {
                        tr {
                            (named(&packet.name, false))
                            (cells(sent, &packet.name, true))
                            (cells(received, &packet.name, false))
                        }
                    }
                }
            }
        },
    )
}

/// A column of bars needs no title.
fn heading(title: &str) -> Markup {
    html! { @if title.is_empty() { td {} } @else { th scope="col" { (title) } } }
}
