//! Trouble of the network that a conforming Server survives.

use crate::network::LinkId;
use std::ops::Range;
use std::time::Duration;

/// A direction on a Network Connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the Client to the Server.
    ToServer,
    /// From the Server to the Client.
    ToClient,
}

impl Direction {
    /// Both.
    pub const BOTH: [Direction; 2] = [Direction::ToServer, Direction::ToClient];

    pub(crate) const fn index(self) -> usize {
        match self {
            Direction::ToServer => 0,
            Direction::ToClient => 1,
        }
    }
}

/// A kind of trouble.
///
/// TCP shows the loss of a packet as delay, so nothing that a Network Connection carries is ever lost unless the whole of it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Hardship {
    /// What is sent in either direction waits until [`Hardship::Release`].
    Hold(LinkId),
    /// As [`Hardship::Hold`], for what the Server sends.
    PartitionFrom(LinkId),
    /// As [`Hardship::Hold`], for what the Client sends.
    PartitionTo(LinkId),
    /// What waits goes on, in both directions.
    Release(LinkId),
    /// How long everything takes that is sent from now on, on all Network Connections.
    Latency(Range<Duration>),
    /// The probability with which a segment is lost, on all Network Connections. It is sent again after 200 ms, then after 400 ms, and so on.
    Loss(f64),
    /// After this many more bytes in this direction the Network Connection breaks: the bytes arrive, then both ends see a reset.
    CutAfterBytes {
        /// Where.
        link: LinkId,
        /// Which bytes count.
        direction: Direction,
        /// How many, from now on.
        bytes: u64,
    },
    /// The network breaks the Network Connection: both ends see a reset, after what is under way already.
    Reset(LinkId),
    /// Nothing arrives any more in either direction, for ever, and nobody is told.
    HalfOpen(LinkId),
    /// Whoever reads gets at most this many bytes at a time.
    SplitReads(usize),
    /// Whoever reads gets all there is at once, the bytes of several packets together.
    MergeReads,
    /// The Client reads only this many bytes per second; 0 stands for not at all. What it has not read fills the window, and then the Server
    /// has to wait.
    SlowReader {
        /// Where.
        link: LinkId,
        /// How fast.
        bytes_per_second: u64,
    },
    /// The process of the Server dies. Its system closes its Network Connections and refuses new ones.
    CrashServer(String),
    /// The Server ends as it would on request: it may say farewell first.
    StopServer(String),
    /// The Server starts again, after a crash if it is running.
    RestartServer(String),
    /// The machine of the Server dies: its Clients are not told. What they send is answered by a reset once the Server runs again.
    PowerLoss(String),
}

/// A network that cannot have such trouble says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("hardship {hardship} is not supported: {reason}")]
pub struct NotSupported {
    /// What was asked for.
    pub hardship: String,
    /// Why it cannot be.
    pub reason: &'static str,
}

impl NotSupported {
    pub(crate) fn new(hardship: &Hardship, reason: &'static str) -> Self {
        NotSupported { hardship: format!("{hardship:?}"), reason }
    }

    pub(crate) fn no_link(hardship: &Hardship) -> Self {
        NotSupported::new(hardship, "there is no such Network Connection")
    }

    pub(crate) fn no_server(hardship: &Hardship) -> Self {
        NotSupported::new(hardship, "there is no such Server")
    }
}
