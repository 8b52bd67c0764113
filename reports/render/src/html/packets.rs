//! The Transcript as a table: the form that can be read aloud, printed and searched. The diagram only illustrates it.

use maud::{Markup, html};

use super::decoded;
use super::page::scroll;
use crate::encode::html::{cut, own};
use record::{Direction, Event, EventKind, EventMark, Transcript};

/// Bytes of a packet that are shown at once.
const LEADING: usize = 96;

/// Bytes of a packet that are shown when it is opened.
const OPENED: usize = 4096;

/// The events of a Transcript that are shown, and how many were left out.
pub(crate) struct Shown<'a> {
    /// In order; `None` stands where something was left out.
    pub(super) events: Vec<Option<&'a Event>>,
    /// How many were left out here.
    pub(super) left_out: usize,
}

impl<'a> Shown<'a> {
    /// A quarter of them from the start, a half around what went wrong, a quarter from the end.
    pub(crate) fn of(transcript: &'a Transcript, limit: usize) -> Shown<'a> {
        let events = &transcript.events;
        if events.len() <= limit {
            return Shown { events: events.iter().map(Some).collect(), left_out: 0 };
        }
        let quarter = limit / 4;
        let culprit = events
            .iter()
            .position(|event| matches!(event.mark, Some(EventMark::Violation | EventMark::ExpectedMissing)))
            .unwrap_or(events.len() - 1);
        let around = culprit.saturating_sub(quarter)..culprit + quarter;
        let mut shown = Vec::new();
        let mut left_out = 0;
        for (index, event) in events.iter().enumerate() {
            if index < quarter || around.contains(&index) || index >= events.len() - quarter {
                shown.push(Some(event));
            } else {
                left_out += 1;
                if shown.last().is_none_or(Option::is_some) {
                    shown.push(None);
                }
            }
        }
        Shown { events: shown, left_out }
    }
}

/// The table; `fragment` is what it belongs to, a check or another thing that has a fragment. Without bytes in any event there is no column of bytes.
pub(crate) fn table(fragment: &str, transcript: &Transcript, shown: &Shown<'_>, all_fields: bool) -> Markup {
    let total = transcript.events.len();
    let has_bytes = transcript.events.iter().any(|event| !event.bytes.is_empty());
    let titles = ["#", "ms", "Connection", "Direction", "What", "Bytes"];
    let columns = if has_bytes { titles.len() } else { titles.len() - 1 };
    html! {
        (scroll(&format!("Packets of {}", fragment.trim_start_matches("c-")), &html! {
            table.packets {
                caption {
                    "Everything observed"
                    @if shown.left_out > 0 {
                        ": " (total - shown.left_out) " of " (total) " events shown, those at the start, around the deviation and at the end; all of them are in the JSON beside this page"
                    }
                    @if transcript.omitted > 0 { ". " (transcript.omitted) " more were not recorded" }
                }
                thead { tr { @for title in &titles[..columns] { th scope="col" { (title) } } } }
                tbody {
                    @for event in &shown.events {
                        @match event {
                            Some(event) => (row(fragment, event, all_fields, has_bytes)),
                            None => tr { td colspan=(columns) { "… events left out …" } },
                        }
                    }
                }
            }
        }))
    }
}

fn row(fragment: &str, event: &Event, all_fields: bool, has_bytes: bool) -> Markup {
    let class = match event.mark {
        Some(EventMark::Violation) => Some("bad"),
        Some(EventMark::ExpectedMissing) => Some("missing"),
        Some(EventMark::Deliberate) => Some("deliberate"),
        None => None,
    };
    html! {
        // Only what stands out has an address of its own: they are long, and there are many events.
        tr id=[event.mark.map(|_| format!("{fragment}-p{}", event.number))] class=[class] {
            td { (event.number) }
            td { (milliseconds(event.at_us)) }
            td { (own(&event.connection)) }
            td { (direction(event)) }
            td {
                (what(event))
                @if let Some(mark) = event.mark { " " (word(mark)) }
                @if let Some(text) = &event.text { " " (cut(text, 600)) }
                @if !event.fields.is_empty() && (all_fields || event.mark.is_some()) {
                    (decoded::fields(event))
                }
            }
            @if has_bytes { td.bytes { (bytes(event)) } }
        }
    }
}

/// The packet with its summary, or the event in words.
fn what(event: &Event) -> Markup {
    html! {
        @match (&event.packet, event.kind) {
            (Some(packet), _) => strong { (own(packet)) },
            (None, EventKind::Packet) => strong { "packet" },
            (None, EventKind::Note) if event.summary.is_some() => {},
            (None, kind) => strong { (kind_words(kind)) },
        }
        @if let Some(summary) = &event.summary { " " (cut(summary, 600)) }
    }
}

/// The mark in words, because colour alone says nothing.
fn word(mark: EventMark) -> Markup {
    match mark {
        EventMark::Violation => html! { strong.v.fail { "✗ violation" } },
        EventMark::ExpectedMissing => html! { strong.v.fail { "✗ expected here, missing" } },
        EventMark::Deliberate => html! { strong.v.info { "⚑ wrong on purpose" } },
    }
}

pub(crate) const fn kind_words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "Network Connection opened",
        EventKind::Packet => "packet",
        EventKind::Bytes => "bytes that are no packet",
        EventKind::EndOfStream => "closed (end of stream)",
        EventKind::Reset => "reset",
        EventKind::ClosedByTester => "closed by the Tester",
        EventKind::HalfClosed => "half closed",
        EventKind::Quiet => "nothing came",
        EventKind::Timer => "timer",
        EventKind::Hardship => "hardship",
        EventKind::Note => "note",
    }
}

fn direction(event: &Event) -> &'static str {
    match event.direction {
        Direction::ToServer => "to Server",
        Direction::FromServer => "to Client",
        Direction::None => "",
    }
}

/// Thousandths of a millisecond would suggest a precision that nothing has: one decimal.
pub(super) fn milliseconds(us: u64) -> String {
    format!("{}.{}", us / 1000, us % 1000 / 100)
}

fn bytes(event: &Event) -> Markup {
    let wire = event.wire();
    html! {
        @if wire.len() > LEADING {
            code { (spaced(&wire[..LEADING])) " …" } br;
            details {
                summary { (wire.len()) " bytes in all" }
                code { (spaced(&wire[..wire.len().min(OPENED)])) }
                @if wire.len() > OPENED { " … the first " (OPENED) " shown" }
            }
        } @else if !wire.is_empty() {
            code { (spaced(&wire)) }
        }
    }
}

/// `20 02 00 00`.
pub(super) fn spaced(bytes: &[u8]) -> String {
    let digits = record::hexadecimal(bytes);
    let pairs: Vec<&str> =
        digits.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok()).collect();
    pairs.join(" ")
}
