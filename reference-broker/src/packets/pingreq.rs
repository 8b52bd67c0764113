//! PINGREQ, and the PINGRESP that answers it (sections 3.12 and 3.13).

use crate::server::Server;
use catalogue::cite;
use protocol::Packet;
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_pingreq(&mut self, id: ConnectionId) {
        cite!("5.0/MQTT-3.12.4-1", "3.1.1/MQTT-3.12.4-1");
        self.send(id, Packet::Pingresp);
    }
}
