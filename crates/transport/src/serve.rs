//! Runs a sans-IO [`Service`] over real asynchronous streams: TCP, or those of a simulated network.
//!
//! One task owns the Service, so that it needs no locks and sees one order of events. Each Network Connection has a task that reads and one
//! that writes. The Service never waits for a peer: what cannot be sent yet is queued in bounded memory, and a peer that lets its queue
//! fill up loses its Network Connection, and nobody else does.
//!
//! Deliberately not here: packets, sockets and their options.

mod connection;
mod host;
mod outbox;
mod waiting;

use crate::clock::Clock;
use crate::engine::ConnectionId;
use crate::listener::Listener;
use crate::service::Service;
use host::Host;
use protocol::Time;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Limits and patience of [`serve`].
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// How many Network Connections may be open at a time. More are closed as soon as they are accepted.
    pub maximum_connections: usize,
    /// How many bytes may wait to be sent on one Network Connection; at more, it is closed. One packet may be larger than that.
    pub maximum_queued_bytes: usize,
    /// How long a Network Connection that the Service closed may take to send what is left and to be closed by the peer too.
    pub grace: Time,
    /// Where the numbers of Network Connections come from. Clones of one counter never give the same number twice.
    pub connection_ids: ConnectionIds,
}

impl Default for ServeOptions {
    /// 100,000 Network Connections, 32 MiB each, 2 seconds.
    fn default() -> Self {
        ServeOptions {
            maximum_connections: 100_000,
            maximum_queued_bytes: 32 * 1024 * 1024,
            grace: Time::from_secs(2),
            connection_ids: ConnectionIds::default(),
        }
    }
}

/// Numbers Network Connections. A clone counts on with the original.
#[derive(Debug, Clone, Default)]
pub struct ConnectionIds(Arc<AtomicU64>);

impl ConnectionIds {
    /// A number that was never given before.
    #[must_use]
    pub fn next(&self) -> ConnectionId {
        ConnectionId(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Why [`serve`] had to give up. Trouble of one Network Connection, or in accepting one, is no reason.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A task of a Network Connection has panicked, which is an error of this crate or of the stream.
    #[error("a task of a Network Connection panicked: {0}")]
    TaskPanicked(String),
    /// The Service cannot go on ([`Service::failure`]).
    #[error("{0}")]
    ServiceFailed(String),
}

/// Serves until `shutdown` completes; then lets the Service say farewell ([`Service::shutdown`]), sends all that is queued, closes, and gives
/// the Service back. Dropping the future ends all Network Connections at once.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve<L, S, C, F>(
    mut listener: L,
    service: S,
    options: ServeOptions,
    clock: C,
    shutdown: F,
) -> Result<S, ServeError>
where
    L: Listener,
    S: Service,
    C: Clock,
    F: Future,
{
    let (mut host, mut inbound) = Host::new(service, options, clock);
    let mut shutdown = pin!(shutdown);
    let mut timer = None;
    loop {
        host.do_what_is_due();
        host.check()?;
        host.set(&mut timer);
        tokio::select! {
            biased;
            _ = &mut shutdown => break,
            accepted = listener.accept(), if host.may_accept() => host.accepted::<L>(accepted),
            count = inbound.wait() => host.take_in(inbound.batch(count)),
            ended = host.tasks.join_next(), if !host.tasks.is_empty() => host.task_ended(ended)?,
            () = waiting::expired(&mut timer) => timer = None,
        }
        // Whatever woke the task, nobody waits longer than for one batch of the others.
        let count = inbound.without_waiting();
        host.take_in(inbound.batch(count));
        host.check()?;
        host.breathe().await;
    }

    // The port is free before the last Network Connection has closed.
    drop(listener);
    host.say_farewell();
    while !host.is_empty() {
        host.do_what_is_due();
        host.check()?;
        host.set(&mut timer);
        tokio::select! {
            biased;
            count = inbound.wait() => host.take_in(inbound.batch(count)),
            ended = host.tasks.join_next(), if !host.tasks.is_empty() => host.task_ended(ended)?,
            () = waiting::expired(&mut timer) => timer = None,
        }
    }
    host.check()?;
    Ok(host.into_service())
}
