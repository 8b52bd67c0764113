//! Why time alone makes something happen, and when.

use crate::session_id::SessionId;
use protocol::Time;
use std::collections::BTreeSet;
use transport::ConnectionId;

/// Why the Server asks to be called at a certain moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// The Client has not finished its CONNECT (section 3.1.4).
    ConnectTimeout(ConnectionId),
    /// One and a half Keep Alive periods may be over (section 3.1.2.10). The moment is the earliest possible one: packets that
    /// arrive meanwhile move it only when it comes.
    KeepAlive(ConnectionId),
    /// The Will Delay Interval ends (section 3.1.3.2.2).
    WillDelay(SessionId),
    /// The Session ends (section 3.1.2.11.2).
    SessionExpiry(SessionId),
}

/// All deadlines, the next one first.
#[derive(Debug, Default)]
pub(crate) struct Deadlines(BTreeSet<(Time, Deadline)>);

impl Deadlines {
    pub(crate) fn insert(&mut self, at: Time, deadline: Deadline) {
        self.0.insert((at, deadline));
    }

    pub(crate) fn remove(&mut self, at: Time, deadline: Deadline) {
        self.0.remove(&(at, deadline));
    }

    pub(crate) fn next(&self) -> Option<(Time, Deadline)> {
        self.0.first().copied()
    }

    /// Takes out the next deadline if it is due.
    pub(crate) fn take_due(&mut self, now: Time) -> Option<Deadline> {
        let (at, deadline) = self.next()?;
        if at > now {
            return None;
        }
        self.0.pop_first();
        Some(deadline)
    }
}
