//! PUBREL from the Server (section 3.6): a QoS 2 message will not be sent again.

use crate::Client;
use protocol::{Acknowledgement, Packet, ReasonCode, Version};

impl Client {
    pub(crate) fn pubrel(&mut self, pubrel: Acknowledgement) {
        let packet_id = pubrel.packet_id;
        let known = self.session.received.remove(&packet_id).is_some();
        self.connection.receive_quota.give_back(packet_id);
        // A Server that does not wait for PUBREC gets none any more.
        self.connection.to_acknowledge.retain(|waiting| waiting.packet_id != packet_id);
        catalogue::cite!("5.0/MQTT-4.3.3-11", "5.0/MQTT-4.3.3-12", "5.0/MQTT-3.7.2-1", "3.1.1/MQTT-4.3.3-2");
        let reason = match self.config.version {
            Version::V500 if !known => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            Version::V500 | Version::V311 => ReasonCode::SUCCESS,
        };
        self.send(Packet::Pubcomp(Acknowledgement::with_reason(packet_id, reason)));
        self.send_acknowledgements();
    }
}
