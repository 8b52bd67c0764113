//! The end of the Server itself (section 3.14.2.1, Reason Code 0x8B of 5.0).

use crate::server::Server;
use crate::violation::Violation;
use crate::will::Ending;
use protocol::{ReasonCode, Time, Version};
use transport::ConnectionId;

impl Server {
    /// Closes every Network Connection, telling 5.0 Clients why, and accepts no Client any more.
    ///
    /// Will Messages are published as for any other end of a Network Connection; they reach those who are still connected then.
    pub(crate) fn shut_down(&mut self, now: Time) {
        self.shutting_down = true;
        let ids: Vec<ConnectionId> = self.connections.keys().copied().collect();
        for id in ids {
            let version = self
                .connections
                .get_mut(&id)
                .and_then(|connection| connection.connected_mut())
                .map(|connected| connected.version);
            match version {
                Some(Version::V500) => {
                    self.disconnect(
                        now,
                        id,
                        Violation::new(ReasonCode::SERVER_SHUTTING_DOWN, "the Server shuts down"),
                    );
                }
                Some(Version::V311) | None => self.close(now, id, Ending::Failure),
            }
        }
    }
}
