//! PUBCOMP from a Client: the end of a QoS 2 delivery (sections 3.7 and 4.3.3).

use crate::journal::Key;
use crate::server::Server;
use crate::session::Progress;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, Time};
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_pubcomp(
        &mut self,
        now: Time,
        id: ConnectionId,
        pubcomp: Acknowledgement,
    ) -> Result<(), Violation> {
        let Some((session_id, session)) = self.session_of(id) else { return Ok(()) };
        let Some(in_flight) = session.in_flight.get(&pubcomp.packet_id) else { return Ok(()) };
        let counted = in_flight.counted;
        match in_flight.progress {
            Progress::Released => {
                cite!("5.0/MQTT-4.3.3-5", "3.1.1/MQTT-4.3.3-1");
                session.in_flight.remove(&pubcomp.packet_id);
                self.journal.touch(Key::InFlight(session_id, pubcomp.packet_id));
                self.give_back_send_quota(id, counted);
                self.send_waiting(now, id, session_id);
                Ok(())
            }
            Progress::Published(_) => Err(Violation::protocol_error("PUBCOMP before PUBREC")),
        }
    }
}
