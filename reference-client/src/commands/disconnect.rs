//! The Disconnect command (section 3.14): DISCONNECT is the last packet, then the Network Connection is closed.

use super::properties;
use crate::connection::Phase;
use crate::{Client, Closure, Refusal};
use protocol::{Disconnect, Packet, PacketType, PropertyPlace, ReasonCode, Role, Version};

impl Client {
    pub(crate) fn command_disconnect(&mut self, disconnect: Disconnect) -> Result<(), Refusal> {
        match self.phase {
            Phase::Closed => return Err(Refusal::NotConnected),
            Phase::Waiting { .. } => {
                self.phase = Phase::Closed;
                return Ok(());
            }
            Phase::Opening { .. } => {
                self.close(Closure::Commanded);
                return Ok(());
            }
            Phase::AwaitingConnack { .. } | Phase::Connected => {}
        }
        catalogue::cite!("5.0/MQTT-3.14.4-1", "3.1.1/MQTT-3.14.4-2");
        match self.config.version {
            Version::V311 => {
                if disconnect.reason == ReasonCode::SUCCESS {
                    self.send(Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS)));
                }
            }
            Version::V500 => self.send_disconnect(disconnect)?,
        }
        self.close(Closure::Commanded);
        Ok(())
    }

    fn send_disconnect(&mut self, disconnect: Disconnect) -> Result<(), Refusal> {
        catalogue::cite!("5.0/MQTT-3.14.2-1");
        if !disconnect.reason.is_legal(Version::V500, PacketType::Disconnect, Role::Client) {
            return Err(Refusal::InvalidReasonCode);
        }
        properties::check(&disconnect.properties, PropertyPlace::Disconnect, Version::V500)?;
        let connect_expiry = self.options.properties.session_expiry_interval().unwrap_or(0);
        if let Some(seconds) = disconnect.properties.session_expiry_interval() {
            // A Session that was to end with the Network Connection cannot be kept after all (section 3.14.2.2.2).
            if connect_expiry == 0 && seconds > 0 {
                return Err(Refusal::InvalidProperty);
            }
        }
        let session_expiry = disconnect.properties.session_expiry_interval().unwrap_or(self.session_expiry);
        let packet = Packet::Disconnect(disconnect);
        catalogue::cite!("5.0/MQTT-3.14.2-3", "5.0/MQTT-3.14.2-4");
        if !self.connection.limits.fits(&packet, Version::V500) {
            return Err(Refusal::PacketTooLarge);
        }
        self.session_expiry = session_expiry;
        self.send(packet);
        Ok(())
    }
}
