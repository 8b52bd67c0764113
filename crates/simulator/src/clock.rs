//! Simulated time, as the code inside the simulation sees it.
//!
//! It stands still while code runs. The timers are kept here, so the simulation knows when the next of them is due, and jumps there.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use transport::Clock;

/// The clock of one simulation. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct SimulatedClock(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    next_timer: u64,
    timers: BTreeMap<(Duration, u64), Waker>,
}

impl SimulatedClock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the next timer is due.
    pub(crate) fn next_timer(&self) -> Option<Duration> {
        self.state().timers.keys().next().map(|&(deadline, _)| deadline)
    }

    /// Moves to `now` and wakes whoever has waited for it.
    pub(crate) fn advance(&self, now: Duration) {
        let mut due = Vec::new();
        {
            let mut state = self.state();
            state.now = now;
            while let Some(entry) = state.timers.first_entry().filter(|entry| entry.key().0 <= now) {
                due.push(entry.remove());
            }
        }
        due.into_iter().for_each(Waker::wake);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Duration {
        self.state().now
    }

    fn sleep_until(&self, deadline: Duration) -> impl Future<Output = ()> + Send + 'static {
        self.sleep(deadline)
    }
}

impl SimulatedClock {
    pub(crate) fn sleep(&self, deadline: Duration) -> Sleep {
        let mut state = self.state();
        state.next_timer += 1;
        Sleep { key: (deadline, state.next_timer), clock: self.clone() }
    }
}

/// A timer.
#[derive(Debug)]
pub(crate) struct Sleep {
    key: (Duration, u64),
    clock: SimulatedClock,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.timers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.state().timers.remove(&self.key);
    }
}
