//! PUBREL from a Client: the Packet Identifier of a QoS 2 message is free again (sections 3.6 and 4.3.3).

use crate::acknowledgement::check_reason;
use crate::client::ConnectedClient;
use crate::journal::Key;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, Packet, PacketType, ReasonCode};

impl ConnectedClient<'_> {
    pub(crate) fn receive_pubrel(&mut self, pubrel: Acknowledgement) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.6.2-1");
        check_reason(PacketType::Pubrel, pubrel.reason)?;
        let known = self.session.received.remove(&pubrel.packet_id).is_some();
        self.journal.touch(Key::Received(self.session.id, pubrel.packet_id));
        cite!("5.0/MQTT-4.3.3-11", "5.0/MQTT-4.3.3-12", "3.1.1/MQTT-4.3.3-2");
        self.connected.receive_quota.give_back();
        if known {
            self.acknowledge(Packet::Pubcomp, pubrel.packet_id, ReasonCode::SUCCESS, None);
        } else {
            let reason = ReasonCode::PACKET_IDENTIFIER_NOT_FOUND;
            self.acknowledge(
                Packet::Pubcomp,
                pubrel.packet_id,
                reason,
                Some("no message waits for this PUBREL"),
            );
        }
        Ok(())
    }
}
