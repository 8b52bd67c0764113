//! PUBCOMP from a Client: the end of a QoS 2 delivery (sections 3.7 and 4.3.3).

use crate::acknowledgement::check_reason;
use crate::client::ConnectedClient;
use crate::session::Progress;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, PacketType};

impl ConnectedClient<'_> {
    pub(crate) fn receive_pubcomp(&mut self, pubcomp: Acknowledgement) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.7.2-1");
        check_reason(PacketType::Pubcomp, pubcomp.reason)?;
        // What is not in flight may have been forgotten: it is nothing to complain about.
        let Some(in_flight) = self.session.in_flight.get(&pubcomp.packet_id) else { return Ok(()) };
        match in_flight.progress {
            Progress::Released => {
                cite!("5.0/MQTT-4.3.3-5", "3.1.1/MQTT-4.3.3-1");
                self.complete(pubcomp.packet_id);
                Ok(())
            }
            Progress::Published(_) => Err(Violation::protocol_error("PUBCOMP before PUBREC")),
        }
    }
}
