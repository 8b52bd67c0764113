//! A Transcript as a capture file (pcapng) that Wireshark decodes.
//!
//! The bytes of the Control Packets are those that were recorded. The IPv4 and TCP headers around them are made up: addresses, sequence numbers
//! and the segments without data. They are consistent (handshake, acknowledgements, checksums, FIN and RST), so that nothing in the capture
//! looks like trouble of the network that was not there. Times count from the start of the check. TLS and WebSocket are left out: what was
//! recorded is the MQTT inside of them.

use record::encode::visible::visible_start;
use record::{Check, Direction, Event, EventKind, EventMark};
use segment::{ACK, FIN, PSH, RST, SYN, Side, Stream};

mod block;
mod segment;

/// Data of one segment at most, in bytes: what fits into an Ethernet frame.
const SEGMENT: usize = 1460;

/// The capture of a check, if it has a Transcript.
#[must_use]
pub fn render(check: &Check) -> Option<Vec<u8>> {
    let transcript = check.transcript.as_ref()?;
    let mut note = format!(
        "{} {}, exported by mqtt-certify. IP and TCP headers are synthetic.",
        check.verdict.word(),
        check.id
    );
    if transcript.omitted > 0 {
        note.push_str(&format!(" {} events were not recorded.", transcript.omitted));
    }
    let mut out = block::start(&note);
    let mut streams: Vec<Stream> =
        (0u16..).zip(&transcript.connections).map(|(index, _)| Stream::new(index)).collect();
    let mut last = 0;
    for event in &transcript.events {
        // A missing event did not happen, and is marked at a time that may lie before what follows it.
        if event.mark == Some(EventMark::ExpectedMissing) {
            continue;
        }
        let Some(index) =
            transcript.connections.iter().position(|connection| connection.name == event.connection)
        else {
            continue;
        };
        last = last.max(event.at_us);
        let mut comment = comment(event);
        for packet in packets(&mut streams[index], event) {
            block::packet(&mut out, last, &packet, comment.take().as_deref());
        }
    }
    Some(out)
}

/// What an event puts on the wire.
fn packets(stream: &mut Stream, event: &Event) -> Vec<Vec<u8>> {
    let side = if event.direction == Direction::FromServer { Side::Server } else { Side::Client };
    let mut out = Vec::new();
    let wire = event.wire();
    let ends = matches!(
        event.kind,
        EventKind::EndOfStream | EventKind::Reset | EventKind::ClosedByTester | EventKind::HalfClosed
    );
    if !ends && event.kind != EventKind::Opened && wire.is_empty() {
        return out;
    }
    if stream.open() {
        out.push(stream.segment(Side::Client, SYN, &[]));
        out.push(stream.segment(Side::Server, SYN | ACK, &[]));
        out.push(stream.segment(Side::Client, ACK, &[]));
    }
    if stream.is_over(side) {
        return out;
    }
    for data in wire.chunks(SEGMENT) {
        out.push(stream.segment(side, PSH | ACK, data));
        out.push(stream.segment(side.other(), ACK, &[]));
    }
    match event.kind {
        EventKind::EndOfStream | EventKind::ClosedByTester | EventKind::HalfClosed => {
            out.push(stream.segment(side, FIN | ACK, &[]));
            out.push(stream.segment(side.other(), ACK, &[]));
        }
        EventKind::Reset => out.push(stream.segment(side, RST | ACK, &[])),
        _ => {}
    }
    out
}

/// What Wireshark shows beside the packet.
fn comment(event: &Event) -> Option<String> {
    let mark = match event.mark? {
        EventMark::Violation => "violation",
        EventMark::Deliberate => "wrong on purpose",
        EventMark::ExpectedMissing => return None,
    };
    let text = event
        .text
        .as_ref()
        .map_or(String::new(), |text| format!(": {}", visible_start(text.as_bytes(), 1000).0));
    Some(format!("{mark}{text}"))
}
