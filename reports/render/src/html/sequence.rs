//! The Transcript as a sequence diagram: a lane for each Network Connection and one for the Subject.
//!
//! Inline SVG with presentation attributes and classes only, which the page's policy does not restrict. Whatever it shows by
//! shape it says in words, and the table beside it says the same.

use maud::{Markup, html};

use super::packets::{Shown, kind_words, milliseconds};
use crate::encode::html::{own, sentence};
use record::{Direction, Event, EventKind, EventMark, Role, Transcript};

/// Height of one event.
const ROW: usize = 34;
/// Above the first event.
const TOP: usize = 52;
/// Left of the first lane: number and time.
const GUTTER: usize = 96;
/// Between the lanes of our own ends.
const LANE: usize = 70;
/// Between the last of those and the Subject: room for a label.
const REACH: usize = 500;
/// Characters of a label.
const LABEL: usize = 58;
/// More lanes than this are drawn in one.
const LANES: usize = 8;

struct Lanes<'a> {
    names: Vec<&'a str>,
}

impl<'a> Lanes<'a> {
    fn of(transcript: &'a Transcript) -> Lanes<'a> {
        Lanes {
            names: transcript
                .connections
                .iter()
                .map(|connection| connection.name.as_str())
                .take(LANES)
                .collect(),
        }
    }

    fn x(&self, connection: &str) -> usize {
        let index = self.names.iter().position(|name| *name == connection).unwrap_or(0);
        GUTTER + index * LANE
    }

    fn subject(&self) -> usize {
        GUTTER + self.names.len().saturating_sub(1) * LANE + REACH
    }
}

/// The diagram; `fragment` is what it belongs to, a check or another thing that has a fragment.
pub(crate) fn diagram(fragment: &str, transcript: &Transcript, shown: &Shown<'_>, role: Role) -> Markup {
    let lanes = Lanes::of(transcript);
    let width = lanes.subject() + 60;
    let height = TOP + shown.events.len() * ROW + 12;
    html! {
        div.scroll tabindex="0" role="region" aria-label={ "Packets of " (fragment.trim_start_matches("c-")) ", diagram" } {
            svg.seq role="img" viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) aria-labelledby={ (fragment) "-t " (fragment) "-d" } {
                title id={ (fragment) "-t" } { "Sequence of packets" }
                desc id={ (fragment) "-d" } { "The table of packets below says the same." }
                @for name in &lanes.names { (lane(lanes.x(name), name, height)) }
                (lane(lanes.subject(), role.word(), height))
                @for (index, event) in shown.events.iter().enumerate() {
                    @let y = TOP + index * ROW + ROW / 2;
                    @match event {
                        Some(event) => (draw(&lanes, event, y, role)),
                        None => text.dim x=(GUTTER + 8) y=(y) { "… events left out …" },
                    }
                }
            }
        }
    }
}

fn lane(x: usize, name: &str, height: usize) -> Markup {
    html! {
        line.lane x1=(x) y1=(TOP - 18) x2=(x) y2=(height - 6) {}
        text.name x=(x) y=(TOP - 28) text-anchor="middle" { (own(&sentence(&name.into(), 24))) }
    }
}

/// One event, drawn around its own zero so that its numbers stay short.
fn draw(lanes: &Lanes<'_>, event: &Event, y: usize, role: Role) -> Markup {
    let class = match event.mark {
        Some(EventMark::Violation) => Some("bad"),
        Some(EventMark::ExpectedMissing) => Some("missing"),
        Some(EventMark::Deliberate) => Some("deliberate"),
        None => None,
    };
    html! {
        g class=[class] transform={ "translate(0," (y) ")" } {
            text.n x="84" y="4" { (event.number) " · " (milliseconds(event.at_us)) }
            @match event.direction {
                Direction::ToServer | Direction::FromServer => (arrow(lanes, event, role)),
                Direction::None => (note(lanes, event)),
            }
        }
    }
}

fn arrow(lanes: &Lanes<'_>, event: &Event, role: Role) -> Markup {
    let (ours, subject) = (lanes.x(&event.connection), lanes.subject());
    // Our end is a Client when the Subject is a Server, and the other way round.
    let to_subject = (event.direction == Direction::ToServer) == (role == Role::Server);
    let (from, to) = if to_subject { (ours, subject) } else { (subject, ours) };
    let end = match (event.kind, to_subject) {
        (EventKind::EndOfStream | EventKind::ClosedByTester | EventKind::HalfClosed, _) => "m0-8v16",
        (EventKind::Reset, _) => "m-6-6l12 12m0-12l-12 12",
        (_, true) => "m-9-5l9 5-9 5",
        (_, false) => "m9-5l-9 5 9 5",
    };
    html! {
        path d={ "M" (from) " 0H" (to) (end) } {}
        @if event.mark == Some(EventMark::Violation) {
            // A shape of its own, so that the violation is seen without colour.
            rect x=(ours + 4) y="-18" width=(subject - ours - 8) height="32" rx="3" {}
        }
        text x=(ours + 10) y="-5" { (label(event)) }
    }
}

fn note(lanes: &Lanes<'_>, event: &Event) -> Markup {
    let x = if event.connection.is_empty() { GUTTER } else { lanes.x(&event.connection) };
    html! {
        @if matches!(event.kind, EventKind::Timer | EventKind::Hardship) {
            rect x=(GUTTER + 4) y="-14" width=(lanes.subject() - GUTTER - 8) height="26" rx="3" {}
        } @else {
            circle cx=(x) r="4" {}
        }
        text x=(x + 10) y="4" { (label(event)) }
    }
}

/// One line: the mark, the packet, its summary.
fn label(event: &Event) -> Markup {
    let mut text = match event.mark {
        Some(EventMark::Violation) => "✗ violation: ",
        Some(EventMark::ExpectedMissing) => "✗ missing: expected ",
        Some(EventMark::Deliberate) => "⚑ on purpose: ",
        None => "",
    }
    .to_owned();
    match (&event.packet, event.kind) {
        (Some(packet), _) => text.push_str(&sentence(&packet.as_str().into(), 24)),
        // A note says itself what it is.
        (None, EventKind::Note) if event.summary.is_some() => {}
        (None, kind) => text.push_str(kind_words(kind)),
    }
    for part in [&event.summary, &event.text].into_iter().flatten() {
        if text.chars().count() < LABEL {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&sentence(part, LABEL));
        }
    }
    own(&record::encode::terminal::fit(&text, LABEL))
}
