//! Session State on the Server (section 4.1): Subscriptions, messages under way in both directions, the Will Message, the expiry.

use crate::deadline::{Deadline, Deadlines};
use crate::message::Message;
use crate::session_id::SessionId;
use bytestring::ByteString;
use catalogue::{cite, cite_item};
use protocol::{PacketId, QoS, SubscriptionOptions, Time, Will};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use transport::ConnectionId;

/// A Subscription of one Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) options: SubscriptionOptions,
    /// The Subscription Identifier.
    pub(crate) identifier: Option<u32>,
}

/// An Application Message on its way to one Session.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    /// The identifiers of the Subscriptions that it matched.
    pub(crate) identifiers: Vec<u32>,
    /// The Topic Filter of the Shared Subscription that it came by.
    pub(crate) share: Option<ByteString>,
    /// RETAIN as it was published: another member of the share may want it as published.
    pub(crate) published_retain: bool,
}

/// An Application Message that waits for its first sending.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The place in the order of arrival.
    pub(crate) place: u64,
    pub(crate) outgoing: Outgoing,
}

/// How far the delivery of a message above QoS 0 has come.
#[derive(Debug)]
pub(crate) enum Progress {
    /// PUBLISH is sent; PUBACK or PUBREC has to come.
    Published(Outgoing),
    /// PUBREC has come and PUBREL is sent; PUBCOMP has to come. The message itself is not needed any more.
    Released,
}

/// A delivery under way.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// The place in the order of sending: of the PUBLISH, later of the PUBREL.
    pub(crate) order: u64,
    pub(crate) progress: Progress,
    /// Whether it has taken from the send quota of the present Network Connection.
    pub(crate) counted: bool,
}

/// A Will Message in the Session State.
#[derive(Debug)]
pub(crate) struct StoredWill {
    pub(crate) will: Will,
    /// When it is published, once its Network Connection has ended.
    pub(crate) due: Option<Time>,
}

impl StoredWill {
    pub(crate) fn new(will: Will) -> Self {
        cite!("5.0/MQTT-3.1.2-7", "3.1.1/MQTT-3.1.2-8");
        StoredWill { will, due: None }
    }

    /// The Will Delay Interval.
    pub(crate) fn delay(&self) -> Time {
        Time::from_secs(u64::from(self.will.properties.will_delay_interval().unwrap_or(0)))
    }
}

// It is there from the CONNECT on, and while there is a Network Connection nothing removes it.
cite_item!("5.0/MQTT-4.1.0-1", "3.1.1/MQTT-4.1.0-1", "3.1.1/MQTT-4.1.0-2");
/// The Session State.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) client_id: ByteString,
    /// The Network Connection was lost together with the process; what follows from that is still to be done.
    pub(crate) interrupted: bool,
    /// The Session Expiry Interval in seconds; 4,294,967,295 for ever.
    pub(crate) expiry_interval: u32,
    /// When the Session ends, while there is no Network Connection.
    pub(crate) expires: Option<Time>,
    pub(crate) will: Option<StoredWill>,
    /// The Topic Filters of its Subscriptions, and whether they are shared: what 5.0 reads as a Shared Subscription is a filter like any
    /// other in 3.1.1, and a Session may be used by both.
    pub(crate) filters: BTreeSet<(ByteString, bool)>,
    /// QoS 2: Packet Identifiers received and not yet released, with the Network Connection of this process on which they last came.
    pub(crate) received: BTreeMap<PacketId, Option<ConnectionId>>,
    /// What is sent and not yet acknowledged.
    pub(crate) in_flight: BTreeMap<PacketId, InFlight>,
    /// In flight, and still to be sent again on the present Network Connection.
    pub(crate) repeat: VecDeque<PacketId>,
    /// What waits for its first sending.
    pub(crate) queue: VecDeque<Waiting>,
    /// The memory of both.
    pub(crate) bytes: usize,
    last_packet_id: PacketId,
    next_order: u64,
}

impl Session {
    pub(crate) fn new(id: SessionId, client_id: ByteString) -> Self {
        Session {
            id,
            client_id,
            interrupted: false,
            expiry_interval: 0,
            expires: None,
            will: None,
            filters: BTreeSet::new(),
            received: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            repeat: VecDeque::new(),
            queue: VecDeque::new(),
            bytes: 0,
            last_packet_id: 0,
            next_order: 0,
        }
    }

    /// The Session ends then, unless its Client comes back; `None` if there is no such moment.
    pub(crate) fn expire_at(&mut self, at: Option<Time>, deadlines: &mut Deadlines) {
        if let Some(at) = std::mem::replace(&mut self.expires, at) {
            deadlines.remove(at, Deadline::SessionExpiry(self.id));
        }
        if let Some(at) = at {
            deadlines.insert(at, Deadline::SessionExpiry(self.id));
        }
    }

    /// Whether one more message above QoS 0 can be in flight.
    pub(crate) fn has_unused_packet_id(&self) -> bool {
        self.in_flight.len() < usize::from(PacketId::MAX)
    }

    /// A Packet Identifier that is not in use; `None` if all are.
    pub(crate) fn unused_packet_id(&mut self) -> Option<PacketId> {
        cite!("5.0/MQTT-2.2.1-4", "3.1.1/MQTT-2.3.1-4", "3.1.1/MQTT-2.3.1-1");
        cite!("5.0/MQTT-4.3.2-1", "5.0/MQTT-4.3.3-1", "3.1.1/MQTT-4.3.2-1", "3.1.1/MQTT-4.3.3-1");
        if !self.has_unused_packet_id() {
            return None;
        }
        loop {
            self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
            if !self.in_flight.contains_key(&self.last_packet_id) {
                return Some(self.last_packet_id);
            }
        }
    }

    /// What comes from now on has its place behind this one.
    pub(crate) fn continue_after(&mut self, order: u64) {
        self.next_order = self.next_order.max(order);
    }

    /// The next place in the order of arrival and sending.
    pub(crate) fn next_order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }
}
