//! What waits in a Session for its first sending: whether it has to, and whether there is room (sections 4.5 and 4.9).

use crate::client::Client;
use crate::config::Limits;
use crate::connection::Connected;
use crate::journal::{Journal, Key};
use crate::message::Message;
use crate::session::{Outgoing, Session, Subscription, Waiting};
use crate::shared::Rank;
use protocol::{QoS, Time};

impl Session {
    /// Whether a message above QoS 0 can be sent now on this Network Connection, without waiting.
    pub(crate) fn can_send(&self, connected: &Connected) -> bool {
        !connected.send_quota.is_used_up()
            && self.queue.is_empty()
            && self.repeat.is_empty()
            && self.has_unused_packet_id()
    }

    /// Keeps the message until it can be sent.
    pub(crate) fn wait(&mut self, outgoing: Outgoing, journal: &mut Journal) {
        let place = self.next_order();
        self.bytes += outgoing.message.size();
        self.queue.push_back(Waiting { place, outgoing });
        journal.touch(Key::Waiting(self.id, place));
    }

    fn has_room(&self, limits: &Limits, message: &Message) -> bool {
        self.queue.len() < limits.queued_messages && self.bytes + message.size() <= limits.queued_bytes
    }

    /// Whether the message can wait here; forgets expired ones if that is what it takes.
    pub(crate) fn make_room(
        &mut self,
        limits: &Limits,
        message: &Message,
        now: Time,
        journal: &mut Journal,
    ) -> bool {
        if self.has_room(limits, message) {
            return true;
        }
        let (id, bytes) = (self.id, &mut self.bytes);
        self.queue.retain(|Waiting { place, outgoing }| {
            let expired = outgoing.message.is_expired(now);
            if expired {
                *bytes -= outgoing.message.size();
                journal.touch(Key::Waiting(id, *place));
            }
            !expired
        });
        self.has_room(limits, message)
    }
}

impl Client {
    /// Whether a message above QoS 0 can be sent now, without waiting.
    pub(crate) fn can_send(&self) -> bool {
        self.connected.as_deref().is_some_and(|connected| self.session.can_send(connected))
    }

    /// How well this Client can take a message of a Shared Subscription.
    pub(crate) fn rank(&self, limits: &Limits, message: &Message, subscription: &Subscription) -> Rank {
        let qos = message.qos.min(subscription.options.qos);
        match (self.connected.as_deref(), qos) {
            (Some(_), QoS::AtMostOnce) => Rank::Ready,
            (Some(connected), QoS::AtLeastOnce | QoS::ExactlyOnce) if self.session.can_send(connected) => {
                Rank::Ready
            }
            (None, QoS::AtMostOnce) => Rank::Unable,
            (_, QoS::AtLeastOnce | QoS::ExactlyOnce) if !self.session.has_room(limits, message) => Rank::Full,
            (Some(_), QoS::AtLeastOnce | QoS::ExactlyOnce) => Rank::Busy,
            (None, QoS::AtLeastOnce | QoS::ExactlyOnce) => Rank::Away,
        }
    }
}
