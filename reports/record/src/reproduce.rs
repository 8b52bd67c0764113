//! A command line that shows a deviation again with nothing but bash.
//!
//! Only for a stimulus that is a fixed row of bytes on one Network Connection: as soon as what the Tester sent depends on
//! what it received (an acknowledgement with the Server's Packet Identifier, say), a fixed row would be another test.

use crate::encode::shell;
use crate::{Check, Direction, Event, EventKind, Transcript};

/// More than this is nothing that a person pastes.
const LONGEST: usize = 512;

/// The [`crate::Connection::role`] of a connection that takes no part, and shows that the Subject is alive.
pub const WITNESS: &str = "witness";

/// The line, if the stimulus of the check allows one: bytes of a WebSocket are no MQTT, and have none. `address` is the `HOST:PORT` of a check that has none
/// of its own; a simulated Subject has neither, and a default takes its place.
#[must_use]
pub fn shell_line(check: &Check, address: &str) -> Option<String> {
    if !matches!(check.transport.as_str(), "tcp" | "simulated") {
        return None;
    }
    let bytes = stimulus(check.transcript.as_ref()?)?;
    let (host, port) = endpoint(check.address.as_deref().unwrap_or(address)).unwrap_or(("127.0.0.1", 1883));
    Some(shell::send_and_show(host, port, &bytes))
}

/// Everything that the Tester sends, if it is fixed from the start.
fn stimulus(transcript: &Transcript) -> Option<Vec<u8>> {
    // The witness only proves that the Server is alive: it belongs to the evidence and not to the stimulus.
    let mut acting = transcript.connections.iter().filter(|connection| connection.role != WITNESS);
    let (Some(only), None) = (acting.next(), acting.next()) else { return None };
    if transcript.omitted > 0 {
        return None;
    }
    let mut bytes = Vec::new();
    let of_it = |event: &&Event| event.connection == only.name || event.connection.is_empty();
    for event in transcript.events.iter().filter(of_it) {
        match (event.kind, event.direction) {
            (EventKind::Hardship | EventKind::ClosedByTester | EventKind::HalfClosed, _)
            | (EventKind::Reset, Direction::ToServer) => break,
            (EventKind::Packet | EventKind::Bytes, Direction::ToServer) => {
                // An answer echoes an identifier or data that the Server chose.
                if matches!(event.packet.as_deref(), Some("PUBACK" | "PUBREC" | "PUBCOMP" | "AUTH")) {
                    return None;
                }
                bytes.extend(event.wire());
            }
            _ => {}
        }
    }
    (!bytes.is_empty() && bytes.len() <= LONGEST).then_some(bytes)
}

/// Host and port of `[scheme://]HOST:PORT[/path]`, if the host is made of nothing that a shell could misread.
#[must_use]
pub fn endpoint(address: &str) -> Option<(&str, u16)> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, port) = rest.split('/').next()?.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let harmless =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':');
    (!host.is_empty() && host.chars().all(harmless)).then_some((host, port.parse().ok()?))
}
