//! The Server under test, as a run needs it: something that can be started, and started again.

use crate::driver::Host;
use crate::live::Target;
use crate::schedule::Down;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use transport::{ConnectionId, Output, Service, Stimulus};

/// A Server in bytes.
pub type BoxedService = Box<dyn Service + Send>;

/// Where a Server runs during one run: what outlives its process.
pub trait Machine {
    /// Starts the Server, for the first time or again. One that keeps nothing has forgotten all.
    fn start(&mut self) -> BoxedService;

    /// The Server is about to go down. With [`Down::PowerLoss`], what was not synced is gone.
    fn goes_down(&mut self, how: Down) {
        let _ = how;
    }

    /// Whether the Server promises to keep what it has acknowledged: Sessions, messages and retained messages.
    fn keeps_sessions(&self) -> bool {
        false
    }
}

/// Makes the machine of a run, from the seed of its workload.
type MakeMachine = dyn Fn(u64) -> Box<dyn Machine> + Send + Sync;

/// A Server to be judged, by name.
#[derive(Clone)]
pub struct Subject {
    name: Arc<str>,
    place: Arc<Place>,
}

/// Where it runs.
enum Place {
    /// On a machine of its own in each run.
    Machines(Box<MakeMachine>),
    /// Somewhere.
    Live(Target),
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subject").field(&self.name).finish()
    }
}

impl Subject {
    /// A Server in memory, which `make` makes from a seed: a restart forgets all.
    pub fn in_memory(name: &str, make: impl Fn(u64) -> BoxedService + Send + Sync + 'static) -> Self {
        let make = Arc::new(make);
        Subject::on_machines(name, move |seed| Box::new(InMemory { make: make.clone(), seed }))
    }

    /// A Server on a machine of its own in each run.
    pub fn on_machines(name: &str, make: impl Fn(u64) -> Box<dyn Machine> + Send + Sync + 'static) -> Self {
        Subject { name: name.into(), place: Arc::new(Place::Machines(Box::new(make))) }
    }

    /// A Server that runs somewhere.
    #[must_use]
    pub fn live(name: &str, target: Target) -> Self {
        Subject { name: name.into(), place: Arc::new(Place::Live(target)) }
    }

    /// Where it runs, if it is live.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        match &*self.place {
            Place::Live(target) => Some(target),
            Place::Machines(_) => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The machine of a run; `None` if it is live, and not ours.
    pub(crate) fn machine(&self, seed: u64) -> Option<SharedMachine> {
        match &*self.place {
            Place::Machines(make) => {
                Some(SharedMachine { machine: Rc::new(RefCell::new(make(seed))), shift: Rc::default() })
            }
            Place::Live(_) => None,
        }
    }
}

struct InMemory {
    make: Arc<dyn Fn(u64) -> BoxedService + Send + Sync>,
    seed: u64,
}

impl Machine for InMemory {
    fn start(&mut self) -> BoxedService {
        (self.make)(self.seed)
    }
}

/// The machine, shared by the network, which starts the Server, and the driver, which lets it fall.
#[derive(Clone)]
pub(crate) struct SharedMachine {
    machine: Rc<RefCell<Box<dyn Machine>>>,
    /// How far its clock is ahead.
    shift: Rc<Cell<Duration>>,
}

impl SharedMachine {
    pub(crate) fn start(&self) -> Clocked {
        Clocked { service: self.machine.borrow_mut().start(), shift: self.shift.clone() }
    }
}

impl Host for SharedMachine {
    fn goes_down(&self, how: Down) {
        self.machine.borrow_mut().goes_down(how);
    }

    fn keeps_sessions(&self, _after: Down) -> bool {
        self.machine.borrow().keeps_sessions()
    }

    fn move_clock(&self, by: Duration) -> bool {
        self.shift.set(self.shift.get() + by);
        true
    }
}

/// A Server whose clock may be ahead of the network's.
pub(crate) struct Clocked {
    service: BoxedService,
    shift: Rc<Cell<Duration>>,
}

impl Service for Clocked {
    fn handle(&mut self, now: Duration, connection: ConnectionId, stimulus: Stimulus) {
        self.service.handle(now + self.shift.get(), connection, stimulus);
    }
    fn handle_deadline(&mut self, now: Duration) {
        self.service.handle_deadline(now + self.shift.get());
    }
    fn poll_output(&mut self) -> Option<Output> {
        self.service.poll_output()
    }
    fn next_deadline(&self) -> Option<Duration> {
        Some(self.service.next_deadline()?.saturating_sub(self.shift.get()))
    }
    fn shutdown(&mut self, now: Duration) {
        self.service.shutdown(now + self.shift.get());
    }
    fn gather(&mut self, gathering: bool) {
        self.service.gather(gathering);
    }
    fn failure(&self) -> Option<&str> {
        self.service.failure()
    }
}
