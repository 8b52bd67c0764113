//! What a Record says of what was sent and received.

use super::packet::packet_event;
use record as r;
use tester::stop::{Expectation, Expected, Violation};
use tester::testbed::Shut;
use tester::{ObservationKind, Transcript};

/// What a transcript shows to be wrong.
pub(super) struct Culprit<'a> {
    /// The observation that fails, if it is not something missing.
    observation: Option<usize>,
    /// What kind of thing was expected.
    kind: Expectation,
    /// What exactly.
    words: &'a str,
}

impl<'a> Culprit<'a> {
    pub(super) fn of(violation: &'a Violation) -> Self {
        let Expected { kind, words } = &violation.expected;
        Culprit { observation: violation.observation, kind: *kind, words }
    }

    pub(super) fn seen(observation: usize, words: &'a str) -> Self {
        Culprit { observation: Some(observation), kind: Expectation::Content, words }
    }
}

/// A transcript as reports have it.
pub(super) fn transcript(from: &Transcript, culprit: Option<&Culprit<'_>>) -> r::Transcript {
    let mut out = r::Transcript {
        connections: from
            .connections
            .iter()
            .map(|c| {
                let role = if c.witness { record::reproduce::WITNESS } else { "Client" };
                r::Connection { name: c.label.clone(), role: role.to_owned() }
            })
            .collect(),
        ..r::Transcript::default()
    };
    let mut number = 0u32;
    for (index, o) in from.observations.iter().enumerate() {
        number += 1;
        let connection = from.connections.get(o.connection);
        let mut event = r::Event {
            number,
            at_us: u64::try_from(o.at.as_micros()).unwrap_or(u64::MAX),
            connection: connection.map_or_else(String::new, |c| c.label.clone()),
            ..r::Event::default()
        };
        let version = connection.map(|c| c.version);
        match &o.kind {
            ObservationKind::Opened => event.kind = r::EventKind::Opened,
            ObservationKind::OpenFailed(why) => {
                event.kind = r::EventKind::Note;
                event.text = Some(format!("the Network Connection could not be opened: {why}").into());
            }
            ObservationKind::Sent { bytes, packet, deliberate } => {
                event.direction = r::Direction::ToServer;
                packet_event(&mut event, bytes, packet.as_ref(), version);
                if let Some(text) = deliberate {
                    event.mark = Some(r::EventMark::Deliberate);
                    event.text = Some(text.as_str().into());
                }
            }
            ObservationKind::Received { bytes, packet } => {
                event.direction = r::Direction::FromServer;
                packet_event(&mut event, bytes, Some(packet), version);
            }
            ObservationKind::Undecodable { bytes, error } => {
                event.direction = r::Direction::FromServer;
                packet_event(&mut event, bytes, None, version);
                event.text = Some(error.to_string().into());
            }
            ObservationKind::EndOfStream { rest } => {
                event.direction = r::Direction::FromServer;
                event.kind = r::EventKind::EndOfStream;
                event = event.with_wire(rest);
            }
            ObservationKind::Reset => {
                event.direction = r::Direction::FromServer;
                event.kind = r::EventKind::Reset;
            }
            ObservationKind::Shut(how) => {
                event.direction = r::Direction::ToServer;
                event.kind = match how {
                    Shut::HalfClose => r::EventKind::HalfClosed,
                    Shut::Reset => r::EventKind::Reset,
                    Shut::Close => r::EventKind::ClosedByTester,
                };
            }
            ObservationKind::Quiet(time) => {
                event.kind = r::EventKind::Quiet;
                event.text = Some(format!("for {:.1} s", time.as_secs_f64()).into());
            }
            ObservationKind::Hardship(text) => {
                event.kind = r::EventKind::Hardship;
                event.text = Some(text.as_str().into());
            }
            ObservationKind::Said(text) | ObservationKind::Note(text) => {
                event.kind = r::EventKind::Note;
                event.text = Some(text.as_str().into());
            }
        }
        if culprit.is_some_and(|culprit| culprit.observation == Some(index)) {
            event.mark = Some(r::EventMark::Violation);
        }
        out.events.push(event);
    }
    if let Some(Culprit { observation: None, kind, words }) = culprit {
        // The witness that proves liveness comes after the silence; the missing packet belongs on the lane that was waited on.
        let lane = out
            .events
            .iter()
            .rev()
            .find(|e| e.kind == r::EventKind::Quiet)
            .map(|e| (e.connection.clone(), e.at_us));
        let (connection, at_us) = lane.unwrap_or_default();
        out.events.push(r::Event {
            number: number + 1,
            at_us,
            connection,
            direction: r::Direction::FromServer,
            kind: match kind {
                Expectation::End => r::EventKind::EndOfStream,
                _ => r::EventKind::Packet,
            },
            mark: Some(r::EventMark::ExpectedMissing),
            text: Some((*words).into()),
            ..r::Event::default()
        });
    }
    out
}
