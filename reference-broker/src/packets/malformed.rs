//! Bytes that are no packet (sections 4.13 of 5.0, 4.8 of 3.1.1; in place of CONNECT: 3.1.2.1, 3.1.2.2 and 3.1.4).
//!
//! Which bytes these are is the decoder's knowledge.

use crate::connection::{Ending, State};
use crate::server::Server;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Connack, DecodeError, ErrorKind, Packet, Properties, ReasonCode, Time, Version};
use transport::ConnectionId;

impl Server {
    pub(crate) fn receive_malformed(&mut self, now: Time, id: ConnectionId, error: &DecodeError) {
        // What comes on a Network Connection that this Server has closed is not looked at.
        let Some(connection) = self.connections.get(&id) else { return };
        match &connection.state {
            State::AwaitingConnect => {
                self.answer_malformed_connect(id, error);
                self.close(now, id, Ending::Failure);
            }
            State::Authenticating(_) | State::Connected(_) => {
                cite!("5.0/MQTT-3.14.1-1", "3.1.1/MQTT-3.14.1-1", "3.1.1/MQTT-2.2.2-2");
                let text = match error.kind {
                    ErrorKind::MalformedPacket => "a Malformed Packet",
                    ErrorKind::ProtocolError | ErrorKind::UnsupportedProtocolVersion { .. } => {
                        "a Protocol Error"
                    }
                    ErrorKind::TopicAliasInvalid => "a Topic Alias of 0",
                    ErrorKind::PacketTooLarge => "a packet above the Maximum Packet Size",
                };
                self.end_with(now, id, Violation::new(error.kind.reason(), text));
            }
        }
    }

    /// A CONNACK, where the version is known enough to send one. It is small: the Client's Maximum Packet Size is not known.
    fn answer_malformed_connect(&mut self, id: ConnectionId, error: &DecodeError) {
        let (version, reason) = match (error.kind, error.version) {
            // 3.1.1 demands CONNACK 0x01 for every level that is not served. 5.0 allows one for versions other than 5, and does not say in which format
            // it has to be. Whoever asks for a level that is unknown here reads the format of 3.1.1 if any: it is as old as MQTT.
            (ErrorKind::UnsupportedProtocolVersion { .. }, _) => {
                cite!("3.1.1/MQTT-3.1.2-2", "5.0/MQTT-3.1.2-2");
                (Version::V311, ReasonCode(1))
            }
            (kind, Some(Version::V500)) => {
                cite!("5.0/MQTT-3.1.4-1", "5.0/MQTT-3.1.2-3");
                (Version::V500, kind.reason())
            }
            // 3.1.1 closes without CONNACK, and so do we if we do not know who asks.
            (_, Some(Version::V311) | None) => {
                cite!("3.1.1/MQTT-3.1.4-1", "3.1.1/MQTT-3.1.2-3", "3.1.1/MQTT-3.1.2-1", "5.0/MQTT-3.1.2-1");
                return;
            }
        };
        let connack = Connack { session_present: false, reason, properties: Properties::new() };
        self.outbox.push(id, version, Packet::Connack(connack));
    }
}
