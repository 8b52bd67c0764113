//! What happened in a run: entries in order, and the same in lines for people.

use crate::schedule::Toward;
use crate::workload::{ClientName, Step};
use protocol::Packet;
use simulator::LinkId;
use std::fmt::{self, Display, Write as _};
use std::time::Duration;

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A step of the workload begins: its number from 1, and what it is.
    Step(usize, Step),
    /// A Control Packet, as the Client hands it to the network or gets it from there.
    Packet {
        /// Whose.
        client: ClientName,
        /// On which Network Connection.
        link: LinkId,
        /// Where it goes.
        toward: Toward,
        /// It.
        packet: Packet,
    },
    /// What became of a Network Connection, in words.
    Connection {
        /// Whose.
        client: ClientName,
        /// Which.
        link: LinkId,
        /// What.
        text: String,
    },
    /// Anything else, in words: a timer, a remark.
    Note(String),
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Since the beginning.
    pub at: Duration,
    /// What it was.
    pub what: What,
    /// The events of the history that were written down for it, as places in [`guarantees::History::events`].
    pub events: Vec<usize>,
}

/// The entries of a run. Same workload, same driver, same Server: same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    text: String,
    entries: Vec<Entry>,
}

impl Transcript {
    /// Adds a remark.
    pub(crate) fn line(&mut self, at: Duration, what: impl Display) {
        let text = what.to_string();
        let note = What::Note(text.trim_start().to_owned());
        self.add(at, note, text);
    }

    /// Adds what became of a Network Connection.
    pub(crate) fn line_of(&mut self, at: Duration, client: ClientName, link: LinkId, what: impl Display) {
        let text = what.to_string();
        let line = format!("  {client}#{} {text}", link.0);
        self.add(at, What::Connection { client, link, text }, line);
    }

    /// Adds the beginning of a step, which has this number.
    pub(crate) fn step(&mut self, at: Duration, number: usize, step: &Step) {
        self.add(at, What::Step(number, step.clone()), format_args!("{number}. {step}"));
    }

    /// The last entry is the one that this event of the history was written down for.
    pub(crate) fn shows(&mut self, event: usize) {
        if let Some(last) = self.entries.last_mut() {
            last.events.push(event);
        }
    }

    fn add(&mut self, at: Duration, what: What, line: impl Display) {
        // Writing to a String never fails.
        let _ = writeln!(self.text, "{:>5}.{:03} {line}", at.as_secs(), at.subsec_millis());
        self.entries.push(Entry { at, what, events: Vec::new() });
    }

    /// Adds a packet.
    pub(crate) fn packet(
        &mut self,
        at: Duration,
        client: ClientName,
        link: LinkId,
        toward: Toward,
        packet: &Packet,
    ) {
        let arrow = match toward {
            Toward::Server => "->",
            Toward::Client => "<-",
        };
        let line = format!("  {client}#{} {arrow} {packet}{}", link.0, Payload(packet));
        self.add(at, What::Packet { client, link, toward, packet: packet.clone() }, line);
    }

    /// Everything, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The text; each line begins with the time in seconds since the beginning.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A number that differs for different texts (FNV-1a), to compare runs of different processes.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.text.bytes().fold(0xCBF2_9CE4_8422_2325, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    }
}

/// The beginning of the payload of a PUBLISH, escaped, after a blank; nothing for other packets.
#[derive(Debug)]
pub struct Payload<'a>(pub &'a Packet);

impl Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Packet::Publish(publish) = self.0 else { return Ok(()) };
        if publish.payload.is_empty() {
            return Ok(());
        }
        let beginning = &publish.payload[..publish.payload.len().min(12)];
        write!(f, " \"{}\"", String::from_utf8_lossy(beginning).escape_debug())
    }
}
