//! How a Network Connection leaves its Session behind, and how a Session ends (sections 3.1.2.11.2 of 5.0 and 3.1.2.4 of 3.1.1).

use crate::connection::State;
use crate::deadline::Deadline;
use crate::journal::Key;
use crate::server::Server;
use crate::session::{Progress, SessionId};
use crate::will::Ending;
use catalogue::cite;
use protocol::topic::validate_filter;
use protocol::{QoS, Time, Version};
use transport::{ConnectionId, Effect};

/// The Session Expiry Interval that means for ever.
pub(crate) const NEVER: u32 = u32::MAX;

impl Server {
    /// Closes a Network Connection.
    pub(crate) fn close(&mut self, now: Time, id: ConnectionId, ending: Ending) {
        if self.connections.contains_key(&id) {
            self.effects.push_back(Effect::Close { connection: id });
            self.detach(now, id, ending);
        }
    }

    /// A Network Connection has ended: its Session lives on, or ends too.
    pub(crate) fn detach(&mut self, now: Time, id: ConnectionId, ending: Ending) {
        let Some(connection) = self.connections.remove(&id) else { return };
        match connection.state {
            State::AwaitingConnect | State::Authenticating(_) => {
                if let Some(at) = connection.deadline {
                    self.deadlines.remove(at, Deadline::ConnectTimeout(id));
                }
            }
            State::Connected(connected) => {
                if let Some(at) = connection.deadline {
                    self.deadlines.remove(at, Deadline::KeepAlive(id));
                }
                self.leave_session(now, connected.session, ending);
            }
        }
    }

    pub(crate) fn leave_session(&mut self, now: Time, id: SessionId, ending: Ending) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.connection = None;
        session.interrupted = false;
        session.repeat.clear();
        self.journal.touch(Key::Session(id));
        let interval = session.expiry_interval;
        if interval != 0 && interval != NEVER {
            let at = now + Time::from_secs(u64::from(interval));
            session.expires = Some(at);
            self.deadlines.insert(at, Deadline::SessionExpiry(id));
        }
        self.connection_of_will_ended(now, id, ending);
        if interval == 0 {
            self.end_session(now, id);
        } else {
            cite!("5.0/MQTT-3.1.2-23", "3.1.1/MQTT-3.1.2-4", "5.0/MQTT-4.1.0-1", "3.1.1/MQTT-4.1.0-1");
        }
    }

    /// Ends a Session that has no Network Connection. Retained messages are no part of it.
    pub(crate) fn end_session(&mut self, now: Time, id: SessionId) {
        cite!("5.0/MQTT-4.1.0-2", "3.1.1/MQTT-3.1.2-6", "3.1.1/MQTT-3.1.2-7");
        // The end of the Session comes before the end of the Will Delay Interval.
        self.publish_will(now, id);
        let Some(session) = self.sessions.remove(&id) else { return };
        self.client_ids.remove(&session.client_id);
        self.journal.touch_all(&session);
        if let Some(at) = session.expires {
            self.deadlines.remove(at, Deadline::SessionExpiry(id));
        }
        for (whole, shared) in &session.filters {
            let version = if *shared { Version::V500 } else { Version::V311 };
            if let Ok(filter) = validate_filter(whole, version) {
                self.subscriptions.remove(id, whole, filter);
            }
        }
        // A shared message that the Client has not acknowledged should go to another member. Of QoS 2 only if its delivery has not begun.
        cite!("5.0/MQTT-4.8.2-5");
        let mut unacknowledged: Vec<_> = session.in_flight.into_values().collect();
        unacknowledged.sort_by_key(|in_flight| in_flight.order);
        let begun = unacknowledged.into_iter().filter_map(|in_flight| match in_flight.progress {
            Progress::Published(outgoing) if outgoing.qos == QoS::AtLeastOnce => Some(outgoing),
            Progress::Published(_) | Progress::Released => None,
        });
        for outgoing in begun.chain(session.queue.into_iter().map(|waiting| waiting.outgoing)) {
            if let Some(whole) = &outgoing.share {
                self.deliver_to_another_member(now, whole, &outgoing);
            }
        }
    }
}
