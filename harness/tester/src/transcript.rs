//! Everything that one scenario observed, in order.

use crate::testbed::Shut;
use bytes::Bytes;
use protocol::{DecodeError, Packet, Time, Version};

/// One observation.
#[derive(Debug, Clone)]
pub struct Observation {
    /// When, since the Testbed began.
    pub at: Time,
    /// On which Network Connection, as an index into [`Transcript::connections`].
    pub connection: usize,
    /// What.
    pub kind: ObservationKind,
}

/// What can be observed. A packet, an end of stream, a reset and quiet are four different things.
#[derive(Debug, Clone)]
pub enum ObservationKind {
    /// The Network Connection is open.
    Opened,
    /// It could not be opened.
    OpenFailed(String),
    /// The Tester sent a packet.
    Sent {
        /// The bytes.
        bytes: Bytes,
        /// The packet, if it was not crafted byte by byte.
        packet: Option<Packet>,
        /// What is wrong with it on purpose.
        deliberate: Option<String>,
    },
    /// A packet of the Subject arrived.
    Received {
        /// The bytes.
        bytes: Bytes,
        /// The packet.
        packet: Packet,
    },
    /// Bytes of the Subject arrived that are no packet which it may send.
    Undecodable {
        /// The bytes, as far as they came.
        bytes: Bytes,
        /// What is wrong with them.
        error: DecodeError,
    },
    /// The Subject ended its side of the stream.
    EndOfStream {
        /// Bytes of a packet that never became whole.
        rest: Bytes,
    },
    /// The Network Connection was reset.
    Reset,
    /// The Tester ended its side.
    Shut(Shut),
    /// Nothing was seen for as long as is written here.
    Quiet(Time),
    /// A hardship was brought about.
    Hardship(String),
    /// What the Subject said below MQTT, in words: the answer to a handshake, a frame that is not binary (chapter 6).
    Said(String),
    /// A remark that helps the reader.
    Note(String),
}

/// One Network Connection of a scenario.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The lane in a diagram: the name of the Client, with a number from its second connection on.
    pub label: String,
    /// The name of the Client.
    pub client: String,
    /// Whether that is a Client of the Tester's own, which shows that the Server is alive or that nothing more is on its way.
    pub witness: bool,
    /// The version that is spoken on it.
    pub version: Version,
    /// The largest packet that the Tester announced to take, in bytes, once its CONNECT was sent.
    pub maximum_packet_size: Option<u32>,
    /// Whether it has a WebSocket (chapter 6).
    pub websocket: bool,
    /// The observations of text frames that the Server sent there.
    pub text_frames: Vec<usize>,
}

/// The observations of one scenario.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The Network Connections, in the order of opening.
    pub connections: Vec<Connection>,
    /// The observations, in order.
    pub observations: Vec<Observation>,
    /// How often the password of the run was masked.
    pub masked: u64,
}

impl ObservationKind {
    /// Whether the Subject did this: only such an observation can be evidence against it.
    #[must_use]
    pub const fn is_of_the_subject(&self) -> bool {
        match self {
            ObservationKind::OpenFailed(_)
            | ObservationKind::Received { .. }
            | ObservationKind::Undecodable { .. }
            | ObservationKind::EndOfStream { .. }
            | ObservationKind::Reset
            | ObservationKind::Said(_) => true,
            ObservationKind::Opened
            | ObservationKind::Sent { .. }
            | ObservationKind::Shut(_)
            | ObservationKind::Quiet(_)
            | ObservationKind::Hardship(_)
            | ObservationKind::Note(_) => false,
        }
    }
}

impl Transcript {
    /// The packets on one Network Connection with the index of their observation; `true` for those of the Subject.
    pub fn packets(&self, connection: usize) -> impl Iterator<Item = (usize, bool, &Packet)> {
        self.observations.iter().enumerate().filter(move |(_, o)| o.connection == connection).filter_map(
            |(index, o)| match &o.kind {
                ObservationKind::Sent { packet: Some(packet), .. } => Some((index, false, packet)),
                ObservationKind::Received { packet, .. } => Some((index, true, packet)),
                _ => None,
            },
        )
    }
}
