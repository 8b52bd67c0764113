//! The Testbed over real TCP sockets. Needs a tokio runtime with a `LocalSet` around it.
//!
//! Hardship of the network is what our end can do: it holds back, stays silent, resets, reads slowly, and writes in small pieces. Hardship of the Server
//! is for the commands that the user gives ([`Hooks`]).

use super::{Event, Hardship, Kind, LinkId, NotSupported, Resource, Shut, Testbed};
use crate::tester::Credentials;
use bytes::{Bytes, BytesMut};
use futures::future::LocalBoxFuture;
use protocol::Time;
use simulator::Direction;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a TCP connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Commands for the shell that start and end the Server under test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Starts it; has to return.
    pub start: Option<String>,
    /// Ends it on request.
    pub stop: Option<String>,
    /// Ends it at once, as `kill -9` does.
    pub kill: Option<String>,
}

impl Hooks {
    /// Whether the Server can be ended in some way and started again.
    #[must_use]
    pub const fn can_restart(&self) -> bool {
        self.start.is_some() && (self.stop.is_some() || self.kill.is_some())
    }
}

enum Order {
    Send(Bytes),
    Shut(Shut),
    /// Read at most so many bytes per second, 0 for not at all.
    Read(u64),
}

/// What our end does to one Network Connection.
#[derive(Debug, Default)]
struct Trouble {
    /// What we send waits.
    holds_out: bool,
    /// What we have read waits.
    holds_in: bool,
    /// It waits for ever.
    silent: bool,
    out: Vec<Bytes>,
    /// How many bytes may still go out before we break it.
    out_left: Option<u64>,
    /// How many bytes may still come in before we break it.
    in_left: Option<u64>,
}

/// Real sockets to one address.
pub struct Live {
    address: String,
    began: Instant,
    orders: BTreeMap<LinkId, mpsc::UnboundedSender<Order>>,
    events: mpsc::UnboundedReceiver<(LinkId, Time, Event)>,
    events_in: mpsc::UnboundedSender<(LinkId, Time, Event)>,
    next: u32,
    hooks: Arc<Hooks>,
    resource: Option<Resource>,
    credentials: Option<Credentials>,
    repeats_at_once: Arc<AtomicBool>,
    troubles: BTreeMap<LinkId, Trouble>,
    /// Events that were held back and are let through again.
    released: VecDeque<(LinkId, Time, Event)>,
    /// Events that are held back.
    held: Vec<(LinkId, Time, Event)>,
    /// The largest piece that we write at once.
    piece: Option<usize>,
}

impl Live {
    /// A Testbed whose Subject listens at `address`, as `host:port`.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        let (events_in, events) = mpsc::unbounded_channel();
        Live {
            address: address.into(),
            began: Instant::now(),
            orders: BTreeMap::new(),
            events,
            events_in,
            next: 1,
            hooks: Arc::default(),
            resource: None,
            credentials: None,
            repeats_at_once: Arc::default(),
            troubles: BTreeMap::new(),
            released: VecDeque::new(),
            held: Vec::new(),
            piece: None,
        }
    }

    /// With commands that start and end the Server.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Arc<Hooks>) -> Self {
        self.hooks = hooks;
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

    fn order(&self, link: LinkId, order: Order) {
        if let Some(orders) = self.orders.get(&link) {
            // The task is gone if the connection has ended: its event says so.
            let _ = orders.send(order);
        }
    }

    fn write(&mut self, link: LinkId, mut bytes: Bytes) {
        let mut over = false;
        if let Some(left) = self.troubles.get_mut(&link).and_then(|t| t.out_left.as_mut()) {
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
        let _ = self.events_in.send((link, self.began.elapsed(), Event::Reset));
        self.orders.remove(&link);
    }

    /// Lets an event through, or keeps it.
    fn admit(&mut self, link: LinkId, at: Time, event: Event) -> Option<(LinkId, Time, Event)> {
        let Some(trouble) = self.troubles.get_mut(&link) else { return Some((link, at, event)) };
        if trouble.silent {
            return None;
        }
        if trouble.holds_in {
            self.held.push((link, at, event));
            return None;
        }
        if let (Some(left), Event::Bytes(bytes)) = (trouble.in_left.as_mut(), &event) {
            let goes = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
            *left -= goes as u64;
            if *left == 0 {
                trouble.in_left = None;
                let rest = bytes.slice(..goes);
                self.break_off(link);
                return Some((link, at, Event::Bytes(rest)));
            }
        }
        Some((link, at, event))
    }
}

/// Runs a command and waits for it.
fn run(command: Option<&str>, hardship: &Hardship, absent: &'static str) -> Result<(), NotSupported> {
    let refuse = |reason| NotSupported { hardship: format!("{hardship:?}"), reason };
    let Some(command) = command else { return Err(refuse(absent)) };
    let status = std::process::Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(refuse("the command for it has failed")),
    }
}

impl Testbed for Live {
    fn kind(&self) -> Kind {
        Kind::Live
    }

    fn now(&self) -> Time {
        self.began.elapsed()
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
        let link = LinkId(self.next);
        self.next += 1;
        let (orders_in, orders) = mpsc::unbounded_channel();
        self.orders.insert(link, orders_in);
        tokio::task::spawn_local(drive(
            link,
            self.address.clone(),
            self.began,
            orders,
            self.events_in.clone(),
        ));
        link
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        match self.troubles.get_mut(&link) {
            Some(trouble) if trouble.holds_out || trouble.silent => trouble.out.push(bytes),
            _ => self.write(link, bytes),
        }
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        // A Network Connection that has gone silent stays open, whatever our side does: nobody is told.
        if !self.troubles.get(&link).is_some_and(|trouble| trouble.silent) {
            self.order(link, Order::Shut(how));
        }
    }

    fn next_event(&mut self, until: Time) -> LocalBoxFuture<'_, Option<(LinkId, Time, Event)>> {
        Box::pin(async move {
            let deadline = self.began + until;
            loop {
                if let Some(event) = self.released.pop_front() {
                    return Some(event);
                }
                let (link, at, event) = tokio::select! {
                    biased;
                    event = self.events.recv() => event?,
                    () = tokio::time::sleep_until(deadline) => return None,
                };
                if let Some(event) = self.admit(link, at, event) {
                    return Some(event);
                }
            }
        })
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        let refuse = |reason| Err(NotSupported { hardship: format!("{hardship:?}"), reason });
        match hardship {
            Hardship::Hold(link) => {
                let trouble = self.troubles.entry(link).or_default();
                (trouble.holds_out, trouble.holds_in) = (true, true);
            }
            Hardship::PartitionFrom(link) => self.troubles.entry(link).or_default().holds_in = true,
            Hardship::PartitionTo(link) => self.troubles.entry(link).or_default().holds_out = true,
            Hardship::Release(link) => {
                let trouble = self.troubles.entry(link).or_default();
                (trouble.holds_out, trouble.holds_in) = (false, false);
                for bytes in std::mem::take(&mut trouble.out) {
                    self.write(link, bytes);
                }
                let (free, held): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut self.held).into_iter().partition(|(of, ..)| *of == link);
                self.held = held;
                for (link, at, event) in free {
                    if let Some(event) = self.admit(link, at, event) {
                        self.released.push_back(event);
                    }
                }
            }
            Hardship::HalfOpen(link) => self.troubles.entry(link).or_default().silent = true,
            Hardship::Reset(link) => self.break_off(link),
            Hardship::CutAfterBytes { link, direction, bytes } => {
                let trouble = self.troubles.entry(link).or_default();
                match direction {
                    Direction::ToServer => trouble.out_left = Some(bytes),
                    Direction::ToClient => trouble.in_left = Some(bytes),
                }
            }
            Hardship::SlowReader { link, bytes_per_second } => {
                self.order(link, Order::Read(bytes_per_second))
            }
            // What the Server reads follows what we write, as far as nobody between us merges it.
            Hardship::SplitReads(bytes) => self.piece = Some(bytes),
            Hardship::MergeReads => {
                return refuse("our end of a live connection cannot make the Server read more at once");
            }
            Hardship::Latency(_) | Hardship::Loss(_) => {
                return refuse("a live network has the latency and the loss that it has");
            }
            Hardship::CrashServer(_) => {
                return run(
                    self.hooks.kill.as_deref(),
                    &hardship,
                    "there is no command that kills the Server (--hook-kill)",
                );
            }
            Hardship::StopServer(_) => {
                return run(
                    self.hooks.stop.as_deref(),
                    &hardship,
                    "there is no command that stops the Server (--hook-stop)",
                );
            }
            Hardship::RestartServer(_) => {
                return run(
                    self.hooks.start.as_deref(),
                    &hardship,
                    "there is no command that starts the Server (--hook-start)",
                );
            }
            Hardship::PowerLoss(_) => return refuse("nobody can switch a live machine off"),
        }
        Ok(())
    }
}

async fn drive(
    link: LinkId,
    address: String,
    began: Instant,
    mut orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::UnboundedSender<(LinkId, Time, Event)>,
) {
    // The scenario may be over: then nobody listens any more, which is fine.
    let tell = |event: Event| drop(events.send((link, began.elapsed(), event)));
    let mut stream = match tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(&address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return tell(Event::ConnectFailed(error.to_string())),
        Err(_) => {
            return tell(Event::ConnectFailed(format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())));
        }
    };
    // Small packets go out at once; if the option cannot be set, latency is all that suffers.
    let _ = stream.set_nodelay(true);
    tell(Event::Connected);
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    let mut write_failed = false;
    let mut rate = u64::MAX;
    loop {
        buffer.reserve(4096);
        let (mut reader, mut writer) = stream.split();
        tokio::select! {
            biased;
            read = read_at_rate(&mut reader, &mut buffer, rate) => match read {
                Ok(0) => return tell(Event::EndOfStream),
                Ok(_) => tell(Event::Bytes(buffer.split().freeze())),
                Err(_) => return tell(Event::Reset),
            },
            order = orders.recv() => match order {
                // A failed write is seen by the read that follows; keep reading, since bytes may still be waiting there.
                Some(Order::Send(bytes)) => write_failed |= !write_failed && writer.write_all(&bytes).await.is_err(),
                Some(Order::Read(bytes_per_second)) => rate = bytes_per_second,
                Some(Order::Shut(Shut::HalfClose)) => drop(writer.shutdown().await),
                Some(Order::Shut(Shut::Close)) | None => {
                    drop(writer.shutdown().await);
                    return;
                }
                Some(Order::Shut(Shut::Reset)) => {
                    drop(stream.set_zero_linger());
                    return;
                }
            },
        }
    }
}

/// Reads what there is, or a tenth of a second's worth of it after that time.
async fn read_at_rate(
    reader: &mut tokio::net::tcp::ReadHalf<'_>,
    buffer: &mut BytesMut,
    bytes_per_second: u64,
) -> std::io::Result<usize> {
    match bytes_per_second {
        u64::MAX => reader.read_buf(buffer).await,
        0 => std::future::pending().await,
        rate => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut piece = reader.take((rate / 10).max(1));
            piece.read_buf(buffer).await
        }
    }
}
