//! How the Server ends a Network Connection (section 4.13 of 5.0, 4.8 of 3.1.1; DISCONNECT: 3.14 of 5.0).

use crate::connection::{Ending, State};
use crate::server::Server;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Disconnect, Packet, PacketType, Properties, ReasonCode, Role, Time, Version};
use transport::ConnectionId;

impl Server {
    /// Closes the Network Connection because of what the Client did, and says why where the version and the moment allow it.
    ///
    /// Nothing happens if it has ended already.
    pub(crate) fn end_with(&mut self, now: Time, id: ConnectionId, violation: Violation) {
        cite!("5.0/MQTT-4.13.1-1", "5.0/MQTT-4.13.2-1", "3.1.1/MQTT-4.8.0-1");
        match self.connections.get(&id).map(|connection| &connection.state) {
            // The Client has not shown yet which version it speaks.
            Some(State::AwaitingConnect) | None => {}
            // DISCONNECT is not allowed before CONNACK, so CONNACK it is, with a code of its own table.
            Some(State::Authenticating(authenticating)) => {
                cite!("5.0/MQTT-3.14.0-1", "5.0/MQTT-3.2.2-8");
                let legal = violation.reason.is_legal(Version::V500, PacketType::Connack, Role::Server);
                let reason = if legal { violation.reason } else { ReasonCode::PROTOCOL_ERROR };
                self.outbox.refuse(id, &authenticating.connect, reason, Properties::new());
            }
            Some(State::Connected(session)) => {
                let client = self.clients.get(*session);
                let connected = client.and_then(|client| client.connected.as_deref());
                if let Some(connected) = connected.filter(|connected| connected.version == Version::V500) {
                    // The Session Expiry Interval is never among the Properties of the Server's DISCONNECT.
                    cite!("5.0/MQTT-3.14.2-1", "5.0/MQTT-3.14.2-2", "5.0/MQTT-3.14.4-1", "5.0/MQTT-3.14.4-2");
                    let mut disconnect = Disconnect::new(violation.reason);
                    self.outbox.explain(&mut disconnect.properties, violation.text);
                    self.outbox.send(connected, Packet::Disconnect(disconnect));
                }
            }
        }
        self.close(now, id, Ending::Failure);
    }

    /// Closes a Network Connection. Nothing happens if it has ended already.
    pub(crate) fn close(&mut self, now: Time, id: ConnectionId, ending: Ending) {
        if self.connections.contains_key(&id) {
            self.outbox.close(id);
            self.detach(now, id, ending);
        }
    }

    /// A Network Connection has ended: its Session lives on, or ends too.
    pub(crate) fn detach(&mut self, now: Time, id: ConnectionId, ending: Ending) {
        // The end of what this Server has closed is told, too.
        let Some(mut connection) = self.connections.remove(&id) else { return };
        connection.wait(None, &mut self.deadlines);
        match connection.state {
            State::AwaitingConnect | State::Authenticating(_) => {}
            State::Connected(session) => self.leave_session(now, session, ending),
        }
    }
}
