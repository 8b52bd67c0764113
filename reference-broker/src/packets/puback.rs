//! PUBACK from a Client: the end of a QoS 1 delivery (sections 3.4 and 4.3.2).

use crate::journal::Key;
use crate::server::Server;
use crate::session::Progress;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Acknowledgement, QoS, Time};
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_puback(
        &mut self,
        now: Time,
        id: ConnectionId,
        puback: Acknowledgement,
    ) -> Result<(), Violation> {
        let Some((session_id, session)) = self.session_of(id) else { return Ok(()) };
        // What is not in flight may have been forgotten: it is nothing to complain about.
        let Some(in_flight) = session.in_flight.get(&puback.packet_id) else { return Ok(()) };
        let counted = in_flight.counted;
        match &in_flight.progress {
            Progress::Published(outgoing) if outgoing.qos == QoS::AtLeastOnce => {
                // Whatever the Reason Code, the message is not sent again, not to another member of a Shared Subscription either.
                cite!("5.0/MQTT-4.4.0-2", "5.0/MQTT-4.8.2-6", "5.0/MQTT-4.3.2-3");
                session.bytes -= outgoing.message.size();
                session.in_flight.remove(&puback.packet_id);
                self.journal.touch(Key::InFlight(session_id, puback.packet_id));
                self.give_back_send_quota(id, counted);
                self.send_waiting(now, id, session_id);
                Ok(())
            }
            Progress::Published(_) | Progress::Released => {
                Err(Violation::protocol_error("PUBACK for a QoS 2 message"))
            }
        }
    }
}
