//! PUBREC (section 3.5): the Server has taken over a QoS 2 message of the Client, or refuses it.

use crate::Client;
use crate::session::Released;
use protocol::{Acknowledgement, Packet, QoS, ReasonCode, Version};

impl Client {
    pub(crate) fn pubrec(&mut self, pubrec: Acknowledgement) {
        let packet_id = pubrec.packet_id;
        let refused = pubrec.reason.is_failure();
        match self.session.awaited(packet_id) {
            Some(QoS::ExactlyOnce) if refused => self.publish_ended(pubrec),
            Some(QoS::ExactlyOnce) => {
                let Some(sent) = self.session.take_publish(packet_id) else { return };
                catalogue::cite!(
                    "5.0/MQTT-4.3.3-4",
                    "5.0/MQTT-4.3.3-5",
                    "5.0/MQTT-4.3.3-6",
                    "3.1.1/MQTT-4.3.3-1"
                );
                catalogue::cite!("5.0/MQTT-4.3.3-7", "5.0/MQTT-4.3.3-13");
                self.session.releases.push_back(Released { token: sent.token, packet_id });
                self.send_pubrel(packet_id, ReasonCode::SUCCESS);
            }
            Some(QoS::AtMostOnce | QoS::AtLeastOnce) => {
                self.protocol_error(ReasonCode::PROTOCOL_ERROR, "PUBREC for a message of QoS 1");
            }
            None if refused => {}
            None if self.session.is_released(packet_id) => self.send_pubrel(packet_id, ReasonCode::SUCCESS),
            // The two Session States differ, which PUBREL can say only in 5.0 (section 3.6.2.1).
            None => match self.config.version {
                Version::V311 => self.send_pubrel(packet_id, ReasonCode::SUCCESS),
                Version::V500 => self.send_pubrel(packet_id, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND),
            },
        }
    }

    /// Answers PUBREC, at once: so PUBRELs leave in the order in which PUBRECs came.
    fn send_pubrel(&mut self, packet_id: u16, reason: ReasonCode) {
        catalogue::cite!("5.0/MQTT-4.6.0-4", "3.1.1/MQTT-4.6.0-4", "5.0/MQTT-2.2.1-5", "3.1.1/MQTT-2.3.1-6");
        catalogue::cite!("5.0/MQTT-3.6.2-1");
        self.send(Packet::Pubrel(Acknowledgement::with_reason(packet_id, reason)));
    }
}
