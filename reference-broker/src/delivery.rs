//! The Server as the sender of PUBLISH: at once, or as soon as the Client and the quota allow it (sections 3.3, 4.3 and 4.9).

use crate::alias::SentAlias;
use crate::client::ConnectedClient;
use crate::connection::Connected;
use crate::journal::Key;
use crate::sending::{Outbox, fits};
use crate::server::Server;
use crate::session::{InFlight, Outgoing, Progress, Waiting};
use crate::session_id::SessionId;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Packet, PacketId, Property, Publish, QoS, Time};

impl Server {
    /// Sends the message, or keeps it until it can be sent. QoS 0 is not kept for a Client that is away.
    pub(crate) fn deliver(&mut self, now: Time, id: SessionId, outgoing: Outgoing) {
        // A Session has no Subscription any more when it ends, and no delivery ends one.
        let Some(client) = self.clients.get_mut(id) else { return };
        match client.connected(now, &self.config, &mut self.journal, &mut self.outbox) {
            Some(mut client) => client.deliver(outgoing),
            None => {
                let (session, journal) = (&mut client.session, &mut self.journal);
                if outgoing.qos > QoS::AtMostOnce
                    && session.make_room(&self.config.limits, &outgoing.message, now, journal)
                {
                    cite!("3.1.1/MQTT-3.1.2-5");
                    session.wait(outgoing, journal);
                }
            }
        }
    }
}

impl ConnectedClient<'_> {
    /// Sends the message, or keeps it until it can be sent.
    pub(crate) fn deliver(&mut self, outgoing: Outgoing) {
        match outgoing.qos {
            // The send quota does not hold back what it does not count.
            QoS::AtMostOnce => {
                cite!("5.0/MQTT-3.3.4-10", "5.0/MQTT-4.9.0-3");
                self.outbox.publish(self.now, self.connected, &outgoing, None, false);
            }
            QoS::AtLeastOnce | QoS::ExactlyOnce => {
                if self.session.can_send(self.connected) {
                    self.session.bytes += outgoing.message.size();
                    self.send_first(outgoing);
                } else if self.session.make_room(
                    &self.config.limits,
                    &outgoing.message,
                    self.now,
                    self.journal,
                ) {
                    self.session.wait(outgoing, self.journal);
                }
            }
        }
    }

    /// Sends what waits, as far as the send quota goes: first what has been sent before, then the rest.
    pub(crate) fn send_waiting(&mut self) {
        while !self.connected.send_quota.is_used_up() {
            if let Some(packet_id) = self.session.repeat.pop_front() {
                self.send_again(packet_id);
                continue;
            }
            if !self.session.has_unused_packet_id() {
                return;
            }
            let Some(Waiting { place, outgoing }) = self.session.queue.pop_front() else { return };
            self.journal.touch(Key::Waiting(self.session.id, place));
            if outgoing.message.is_expired(self.now) {
                // Its delivery has not begun, so it is not delivered at all.
                cite!("5.0/MQTT-3.3.2-5");
                self.session.bytes -= outgoing.message.size();
                continue;
            }
            self.send_first(outgoing);
        }
    }

    /// The first PUBLISH of a message above QoS 0. It is in flight until it is acknowledged.
    fn send_first(&mut self, outgoing: Outgoing) {
        cite!("5.0/MQTT-4.3.2-2", "5.0/MQTT-4.3.2-3", "5.0/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-3");
        // Whoever sends has made sure that there is one.
        let Some(packet_id) = self.session.unused_packet_id() else { return };
        if !self.outbox.publish(self.now, self.connected, &outgoing, Some(packet_id), false) {
            // Too large for the Client: as if its delivery were complete.
            cite!("5.0/MQTT-3.1.2-25");
            self.session.bytes -= outgoing.message.size();
            return;
        }
        let order = self.session.next_order();
        let in_flight = InFlight { order, progress: Progress::Published(outgoing), counted: true };
        self.session.in_flight.insert(packet_id, in_flight);
        self.journal.touch(Key::InFlight(self.session.id, packet_id));
        self.connected.send_quota.take();
    }

    /// Sends a PUBLISH again, after the Session has been resumed. Message expiry does not stop it any more.
    fn send_again(&mut self, packet_id: PacketId) {
        cite!("5.0/MQTT-4.3.3-7", "5.0/MQTT-4.3.3-13", "5.0/MQTT-3.3.1-1", "3.1.1/MQTT-3.3.1-1");
        // The Client may have acknowledged what came on the Network Connection before, and is not sent it again then.
        let Some(in_flight) = self.session.in_flight.get_mut(&packet_id) else { return };
        let Progress::Published(outgoing) = &in_flight.progress else { return };
        if self.outbox.publish(self.now, self.connected, outgoing, Some(packet_id), true) {
            in_flight.counted = true;
            self.connected.send_quota.take();
        } else {
            cite!("5.0/MQTT-3.1.2-25");
            self.session.bytes -= outgoing.message.size();
            self.session.in_flight.remove(&packet_id);
            self.journal.touch(Key::InFlight(self.session.id, packet_id));
        }
    }

    /// A delivery is at its end: its Packet Identifier and its part of the send quota are free for what waits.
    pub(crate) fn complete(&mut self, packet_id: PacketId) {
        let in_flight = self.session.in_flight.remove(&packet_id);
        self.journal.touch(Key::InFlight(self.session.id, packet_id));
        // What was sent on an earlier Network Connection only has taken nothing from this one's quota.
        if in_flight.is_some_and(|in_flight| in_flight.counted) {
            self.connected.send_quota.give_back();
        }
        self.send_waiting();
    }
}

impl Outbox {
    /// Sends a PUBLISH. Returns whether it was small enough.
    fn publish(
        &mut self,
        now: Time,
        to: &mut Connected,
        outgoing: &Outgoing,
        packet_id: Option<PacketId>,
        dup: bool,
    ) -> bool {
        let topic = &outgoing.message.topic;
        let mut alias = to.sent_aliases.choose(topic);
        let mut packet = publish(now, outgoing, packet_id, dup, alias);
        if !fits(&mut packet, to.version, to.maximum_packet_size) {
            // A new alias makes the packet longer; it may fit without.
            if !matches!(alias, SentAlias::New(_)) {
                return false;
            }
            alias = SentAlias::None;
            packet = publish(now, outgoing, packet_id, dup, alias);
            if !fits(&mut packet, to.version, to.maximum_packet_size) {
                return false;
            }
        }
        to.sent_aliases.keep(topic, alias);
        self.push(to.id, to.version, packet);
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
