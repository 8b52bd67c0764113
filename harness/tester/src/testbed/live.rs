//! The Testbed over real TCP sockets. Needs a tokio runtime with a `LocalSet` around it.

use super::{Credentials, Event, Hardship, Kind, LinkId, NotSupported, Resource, Shut, Testbed};
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use protocol::Time;
use simulator::Sockets;
pub use simulator::sockets::Hooks;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Real sockets to one address.
pub struct Live {
    address: String,
    sockets: Sockets,
    resource: Option<Resource>,
    credentials: Option<Credentials>,
    repeats_at_once: Arc<AtomicBool>,
}

impl Live {
    /// A Testbed whose Subject listens at `address`, as `host:port`.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        let address = address.into();
        Live {
            sockets: Sockets::new(address.clone(), 0),
            address,
            resource: None,
            credentials: None,
            repeats_at_once: Arc::default(),
        }
    }

    /// With commands that start and end the Server.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Arc<Hooks>) -> Self {
        self.sockets = self.sockets.with_hooks(hooks);
        self
    }

    /// The Subject is reached by WebSocket, if there is a resource.
    #[must_use]
    pub fn with_resource(mut self, resource: Option<Resource>) -> Self {
        self.resource = resource;
        self
    }

    /// The Subject serves these alone.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Option<Credentials>) -> Self {
        self.credentials = credentials;
        self
    }

    /// Shares with other Testbeds of the run what is known about repeats ([`Testbed::repeats_at_once`]).
    #[must_use]
    pub fn sharing_repeats(mut self, repeats_at_once: Arc<AtomicBool>) -> Self {
        self.repeats_at_once = repeats_at_once;
        self
    }
}

impl Testbed for Live {
    fn kind(&self) -> Kind {
        Kind::Live
    }

    fn host(&self) -> &str {
        &self.address
    }

    fn now(&self) -> Time {
        self.sockets.now()
    }

    fn resource(&self) -> Option<&Resource> {
        self.resource.as_ref()
    }

    fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    fn repeats_at_once(&self) -> bool {
        self.repeats_at_once.load(Ordering::Relaxed)
    }

    fn has_repeated_at_once(&mut self) {
        self.repeats_at_once.store(true, Ordering::Relaxed);
    }

    fn connect(&mut self) -> LinkId {
        self.sockets.connect()
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        self.sockets.send(link, bytes);
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        self.sockets.shut(link, how);
    }

    fn next_event(&mut self, until: Time) -> LocalBoxFuture<'_, Option<(LinkId, Time, Event)>> {
        Box::pin(self.sockets.next_event(until))
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        match hardship {
            // Scenarios about the weather mean that of a whole network, with the times of both ends.
            Hardship::Latency(_) | Hardship::Loss(_) => Err(NotSupported {
                hardship: format!("{hardship:?}"),
                reason: "a live network has the latency and the loss that it has",
            }),
            hardship => self.sockets.apply(&hardship),
        }
    }
}
