//! What the code inside the simulation and the simulation around it tell each other.

use super::control::Control;
use crate::hardship::Direction;
use crate::network::{Event, LinkId};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The notice board of one simulation. All is on one thread; the lock is there because streams have to be `Send`.
#[derive(Debug, Default)]
pub(super) struct Board(Mutex<Notices>);

#[derive(Debug, Default)]
pub(super) struct Notices {
    /// Something can go on without time passing: hosts have to be run once more.
    pub(super) dirty: bool,
    /// What Clients have observed.
    pub(super) events: VecDeque<(LinkId, Duration, Event)>,
    /// Answers of Servers to new Network Connections that are under way.
    pub(super) answers: usize,
    /// Network Connections that have reached their cut, and on the way in which direction.
    pub(super) severed: Vec<(LinkId, Direction)>,
    /// The controls of the Network Connections, by the port of the Client.
    pub(super) ports: BTreeMap<u16, Arc<Control>>,
    /// Why the simulation is worth nothing any more.
    pub(super) failure: Option<String>,
    /// The most bytes of one read, on all streams.
    pub(super) split: Option<usize>,
    /// Whether a read takes all there is, on all streams.
    pub(super) merge: bool,
}

impl Board {
    pub(super) fn notices(&self) -> MutexGuard<'_, Notices> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn event(&self, link: LinkId, at: Duration, event: Event) {
        self.notices().events.push_back((link, at, event));
    }

    pub(super) fn fail(&self, reason: String) {
        self.notices().failure.get_or_insert(reason);
    }
}
