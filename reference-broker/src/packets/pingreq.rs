//! PINGREQ, and the PINGRESP that answers it (sections 3.12 and 3.13).

use crate::client::ConnectedClient;
use catalogue::cite;
use protocol::Packet;

impl ConnectedClient<'_> {
    pub(crate) fn receive_pingreq(&mut self) {
        cite!("5.0/MQTT-3.12.4-1", "3.1.1/MQTT-3.12.4-1");
        self.outbox.send(self.connected, Packet::Pingresp);
    }
}
