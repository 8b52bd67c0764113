//! Which packet the Client takes in when: the table of phases and packets. What is done with each is in `packets/`.

use crate::Client;
use crate::connection::Phase;
use protocol::{Packet, PropertyId, ReasonCode};

impl Client {
    /// A packet has arrived.
    pub(crate) fn received(&mut self, packet: Packet) {
        match self.phase {
            // A driver that reads on after the Client has closed.
            Phase::Closed | Phase::Waiting { .. } | Phase::Opening { .. } => {}
            Phase::AwaitingConnack { .. } => match packet {
                Packet::Connack(connack) => self.connack(connack),
                Packet::Auth(auth) => self.auth_while_connecting(auth),
                Packet::Disconnect(disconnect) => self.disconnect(disconnect),
                Packet::Connect(_)
                | Packet::Publish(_)
                | Packet::Puback(_)
                | Packet::Pubrec(_)
                | Packet::Pubrel(_)
                | Packet::Pubcomp(_)
                | Packet::Subscribe(_)
                | Packet::Suback(_)
                | Packet::Unsubscribe(_)
                | Packet::Unsuback(_)
                | Packet::Pingreq
                | Packet::Pingresp => {
                    self.protocol_error(ReasonCode::PROTOCOL_ERROR, "the first packet is not CONNACK")
                }
            },
            Phase::Connected => {
                if self.has_unwanted_problem_information(&packet) {
                    self.protocol_error(
                        ReasonCode::PROTOCOL_ERROR,
                        "problem information that was not requested",
                    );
                    return;
                }
                match packet {
                    Packet::Publish(publish) => self.publish(publish),
                    Packet::Puback(puback) => self.puback(puback),
                    Packet::Pubrec(pubrec) => self.pubrec(pubrec),
                    Packet::Pubrel(pubrel) => self.pubrel(pubrel),
                    Packet::Pubcomp(pubcomp) => self.pubcomp(pubcomp),
                    Packet::Suback(suback) => self.suback(suback),
                    Packet::Unsuback(unsuback) => self.unsuback(unsuback),
                    Packet::Pingresp => self.pingresp(),
                    Packet::Disconnect(disconnect) => self.disconnect(disconnect),
                    Packet::Auth(auth) => self.auth_while_connected(auth),
                    Packet::Connack(_) => self.protocol_error(ReasonCode::PROTOCOL_ERROR, "a second CONNACK"),
                    Packet::Connect(_) | Packet::Subscribe(_) | Packet::Unsubscribe(_) | Packet::Pingreq => {
                        self.protocol_error(ReasonCode::PROTOCOL_ERROR, "a packet that only a Client sends");
                    }
                }
            }
        }
    }

    /// Reason String or User Property although Request Problem Information was 0 (5.0 section 3.1.2.11.7).
    fn has_unwanted_problem_information(&self, packet: &Packet) -> bool {
        let exempt = matches!(packet, Packet::Publish(_) | Packet::Connack(_) | Packet::Disconnect(_));
        let has = |id| packet.properties().is_some_and(|properties| properties.get(id).is_some());
        !self.connection.problem_information
            && !exempt
            && (has(PropertyId::ReasonString) || has(PropertyId::UserProperty))
    }
}
