//! Keep Alive, and the patience with a CONNECT that does not come (sections 3.1.2.10 and 3.1.4).

use crate::deadline::Deadline;
use crate::server::Server;
use crate::violation::Violation;
use crate::will::Ending;
use catalogue::cite;
use protocol::{ReasonCode, Time, Version};
use transport::ConnectionId;

/// One and a half times the Keep Alive; `None` for 0, which switches it off.
pub(crate) fn patience(keep_alive: u16) -> Option<Time> {
    (keep_alive > 0).then(|| Time::from_millis(u64::from(keep_alive) * 1500))
}

impl Server {
    /// Waits for the next packet of a Client that has just been accepted.
    pub(crate) fn start_keep_alive(&mut self, now: Time, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if let Some(at) = connection.deadline.take() {
            self.deadlines.remove(at, Deadline::ConnectTimeout(id));
        }
        let Some(patience) = connection.connected_mut().and_then(|connected| connected.keep_alive) else {
            return;
        };
        connection.deadline = Some(now + patience);
        self.deadlines.insert(now + patience, Deadline::KeepAlive(id));
    }

    /// The earliest moment at which the Client can have been silent for too long.
    pub(crate) fn keep_alive_due(&mut self, now: Time, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.deadline = None;
        let Some(connected) = connection.connected_mut() else { return };
        let Some(patience) = connected.keep_alive else { return };
        let due = connected.last_received + patience;
        if due > now {
            connection.deadline = Some(due);
            self.deadlines.insert(due, Deadline::KeepAlive(id));
            return;
        }
        cite!("5.0/MQTT-3.1.2-22", "3.1.1/MQTT-3.1.2-24");
        match connected.version {
            Version::V311 => self.close(now, id, Ending::Failure),
            Version::V500 => {
                self.disconnect(
                    now,
                    id,
                    Violation::new(ReasonCode::KEEP_ALIVE_TIMEOUT, "the Keep Alive time is over"),
                );
            }
        }
    }

    /// The Client has not been accepted in time. Nothing is sent: it may not even speak MQTT.
    pub(crate) fn connect_timeout(&mut self, now: Time, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.deadline = None;
        }
        self.close(now, id, Ending::Failure);
    }
}
