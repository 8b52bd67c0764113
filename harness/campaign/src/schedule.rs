//! Hardship: what happens to the network, the processes and the machines while Clients work.
//!
//! Named by Clients, not by Network Connections: it befalls the Network Connection that the Client has at that moment, and nothing if it has
//! none. Each driver says what it cannot bring about; that is counted and left out.

use crate::workload::ClientName;
use protocol::PacketType;
use serde::{Deserialize, Serialize};

/// A direction on a Network Connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Toward {
    /// What the Client sends.
    Server,
    /// What the Server sends.
    Client,
}

/// How the Server goes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Down {
    /// It is asked to stop, and may say farewell.
    Stop,
    /// Its process is killed; its system closes the Network Connections.
    Kill,
    /// Its machine loses power: nobody is told, and what was not synced is gone.
    PowerLoss,
}

/// A kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hardship {
    /// The Network Connection will be cut at a packet: before or after it reaches its receiver, both ends see a reset. Waits for the packet, on this
    /// Network Connection or a later one.
    Cut {
        /// Whose Network Connection.
        client: ClientName,
        /// Where the packet goes.
        toward: Toward,
        /// Its type.
        #[serde(with = "crate::names::packet_type")]
        packet: PacketType,
        /// The receiver still gets it.
        after: bool,
        /// Which one of this type, from now on: 1 is the next.
        nth: u8,
    },
    /// The Network Connection is cut after so many more bytes.
    CutAfterBytes {
        /// Whose Network Connection.
        client: ClientName,
        /// Which bytes count.
        toward: Toward,
        /// How many.
        bytes: u16,
    },
    /// The network resets the Network Connection.
    Reset(ClientName),
    /// Nothing arrives any more, in either direction, and nobody is told.
    HalfOpen(ClientName),
    /// What is sent waits.
    Hold(ClientName),
    /// What is sent in this direction waits.
    HoldToward(ClientName, Toward),
    /// What waits goes on.
    Release(ClientName),
    /// How long a segment takes from now on, in milliseconds: from, and below.
    Latency(u16, u16),
    /// So many of a hundred segments are lost, and sent again later.
    Loss(u8),
    /// Readers get at most this many bytes at a time.
    SplitReads(u16),
    /// Readers get the bytes of several packets together.
    MergeReads,
    /// The Client reads so many bytes in a second.
    SlowReader(ClientName, u32),
    /// The Client's process dies: its Session State is gone, its system closes the Network Connection.
    ClientCrash(ClientName),
    /// The Client opens a second Network Connection with the same Client Identifier, and goes on with its Session there; the first stays open.
    Takeover(ClientName),
    /// The Server goes down.
    ServerDown(Down),
    /// The Server starts, after it was killed if it runs.
    ServerUp,
    /// The clock of the Server jumps forward, in seconds.
    ClockMoved(u32),
}

impl Hardship {
    /// The names of all kinds, by [`Hardship::kind`].
    pub const KINDS: [&'static str; 17] = [
        "cut at a packet",
        "cut after bytes",
        "reset",
        "half-open",
        "hold",
        "hold one way",
        "release",
        "latency",
        "loss",
        "split reads",
        "merged reads",
        "slow reader",
        "client crash",
        "takeover",
        "server down",
        "server up",
        "clock moved",
    ];

    /// The Client that it befalls, if it is one.
    #[must_use]
    pub const fn client(&self) -> Option<ClientName> {
        match self {
            Hardship::Cut { client, .. }
            | Hardship::CutAfterBytes { client, .. }
            | Hardship::Reset(client)
            | Hardship::HalfOpen(client)
            | Hardship::Hold(client)
            | Hardship::HoldToward(client, _)
            | Hardship::Release(client)
            | Hardship::SlowReader(client, _)
            | Hardship::ClientCrash(client)
            | Hardship::Takeover(client) => Some(*client),
            Hardship::Latency(..)
            | Hardship::Loss(_)
            | Hardship::SplitReads(_)
            | Hardship::MergeReads
            | Hardship::ServerDown(_)
            | Hardship::ServerUp
            | Hardship::ClockMoved(_) => None,
        }
    }

    /// Which kind it is: an index of [`Hardship::KINDS`].
    #[must_use]
    pub const fn kind(&self) -> usize {
        match self {
            Hardship::Cut { .. } => 0,
            Hardship::CutAfterBytes { .. } => 1,
            Hardship::Reset(_) => 2,
            Hardship::HalfOpen(_) => 3,
            Hardship::Hold(_) => 4,
            Hardship::HoldToward(..) => 5,
            Hardship::Release(_) => 6,
            Hardship::Latency(..) => 7,
            Hardship::Loss(_) => 8,
            Hardship::SplitReads(_) => 9,
            Hardship::MergeReads => 10,
            Hardship::SlowReader(..) => 11,
            Hardship::ClientCrash(_) => 12,
            Hardship::Takeover(_) => 13,
            Hardship::ServerDown(_) => 14,
            Hardship::ServerUp => 15,
            Hardship::ClockMoved(_) => 16,
        }
    }
}
