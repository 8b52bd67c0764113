//! A Server that acknowledges nothing before it is written down (section 4.1; the promises of 4.3 over the end of the process).
//!
//! Each input is handed to the engine, what it changed to the [`Store`], and only then are its effects given out. What does not get that far
//! is as if it had never arrived: the Client has no acknowledgement and sends it again.
//!
//! Time with a store is the time since the Unix epoch, so that what expires goes on expiring while the Server is away. A Session whose Client was connected at
//! a crash gets its whole interval from the restart on, because nobody knows when the Network Connection ended.

use crate::config::Config;
use crate::restart::Persistent;
use crate::server::Server;
use crate::store::{Store, StoreError};
use protocol::Time;
use std::sync::Arc;
use transport::{ConnectionId, Hosted, Output, Service, Stimulus};

/// An engine with a store.
#[derive(Debug)]
pub struct Durable<E, S> {
    hosted: Hosted<E>,
    store: S,
    gathering: bool,
    failure: Option<String>,
}

impl<S: Store> Durable<Server, S> {
    /// A Server that goes on where the one before it ended that had the same store. The time it is handed has to go on, too.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn open(config: impl Into<Arc<Config>>, seed: u64, mut store: S) -> Result<Self, StoreError> {
        let records = store.load()?;
        match Server::restore(config, seed, records) {
            Ok(server) => Ok(Durable::new(server, store)),
            Err(error) => Err(StoreError::Damaged { name: store.name(), reason: error.to_string() }),
        }
    }
}

impl<E: Persistent, S: Store> Durable<E, S> {
    /// An engine that was restored from what the store holds.
    pub fn new(engine: E, store: S) -> Self {
        Durable { hosted: Hosted::new(engine), store, gathering: false, failure: None }
    }

    /// The engine inside.
    pub fn engine(&self) -> &E {
        self.hosted.engine()
    }

    fn write(&mut self) {
        if self.gathering || self.failure.is_some() {
            return;
        }
        let changes = self.hosted.engine_mut().take_changes();
        if changes.is_empty() {
            return;
        }
        if let Err(error) = self.store.apply(&changes) {
            self.failure = Some(format!("nothing can be kept any more: {error}"));
        }
    }
}

impl<E: Persistent, S: Store> Service for Durable<E, S> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        self.hosted.handle(now, connection, stimulus);
        self.write();
    }

    fn handle_deadline(&mut self, now: Time) {
        self.hosted.handle_deadline(now);
        self.write();
    }

    fn poll_output(&mut self) -> Option<Output> {
        if self.gathering || self.failure.is_some() { None } else { self.hosted.poll_output() }
    }

    fn next_deadline(&self) -> Option<Time> {
        if self.failure.is_some() { None } else { self.hosted.next_deadline() }
    }

    fn shutdown(&mut self, now: Time) {
        self.hosted.shutdown(now);
        self.write();
    }

    fn gather(&mut self, gathering: bool) {
        self.gathering = gathering;
        self.write();
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}
