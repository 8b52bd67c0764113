//! The end of the Server itself (section 3.14.2.1, Reason Code 0x8B of 5.0).

use crate::connection::{Ending, State};
use crate::server::Server;
use crate::violation::Violation;
use protocol::{ReasonCode, Time};
use transport::ConnectionId;

impl Server {
    /// Closes every Network Connection, telling 5.0 Clients why, and accepts no Client any more.
    ///
    /// Will Messages are published as for any other end of a Network Connection; they reach those who are still connected then.
    pub(crate) fn shut_down(&mut self, now: Time) {
        self.shutting_down = true;
        let accepted = |state: &State| matches!(state, State::Connected(_));
        let connections: Vec<(ConnectionId, bool)> =
            self.connections.iter().map(|(id, connection)| (*id, accepted(&connection.state))).collect();
        for (id, accepted) in connections {
            if accepted {
                self.end_with(
                    now,
                    id,
                    Violation::new(ReasonCode::SERVER_SHUTTING_DOWN, "the Server shuts down"),
                );
            } else {
                self.close(now, id, Ending::Failure);
            }
        }
    }
}
