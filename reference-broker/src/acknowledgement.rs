//! PUBACK, PUBREC, PUBREL and PUBCOMP: the Server as their sender, and the Reason Codes that a Client may send (sections 3.4 to 3.7, 4.3, 4.9).

use crate::client::ConnectedClient;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, Packet, PacketId, PacketType, ReasonCode, Role, Version};

/// Whether a Client may send this Reason Code in such a packet: it has to be one of the packet's table. 3.1.1 has none, and 0x00 stands for that.
pub(crate) fn check_reason(packet: PacketType, reason: ReasonCode) -> Result<(), Violation> {
    match reason.is_legal(Version::V500, packet, Role::Client) {
        true => Ok(()),
        false => Err(Violation::protocol_error("a Reason Code that is not in the table of the packet")),
    }
}

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
