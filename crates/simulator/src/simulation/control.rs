//! The control block of one Network Connection, which both ends of its stream look at.

use crate::hardship::Direction;
use crate::network::LinkId;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

/// An end of a Network Connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

impl Side {
    pub(super) const fn index(self) -> usize {
        match self {
            Side::Client => 0,
            Side::Server => 1,
        }
    }

    /// In which direction this end sends.
    pub(super) const fn sends(self) -> Direction {
        match self {
            Side::Client => Direction::ToServer,
            Side::Server => Direction::ToClient,
        }
    }

    /// In which direction this end receives.
    pub(super) const fn receives(self) -> Direction {
        match self {
            Side::Client => Direction::ToClient,
            Side::Server => Direction::ToServer,
        }
    }
}

/// The control block.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) link: LinkId,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) flows: [Flow; 2],
    pub(super) ends: [End; 2],
    /// The Network Connection is cut: what is written vanishes, until the reset arrives.
    pub(super) severed: bool,
}

/// One direction.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) written: u64,
    /// How much of it has arrived. What was under way when the Network Connection fell silent never will.
    pub(super) arrived: u64,
    pub(super) read: u64,
    /// After how many bytes, from the beginning, the cut is.
    pub(super) cut_at: Option<u64>,
    /// A writer that waits for the window to open.
    pub(super) waiting: Option<Waker>,
}

/// One end.
#[derive(Debug, Default)]
pub(super) struct End {
    /// A reset has arrived.
    pub(super) reset: bool,
    /// The task that reads, to be woken by trouble.
    pub(super) reader: Option<Waker>,
    /// How fast this end reads, in bytes per second.
    pub(super) rate: Option<u64>,
    /// When it may read again.
    pub(super) reads_again: Duration,
}

impl Control {
    pub(super) fn new(link: LinkId) -> Self {
        Control { link, state: Mutex::default() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reset arrives at `side`.
    pub(super) fn reset(&self, side: Side) {
        let mut state = self.state();
        state.ends[side.index()].reset = true;
        let wakers =
            [state.ends[side.index()].reader.take(), state.flows[side.sends().index()].waiting.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Whether the Client has still to read, at its pace, what has arrived.
    pub(super) fn is_being_read_slowly(&self) -> bool {
        let state = self.state();
        let flow = &state.flows[Direction::ToClient.index()];
        let end = &state.ends[Side::Client.index()];
        end.rate.is_some_and(|rate| rate > 0) && !end.reset && flow.read < flow.arrived
    }

    /// Lets the reader of `side` look again at how it may read.
    pub(super) fn wake_reader(&self, side: Side) {
        let waker = self.state().ends[side.index()].reader.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
