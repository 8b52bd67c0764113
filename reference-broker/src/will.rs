//! The Will Message: when it is kept, published, or thrown away (section 3.1.2.5; Will Delay Interval: 3.1.3.2.2 of 5.0).

use crate::deadline::Deadline;
use crate::journal::Key;
use crate::message::Message;
use crate::server::Server;
use crate::session::SessionId;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Time, Will};
use std::sync::Arc;

/// How a Network Connection ends, as far as the Will Message is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By a DISCONNECT that throws the Will Message away.
    Clean,
    /// In any other way.
    Failure,
}

/// A Will Message in the Session State.
#[derive(Debug)]
pub(crate) struct StoredWill {
    pub(crate) will: Will,
    /// When it is published, once its Network Connection has ended.
    pub(crate) due: Option<Time>,
}

impl StoredWill {
    pub(crate) fn new(will: Will) -> Self {
        cite!("5.0/MQTT-3.1.2-7", "3.1.1/MQTT-3.1.2-8");
        StoredWill { will, due: None }
    }

    /// The Will Delay Interval.
    pub(crate) fn delay(&self) -> Time {
        Time::from_secs(u64::from(self.will.properties.will_delay_interval().unwrap_or(0)))
    }
}

impl Server {
    /// The Network Connection of the Session has ended: throws the Will Message away, publishes it, or starts its delay.
    pub(crate) fn connection_of_will_ended(&mut self, now: Time, id: SessionId, ending: Ending) {
        match ending {
            Ending::Clean => self.forget_will(id),
            Ending::Failure => {
                let Some(session) = self.sessions.get_mut(&id) else { return };
                let Some(will) = &mut session.will else { return };
                let delay = will.delay();
                if delay.is_zero() {
                    self.publish_will(now, id);
                } else {
                    will.due = Some(now + delay);
                    self.deadlines.insert(now + delay, Deadline::WillDelay(id));
                }
            }
        }
    }

    /// Removes the Will Message unpublished: after a DISCONNECT, or because the Client is back before the delay is over.
    pub(crate) fn forget_will(&mut self, id: SessionId) {
        cite!("5.0/MQTT-3.14.4-3", "3.1.1/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-10");
        let _ = self.take_will(id);
    }

    /// Publishes the Will Message, if there is one. It leaves the Session State with that.
    pub(crate) fn publish_will(&mut self, now: Time, id: SessionId) {
        cite!("5.0/MQTT-3.1.2-8", "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-10");
        let Some((will, publisher)) = self.take_will(id) else {
            cite!("3.1.1/MQTT-3.1.2-12");
            return;
        };
        // User Properties keep their order.
        cite!("5.0/MQTT-3.1.3-10");
        let Will { qos, retain, topic, payload, properties } = will;
        let message = Arc::new(Message::new(topic, payload, qos, properties, publisher, now));
        if retain
            && self.config.retain_available
            && self.retained.has_room(&message.topic, now, &mut self.journal)
        {
            cite!("5.0/MQTT-3.1.2-15", "3.1.1/MQTT-3.1.2-17");
            self.retained.store(&message, &mut self.journal);
        } else {
            cite!("5.0/MQTT-3.1.2-14", "3.1.1/MQTT-3.1.2-16");
        }
        // Nobody can be told that a queue is full; whoever has room gets the message.
        let deliveries = self.find_subscribers(&message, retain);
        self.deliver_all(now, deliveries);
    }

    fn take_will(&mut self, id: SessionId) -> Option<(Will, ByteString)> {
        let session = self.sessions.get_mut(&id)?;
        let StoredWill { will, due } = session.will.take()?;
        self.journal.touch(Key::Session(id));
        if let Some(at) = due {
            self.deadlines.remove(at, Deadline::WillDelay(id));
        }
        Some((will, session.client_id.clone()))
    }
}
