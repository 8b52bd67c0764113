//! What keeps a check from coming to a verdict.

use super::{Party, Stop};
use std::fmt;
use std::time::Duration;

/// Why no verdict is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// A Network Connection could not be opened.
    NotOpened {
        /// The Client whose it was to be.
        client: String,
        /// What the network said; `None` if nothing came of it in time.
        why: Option<String>,
    },
    /// The Server does not serve a Client that is new to it.
    SubjectGone(Witness),
    /// What was expected came after the time in which it was waited for: late is not missing.
    Late {
        /// What was expected.
        what: String,
        /// How long it was waited for.
        patience: Duration,
    },
    /// The Server took so long to serve a Client that is new to it that nothing can be said of what did not come meanwhile.
    Stalled {
        /// How long that took.
        took: Duration,
    },
    /// What was to prove that nothing more is on its way did not arrive.
    NoFence {
        /// The Client that sent it; `None` if it was a PINGREQ of the other.
        from: Option<String>,
        /// The Client that it was to reach.
        to: String,
        /// What came of it.
        because: Box<Stop>,
    },
    /// The WebSocket of a Client does not carry MQTT.
    WebSocket {
        /// The Client.
        client: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A packet that is right is not accepted, so that nothing can be said of one with a fault.
    WithoutTheFault {
        /// The packet.
        packet: String,
        /// What came of it.
        because: Box<Stop>,
    },
    /// What had to be so before the check can begin was not.
    Preparation(Box<Stop>),
    /// The situation is not the one that the scenario speaks of, in words.
    Situation(String),
}

/// What became of the Client that was to show that the Server is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// It had no Network Connection.
    NotOpened(Box<Stop>),
    /// It got no CONNACK.
    NoConnack,
    /// It was refused with this code, as its version writes it.
    Refused(String),
}

impl Obstacle {
    /// Whose fault it is, as far as that is known.
    #[must_use]
    pub fn by(&self) -> Party {
        match self {
            Obstacle::NotOpened { .. } => Party::Network,
            Obstacle::NoFence { because, .. }
            | Obstacle::WithoutTheFault { because, .. }
            | Obstacle::Preparation(because) => because.by(),
            Obstacle::SubjectGone(_)
            | Obstacle::Late { .. }
            | Obstacle::Stalled { .. }
            | Obstacle::WebSocket { .. }
            | Obstacle::Situation(_) => Party::Subject,
        }
    }

    /// Whether the Server could not be reached, or did not serve a Client that is new to it.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Obstacle::NotOpened { why, .. } => why.is_some(),
            Obstacle::SubjectGone(_) => true,
            Obstacle::NoFence { because, .. }
            | Obstacle::WithoutTheFault { because, .. }
            | Obstacle::Preparation(because) => because.is_unreachable(),
            Obstacle::Late { .. }
            | Obstacle::Stalled { .. }
            | Obstacle::WebSocket { .. }
            | Obstacle::Situation(_) => false,
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::NotOpened { client, why: Some(why) } => {
                write!(f, "the Network Connection of {client} cannot be opened: {why}")
            }
            Obstacle::NotOpened { client, why: None } => {
                write!(f, "the Network Connection of {client} does not come about")
            }
            Obstacle::SubjectGone(witness) => {
                write!(f, "the Server does not serve a fresh Client any more: {witness}")
            }
            Obstacle::Late { what, patience } => {
                write!(f, "{what}: it came, but not within {:.1} s", patience.as_secs_f64())
            }
            Obstacle::Stalled { took } => write!(
                f,
                "the Server took {:.1} s to serve a Client that is new to it, so what did not come may only be late",
                took.as_secs_f64()
            ),
            Obstacle::NoFence { from: None, to, because } => write!(f, "no fence for {to}: {because}"),
            Obstacle::NoFence { from: Some(from), to, because } => {
                write!(f, "no fence from {from} to {to}: {because}")
            }
            Obstacle::WebSocket { client, fault } => {
                write!(f, "the WebSocket of {client} is of no use: {fault}")
            }
            Obstacle::WithoutTheFault { packet, because } => {
                write!(f, "{packet} is not accepted without the fault either: {because}")
            }
            Obstacle::Preparation(because) => write!(f, "the situation does not come about: {because}"),
            Obstacle::Situation(words) => f.write_str(words),
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Witness::NotOpened(stop) => stop.fmt(f),
            Witness::NoConnack => f.write_str("no CONNACK"),
            Witness::Refused(code) => write!(f, "CONNACK {code}"),
        }
    }
}
