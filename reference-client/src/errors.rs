//! What the Client does when the Server breaks the protocol (5.0 section 4.13; 4.8 of 3.1.1).

use crate::connection::Phase;
use crate::{Client, Closure};
use protocol::{DecodeError, Disconnect, Packet, PacketType, ReasonCode, Role, Version};

impl Client {
    /// The Server has sent bytes that are no packet.
    pub(crate) fn malformed(&mut self, error: DecodeError) {
        let reason = error.kind.reason();
        self.fail(reason, Closure::Malformed(error));
    }

    /// The Server has sent a packet that it must not send.
    pub(crate) fn protocol_error(&mut self, reason: ReasonCode, text: &'static str) {
        self.fail(reason, Closure::ProtocolError { reason, text });
    }

    /// Says why (5.0: a SHOULD), and closes the Network Connection.
    pub(crate) fn fail(&mut self, reason: ReasonCode, why: Closure) {
        match self.phase {
            Phase::Closed | Phase::Waiting { .. } | Phase::Opening { .. } => return,
            Phase::AwaitingConnack { .. } | Phase::Connected => {}
        }
        catalogue::cite!("5.0/MQTT-4.13.2-1", "3.1.1/MQTT-4.8.0-1");
        if self.config.version == Version::V500 {
            catalogue::cite!("5.0/MQTT-3.14.2-1");
            let legal = reason.is_legal(Version::V500, PacketType::Disconnect, Role::Client);
            let disconnect = Disconnect::new(if legal { reason } else { ReasonCode::PROTOCOL_ERROR });
            let disconnect = Packet::Disconnect(disconnect);
            if self.connection.limits.fits(&disconnect, self.config.version) {
                self.send(disconnect);
            }
        }
        self.close(why);
    }
}
