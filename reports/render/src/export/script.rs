//! A Transcript as a script in Python that sends again what the Tester sent.
//!
//! Only Python's standard library is used, so that whoever gets the file can run it. What the Tester sent does not all stand fixed: an
//! acknowledgement echoes a Packet Identifier that the Server chose, and it is sent after something has come. The script waits for as many packets,
//! and puts the identifier of today into acknowledgements. Anything else that depends on the Server (an Assigned Client Identifier,
//! enhanced authentication) is sent as it was recorded, and the script says so.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::encode::python::{bytes, string};
use record::reproduce::endpoint;
use record::{Check, Direction, Event, EventKind, EventMark, Transcript, Untrusted};

/// The part that is the same in every script.
const PLAYER: &str = include_str!("replay.py");

/// A pause of the Tester that is shorter is no part of the stimulus, in microseconds.
const PAUSE: u64 = 400_000;

/// The script of a check, if it has a Transcript. `address` is that of the Subject; a simulated one has none, and a default takes its place.
#[must_use]
pub fn render(check: &Check, address: &str) -> Option<String> {
    let transcript = check.transcript.as_ref()?;
    let (host, port) = endpoint(address).unwrap_or(("127.0.0.1", 1883));
    let mut out = String::from("#!/usr/bin/env python3\n");
    // Nothing can go wrong when writing to a String.
    let _ = write!(out, "{PLAYER}\n\n");
    let mut fact = |name: &str, text: &[u8]| {
        let _ = writeln!(out, "{name} = {}", string(text));
    };
    fact("CHECK", check.id.as_bytes());
    fact("STATEMENTS", check.requirements.join(" ").as_bytes());
    fact("FOUND", check.reason.as_bytes());
    fact("EXPECTED", check.expected.as_ref().map_or(&[], Untrusted::as_bytes));
    fact("SEEN", check.actual.as_ref().map_or(&[], Untrusted::as_bytes));
    let _ = writeln!(out, "STEPS = [");
    for line in steps(transcript) {
        let _ = writeln!(out, "    {line},");
    }
    let _ = write!(
        out,
        "]\n\nif __name__ == \"__main__\":\n    print(CHECK, STATEMENTS, sep=\"\\n\")\n    main({}, STEPS)\n    print(\"\\nThis was recorded then, and says nothing of what came just now:\")\n    print(\"found:   \", FOUND)\n    if EXPECTED:\n        print(\"expected:\", EXPECTED)\n        print(\"seen:    \", SEEN)\n",
        string(format!("{host}:{port}").as_bytes())
    );
    Some(out)
}

/// What happened on one Network Connection so far.
#[derive(Default)]
struct Lane {
    is_open: bool,
    is_over: bool,
    /// Packets that have come.
    received: usize,
    /// Packets that the script waits for so far.
    awaited: usize,
    /// The Packet Identifiers of the PUBLISH packets that have come, in order.
    identifiers: Vec<u16>,
}

/// The steps, as Python tuples.
fn steps(transcript: &Transcript) -> Vec<String> {
    let mut lanes: BTreeMap<&str, Lane> = BTreeMap::new();
    let mut out = Vec::new();
    let mut last = 0;
    for event in transcript.events.iter().filter(|event| event.mark != Some(EventMark::ExpectedMissing)) {
        let lane = lanes.entry(&event.connection).or_default();
        let name = string(event.connection.as_bytes());
        if event.direction == Direction::FromServer {
            match event.kind {
                EventKind::Packet | EventKind::Bytes => {
                    lane.received += 1;
                    lane.identifiers.extend(identifier_of_publish(event));
                }
                _ => {}
            }
            last = last.max(event.at_us);
            continue;
        }
        let acts = matches!(
            event.kind,
            EventKind::Opened
                | EventKind::Packet
                | EventKind::Bytes
                | EventKind::ClosedByTester
                | EventKind::HalfClosed
                | EventKind::Reset
        ) && !event.connection.is_empty();
        if !acts || lane.is_over {
            continue;
        }
        // What had come by now, on whatever connection, may be what this waited for.
        for (awaiting, lane) in &mut lanes {
            if lane.received > lane.awaited && !lane.is_over {
                lane.awaited = lane.received;
                out.push(format!("(\"expect\", {}, {})", string(awaiting.as_bytes()), lane.received));
            }
        }
        let lane = lanes.entry(&event.connection).or_default();
        if event.at_us > last + PAUSE {
            out.push(format!("(\"wait\", {:.1})", (event.at_us - last) as f64 / 1e6));
        }
        last = last.max(event.at_us);
        if !lane.is_open {
            lane.is_open = true;
            out.push(format!("(\"open\", {name})"));
        }
        match event.kind {
            EventKind::Packet | EventKind::Bytes => {
                let wire = event.wire();
                let answers = answered(&wire, &lane.identifiers)
                    .map_or_else(String::new, |number| format!(", {number}"));
                if !wire.is_empty() {
                    out.push(format!("(\"send\", {name}, {}{answers})", bytes(&wire)));
                }
            }
            EventKind::ClosedByTester => out.push(format!("(\"closed\", {name})")),
            EventKind::HalfClosed => out.push(format!("(\"half closed\", {name})")),
            EventKind::Reset => out.push(format!("(\"reset\", {name})")),
            _ => {}
        }
        lane.is_over = matches!(event.kind, EventKind::ClosedByTester | EventKind::Reset);
    }
    out
}

/// The body of a Control Packet, behind the Remaining Length.
fn body(wire: &[u8]) -> Option<&[u8]> {
    let length = wire.get(1..)?.iter().position(|byte| byte & 0x80 == 0)? + 1;
    wire.get(1 + length..)
}

/// The Packet Identifier of a PUBLISH with QoS 1 or 2.
fn identifier_of_publish(event: &Event) -> Option<u16> {
    let wire = event.wire();
    let first = *wire.first()?;
    if first >> 4 != 3 || first & 6 == 0 {
        return None;
    }
    let body = body(&wire)?;
    let topic = usize::from(u16::from_be_bytes([*body.first()?, *body.get(1)?]));
    Some(u16::from_be_bytes([*body.get(2 + topic)?, *body.get(3 + topic)?]))
}

/// Which of the Server's PUBLISH packets a packet acknowledges: the last one with its identifier.
fn answered(wire: &[u8], identifiers: &[u16]) -> Option<usize> {
    if !matches!(wire.first()? >> 4, 4 | 5 | 7) {
        return None;
    }
    let body = body(wire)?;
    let identifier = u16::from_be_bytes([*body.first()?, *body.get(1)?]);
    identifiers.iter().rposition(|known| *known == identifier)
}
