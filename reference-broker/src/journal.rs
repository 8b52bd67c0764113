//! What has changed in the state that has to outlive the process: Session State and retained messages (section 4.1; storage: 4.1 too).
//!
//! The engine notes which records it has touched, not what it did to them: what is written is what they are once the input is dealt with.
//! A message that arrives, is sent and is acknowledged in between is never written.
//!
//! Deliberately not here: how records are written (`records`), and where (`store`).

use crate::session::Session;
use crate::session_id::SessionId;
use bytestring::ByteString;
use protocol::PacketId;
use std::collections::BTreeSet;

/// The name of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The Session itself, with its expiry and its Will Message.
    Session(SessionId),
    /// A Subscription, by its Topic Filter and whether it is shared.
    Subscription(SessionId, ByteString, bool),
    /// QoS 2 from the Client: a Packet Identifier received and not yet released.
    Received(SessionId, PacketId),
    /// To the Client: a delivery that is not yet acknowledged.
    InFlight(SessionId, PacketId),
    /// To the Client: a message that waits for its first sending, by its place in the queue.
    Waiting(SessionId, u64),
    /// A retained message, by its Topic Name.
    Retained(ByteString),
}

/// The names of the records that were touched since they were asked for last.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// `None` for a Server that keeps everything in memory only.
    touched: Option<BTreeSet<Key>>,
}

impl Journal {
    /// From now on it is kept.
    pub(crate) fn begin(&mut self) {
        self.touched.get_or_insert_default();
    }

    pub(crate) fn touch(&mut self, key: Key) {
        if let Some(touched) = &mut self.touched {
            touched.insert(key);
        }
    }

    /// Touches everything that belongs to the Session.
    pub(crate) fn touch_all(&mut self, session: &Session) {
        let Some(touched) = &mut self.touched else { return };
        touched.extend(session.keys());
    }

    pub(crate) fn take(&mut self) -> BTreeSet<Key> {
        self.touched.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl Session {
    /// The names of all its records.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> {
        let id = self.id;
        let filters =
            self.filters.iter().map(move |(filter, shared)| Key::Subscription(id, filter.clone(), *shared));
        let received = self.received.keys().map(move |packet_id| Key::Received(id, *packet_id));
        let in_flight = self.in_flight.keys().map(move |packet_id| Key::InFlight(id, *packet_id));
        let waiting = self.queue.iter().map(move |waiting| Key::Waiting(id, waiting.place));
        std::iter::once(Key::Session(id)).chain(filters).chain(received).chain(in_flight).chain(waiting)
    }
}
