//! The Server as the sender of PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7, 4.3, 4.9).

use crate::client::ConnectedClient;
use catalogue::cite;
use protocol::{Acknowledgement, Packet, PacketId, ReasonCode, Version};

impl ConnectedClient<'_> {
    /// Acknowledges with the Packet Identifier of the PUBLISH. 3.1.1 cannot say anything but yes.
    pub(crate) fn acknowledge(
        &mut self,
        packet: fn(Acknowledgement) -> Packet,
        packet_id: PacketId,
        reason: ReasonCode,
        text: Option<&'static str>,
    ) {
        cite!("5.0/MQTT-2.2.1-5", "3.1.1/MQTT-2.3.1-6");
        let mut acknowledgement = Acknowledgement::new(packet_id);
        if self.connected.version == Version::V500 {
            cite!("5.0/MQTT-3.4.2-1", "5.0/MQTT-3.5.2-1", "5.0/MQTT-3.6.2-1", "5.0/MQTT-3.7.2-1");
            acknowledgement.reason = reason;
            if let Some(text) = text {
                self.outbox.explain(&mut acknowledgement.properties, text);
            }
        }
        self.outbox.send(self.connected, packet(acknowledgement));
    }
}
