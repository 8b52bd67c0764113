//! DISCONNECT from the Server (section 3.14; 5.0 only).

use crate::{Client, Closure, Event};
use protocol::{Disconnect, ReasonCode, Version};

impl Client {
    pub(crate) fn disconnect(&mut self, disconnect: Disconnect) {
        if self.config.version == Version::V311 {
            self.protocol_error(ReasonCode::PROTOCOL_ERROR, "a packet that only a Client sends");
            return;
        }
        let reason = disconnect.reason;
        self.event(Event::Disconnected(disconnect));
        catalogue::cite!("5.0/MQTT-4.13.2-1");
        self.close(Closure::DisconnectedByServer(reason));
    }
}
