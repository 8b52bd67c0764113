//! The face of a sans-IO Server that thinks in Control Packets.

use protocol::{DecodeError, Packet, Time, Version};
use std::fmt;

/// A Network Connection, numbered by whoever accepts it. Numbers are never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What happens to a Server on one Network Connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A Client has opened the Network Connection.
    Opened,
    /// A packet has arrived.
    Received(Packet),
    /// Bytes have arrived that are no packet. Nothing more will be read.
    Malformed(DecodeError),
    /// The Network Connection is gone, by the Client or by the network. Comes at most once, and not after the Server's own
    /// [`Effect::Close`].
    Ended,
}

/// What a Server wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a packet.
    Send {
        /// On which Network Connection.
        connection: ConnectionId,
        /// How to encode it.
        version: Version,
        /// What.
        packet: Packet,
    },
    /// Send bytes as they are. Engines never ask for it; a Defect does.
    SendRaw {
        /// On which Network Connection.
        connection: ConnectionId,
        /// What.
        bytes: bytes::Bytes,
    },
    /// Close the Network Connection, once all that was sent before is out.
    Close {
        /// Which.
        connection: ConnectionId,
    },
}

impl Effect {
    /// The Network Connection of the effect.
    #[must_use]
    pub const fn connection(&self) -> ConnectionId {
        match self {
            Effect::Send { connection, .. }
            | Effect::SendRaw { connection, .. }
            | Effect::Close { connection } => *connection,
        }
    }
}

/// A sans-IO Server. After each call of [`Engine::handle`] or [`Engine::handle_deadline`] the caller takes effects until there are none.
pub trait Engine {
    /// Takes in what happened at `now`, which never goes back.
    fn handle(&mut self, now: Time, connection: ConnectionId, input: Input);

    /// Does whatever was due at or before `now`.
    fn handle_deadline(&mut self, now: Time);

    /// The next effect, in the order in which they have to be done.
    fn poll_effect(&mut self) -> Option<Effect>;

    /// When [`Engine::handle_deadline`] has to be called at the latest, if nothing else happens before.
    fn next_deadline(&self) -> Option<Time>;

    /// The largest packet that this Server takes in, in bytes.
    fn maximum_packet_size(&self) -> u32;

    /// The Server ends: it may say farewell on its Network Connections, which are all closed after its last effect.
    fn shutdown(&mut self, now: Time) {
        let _ = now;
    }
}

impl<E: Engine + ?Sized> Engine for Box<E> {
    fn handle(&mut self, now: Time, connection: ConnectionId, input: Input) {
        (**self).handle(now, connection, input);
    }
    fn handle_deadline(&mut self, now: Time) {
        (**self).handle_deadline(now);
    }
    fn poll_effect(&mut self) -> Option<Effect> {
        (**self).poll_effect()
    }
    fn next_deadline(&self) -> Option<Time> {
        (**self).next_deadline()
    }
    fn maximum_packet_size(&self) -> u32 {
        (**self).maximum_packet_size()
    }
    fn shutdown(&mut self, now: Time) {
        (**self).shutdown(now);
    }
}
