//! How a Network Connection leaves its Session behind, and how a Session ends (sections 3.1.2.11.2 of 5.0 and 3.1.2.4 of 3.1.1).

use crate::client::Client;
use crate::connection::Ending;
use crate::journal::Key;
use crate::server::Server;
use crate::session::Progress;
use crate::session_id::SessionId;
use catalogue::cite;
use protocol::topic::validate_filter;
use protocol::{QoS, Time, Version};

/// The Session Expiry Interval that means for ever.
pub(crate) const NEVER: u32 = u32::MAX;

impl Server {
    /// The Network Connection of the Session has ended.
    pub(crate) fn leave_session(&mut self, now: Time, id: SessionId, ending: Ending) {
        // A Session does not end before its Network Connection.
        let Some(client) = self.clients.get_mut(id) else { return };
        client.connected = None;
        let session = &mut client.session;
        session.interrupted = false;
        session.repeat.clear();
        self.journal.touch(Key::Session(id));
        let interval = session.expiry_interval;
        if interval != 0 && interval != NEVER {
            let at = now + Time::from_secs(u64::from(interval));
            session.expire_at(Some(at), &mut self.deadlines);
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
        // Whoever ends a Session has found it, and the publication of its Will Message ends none.
        let Some(Client { mut session, .. }) = self.clients.remove(id) else { return };
        self.journal.touch_all(&session);
        session.expire_at(None, &mut self.deadlines);
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
