//! The Will Message: when it is kept, published, or thrown away (section 3.1.2.5; Will Delay Interval: 3.1.3.2.2 of 5.0).

use crate::client::Client;
use crate::connection::Ending;
use crate::deadline::{Deadline, Deadlines};
use crate::journal::{Journal, Key};
use crate::message::Message;
use crate::server::Server;
use crate::session::{Session, StoredWill};
use crate::session_id::SessionId;
use catalogue::cite;
use protocol::{Time, Will};
use std::sync::Arc;

impl Session {
    /// Removes the Will Message from the Session State, if there is one.
    pub(crate) fn take_will(&mut self, deadlines: &mut Deadlines, journal: &mut Journal) -> Option<Will> {
        let StoredWill { will, due } = self.will.take()?;
        journal.touch(Key::Session(self.id));
        if let Some(at) = due {
            deadlines.remove(at, Deadline::WillDelay(self.id));
        }
        Some(will)
    }

    /// Removes the Will Message unpublished: after a DISCONNECT, or because the Client is back before the delay is over.
    pub(crate) fn forget_will(&mut self, deadlines: &mut Deadlines, journal: &mut Journal) {
        cite!("5.0/MQTT-3.14.4-3", "3.1.1/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-10");
        let _ = self.take_will(deadlines, journal);
    }
}

impl Server {
    /// The Network Connection of the Session has ended: throws the Will Message away, publishes it, or starts its delay.
    pub(crate) fn connection_of_will_ended(&mut self, now: Time, id: SessionId, ending: Ending) {
        // It is asked for a Session that has just lost its Network Connection, and so exists.
        let Some(Client { session, .. }) = self.clients.get_mut(id) else { return };
        match ending {
            Ending::Clean => session.forget_will(&mut self.deadlines, &mut self.journal),
            Ending::Failure => {
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

    /// Publishes the Will Message, if there is one. It leaves the Session State with that.
    pub(crate) fn publish_will(&mut self, now: Time, id: SessionId) {
        cite!("5.0/MQTT-3.1.2-8", "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-10");
        // It is asked at the end of a Session or of a delay that goes with it, so the Session exists.
        let Some(Client { session, .. }) = self.clients.get_mut(id) else { return };
        let Some(will) = session.take_will(&mut self.deadlines, &mut self.journal) else {
            cite!("3.1.1/MQTT-3.1.2-12");
            return;
        };
        let publisher = session.client_id.clone();
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
}
