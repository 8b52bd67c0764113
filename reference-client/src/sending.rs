//! How packets leave: every one of them passes here, for Keep Alive and Maximum Packet Size, and messages wait here for the Server's Receive Maximum.

use crate::connection::{Authentication, Phase};
use crate::session::Unacknowledged;
use crate::{Client, Closure, Effect, Event, Message};
use protocol::{Packet, PacketId, Publish, QoS, Time};

impl Client {
    /// Sends a packet.
    pub(crate) fn send(&mut self, packet: Packet) {
        match self.phase {
            // What else was to be sent when the Network Connection had to be closed.
            Phase::Closed | Phase::Waiting { .. } | Phase::Opening { .. } => return,
            Phase::AwaitingConnack { .. } | Phase::Connected => {}
        }
        catalogue::cite!("5.0/MQTT-3.2.2-15");
        if !self.connection.limits.fits(&packet, self.config.version) {
            // An answer that has to be sent and must not be: commands are checked before, so only a Server with a tiny Maximum Packet Size gets here.
            self.close(Closure::CannotAnswer);
            return;
        }
        self.connection.keep_alive.sent(self.now);
        self.effects.push_back(Effect::Send(packet));
    }

    /// Sends a PUBLISH, with a Topic Alias if there is one.
    pub(crate) fn send_publish(&mut self, publish: Publish) {
        let shortened = self.connection.outgoing_aliases.shorten(&publish);
        // Where the alias is new, the packet is longer than without.
        let fitting = shortened.filter(|shortened| {
            self.connection.limits.fits(&Packet::Publish(shortened.clone()), self.config.version)
        });
        if let Some(shortened) = &fitting {
            self.connection.outgoing_aliases.remember(shortened);
        }
        self.send(Packet::Publish(fitting.unwrap_or(publish)));
    }

    /// Sends as many PUBLISH packets of QoS 1 and 2 as may be in flight: first those to be repeated, then those that were never sent.
    pub(crate) fn send_waiting(&mut self) {
        catalogue::cite!("5.0/MQTT-3.3.4-7", "5.0/MQTT-4.9.0-2");
        while self.phase == Phase::Connected {
            if let Some(id) = self.connection.to_repeat.front().copied() {
                if !self.connection.send_quota.take(id) {
                    return;
                }
                self.connection.to_repeat.pop_front();
                self.repeat(id);
            } else if !self.waiting.is_empty() && !self.connection.send_quota.is_exhausted() {
                // Each turn takes one message out of the queue, or ends.
                let Some(packet_id) = self.session.ids.allocate() else { return };
                let Some((token, message)) = self.waiting.pop_front() else { return };
                let publish = first_publish(message, packet_id);
                if let Err(why) = self.connection.limits.permit_publish(&publish, self.config.version) {
                    self.session.ids.release(packet_id);
                    self.refuse(Some(token), why);
                    continue;
                }
                self.connection.send_quota.take(packet_id);
                catalogue::cite!(
                    "5.0/MQTT-4.3.2-3",
                    "5.0/MQTT-4.3.3-3",
                    "3.1.1/MQTT-4.3.2-1",
                    "3.1.1/MQTT-4.3.3-1"
                );
                self.session.publishes.push_back(Unacknowledged {
                    token,
                    packet_id,
                    publish: publish.clone(),
                });
                self.send_publish(publish);
            } else {
                return;
            }
        }
    }

    /// Repeats a PUBLISH of the Session, with its old identifier.
    fn repeat(&mut self, id: PacketId) {
        let Some(sent) = self.session.publishes.iter_mut().find(|sent| sent.packet_id == id) else {
            // The Server has acknowledged it meanwhile.
            self.connection.send_quota.give_back(id);
            return;
        };
        catalogue::cite!("5.0/MQTT-3.3.1-1", "3.1.1/MQTT-3.3.1-1");
        sent.publish.dup = true;
        let publish = sent.publish.clone();
        if self.connection.limits.permit_publish(&publish, self.config.version).is_ok() {
            self.send_publish(publish);
            return;
        }
        // The Server now announces less than it did when the message was first sent: it must not be sent again.
        self.connection.send_quota.give_back(id);
        self.session.ids.release(id);
        if let Some(sent) = self.session.take_publish(id) {
            self.event(Event::Lost { token: sent.token });
        }
    }

    /// When PINGREQ is due.
    pub(crate) fn ping_at(&self) -> Option<Time> {
        catalogue::cite!("5.0/MQTT-3.1.2-30");
        match self.connection.authentication {
            // Until CONNACK only AUTH and DISCONNECT may be sent.
            Authentication::Connecting => None,
            Authentication::None | Authentication::Done | Authentication::Again(_) => {
                self.connection.keep_alive.ping_at()
            }
        }
    }

    /// Sends PINGREQ if it is due.
    pub(crate) fn keep_alive(&mut self) {
        if self.ping_at().is_some_and(|at| at <= self.now) {
            self.connection.keep_alive.pinged(self.now);
            self.send(Packet::Pingreq);
        }
    }
}

/// The PUBLISH of a message that has not been sent before.
pub(crate) fn first_publish(message: Message, packet_id: PacketId) -> Publish {
    catalogue::cite!("5.0/MQTT-4.3.2-1", "5.0/MQTT-4.3.3-1", "5.0/MQTT-4.3.2-2", "5.0/MQTT-4.3.3-2");
    catalogue::cite!("5.0/MQTT-2.2.1-2", "3.1.1/MQTT-2.3.1-5", "5.0/MQTT-3.3.1-2", "3.1.1/MQTT-3.3.1-2");
    Publish {
        dup: false,
        qos: message.qos,
        retain: message.retain,
        topic: message.topic,
        packet_id: (message.qos != QoS::AtMostOnce).then_some(packet_id),
        properties: message.properties,
        payload: message.payload,
    }
}
