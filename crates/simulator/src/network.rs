//! What a Tester sees of a network: it opens Network Connections, sends, closes, and waits for what happens.

use crate::hardship::{Hardship, NotSupported};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// A Network Connection, as its Client numbers it: 0, 1, 2 … in the order of [`Network::connect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.0)
    }
}

/// What the Client's end of a Network Connection observes. These are different observations, and none of them is silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The Network Connection is open.
    Connected,
    /// It could not be opened. Nothing else follows.
    ConnectFailed(String),
    /// Bytes have arrived, cut into pieces as the network pleases.
    Bytes(Bytes),
    /// The Server has closed its half of the stream. Nothing else follows.
    EndOfStream,
    /// The Network Connection has failed. Nothing else follows.
    Reset,
}

/// The ways in which a Client ends a Network Connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Sends what is queued, then the end of the stream. The Client goes on reading.
    HalfClose,
    /// Sends what is queued, then closes. No more events follow.
    Close,
    /// Aborts. What has not been sent is lost. No more events follow.
    Reset,
}

/// A network around Servers. Everything but [`Network::next_event`] returns at once, and no time passes in it.
pub trait Network {
    /// Opens a Network Connection to the Server of this name. The outcome arrives as an event.
    fn connect(&mut self, server: &str) -> LinkId;

    /// Sends bytes, after [`Event::Connected`] if that has yet to come. Bytes for a Network Connection that is over are lost.
    fn send(&mut self, link: LinkId, bytes: Bytes);

    /// Ends a Network Connection.
    fn shut(&mut self, link: LinkId, how: Shut);

    /// The simulated time since the beginning.
    fn now(&self) -> Duration;

    /// Lets time pass until something is observed, or until `until`, whichever comes first. Then it is that time.
    fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)>;

    /// Makes trouble. It comes after everything that was sent before.
    ///
    /// # Errors
    /// If this network, or this Network Connection, cannot have such trouble.
    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported>;

    /// Whether nothing is under way: no bytes on the wire that will arrive, no event to be fetched. Then only the passing of time, or the
    /// Client, can make anything happen: silence is proved.
    fn is_quiet(&mut self) -> bool;

    /// Why nothing that was observed proves anything: a Server cannot go on ([`transport::Service::failure`]) or has
    /// panicked, or the network itself has. `None` as long as all is well.
    fn failure(&self) -> Option<String> {
        None
    }
}

impl<N: Network + ?Sized> Network for Box<N> {
    fn connect(&mut self, server: &str) -> LinkId {
        (**self).connect(server)
    }
    fn send(&mut self, link: LinkId, bytes: Bytes) {
        (**self).send(link, bytes);
    }
    fn shut(&mut self, link: LinkId, how: Shut) {
        (**self).shut(link, how);
    }
    fn now(&self) -> Duration {
        (**self).now()
    }
    fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)> {
        (**self).next_event(until)
    }
    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        (**self).apply(hardship)
    }
    fn is_quiet(&mut self) -> bool {
        (**self).is_quiet()
    }
    fn failure(&self) -> Option<String> {
        (**self).failure()
    }
}
