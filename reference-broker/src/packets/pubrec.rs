//! PUBREC from a Client: the middle of a QoS 2 delivery, or its failure (sections 3.5 and 4.3.3).

use crate::acknowledgement::check_reason;
use crate::client::ConnectedClient;
use crate::journal::Key;
use crate::session::Progress;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, Packet, PacketType, QoS, ReasonCode};

impl ConnectedClient<'_> {
    pub(crate) fn receive_pubrec(&mut self, pubrec: Acknowledgement) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.5.2-1");
        check_reason(PacketType::Pubrec, pubrec.reason)?;
        let session = &mut *self.session;
        let order = session.next_order();
        let Some(in_flight) = session.in_flight.get_mut(&pubrec.packet_id) else {
            if !pubrec.reason.is_failure() {
                let reason = ReasonCode::PACKET_IDENTIFIER_NOT_FOUND;
                self.acknowledge(
                    Packet::Pubrel,
                    pubrec.packet_id,
                    reason,
                    Some("no such message is in flight"),
                );
            }
            return Ok(());
        };
        match &in_flight.progress {
            Progress::Published(outgoing) if outgoing.qos == QoS::ExactlyOnce => {
                session.bytes -= outgoing.message.size();
                if pubrec.reason.is_failure() {
                    cite!("5.0/MQTT-4.4.0-2", "5.0/MQTT-4.8.2-6");
                    self.complete(pubrec.packet_id);
                    return Ok(());
                }
                in_flight.progress = Progress::Released;
                in_flight.order = order;
                self.journal.touch(Key::InFlight(session.id, pubrec.packet_id));
            }
            // Once more: the PUBREL may not have arrived. A failure is too late now.
            Progress::Released => {}
            Progress::Published(_) => return Err(Violation::protocol_error("PUBREC for a QoS 1 message")),
        }
        cite!("5.0/MQTT-4.3.3-4", "3.1.1/MQTT-4.3.3-1");
        self.acknowledge(Packet::Pubrel, pubrec.packet_id, ReasonCode::SUCCESS, None);
        Ok(())
    }
}
