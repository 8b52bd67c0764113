//! What was observed in one check, in order: packets, ends, silence, hardship.
//!
//! End of stream, reset, quiet and a packet are four different observations and stay so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::untrusted::Untrusted;

/// Every observation of one check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// The Network Connections, in the order in which they were opened.
    pub connections: Vec<Connection>,
    /// The observations, in order.
    pub events: Vec<Event>,
    /// How many events were left out of this Transcript when it was recorded.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: u64,
}

/// One Network Connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    /// Its name in the check, such as `A`.
    pub name: String,
    /// What our end of it plays: `publisher`, `subscriber`, `fence`, …
    pub role: String,
}

/// Which way an event went.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From a Client to a Server.
    ToServer,
    /// From a Server to a Client.
    FromServer,
    /// Neither: a timer, hardship, a note.
    #[default]
    None,
}

/// What an event is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A Network Connection was opened.
    Opened,
    /// A Control Packet that decodes.
    Packet,
    /// Bytes that do not decode, or not completely.
    Bytes,
    /// The other side closed in good order.
    EndOfStream,
    /// The other side reset the Network Connection.
    Reset,
    /// The Tester closed.
    ClosedByTester,
    /// One direction was closed.
    HalfClosed,
    /// It was shown that nothing came.
    Quiet,
    /// A timer was armed or fired.
    Timer,
    /// Trouble that was made: a cut, a partition, a kill, a restart.
    Hardship,
    /// Anything else worth saying.
    #[default]
    Note,
}

/// What is special about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventMark {
    /// This breaks the statement.
    Violation,
    /// Not a real event: the packet that had to come here and did not.
    ExpectedMissing,
    /// The Tester broke a rule on purpose.
    Deliberate,
}

/// One observation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Counted from 1 within the check.
    pub number: u32,
    /// Microseconds since the check began.
    pub at_us: u64,
    /// The name of its [`Connection`]; empty when it belongs to none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub connection: String,
    /// Which way it went.
    pub direction: Direction,
    /// What it is.
    pub kind: EventKind,
    /// The packet's name, such as `PUBLISH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packet: Option<String>,
    /// The packet in one line, without its name: `7 qos=1 dup=0 topic="a"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Untrusted>,
    /// The bytes on the wire, as lower-case hexadecimal digits without spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bytes: String,
    /// The decoded fields, in wire order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// What is special about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<EventMark>,
    /// What the mark, the timer or the hardship is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Untrusted>,
}

/// Why a field stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldMark {
    /// The field that breaks the statement.
    Fault,
    /// The field that the Tester got wrong on purpose.
    Deliberate,
}

/// One decoded field of a packet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// The standard's name for it.
    pub name: String,
    /// Bytes before it in the packet.
    pub offset: u32,
    /// Bytes that it takes; 0 for bits of a byte that is listed already.
    pub length: u32,
    /// Its value, decoded.
    pub value: Untrusted,
    /// Why it stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<FieldMark>,
}

impl Transcript {
    /// The first event that is marked as the violation or as missing.
    #[must_use]
    pub fn culprit(&self) -> Option<&Event> {
        self.events
            .iter()
            .find(|event| matches!(event.mark, Some(EventMark::Violation | EventMark::ExpectedMissing)))
    }
}

impl Event {
    /// The bytes on the wire. Digits that are no hexadecimal pairs are left out: reports show what they can.
    #[must_use]
    pub fn wire(&self) -> Vec<u8> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        self.bytes
            .as_bytes()
            .chunks_exact(2)
            .filter_map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
            .collect()
    }

    /// Sets the bytes on the wire.
    #[must_use]
    pub fn with_wire(mut self, wire: &[u8]) -> Event {
        self.bytes = hexadecimal(wire);
        self
    }
}

/// Bytes as lower-case hexadecimal digits without spaces.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
