//! Keep Alive, and the patience with a CONNECT that does not come (sections 3.1.2.10 and 3.1.4).

use crate::connection::{Ending, State};
use crate::deadline::Deadline;
use crate::server::Server;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{ReasonCode, Time};
use transport::ConnectionId;

/// One and a half times the Keep Alive; `None` for 0, which switches it off.
pub(crate) fn patience(keep_alive: u16) -> Option<Time> {
    (keep_alive > 0).then(|| Time::from_millis(u64::from(keep_alive) * 1500))
}

impl Server {
    /// The earliest moment at which the Client can have been silent for too long.
    pub(crate) fn keep_alive_due(&mut self, now: Time, id: ConnectionId) {
        // A Network Connection takes its deadline with it when it ends, and this deadline is one of a Client that is connected.
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let State::Connected(session) = connection.state else { return };
        let connected = self.clients.get(session).and_then(|client| client.connected.as_deref());
        let Some((last, patience)) = connected.and_then(|c| Some((c.last_received, c.keep_alive?))) else {
            return;
        };
        let due = last + patience;
        if due > now {
            connection.wait(Some((due, Deadline::KeepAlive(id))), &mut self.deadlines);
            return;
        }
        cite!("5.0/MQTT-3.1.2-22", "3.1.1/MQTT-3.1.2-24");
        let silence = Violation::new(ReasonCode::KEEP_ALIVE_TIMEOUT, "the Keep Alive time is over");
        self.end_with(now, id, silence);
    }

    /// The Client has not been accepted in time. Nothing is sent: it may not even speak MQTT.
    pub(crate) fn connect_timeout(&mut self, now: Time, id: ConnectionId) {
        self.close(now, id, Ending::Failure);
    }
}
