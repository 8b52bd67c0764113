//! Servers and Clients as hosts of turmoil, running the same asynchronous code as over real sockets.
//!
//! turmoil provides hosts, runtimes and ordered streams. The time is this crate's own: a step of turmoil lets every host run until it waits,
//! and between two steps the simulation jumps to the next arrival on the wire or the next timer, whichever is first.
//!
//! All Clients share one host; their links are told apart by port. turmoil's TCP does not retransmit, so loss is modelled as what an application sees of it:
//! delay.

mod board;
mod client;
mod control;
mod server;
mod stream;
mod trouble;
mod wire;

use crate::clock::SimulatedClock;
use crate::hardship::{Direction, Hardship, NotSupported};
use crate::network::{Event, LinkId, Network, Shut};
use crate::weather::Weather;
use board::Board;
use bytes::Bytes;
use client::{Command, Opening};
use control::Control;
use server::{PORT, Surroundings, Switch};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use transport::{ServeOptions, Service};
use turmoil::Sim;
use wire::Wire;

/// What a [`Simulation`] is like at its beginning.
#[derive(Debug, Clone)]
pub struct SimulationConfig {
    /// Decides every delay and every loss. Same seed, same events.
    pub seed: u64,
    /// How long a segment takes.
    pub latency: Range<Duration>,
    /// The probability with which a segment is lost, which shows as delay.
    pub loss: f64,
    /// Everything arrives at whole multiples of it. What arrives at the same time costs one step.
    pub tick: Duration,
    /// Limits and patience of the Servers.
    pub serve: ServeOptions,
}

impl Default for SimulationConfig {
    /// Seed 0, 1 to 5 ms, no loss, ticks of 1 ms.
    fn default() -> Self {
        SimulationConfig {
            seed: 0,
            latency: Duration::from_millis(1)..Duration::from_millis(5),
            loss: 0.0,
            tick: Duration::from_millis(1),
            serve: ServeOptions::default(),
        }
    }
}

struct Server {
    name: String,
    ip: IpAddr,
    switch: Rc<Switch>,
    powered: bool,
}

struct Link {
    control: Arc<Control>,
    commands: UnboundedSender<Command>,
    /// The Client has closed or reset it, and hears no more of it.
    closed: bool,
}

/// A deterministic network of Servers and Clients. Owned by one scenario; stays on its thread; must not be used inside a tokio runtime.
pub struct Simulation {
    turmoil: Sim<'static>,
    board: Arc<Board>,
    clock: SimulatedClock,
    wire: Wire,
    servers: Vec<Server>,
    links: Vec<Link>,
    openings: UnboundedSender<Opening>,
    options: ServeOptions,
    now: Duration,
}

impl Simulation {
    /// An empty network.
    #[must_use]
    pub fn new(config: SimulationConfig) -> Self {
        let mut builder = turmoil::Builder::new();
        builder
            .rng_seed(config.seed)
            .epoch(SystemTime::UNIX_EPOCH)
            .tick_duration(Duration::from_millis(1))
            .simulation_duration(Duration::from_secs(u64::from(u32::MAX)))
            // The window of a stream is in bytes (see `stream`), and no segment is empty: turmoil's own limit, in segments, is never met.
            .tcp_capacity(128 * 1024);
        let mut turmoil = builder.build();
        let board = Arc::new(Board::default());
        let clock = SimulatedClock::default();
        let (openings, receiver) = unbounded_channel();
        let client = {
            let (board, clock) = (board.clone(), clock.clone());
            let receiver = std::cell::Cell::new(Some(receiver));
            turmoil.host("clients", move || {
                // turmoil may restart hosts; this one is never restarted.
                let receiver = receiver.take().unwrap_or_else(|| unbounded_channel().1);
                client::run(receiver, board.clone(), clock.clone())
            });
            turmoil.lookup("clients")
        };
        let weather = Weather::new(config.latency, config.loss, config.tick, config.seed);
        Simulation {
            turmoil,
            board,
            clock,
            wire: Wire::new(weather, client),
            servers: Vec::new(),
            links: Vec::new(),
            openings,
            options: config.serve,
            now: Duration::ZERO,
        }
    }

    /// Adds a Server. `factory` makes it, now and again at each restart: what the closure keeps survives a crash, as a disk would.
    ///
    /// # Panics
    /// If there is a Server of that name.
    pub fn server<S, F>(&mut self, name: &str, factory: F)
    where
        S: Service + 'static,
        F: Fn() -> S + 'static,
    {
        assert!(name != "clients" && self.servers.iter().all(|s| s.name != name), "a second host {name}");
        let switch = Rc::new(Switch::new());
        let around = Surroundings {
            switch: switch.clone(),
            board: self.board.clone(),
            clock: self.clock.clone(),
            options: self.options.clone(),
        };
        let factory: Rc<dyn Fn() -> S> = Rc::new(factory);
        let label = name.to_owned();
        self.turmoil.host(name, move || server::run(around.clone(), factory.clone(), label.clone()));
        let ip = self.turmoil.lookup(name);
        self.turmoil.hold("clients", name);
        self.servers.push(Server { name: name.to_owned(), ip, switch, powered: true });
        self.board.notices().dirty = true;
    }

    /// When a timer of a Server is due next, such as that of a Keep Alive.
    #[must_use]
    pub fn next_timer(&self) -> Option<Duration> {
        self.clock.next_timer()
    }

    /// Lets every host run until it waits. No time passes.
    fn step(&mut self) {
        self.board.notices().dirty = false;
        let opens = self.wire.deliver(&self.turmoil, self.now);
        // The host of the Clients may have had its turn when it learns of the outcome.
        self.board.notices().dirty |= opens;
        self.clock.advance(self.now);
        if let Err(error) = self.turmoil.step() {
            self.board.fail(format!("a host of the simulation failed: {error}"));
        }
        let opened = self.wire.look(&self.turmoil, self.now);
        let severed = {
            let mut notices = self.board.notices();
            notices.ports.extend(opened);
            std::mem::take(&mut notices.severed)
        };
        for (link, _) in severed {
            self.wire.sever(link, &Direction::BOTH, self.now);
        }
    }

    /// Runs the hosts until nothing more happens without time passing.
    fn settle(&mut self) {
        while self.board.notices().dirty || self.next_due().is_some_and(|time| time <= self.now) {
            self.step();
        }
    }

    fn next_due(&self) -> Option<Duration> {
        [self.wire.next_arrival(), self.clock.next_timer()].into_iter().flatten().min()
    }

    fn pop(&mut self) -> Option<(LinkId, Duration, Event)> {
        let mut notices = self.board.notices();
        while let Some(event) = notices.events.pop_front() {
            if !self.links[event.0.0 as usize].closed {
                return Some(event);
            }
        }
        None
    }

    fn command(&mut self, link: LinkId, command: Command) {
        let Some(link) = self.links.get(link.0 as usize) else { return };
        // A Client whose Network Connection is over does not listen any more.
        if link.commands.send(command).is_ok() {
            self.board.notices().dirty = true;
        }
    }
}

impl Network for Simulation {
    fn connect(&mut self, server: &str) -> LinkId {
        let link = LinkId(u32::try_from(self.links.len()).unwrap_or(u32::MAX));
        let control = Arc::new(Control::new(link));
        let (commands, receiver) = unbounded_channel();
        self.links.push(Link { control: control.clone(), commands, closed: false });
        let Some(server) = self.servers.iter().find(|s| s.name == server) else {
            self.wire.open(control, None, false);
            self.board.event(link, self.now, Event::ConnectFailed(format!("no host is named {server}")));
            return link;
        };
        self.wire.open(control.clone(), Some(server.ip), !server.powered);
        let answer = self.wire.weather.arrival(self.now, Duration::ZERO) - self.now;
        let opening =
            Opening { control, server: SocketAddr::new(server.ip, PORT), answer, commands: receiver };
        if self.openings.send(opening).is_err() {
            self.board.fail("the host of the Clients is gone".to_owned());
        }
        self.board.notices().dirty = true;
        link
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        if !bytes.is_empty() {
            self.command(link, Command::Send(bytes));
        }
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        match how {
            Shut::HalfClose => self.command(link, Command::HalfClose),
            Shut::Close => self.command(link, Command::Close),
            Shut::Reset => {
                self.settle();
                if (link.0 as usize) < self.links.len() {
                    self.wire.sever(link, &[Direction::ToServer], self.now);
                }
                self.command(link, Command::Drop);
            }
        }
        if let (Shut::Close | Shut::Reset, Some(link)) = (how, self.links.get_mut(link.0 as usize)) {
            link.closed = true;
        }
    }

    fn now(&self) -> Duration {
        self.now
    }

    fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)> {
        loop {
            self.settle();
            if let Some(event) = self.pop() {
                return Some(event);
            }
            match self.next_due() {
                Some(time) if time <= until => {
                    self.now = time;
                    self.step();
                }
                _ => {
                    self.now = self.now.max(until);
                    self.clock.advance(self.now);
                    return None;
                }
            }
        }
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        self.make_trouble(&hardship)
    }

    fn failure(&self) -> Option<String> {
        self.board.notices().failure.clone()
    }

    fn is_quiet(&mut self) -> bool {
        self.settle();
        if self.wire.next_arrival().is_some() {
            return false;
        }
        let notices = self.board.notices();
        let unseen = notices.events.iter().any(|event| !self.links[event.0.0 as usize].closed);
        // Who has closed reads no more, slowly or not.
        let is_read = |link: &Link| !link.closed && link.control.is_being_read_slowly();
        !unseen && notices.answers == 0 && !self.links.iter().any(is_read)
    }
}
