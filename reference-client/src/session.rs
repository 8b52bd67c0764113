//! The Session State of a Client (section 4.1): what outlives a Network Connection.
//!
//! By the standard it is the messages of QoS 1 and 2 that were sent and not completely acknowledged, and the QoS 2 messages that were received and not
//! completely acknowledged. Deliberately not here: messages that were never sent (they wait in the Client, Session or not), and SUBSCRIBE and
//! UNSUBSCRIBE packets, which nobody repeats.

use crate::Token;
use crate::packet_ids::PacketIds;
use protocol::{PacketId, Publish, QoS, ReasonCode, Time};
use std::collections::{BTreeMap, VecDeque};

/// The Session State, and how long it lasts.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Whether there is a Session at all; it may exist and be empty.
    pub(crate) exists: bool,
    /// When it ends, if it ends without a Network Connection.
    pub(crate) ends_at: Option<Time>,
    /// The Packet Identifiers in use, those of SUBSCRIBE and UNSUBSCRIBE included.
    pub(crate) ids: PacketIds,
    /// PUBLISH packets that await PUBACK or PUBREC, in the order in which they were first sent.
    pub(crate) publishes: VecDeque<Unacknowledged>,
    /// PUBREL packets that await PUBCOMP, in the order in which the PUBRECs came.
    pub(crate) releases: VecDeque<Released>,
    /// QoS 2 messages of the Server that await PUBREL, with what the application said to them.
    pub(crate) received: BTreeMap<PacketId, Option<ReasonCode>>,
}

/// A PUBLISH that awaits PUBACK or PUBREC.
#[derive(Debug)]
pub(crate) struct Unacknowledged {
    pub(crate) token: Token,
    pub(crate) packet_id: PacketId,
    /// Without Topic Alias: that belongs to the Network Connection.
    pub(crate) publish: Publish,
}

/// A PUBREL that awaits PUBCOMP.
#[derive(Debug)]
pub(crate) struct Released {
    pub(crate) token: Token,
    pub(crate) packet_id: PacketId,
}

impl Session {
    /// The QoS of the PUBLISH with this identifier, if it awaits PUBACK or PUBREC.
    pub(crate) fn awaited(&self, id: PacketId) -> Option<QoS> {
        self.publishes.iter().find(|sent| sent.packet_id == id).map(|sent| sent.publish.qos)
    }

    /// Takes the PUBLISH with this identifier out.
    pub(crate) fn take_publish(&mut self, id: PacketId) -> Option<Unacknowledged> {
        let at = self.publishes.iter().position(|sent| sent.packet_id == id)?;
        self.publishes.remove(at)
    }

    /// Whether a PUBREL with this identifier awaits PUBCOMP.
    pub(crate) fn is_released(&self, id: PacketId) -> bool {
        self.releases.iter().any(|released| released.packet_id == id)
    }

    /// Takes the PUBREL with this identifier out.
    pub(crate) fn take_release(&mut self, id: PacketId) -> Option<Released> {
        let at = self.releases.iter().position(|released| released.packet_id == id)?;
        self.releases.remove(at)
    }

    /// Ends the Session. Returns the commands whose outcome will never be known.
    pub(crate) fn discard(&mut self) -> Vec<Token> {
        self.exists = false;
        self.ends_at = None;
        self.received.clear();
        let mut lost = Vec::new();
        for released in std::mem::take(&mut self.releases) {
            self.ids.release(released.packet_id);
            lost.push(released.token);
        }
        for sent in std::mem::take(&mut self.publishes) {
            self.ids.release(sent.packet_id);
            lost.push(sent.token);
        }
        lost
    }
}
