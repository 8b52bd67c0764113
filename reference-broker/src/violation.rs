//! How a Client's error ends its Network Connection (section 4.13 of 5.0, 4.8 of 3.1.1).

use crate::connection::State;
use crate::server::Server;
use crate::will::Ending;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Disconnect, Packet, PacketType, Properties, Property, ReasonCode, Role, Time, Version};
use transport::ConnectionId;

/// Something that the Server does not go on after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The Reason Code for 5.0; one that DISCONNECT may have.
    pub(crate) reason: ReasonCode,
    /// What happened, for the Reason String.
    pub(crate) text: &'static str,
}

impl Violation {
    pub(crate) const fn new(reason: ReasonCode, text: &'static str) -> Self {
        Violation { reason, text }
    }

    pub(crate) const fn protocol_error(text: &'static str) -> Self {
        Violation::new(ReasonCode::PROTOCOL_ERROR, text)
    }
}

impl Server {
    /// Closes the Network Connection because of what the Client did, and says why where the version and the moment allow it.
    pub(crate) fn end_with(&mut self, now: Time, id: ConnectionId, violation: Violation) {
        cite!("5.0/MQTT-4.13.1-1", "5.0/MQTT-4.13.2-1", "3.1.1/MQTT-4.8.0-1");
        let Some(connection) = self.connections.get(&id) else { return };
        match &connection.state {
            // The Client has not shown yet which version it speaks.
            State::AwaitingConnect => self.close(now, id, Ending::Failure),
            // DISCONNECT is not allowed before CONNACK, so CONNACK it is, with a code of its own table.
            State::Authenticating(authenticating) => {
                cite!("5.0/MQTT-3.14.0-1", "5.0/MQTT-3.2.2-8");
                let legal = violation.reason.is_legal(Version::V500, PacketType::Connack, Role::Server);
                let reason = if legal { violation.reason } else { ReasonCode::PROTOCOL_ERROR };
                let connect = authenticating.connect.clone();
                self.send_refusal(id, &connect, reason, Properties::new());
                self.close(now, id, Ending::Failure);
            }
            State::Connected(connected) => match connected.version {
                Version::V311 => self.close(now, id, Ending::Failure),
                Version::V500 => self.disconnect(now, id, violation),
            },
        }
    }

    /// Sends DISCONNECT with a Reason Code, and closes. Only for 5.0, and only after CONNACK.
    pub(crate) fn disconnect(&mut self, now: Time, id: ConnectionId, violation: Violation) {
        // The Session Expiry Interval is never among the Properties of the Server's DISCONNECT.
        cite!("5.0/MQTT-3.14.2-1", "5.0/MQTT-3.14.2-2", "5.0/MQTT-3.14.4-1", "5.0/MQTT-3.14.4-2");
        let mut disconnect = Disconnect::new(violation.reason);
        self.explain(&mut disconnect.properties, violation.text);
        self.send(id, Packet::Disconnect(disconnect));
        self.close(now, id, Ending::Failure);
    }

    /// Adds a Reason String, if the Server gives any.
    pub(crate) fn explain(&self, properties: &mut Properties, text: &'static str) {
        if self.config.reason_strings {
            properties.push(Property::ReasonString(ByteString::from_static(text)));
        }
    }
}
