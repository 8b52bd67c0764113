//! Where [`serve`](crate::serve::serve) takes the time from.
//!
//! Engines never see a clock: they are handed a [`Time`]. The shells around them take it from a [`Clock`], so that the same shell runs
//! over real time and over simulated time.

use protocol::Time;
use std::future::Future;
use tokio::time::Instant;

/// A source of [`Time`]s that never go back, and a way to wait for one of them.
pub trait Clock {
    /// The present moment.
    fn now(&self) -> Time;

    /// Completes once [`Clock::now`] is at or after `deadline`. May be dropped before.
    fn sleep_until(&self, deadline: Time) -> impl Future<Output = ()> + Send + 'static;
}

/// tokio's clock, from the moment of its making: real time, or virtual time where the runtime is paused.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    start: Instant,
    /// What [`Clock::now`] was then.
    at_start: Time,
}

impl TokioClock {
    /// A clock that begins at zero now.
    #[must_use]
    pub fn new() -> Self {
        TokioClock::starting_at(Time::ZERO)
    }

    /// A clock that shows `time` now. With the time since the Unix epoch, moments mean the same in the next process; later changes of the
    /// system's clock do not show.
    #[must_use]
    pub fn starting_at(time: Time) -> Self {
        TokioClock { start: Instant::now(), at_start: time }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        TokioClock::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Time {
        self.at_start + self.start.elapsed()
    }

    fn sleep_until(&self, deadline: Time) -> impl Future<Output = ()> + Send + 'static {
        // A deadline beyond what an Instant can hold is beyond every run, too: thirty years stand for it.
        const FAR: Time = Time::from_secs(30 * 365 * 86_400);
        let from_start = deadline.saturating_sub(self.at_start);
        let instant = self.start.checked_add(from_start).unwrap_or_else(|| Instant::now() + FAR);
        tokio::time::sleep_until(instant)
    }
}
