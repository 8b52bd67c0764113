//! How a Server goes on after a restart, planned or not (section 4.1; Will Messages: 3.1.2.5; expiry: 3.1.2.11.2 of 5.0).
//!
//! The time goes on over the restart: whoever wants a [`Server`] to be durable hands it the time since a moment that stays the same, such as
//! the Unix epoch.

use crate::client::Client;
use crate::config::Config;
use crate::connection::Ending;
use crate::deadline::Deadline;
use crate::journal::Key;
use crate::server::Server;
use crate::session_id::SessionId;
use crate::store::Change;
use crate::store::codec::{Fault, Reader};
use bytes::Bytes;
use catalogue::cite;
use protocol::Time;
use std::collections::BTreeMap;
use std::sync::Arc;
use transport::Engine;

/// A sans-IO Server that says what has to be kept for its next life.
///
/// Whoever drives it takes the changes after each input, and lets no effect of the input out before they are in safety.
pub trait Persistent: Engine {
    /// The records that have changed since they were asked for last, as they are now.
    fn take_changes(&mut self) -> Vec<Change>;
}

/// A record that no Server has written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record {key:02x?} cannot be read: {reason}")]
pub struct RecordError {
    /// Its key.
    pub key: Vec<u8>,
    /// What is wrong.
    pub reason: &'static str,
}

impl Server {
    /// A Server that goes on where another one has ended that left these records, and says what changes from now on.
    ///
    /// # Errors
    /// With the first record that makes no sense.
    pub fn restore(
        config: impl Into<Arc<Config>>,
        seed: u64,
        records: BTreeMap<Vec<u8>, Vec<u8>>,
    ) -> Result<Self, RecordError> {
        let mut server = Server::new(config, seed);
        for (key, value) in records {
            let read = |server: &mut Server| -> Result<(), Fault> {
                let name = Key::read(Reader(Bytes::copy_from_slice(&key)))?;
                server.read_record(name, Reader(value.into()))
            };
            read(&mut server).map_err(|reason| RecordError { key: key.clone(), reason })?;
        }
        server.journal.begin();
        server.restored = true;
        Ok(server)
    }

    /// All records: the sum of all changes since the Server was restored from none.
    #[must_use]
    pub fn records(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let retained = self.retained.iter().map(|message| Key::Retained(message.topic.clone()));
        let keys = self.clients.iter().flat_map(|client| client.session.keys()).chain(retained);
        keys.filter_map(|key| Some((key.write(), self.record(&key)?))).collect()
    }

    /// Does what follows from the end of the last process, as soon as the time is known.
    pub(crate) fn resume(&mut self, now: Time) {
        if !std::mem::take(&mut self.restored) {
            return;
        }
        let ids: Vec<SessionId> = self.clients.iter().map(|client| client.session.id).collect();
        for id in ids {
            // What follows for one Session ends no other.
            let Some(Client { session, .. }) = self.clients.get_mut(id) else { continue };
            if session.interrupted {
                // The Network Connection has failed with the Server. Nobody knows when, so the Session gets all of its time.
                cite!("5.0/MQTT-3.1.2-23", "5.0/MQTT-3.1.2-8", "3.1.1/MQTT-3.1.2-8");
                self.leave_session(now, id, Ending::Failure);
                continue;
            }
            // Moments that went on while nobody watched. If the clock went back, nothing takes longer than it would from now on.
            if let Some(expires) = session.expires {
                let latest = now + Time::from_secs(u64::from(session.expiry_interval));
                session.expire_at(Some(expires.min(latest)), &mut self.deadlines);
                if latest < expires {
                    self.journal.touch(Key::Session(id));
                }
            }
            if let Some(will) = &mut session.will {
                let latest = now + will.delay();
                let due = will.due.map_or(latest, |due| due.min(latest));
                if will.due.replace(due) != Some(due) {
                    self.journal.touch(Key::Session(id));
                }
                self.deadlines.insert(due, Deadline::WillDelay(id));
            }
        }
    }
}

impl Persistent for Server {
    fn take_changes(&mut self) -> Vec<Change> {
        let touched = self.journal.take();
        touched.iter().map(|key| Change { key: key.write(), value: self.record(key) }).collect()
    }
}
