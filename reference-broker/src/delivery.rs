//! The Server as the sender of PUBLISH: at once, or as soon as the Client and the quota allow it (sections 3.3, 4.3 and 4.9).

use crate::alias::SentAlias;
use crate::connection::Connection;
use crate::journal::Key;
use crate::sending::fits;
use crate::server::Server;
use crate::session::{InFlight, Outgoing, Progress, SessionId, Waiting};
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Packet, PacketId, Property, Publish, QoS, Time};
use transport::{ConnectionId, Effect};

impl Server {
    /// Sends the message, or keeps it until it can be sent. QoS 0 is not kept for a Client that is away.
    pub(crate) fn deliver(&mut self, now: Time, id: SessionId, outgoing: Outgoing) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        match (outgoing.qos, session.connection) {
            (QoS::AtMostOnce, None) => {}
            // The send quota does not hold back what it does not count.
            (QoS::AtMostOnce, Some(connection)) => {
                cite!("5.0/MQTT-3.3.4-10", "5.0/MQTT-4.9.0-3");
                self.send_publish(now, connection, &outgoing, None, false);
            }
            (QoS::AtLeastOnce | QoS::ExactlyOnce, connection) => {
                cite!("3.1.1/MQTT-3.1.2-5");
                let at_once = session.can_send(&self.connections);
                let (limits, journal) = (&self.config.limits, &mut self.journal);
                if !at_once && !session.make_room(limits, &outgoing.message, now, journal) {
                    return;
                }
                session.bytes += outgoing.message.size();
                match connection {
                    Some(connection) if at_once => self.send_first(now, connection, id, outgoing),
                    Some(_) | None => {
                        let place = session.next_order();
                        session.queue.push_back(Waiting { place, outgoing });
                        self.journal.touch(Key::Waiting(id, place));
                    }
                }
            }
        }
    }

    /// Sends what waits, as far as the send quota goes: first what has been sent before, then the rest.
    pub(crate) fn send_waiting(&mut self, now: Time, connection: ConnectionId, id: SessionId) {
        loop {
            let Some(session) = self.sessions.get_mut(&id) else { return };
            if session.repeat.is_empty() && session.queue.is_empty() {
                return;
            }
            let Some(connected) = self.connections.get_mut(&connection).and_then(Connection::connected_mut)
            else {
                return;
            };
            if connected.send_quota.is_used_up() {
                return;
            }
            if let Some(packet_id) = session.repeat.pop_front() {
                self.send_again(now, connection, id, packet_id);
                continue;
            }
            if !session.has_unused_packet_id() {
                return;
            }
            let Some(Waiting { place, outgoing }) = session.queue.pop_front() else { return };
            self.journal.touch(Key::Waiting(id, place));
            if outgoing.message.is_expired(now) {
                // Its delivery has not begun, so it is not delivered at all.
                cite!("5.0/MQTT-3.3.2-5");
                session.bytes -= outgoing.message.size();
                continue;
            }
            self.send_first(now, connection, id, outgoing);
        }
    }

    /// The first PUBLISH of a message above QoS 0. It is in flight until it is acknowledged.
    fn send_first(&mut self, now: Time, connection: ConnectionId, id: SessionId, outgoing: Outgoing) {
        cite!("5.0/MQTT-4.3.2-2", "5.0/MQTT-4.3.2-3", "5.0/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-3");
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(packet_id) = session.unused_packet_id() else { return };
        if !self.send_publish(now, connection, &outgoing, Some(packet_id), false) {
            self.forget(id, &outgoing);
            return;
        }
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let order = session.next_order();
        session
            .in_flight
            .insert(packet_id, InFlight { order, progress: Progress::Published(outgoing), counted: true });
        self.journal.touch(Key::InFlight(id, packet_id));
        self.take_send_quota(connection);
    }

    /// Sends a PUBLISH again, after the Session has been resumed. Message expiry does not stop it any more.
    fn send_again(&mut self, now: Time, connection: ConnectionId, id: SessionId, packet_id: PacketId) {
        cite!("5.0/MQTT-4.3.3-7", "5.0/MQTT-4.3.3-13", "5.0/MQTT-3.3.1-1", "3.1.1/MQTT-3.3.1-1");
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(in_flight) = session.in_flight.get_mut(&packet_id) else { return };
        let Progress::Published(outgoing) = &in_flight.progress else { return };
        in_flight.counted = true;
        let outgoing = outgoing.clone();
        if self.send_publish(now, connection, &outgoing, Some(packet_id), true) {
            self.take_send_quota(connection);
        } else {
            if let Some(session) = self.sessions.get_mut(&id) {
                session.in_flight.remove(&packet_id);
                self.journal.touch(Key::InFlight(id, packet_id));
            }
            self.forget(id, &outgoing);
        }
    }

    fn take_send_quota(&mut self, connection: ConnectionId) {
        if let Some(connected) = self.connections.get_mut(&connection).and_then(Connection::connected_mut) {
            connected.send_quota.take();
        }
    }

    /// The message is too large for the Client: as if its delivery were complete.
    fn forget(&mut self, id: SessionId, outgoing: &Outgoing) {
        cite!("5.0/MQTT-3.1.2-25");
        if let Some(session) = self.sessions.get_mut(&id) {
            session.bytes -= outgoing.message.size();
        }
    }

    /// Sends a PUBLISH. Returns whether it was small enough.
    fn send_publish(
        &mut self,
        now: Time,
        id: ConnectionId,
        outgoing: &Outgoing,
        packet_id: Option<PacketId>,
        dup: bool,
    ) -> bool {
        let Some(connected) = self.connections.get_mut(&id).and_then(Connection::connected_mut) else {
            return false;
        };
        let topic = &outgoing.message.topic;
        let mut alias = connected.sent_aliases.choose(topic);
        let mut packet = publish(now, outgoing, packet_id, dup, alias);
        if !fits(&mut packet, connected.version, connected.maximum_packet_size) {
            // A new alias makes the packet longer; it may fit without.
            if !matches!(alias, SentAlias::New(_)) {
                return false;
            }
            alias = SentAlias::None;
            packet = publish(now, outgoing, packet_id, dup, alias);
            if !fits(&mut packet, connected.version, connected.maximum_packet_size) {
                return false;
            }
        }
        connected.sent_aliases.keep(topic, alias);
        let version = connected.version;
        self.effects.push_back(Effect::Send { connection: id, version, packet });
        true
    }
}

/// The PUBLISH packet of a message. `dup` says whether this very packet is a repetition; the publisher's flag is long forgotten.
fn publish(
    now: Time,
    outgoing: &Outgoing,
    packet_id: Option<PacketId>,
    dup: bool,
    alias: SentAlias,
) -> Packet {
    cite!("5.0/MQTT-3.3.1-3", "3.1.1/MQTT-3.3.1-3", "5.0/MQTT-3.3.1-2", "3.1.1/MQTT-3.3.1-2");
    cite!("5.0/MQTT-4.3.1-1", "3.1.1/MQTT-4.3.1-1", "5.0/MQTT-2.2.1-2", "3.1.1/MQTT-2.3.1-5");
    let message = &outgoing.message;
    let mut properties = message.properties.clone();
    if let Some(seconds) = message.remaining_expiry(now) {
        properties.push(Property::MessageExpiryInterval(seconds));
    }
    properties.0.extend(outgoing.identifiers.iter().map(|id| Property::SubscriptionIdentifier(*id)));
    let topic = match alias {
        SentAlias::None => message.topic.clone(),
        SentAlias::New(alias) => {
            properties.push(Property::TopicAlias(alias));
            message.topic.clone()
        }
        SentAlias::Known(alias) => {
            properties.push(Property::TopicAlias(alias));
            ByteString::new()
        }
    };
    let (qos, retain, payload) = (outgoing.qos, outgoing.retain, message.payload.clone());
    Packet::Publish(Publish { dup, qos, retain, topic, packet_id, properties, payload })
}
