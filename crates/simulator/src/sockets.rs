//! Real sockets to a Server anywhere, with the trouble that our end can make: it holds back, delays, stays silent, breaks off, reads slowly, and
//! writes in small pieces. What happens to the Server itself is up to commands that the user gives ([`Hooks`]).
//!
//! Time is real. Everything runs in tasks of a tokio `LocalSet`, which has to be there when [`Sockets::connect`] is called, and has to run for
//! [`Sockets::next_event`].

mod hooks;
#[cfg(test)]
mod order;
mod stream;

pub use hooks::Hooks;

use crate::hardship::{Direction, Hardship, NotSupported};
use crate::network::{Event, LinkId, Shut};
use crate::weather::Weather;
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use stream::Order;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What our end does to one Network Connection.
#[derive(Debug, Default)]
struct Trouble {
    /// What we send waits.
    holds_out: bool,
    /// What we have read waits.
    holds_in: bool,
    /// Nothing goes through any more, in either direction.
    silent: bool,
    out: Vec<Late>,
    /// What has come in and waits, with the time at which it came.
    held: Vec<(Duration, Event)>,
    /// How many bytes may still go out before we break it.
    out_left: Option<u64>,
    /// How many bytes may still come in before we break it.
    in_left: Option<u64>,
    /// When the last of what is late in each direction is due.
    last: [Duration; 2],
}

/// What happens later, because of the latency that our end adds.
#[derive(Debug)]
enum Late {
    Send(Bytes),
    Shut(Shut),
    Break,
    Event(Event),
}

/// Real sockets to one address.
pub struct Sockets {
    address: String,
    began: Instant,
    orders: BTreeMap<LinkId, mpsc::UnboundedSender<Order>>,
    events: mpsc::UnboundedReceiver<(LinkId, Duration, Event)>,
    events_in: mpsc::UnboundedSender<(LinkId, Duration, Event)>,
    next: u32,
    hooks: Arc<Hooks>,
    troubles: BTreeMap<LinkId, Trouble>,
    /// Events that may be fetched.
    ready: VecDeque<(LinkId, Duration, Event)>,
    /// The largest piece that we write at once.
    piece: Option<usize>,
    weather: Weather,
    late: BTreeMap<(Duration, u64), (LinkId, Late)>,
    posted: u64,
}

impl Sockets {
    /// Sockets to `address`, which is `host:port`. What is left to chance follows from `seed`.
    #[must_use]
    pub fn new(address: impl Into<String>, seed: u64) -> Self {
        let (events_in, events) = mpsc::unbounded_channel();
        Sockets {
            address: address.into(),
            began: Instant::now(),
            orders: BTreeMap::new(),
            events,
            events_in,
            next: 0,
            hooks: Arc::default(),
            troubles: BTreeMap::new(),
            ready: VecDeque::new(),
            piece: None,
            weather: Weather::new(Duration::ZERO..Duration::ZERO, 0.0, Duration::from_millis(1), seed),
            late: BTreeMap::new(),
            posted: 0,
        }
    }

    /// With commands that start and end the Server.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Arc<Hooks>) -> Self {
        self.hooks = hooks;
        self
    }

    /// The time since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Opens a Network Connection. Returns at once; [`Event::Connected`] or [`Event::ConnectFailed`] follows.
    ///
    /// # Panics
    /// Outside of a `LocalSet`.
    pub fn connect(&mut self) -> LinkId {
        let link = LinkId(self.next);
        self.next += 1;
        let (orders_in, orders) = mpsc::unbounded_channel();
        self.orders.insert(link, orders_in);
        let (address, events) = (self.address.clone(), self.events_in.clone());
        tokio::task::spawn_local(stream::drive(link, address, self.began, orders, events));
        link
    }

    /// Sends bytes. After the end of the Network Connection this does nothing.
    pub fn send(&mut self, link: LinkId, bytes: Bytes) {
        self.post_out(link, Late::Send(bytes));
    }

    /// Ends our side of a Network Connection. One that has gone silent stays open, whatever our side does: nobody is told.
    pub fn shut(&mut self, link: LinkId, how: Shut) {
        self.post_out(link, Late::Shut(how));
    }

    /// The next event on any Network Connection with its time, or `None` once `until` is reached without one.
    pub async fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)> {
        loop {
            self.do_what_is_due();
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let due = self.late.keys().next().map_or(until, |&(due, _)| due.min(until));
            let deadline = self.began + due;
            tokio::select! {
                biased;
                event = self.events.recv() => {
                    let (link, at, event) = event?;
                    self.admit(link, at, event);
                }
                () = tokio::time::sleep_until(deadline) => {
                    if self.now() >= until && self.late.keys().next().is_none_or(|&(due, _)| due > self.now()) {
                        return None;
                    }
                }
            }
        }
    }

    /// Whether nothing is under way at our end. What the Server and the network have under way nobody knows.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.late.is_empty() && self.ready.is_empty() && self.events.is_empty()
    }

    /// Makes trouble.
    ///
    /// # Errors
    /// If our end cannot make it, or a command for it is missing or fails.
    pub fn apply(&mut self, hardship: &Hardship) -> Result<(), NotSupported> {
        let refuse = |reason| Err(NotSupported::new(hardship, reason));
        match hardship {
            Hardship::Hold(link) => {
                let trouble = self.trouble(*link);
                (trouble.holds_out, trouble.holds_in) = (true, true);
            }
            Hardship::PartitionFrom(link) => self.trouble(*link).holds_in = true,
            Hardship::PartitionTo(link) => self.trouble(*link).holds_out = true,
            Hardship::Release(link) => self.release(*link),
            Hardship::HalfOpen(link) => {
                self.trouble(*link).silent = true;
                self.late.retain(|_, (of, _)| of != link);
            }
            Hardship::Reset(link) => self.post_out(*link, Late::Break),
            Hardship::CutAfterBytes { link, bytes: 0, .. } => self.break_off(*link),
            Hardship::CutAfterBytes { link, direction, bytes } => {
                let left = Some(*bytes).filter(|bytes| *bytes < u64::MAX);
                match direction {
                    Direction::ToServer => self.trouble(*link).out_left = left,
                    Direction::ToClient => self.trouble(*link).in_left = left,
                }
            }
            Hardship::SlowReader { link, bytes_per_second } => {
                self.order(*link, Order::Read(*bytes_per_second));
            }
            // What the Server reads follows what we write, as far as nobody between us merges it.
            Hardship::SplitReads(bytes) => self.piece = Some(*bytes),
            Hardship::MergeReads => {
                return refuse("our end of a live connection cannot make the Server read more at once");
            }
            Hardship::Latency(latency) => self.weather.latency = latency.clone(),
            Hardship::Loss(probability) => self.weather.loss = *probability,
            Hardship::CrashServer(_) | Hardship::StopServer(_) | Hardship::RestartServer(_) => {
                return self.hooks.obey(hardship);
            }
            Hardship::PowerLoss(_) => return refuse("nobody can switch a live machine off"),
        }
        Ok(())
    }

    fn trouble(&mut self, link: LinkId) -> &mut Trouble {
        self.troubles.entry(link).or_default()
    }

    fn order(&self, link: LinkId, order: Order) {
        if let Some(orders) = self.orders.get(&link) {
            // The task is gone if the connection has ended: its event says so.
            let _ = orders.send(order);
        }
    }

    /// Something of ours goes on its way, unless it has to wait.
    fn post_out(&mut self, link: LinkId, late: Late) {
        let trouble = self.trouble(link);
        if trouble.silent {
            return;
        }
        if trouble.holds_out && !matches!(late, Late::Break) {
            trouble.out.push(late);
            return;
        }
        self.post(link, Direction::ToServer, late);
    }

    fn post(&mut self, link: LinkId, direction: Direction, late: Late) {
        // Nothing overtakes what is due by now and has not happened yet.
        let now = self.do_what_is_due();
        let last = self.trouble(link).last[direction.index()];
        let is_calm = self.weather.latency.end.is_zero() && self.weather.loss == 0.0;
        if is_calm && last <= now {
            return self.happen(link, late);
        }
        let due = if is_calm { last } else { self.weather.arrival(now, last) };
        self.trouble(link).last[direction.index()] = due;
        self.posted += 1;
        self.late.insert((due, self.posted), (link, late));
    }

    /// Gives the time up to which all has happened.
    fn do_what_is_due(&mut self) -> Duration {
        let now = self.now();
        while let Some(entry) = self.late.first_entry().filter(|entry| entry.key().0 <= now) {
            let (link, late) = entry.remove();
            self.happen(link, late);
        }
        now
    }

    fn happen(&mut self, link: LinkId, late: Late) {
        match late {
            Late::Send(bytes) => self.write(link, bytes),
            Late::Shut(how) => self.order(link, Order::Shut(how)),
            Late::Break => self.break_off(link),
            Late::Event(event) => self.ready.push_back((link, self.now(), event)),
        }
    }

    fn write(&mut self, link: LinkId, mut bytes: Bytes) {
        let mut over = false;
        if let Some(left) = self.trouble(link).out_left.as_mut() {
            over = bytes.len() as u64 >= *left;
            let goes = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
            *left -= goes as u64;
            bytes.truncate(goes);
        }
        let piece = self.piece.unwrap_or(usize::MAX).max(1);
        while !bytes.is_empty() {
            let next = bytes.split_to(piece.min(bytes.len()));
            self.order(link, Order::Send(next));
        }
        if over {
            self.break_off(link);
        }
    }

    /// What the network does when it breaks: both ends see it.
    fn break_off(&mut self, link: LinkId) {
        self.order(link, Order::Shut(Shut::Reset));
        // The receiver of events is our own.
        let _ = self.events_in.send((link, self.now(), Event::Reset));
        self.orders.remove(&link);
    }

    /// Something has come in: lets it through, now or later, or keeps it.
    fn admit(&mut self, link: LinkId, at: Duration, event: Event) {
        let trouble = self.trouble(link);
        if trouble.silent {
            return;
        }
        if trouble.holds_in {
            trouble.held.push((at, event));
            return;
        }
        let mut event = event;
        if let (Some(left), Event::Bytes(bytes)) = (trouble.in_left.as_mut(), &mut event) {
            if *left == 0 {
                // It came behind the cut.
                return;
            }
            bytes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= bytes.len() as u64;
            if *left == 0 {
                self.break_off(link);
            }
        }
        self.do_what_is_due();
        let trouble = self.trouble(link);
        let is_calm = trouble.last[Direction::ToClient.index()] <= at;
        if is_calm && self.weather.latency.end.is_zero() && self.weather.loss == 0.0 {
            self.ready.push_back((link, at, event));
        } else {
            self.post(link, Direction::ToClient, Late::Event(event));
        }
    }

    fn release(&mut self, link: LinkId) {
        let trouble = self.trouble(link);
        (trouble.holds_out, trouble.holds_in) = (false, false);
        let (out, held) = (std::mem::take(&mut trouble.out), std::mem::take(&mut trouble.held));
        for late in out {
            self.post_out(link, late);
        }
        for (at, event) in held {
            self.admit(link, at, event);
        }
    }
}
