//! PUBREL from a Client: the Packet Identifier of a QoS 2 message is free again (sections 3.6 and 4.3.3).

use crate::journal::Key;
use crate::server::Server;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, Packet, ReasonCode};
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_pubrel(
        &mut self,
        id: ConnectionId,
        pubrel: Acknowledgement,
    ) -> Result<(), Violation> {
        let Some((session_id, session)) = self.session_of(id) else { return Ok(()) };
        let known = session.received.remove(&pubrel.packet_id).is_some();
        self.journal.touch(Key::Received(session_id, pubrel.packet_id));
        cite!("5.0/MQTT-4.3.3-11", "5.0/MQTT-4.3.3-12", "3.1.1/MQTT-4.3.3-2");
        self.give_back_receive_quota(id);
        if known {
            self.acknowledge(id, Packet::Pubcomp, pubrel.packet_id, ReasonCode::SUCCESS, None);
        } else {
            let reason = ReasonCode::PACKET_IDENTIFIER_NOT_FOUND;
            self.acknowledge(
                id,
                Packet::Pubcomp,
                pubrel.packet_id,
                reason,
                Some("no message waits for this PUBREL"),
            );
        }
        Ok(())
    }
}
