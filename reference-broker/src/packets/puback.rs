//! PUBACK from a Client: the end of a QoS 1 delivery (sections 3.4 and 4.3.2).

use crate::acknowledgement::check_reason;
use crate::client::ConnectedClient;
use crate::session::Progress;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, PacketType, QoS};

impl ConnectedClient<'_> {
    pub(crate) fn receive_puback(&mut self, puback: Acknowledgement) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.4.2-1");
        check_reason(PacketType::Puback, puback.reason)?;
        // What is not in flight may have been forgotten: it is nothing to complain about.
        let Some(in_flight) = self.session.in_flight.get(&puback.packet_id) else { return Ok(()) };
        match &in_flight.progress {
            Progress::Published(outgoing) if outgoing.qos == QoS::AtLeastOnce => {
                // Whatever the Reason Code, the message is not sent again, not to another member of a Shared Subscription either.
                cite!("5.0/MQTT-4.4.0-2", "5.0/MQTT-4.8.2-6", "5.0/MQTT-4.3.2-3");
                self.session.bytes -= outgoing.message.size();
                self.complete(puback.packet_id);
                Ok(())
            }
            Progress::Published(_) | Progress::Released => {
                Err(Violation::protocol_error("PUBACK for a QoS 2 message"))
            }
        }
    }
}
