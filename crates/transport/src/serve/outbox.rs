//! What a Network Connection still has to send, in bounded memory.

use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What a queued chunk costs besides its bytes.
const CHUNK_OVERHEAD: usize = 64;

/// The queue between the Server and the writer of one Network Connection. The Server never waits for it.
#[derive(Debug)]
pub(super) struct Outbox {
    state: Mutex<State>,
    wake: Notify,
    /// Wakes the reader once it may go on.
    eased: Notify,
    limit: usize,
}

#[derive(Debug, Default)]
struct State {
    chunks: VecDeque<Bytes>,
    /// Of all chunks that are not written yet, those in the hands of the writer included.
    cost: usize,
    closing: bool,
    /// Nothing can be written any more.
    failed: bool,
}

/// The peer reads so slowly that the queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overflow;

impl Outbox {
    pub(super) fn new(limit: usize) -> Self {
        Outbox { state: Mutex::default(), wake: Notify::new(), eased: Notify::new(), limit }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code between lock and unlock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends bytes. The writer starts at [`Outbox::wake`]. An empty queue takes a chunk of any size, so that a packet larger than the limit
    /// can be sent at all.
    pub(super) fn push(&self, bytes: Bytes) -> Result<(), Overflow> {
        let mut state = self.state();
        let cost = bytes.len() + CHUNK_OVERHEAD;
        if state.cost > 0 && state.cost + cost > self.limit {
            return Err(Overflow);
        }
        state.cost += cost;
        state.chunks.push_back(bytes);
        Ok(())
    }

    /// Nothing more will be pushed: the writer ends once all is out.
    pub(super) fn close(&self) {
        self.state().closing = true;
        self.wake.notify_one();
        self.eased.notify_one();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.state().closing
    }

    /// Writing has failed.
    pub(super) fn fail(&self) {
        self.state().failed = true;
        self.eased.notify_one();
    }

    /// Waits while the queue is more than half full: from a peer that does not read what it has asked for, no more is read. Its queue then
    /// overflows only by what others send to it.
    pub(super) async fn ease(&self) {
        loop {
            {
                let state = self.state();
                if state.cost <= self.limit / 2 || state.closing || state.failed {
                    return;
                }
            }
            self.eased.notified().await;
        }
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits for chunks and puts them into `batch`, which is empty; `false` if there will never be more. What was taken before is taken as
    /// written.
    pub(super) async fn take(&self, batch: &mut VecDeque<Bytes>) -> bool {
        loop {
            {
                let mut state = self.state();
                state.cost = state.chunks.iter().map(|chunk| chunk.len() + CHUNK_OVERHEAD).sum();
                if state.cost <= self.limit / 2 {
                    self.eased.notify_one();
                }
                if !state.chunks.is_empty() {
                    std::mem::swap(&mut state.chunks, batch);
                    return true;
                }
                if state.closing {
                    return false;
                }
            }
            self.wake.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_queue_refuses_what_exceeds_its_limit_until_the_writer_has_caught_up() {
        let outbox = Outbox::new(2 * (CHUNK_OVERHEAD + 1));
        let mut batch = VecDeque::new();

        assert_eq!(outbox.push(Bytes::from_static(b"a")), Ok(()));
        assert!(outbox.take(&mut batch).await);
        assert_eq!(outbox.push(Bytes::from_static(b"b")), Ok(()));
        assert_eq!(outbox.push(Bytes::from_static(b"c")), Err(Overflow));
        batch.clear();
        assert!(outbox.take(&mut batch).await);
        assert_eq!(outbox.push(Bytes::from_static(b"c")), Ok(()));
    }

    #[test]
    fn an_empty_queue_takes_a_chunk_of_any_size() {
        let outbox = Outbox::new(1);

        assert_eq!(outbox.push(Bytes::from_static(b"larger than one")), Ok(()));
    }
}
