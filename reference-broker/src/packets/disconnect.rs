//! DISCONNECT from a Client (section 3.14).

use crate::server::Server;
use crate::violation::Violation;
use crate::will::Ending;
use catalogue::cite;
use protocol::{Disconnect, ReasonCode, Time};
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_disconnect(
        &mut self,
        now: Time,
        id: ConnectionId,
        disconnect: Disconnect,
    ) -> Result<(), Violation> {
        if let Some(interval) = disconnect.properties.session_expiry_interval() {
            let Some(connected) = self.connected(id) else { return Ok(()) };
            if connected.requested_session_expiry == 0 && interval > 0 {
                return Err(Violation::protocol_error("a Session Expiry Interval although CONNECT had none"));
            }
            let granted = interval.min(self.config.session_expiry_maximum);
            if let Some((_, session)) = self.session_of(id) {
                session.expiry_interval = granted;
            }
        }
        // Only the Reason Code 0x00, which every DISCONNECT of 3.1.1 has, throws the Will Message away.
        cite!("5.0/MQTT-3.14.4-3", "3.1.1/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-8", "3.1.1/MQTT-3.1.2-8");
        let ending = match disconnect.reason {
            ReasonCode::SUCCESS => Ending::Clean,
            _ => Ending::Failure,
        };
        self.close(now, id, ending);
        Ok(())
    }
}
