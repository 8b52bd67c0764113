//! The Acknowledge command, for applications that want to decide when (and whether) a message counts as received.

use crate::{Client, Refusal};
use protocol::{PacketId, PacketType, ReasonCode, Role};

impl Client {
    pub(crate) fn command_acknowledge(
        &mut self,
        packet_id: PacketId,
        reason: ReasonCode,
    ) -> Result<(), Refusal> {
        if !reason.is_legal(self.config.version, PacketType::Puback, Role::Client) {
            return Err(Refusal::InvalidReasonCode);
        }
        let mut found = false;
        for waiting in &mut self.connection.to_acknowledge {
            if waiting.packet_id == packet_id && waiting.reason.is_none() {
                waiting.reason = Some(reason);
                found = true;
            }
        }
        // Remembered also without a Network Connection: the Server will send the message again.
        if let Some(said @ None) = self.session.received.get_mut(&packet_id) {
            *said = Some(reason);
            found = true;
        }
        self.send_acknowledgements();
        if found { Ok(()) } else { Err(Refusal::NothingToAcknowledge) }
    }
}
