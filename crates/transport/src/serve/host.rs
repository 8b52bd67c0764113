//! The task that owns the Service: stimuli in, outputs to the queues of the Network Connections.

use super::connection::{Inbound, read, write};
use super::outbox::Outbox;
use super::waiting::{Batches, Timer, panic_text};
use super::{ServeError, ServeOptions};
use crate::clock::Clock;
use crate::engine::ConnectionId;
use crate::listener::Listener;
use crate::service::{Output, Service, Stimulus};
use crate::stream::ByteStream;
use protocol::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use tokio::task::{AbortHandle, JoinError, JoinSet};

/// After this many bytes of output the task lets the writers run.
const BREATH: usize = 1024 * 1024;
/// How long no Network Connection is accepted after the system had no means left for one (file descriptors, memory).
const ACCEPT_PAUSE: Time = Time::from_millis(100);
/// When a Service is asked again that says that something is due even after having done it.
const SHORTEST_WAIT: Time = Time::from_millis(1);

/// The state of [`super::serve`].
pub(super) struct Host<S, C> {
    service: S,
    options: ServeOptions,
    clock: C,
    sender: Sender<Inbound>,
    connections: BTreeMap<ConnectionId, Connection>,
    /// Network Connections that will be gone at the latest at the time.
    lingering: BTreeSet<(Time, ConnectionId)>,
    /// Those whose writers have to be woken.
    touched: Vec<ConnectionId>,
    /// Bytes of output since the writers could last run.
    queued: usize,
    accept_again: Option<Time>,
    not_before: Time,
    pub(super) tasks: JoinSet<(ConnectionId, Half)>,
}

/// Which task of a Network Connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Reader,
    Writer,
}

struct Connection {
    outbox: Arc<Outbox>,
    reader: AbortHandle,
    writer: AbortHandle,
    phase: Phase,
    reader_ended: bool,
    writer_ended: bool,
    touched: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The Service knows it.
    Open,
    /// Writing has failed. What arrived before is still read; the Service hears of the end then.
    Broken { until: Time },
    /// The Service has closed it: what is queued goes out, then the peer has until the time to close, too.
    Closing { until: Time },
}

impl<S: Service, C: Clock> Host<S, C> {
    pub(super) fn new(service: S, options: ServeOptions, clock: C) -> (Self, Batches) {
        let (sender, batches) = Batches::new();
        let host = Host {
            service,
            options,
            clock,
            sender,
            connections: BTreeMap::new(),
            lingering: BTreeSet::new(),
            touched: Vec::new(),
            queued: 0,
            accept_again: None,
            not_before: Time::ZERO,
            tasks: JoinSet::new(),
        };
        (host, batches)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    pub(super) fn into_service(self) -> S {
        self.service
    }

    pub(super) fn may_accept(&self) -> bool {
        self.accept_again.is_none()
    }

    /// Whether the Service can go on.
    pub(super) fn check(&self) -> Result<(), ServeError> {
        self.service.failure().map_or(Ok(()), |reason| Err(ServeError::ServiceFailed(reason.to_owned())))
    }

    /// Lets the writers run if they have much to do: under load this task would otherwise fill the queues faster than they can empty them.
    pub(super) async fn breathe(&mut self) {
        if self.queued >= BREATH {
            self.queued = 0;
            tokio::task::yield_now().await;
        }
    }

    /// Does everything whose time has come.
    pub(super) fn do_what_is_due(&mut self) {
        let now = self.clock.now();
        if self.service.next_deadline().is_some_and(|deadline| deadline.max(self.not_before) <= now) {
            self.service.handle_deadline(now);
            self.not_before = now + SHORTEST_WAIT;
            self.collect(now);
        }
        while let Some(&(until, connection)) = self.lingering.first() {
            if until > now {
                break;
            }
            let broken = matches!(self.connections.get(&connection), Some(c) if matches!(c.phase, Phase::Broken { .. }));
            self.remove(connection);
            if broken {
                self.service.handle(now, connection, Stimulus::Reset);
                self.collect(now);
            }
        }
        if self.accept_again.is_some_and(|time| time <= now) {
            self.accept_again = None;
        }
        self.wake_writers();
    }

    /// Sets the timer to the next time at which something is due.
    pub(super) fn set(&self, timer: &mut Timer) {
        let service = self.service.next_deadline().map(|deadline| deadline.max(self.not_before));
        let lingering = self.lingering.first().map(|&(until, _)| until);
        let next = [service, lingering, self.accept_again].into_iter().flatten().min();
        if timer.as_ref().map(|(time, _)| *time) != next {
            *timer = next.map(|time| {
                let sleep: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(self.clock.sleep_until(time));
                (time, sleep)
            });
        }
    }

    /// A Network Connection has been opened, or could not be.
    pub(super) fn accepted<L: Listener>(&mut self, accepted: io::Result<(L::Stream, String)>) {
        use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
        match accepted {
            Ok((stream, _)) if self.connections.len() < self.options.maximum_connections => self.open(stream),
            Ok(_) => {}
            // These concern one peer that has left again.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) => {}
            Err(_) => self.accept_again = Some(self.clock.now() + ACCEPT_PAUSE),
        }
    }

    fn open<T: ByteStream>(&mut self, stream: T) {
        let id = self.options.connection_ids.next();
        let outbox = Arc::new(Outbox::new(self.options.maximum_queued_bytes));
        let (read_half, write_half) = tokio::io::split(stream);
        let reading = read(read_half, id, self.sender.clone(), outbox.clone());
        let writing = write(write_half, id, self.sender.clone(), outbox.clone());
        let reader = self.tasks.spawn(async move {
            reading.await;
            (id, Half::Reader)
        });
        let writer = self.tasks.spawn(async move {
            writing.await;
            (id, Half::Writer)
        });
        let connection = Connection {
            outbox,
            reader,
            writer,
            phase: Phase::Open,
            reader_ended: false,
            writer_ended: false,
            touched: false,
        };
        self.connections.insert(id, connection);
        let now = self.clock.now();
        self.service.handle(now, id, Stimulus::Opened);
        self.collect(now);
        self.wake_writers();
    }

    /// Hands a batch of stimuli to the Service.
    pub(super) fn take_in(&mut self, batch: impl Iterator<Item = Inbound>) {
        let now = self.clock.now();
        self.service.gather(true);
        for inbound in batch {
            match inbound {
                Inbound::Bytes(id, bytes) => self.stimulate(now, id, Stimulus::Bytes(bytes)),
                Inbound::EndOfStream(id) => self.stimulate(now, id, Stimulus::EndOfStream),
                Inbound::ReadFailed(id) => self.reset(now, id),
                Inbound::WriteFailed(id) => self.broken(now, id),
            }
        }
        self.service.gather(false);
        self.collect(now);
        self.wake_writers();
    }

    fn stimulate(&mut self, now: Time, id: ConnectionId, stimulus: Stimulus) {
        match self.connections.get(&id).map(|connection| connection.phase) {
            Some(Phase::Open) => {
                self.service.handle(now, id, stimulus);
                self.collect(now);
            }
            Some(Phase::Broken { .. }) if stimulus == Stimulus::EndOfStream => self.reset(now, id),
            Some(Phase::Broken { .. }) => {
                self.service.handle(now, id, stimulus);
                self.collect(now);
            }
            // The Service has closed it and is not told of it any more.
            Some(Phase::Closing { .. }) | None => {}
        }
    }

    fn reset(&mut self, now: Time, id: ConnectionId) {
        let Some(connection) = self.remove(id) else { return };
        if !matches!(connection.phase, Phase::Closing { .. }) {
            self.service.handle(now, id, Stimulus::Reset);
            self.collect(now);
        }
    }

    fn broken(&mut self, now: Time, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if connection.reader_ended || connection.phase != Phase::Open {
            self.reset(now, id);
            return;
        }
        let until = now + self.options.grace;
        connection.phase = Phase::Broken { until };
        self.lingering.insert((until, id));
    }

    /// Does what the Service wants done.
    fn collect(&mut self, now: Time) {
        while let Some(output) = self.service.poll_output() {
            match output {
                Output::Bytes(id, bytes) => {
                    let Some(connection) = self.connections.get_mut(&id) else { continue };
                    if connection.phase != Phase::Open || bytes.is_empty() {
                        continue;
                    }
                    self.queued += bytes.len();
                    if connection.outbox.push(bytes).is_err() {
                        self.reset(now, id);
                    } else if !connection.touched {
                        connection.touched = true;
                        self.touched.push(id);
                    }
                }
                Output::Close(id) => self.close(now, id),
            }
        }
    }

    fn close(&mut self, now: Time, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        match connection.phase {
            Phase::Open => {
                let until = now + self.options.grace;
                connection.phase = Phase::Closing { until };
                connection.outbox.close();
                self.lingering.insert((until, id));
                self.forget_if_over(id);
            }
            // It cannot send any more: there is nothing to wait for.
            Phase::Broken { .. } => {
                self.remove(id);
            }
            Phase::Closing { .. } => {}
        }
    }

    fn wake_writers(&mut self) {
        for id in self.touched.drain(..) {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.touched = false;
                connection.outbox.wake();
            }
        }
    }

    /// A task of a Network Connection has ended.
    pub(super) fn task_ended(
        &mut self,
        ended: Option<Result<(ConnectionId, Half), JoinError>>,
    ) -> Result<(), ServeError> {
        match ended {
            Some(Ok((id, half))) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    match half {
                        Half::Reader => connection.reader_ended = true,
                        Half::Writer => connection.writer_ended = true,
                    }
                    self.forget_if_over(id);
                }
                Ok(())
            }
            Some(Err(error)) if error.is_panic() => Err(ServeError::TaskPanicked(panic_text(error))),
            Some(Err(_)) | None => Ok(()),
        }
    }

    fn forget_if_over(&mut self, id: ConnectionId) {
        let over = self.connections.get(&id).is_some_and(|connection| {
            matches!(connection.phase, Phase::Closing { .. })
                && connection.reader_ended
                && connection.writer_ended
        });
        if over {
            self.remove(id);
        }
    }

    /// Ends both tasks, which closes the stream, and forgets the Network Connection.
    fn remove(&mut self, id: ConnectionId) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        if let Phase::Broken { until } | Phase::Closing { until } = connection.phase {
            self.lingering.remove(&(until, id));
        }
        connection.reader.abort();
        connection.writer.abort();
        Some(connection)
    }

    /// The Service ends: it may send last packets, then every Network Connection is closed.
    pub(super) fn say_farewell(&mut self) {
        let now = self.clock.now();
        self.accept_again = None;
        self.service.shutdown(now);
        self.collect(now);
        let open: Vec<ConnectionId> = self.connections.keys().copied().collect();
        for id in open {
            self.close(now, id);
        }
        self.wake_writers();
    }
}
