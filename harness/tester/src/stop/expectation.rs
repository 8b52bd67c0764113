//! What was expected of the Subject, and what came instead.

use protocol::{DecodeError, Packet};
use std::fmt;
use std::time::Duration;

/// What kind of thing was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expectation {
    /// A packet that has to come.
    Packet,
    /// The end of the Network Connection.
    End,
    /// A Network Connection that stays open.
    Open,
    /// Nothing: no message, or no packet of a kind.
    Silence,
    /// What is in a packet that came, or how many came.
    Content,
    /// An order of packets.
    Order,
}

/// What was expected of the Subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// What kind of thing.
    pub kind: Expectation,
    /// What exactly, for people.
    pub words: String,
}

impl Expected {
    /// Something of this kind.
    pub fn new(kind: Expectation, words: impl Into<String>) -> Self {
        Expected { kind, words: words.into() }
    }

    /// A packet that has to come.
    pub fn packet(words: impl Into<String>) -> Self {
        Expected::new(Expectation::Packet, words)
    }

    /// Nothing of what the words exclude.
    pub fn silence(words: impl Into<String>) -> Self {
        Expected::new(Expectation::Silence, words)
    }

    /// An order.
    pub fn order(words: impl Into<String>) -> Self {
        Expected::new(Expectation::Order, words)
    }

    /// The end of the Network Connection.
    #[must_use]
    pub fn end() -> Self {
        Expected::new(Expectation::End, "the Server closes the Network Connection")
    }

    /// A Network Connection that stays open.
    #[must_use]
    pub fn open() -> Self {
        Expected::new(Expectation::Open, "the Network Connection stays open")
    }
}

impl<T: Into<String>> From<T> for Expected {
    /// What is in a packet that came.
    fn from(words: T) -> Self {
        Expected::new(Expectation::Content, words)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// How a Network Connection ended, as seen from the Tester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// The Subject closed its side.
    EndOfStream,
    /// It was reset.
    Reset,
    /// There was none, or the Tester had given it up.
    None,
}

/// What was seen instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actual {
    /// Nothing that would do, for as long as is written here.
    Nothing {
        /// How long it was waited for.
        within: Duration,
    },
    /// The Network Connection was still open after this time.
    StillOpen {
        /// How long the end was waited for.
        after: Duration,
    },
    /// The Network Connection ended.
    Ended(Ending),
    /// Bytes that are no packet which the Subject may send.
    NoPacket(DecodeError),
    /// A packet.
    Packet(Box<Packet>),
    /// What people are told of a value in a packet, a number of packets, or an order.
    Words(String),
}

impl<T: Into<String>> From<T> for Actual {
    fn from(words: T) -> Self {
        Actual::Words(words.into())
    }
}

impl fmt::Display for Actual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actual::Nothing { within } => {
                write!(f, "nothing of the kind within {:.1} s", within.as_secs_f64())
            }
            Actual::StillOpen { after } => write!(f, "it is still open after {:.1} s", after.as_secs_f64()),
            Actual::Ended(Ending::Reset) => f.write_str("a reset of the Network Connection"),
            Actual::Ended(Ending::EndOfStream) => f.write_str("the end of the Network Connection"),
            Actual::Ended(Ending::None) => f.write_str("no Network Connection"),
            Actual::NoPacket(error) => error.fmt(f),
            Actual::Packet(packet) => f.write_str(&packet.summary()),
            Actual::Words(words) => f.write_str(words),
        }
    }
}
