//! The host of a Server: [`transport::serve()`](transport::serve::serve) over a turmoil listener, and its crashes and restarts.

use super::board::Board;
use super::control::{Control, Side};
use super::stream::Stream;
use crate::clock::SimulatedClock;
use crate::network::LinkId;
use std::any::Any;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use tokio::sync::Notify;
use transport::{Listener, ServeOptions, Service, serve};
use turmoil::net::TcpListener;

/// The port of every Server.
pub(super) const PORT: u16 = 1883;

/// What a Server is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Up,
    /// It ends in good order.
    Stopped,
    /// It is dead.
    Crashed,
}

/// The switch of a Server.
#[derive(Debug)]
pub(super) struct Switch {
    state: Cell<State>,
    /// Counts the starts, so that a restart that is faster than the host is a restart all the same.
    starts: Cell<u64>,
    changed: Notify,
}

impl Switch {
    pub(super) fn new() -> Self {
        Switch { state: Cell::new(State::Up), starts: Cell::new(0), changed: Notify::new() }
    }

    pub(super) fn is_up(&self) -> bool {
        self.state.get() == State::Up
    }

    pub(super) fn set(&self, state: State) {
        if state == State::Up {
            self.starts.set(self.starts.get() + 1);
        }
        self.state.set(state);
        self.changed.notify_waiters();
    }

    async fn wait(&self, condition: impl Fn(&Self) -> bool) {
        while !condition(self) {
            self.changed.notified().await;
        }
    }
}

/// What surrounds a Server.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) switch: Rc<Switch>,
    pub(super) board: Arc<Board>,
    pub(super) clock: SimulatedClock,
    pub(super) options: ServeOptions,
}

/// What the host of a Server runs: the Server, as often as it is started.
pub(super) async fn run<S: Service>(
    around: Surroundings,
    factory: Rc<dyn Fn() -> S>,
    name: String,
) -> turmoil::Result {
    let Surroundings { switch, board, clock, options } = around;
    loop {
        let start = switch.starts.get();
        let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
        let listener = Accepting { listener, board: board.clone(), clock: clock.clone() };
        let serving = async {
            let stop = switch.wait(|switch| switch.state.get() == State::Stopped);
            serve(listener, factory(), options.clone(), clock.clone(), stop).await.map(drop)
        };
        let ended = tokio::select! {
            biased;
            () = switch.wait(|s| s.state.get() == State::Crashed || s.starts.get() != start) => None,
            ended = unwinding(serving) => Some(ended),
        };
        match ended {
            Some(Err(panic)) => board.fail(format!("the Server {name} panicked: {panic}")),
            Some(Ok(Err(error))) => board.fail(format!("the Server {name} failed: {error}")),
            Some(Ok(Ok(()))) | None => {}
        }
        switch.wait(|switch| switch.is_up() && switch.starts.get() != start).await;
    }
}

/// Completes with the text of the panic if `future` panics.
async fn unwinding<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(payload) => Poll::Ready(Err(text(&*payload))),
    })
    .await
}

fn text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else {
        payload.downcast_ref::<String>().cloned().unwrap_or_else(|| "without a message".to_owned())
    }
}

struct Accepting {
    listener: TcpListener,
    board: Arc<Board>,
    clock: SimulatedClock,
}

impl Listener for Accepting {
    type Stream = Stream;

    async fn accept(&mut self) -> io::Result<(Stream, String)> {
        let (stream, peer) = self.listener.accept().await?;
        let control = self.board.notices().ports.get(&peer.port()).cloned();
        // Only the host of the Clients connects, and the wire has seen it do so.
        let control = control.unwrap_or_else(|| Arc::new(Control::new(LinkId(u32::MAX))));
        let stream = Stream::new(stream, Side::Server, control, self.board.clone(), self.clock.clone());
        Ok((stream, peer.to_string()))
    }
}
