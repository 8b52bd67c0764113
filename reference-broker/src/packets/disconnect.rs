//! DISCONNECT from a Client (section 3.14).

use crate::client::ConnectedClient;
use crate::connection::Ending;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Disconnect, ReasonCode};

impl ConnectedClient<'_> {
    /// How the Network Connection has to be closed now.
    pub(crate) fn receive_disconnect(&mut self, disconnect: &Disconnect) -> Result<Ending, Violation> {
        if let Some(interval) = disconnect.properties.session_expiry_interval() {
            if self.connected.requested_session_expiry == 0 && interval > 0 {
                return Err(Violation::protocol_error("a Session Expiry Interval although CONNECT had none"));
            }
            self.session.expiry_interval = interval.min(self.config.session_expiry_maximum);
        }
        // Only the Reason Code 0x00, which every DISCONNECT of 3.1.1 has, throws the Will Message away.
        cite!("5.0/MQTT-3.14.4-3", "3.1.1/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-8", "3.1.1/MQTT-3.1.2-8");
        Ok(match disconnect.reason {
            ReasonCode::SUCCESS => Ending::Clean,
            _ => Ending::Failure,
        })
    }
}
