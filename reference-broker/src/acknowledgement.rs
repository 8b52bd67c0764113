//! The Server as the sender of PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7, 4.3, 4.9).

use crate::connection::Connected;
use crate::server::Server;
use crate::session::{Session, SessionId};
use catalogue::cite;
use protocol::{Acknowledgement, Packet, PacketId, ReasonCode, Version};
use transport::ConnectionId;

impl Server {
    /// What belongs to the Network Connection of a Client that is connected.
    pub(crate) fn connected(&mut self, id: ConnectionId) -> Option<&mut Connected> {
        self.connections.get_mut(&id).and_then(|connection| connection.connected_mut())
    }

    /// The Session of a Client that is connected.
    pub(crate) fn session_of(&mut self, id: ConnectionId) -> Option<(SessionId, &mut Session)> {
        let session = self.connected(id)?.session;
        Some((session, self.sessions.get_mut(&session)?))
    }

    /// Acknowledges with the Packet Identifier of the PUBLISH. 3.1.1 cannot say anything but yes.
    pub(crate) fn acknowledge(
        &mut self,
        id: ConnectionId,
        packet: fn(Acknowledgement) -> Packet,
        packet_id: PacketId,
        reason: ReasonCode,
        text: Option<&'static str>,
    ) {
        cite!("5.0/MQTT-2.2.1-5", "3.1.1/MQTT-2.3.1-6");
        let Some(connected) = self.connected(id) else { return };
        let mut acknowledgement = Acknowledgement::new(packet_id);
        if connected.version == Version::V500 {
            cite!("5.0/MQTT-3.4.2-1", "5.0/MQTT-3.5.2-1", "5.0/MQTT-3.6.2-1", "5.0/MQTT-3.7.2-1");
            acknowledgement.reason = reason;
            if let Some(text) = text {
                self.explain(&mut acknowledgement.properties, text);
            }
        }
        self.send(id, packet(acknowledgement));
    }

    /// Gives the send quota back what a delivery took on this Network Connection.
    pub(crate) fn give_back_send_quota(&mut self, id: ConnectionId, counted: bool) {
        if counted && let Some(connected) = self.connected(id) {
            connected.send_quota.give_back();
        }
    }

    /// The Server's PUBACK, PUBCOMP or failing PUBREC gives the Client's quota back.
    pub(crate) fn give_back_receive_quota(&mut self, id: ConnectionId) {
        if let Some(connected) = self.connected(id) {
            connected.receive_quota.give_back();
        }
    }
}
