//! What the task that owns the Service waits for: batches of stimuli, and its timer.

use super::connection::Inbound;
use protocol::Time;
use std::future::{Future, pending};
use std::pin::Pin;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinError;

/// How many stimuli are handled between two looks at the deadlines and the listener. With reads of at most 64 KiB it bounds memory, too.
const BATCH: usize = 64;

/// What the readers and writers send, in batches.
pub(super) struct Batches {
    receiver: Receiver<Inbound>,
    batch: Vec<Inbound>,
}

impl Batches {
    pub(super) fn new() -> (Sender<Inbound>, Self) {
        let (sender, receiver) = channel(BATCH);
        (sender, Batches { receiver, batch: Vec::with_capacity(BATCH) })
    }

    pub(super) async fn wait(&mut self) -> usize {
        self.receiver.recv_many(&mut self.batch, BATCH).await
    }

    pub(super) fn without_waiting(&mut self) -> usize {
        while self.batch.len() < BATCH {
            match self.receiver.try_recv() {
                Ok(inbound) => self.batch.push(inbound),
                Err(_) => break,
            }
        }
        self.batch.len()
    }

    pub(super) fn batch(&mut self, count: usize) -> impl Iterator<Item = Inbound> + use<'_> {
        self.batch.drain(..count)
    }
}

/// A timer and its time.
pub(super) type Timer = Option<(Time, Pin<Box<dyn Future<Output = ()> + Send>>)>;

/// Completes when the timer does; never without one.
pub(super) async fn expired(timer: &mut Timer) {
    match timer {
        Some((_, sleep)) => sleep.as_mut().await,
        None => pending().await,
    }
}

/// What a task said as it panicked.
pub(super) fn panic_text(error: JoinError) -> String {
    let Ok(payload) = error.try_into_panic() else { return "without a message".to_owned() };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload
            .downcast_ref::<&str>()
            .map_or_else(|| "without a message".to_owned(), |text| (*text).to_owned()),
    }
}
