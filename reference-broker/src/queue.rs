//! What waits in a Session for its first sending: whether it has to, and whether there is room (sections 4.5 and 4.9).

use crate::config::Limits;
use crate::connection::{Connection, State};
use crate::journal::{Journal, Key};
use crate::message::Message;
use crate::session::{Session, Waiting};
use crate::shared::Rank;
use crate::subscriptions::Subscription;
use protocol::{QoS, Time};
use std::collections::BTreeMap;
use transport::ConnectionId;

type Connections = BTreeMap<ConnectionId, Connection>;

impl Session {
    /// Whether a message above QoS 0 can be sent now, without waiting.
    pub(crate) fn can_send(&self, connections: &Connections) -> bool {
        let connection = self.connection.and_then(|id| connections.get(&id));
        match connection.map(|connection| &connection.state) {
            Some(State::Connected(connected)) => {
                !connected.send_quota.is_used_up()
                    && self.queue.is_empty()
                    && self.repeat.is_empty()
                    && self.has_unused_packet_id()
            }
            Some(State::AwaitingConnect | State::Authenticating(_)) | None => false,
        }
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

    /// How well this Session can take a message of a Shared Subscription.
    pub(crate) fn rank(
        &self,
        connections: &Connections,
        limits: &Limits,
        message: &Message,
        subscription: &Subscription,
    ) -> Rank {
        let qos = message.qos.min(subscription.options.qos);
        match (self.connection, qos) {
            (Some(_), QoS::AtMostOnce) => Rank::Ready,
            (Some(_), QoS::AtLeastOnce | QoS::ExactlyOnce) if self.can_send(connections) => Rank::Ready,
            (None, QoS::AtMostOnce) => Rank::Unable,
            (_, QoS::AtLeastOnce | QoS::ExactlyOnce) if !self.has_room(limits, message) => Rank::Full,
            (Some(_), QoS::AtLeastOnce | QoS::ExactlyOnce) => Rank::Busy,
            (None, QoS::AtLeastOnce | QoS::ExactlyOnce) => Rank::Away,
        }
    }
}
