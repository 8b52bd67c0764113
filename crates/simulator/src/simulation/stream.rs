//! The stream that both ends use: turmoil's, with a window, and with the trouble that turmoil has no means for.

use super::board::Board;
use super::control::{Control, Side};
use crate::clock::{SimulatedClock, Sleep};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use transport::Clock;
use turmoil::net::TcpStream;

/// How many bytes one direction holds that the other end has not read yet. A writer waits at more.
const WINDOW: u64 = 64 * 1024;
/// A slow reader reads this often.
const SLOW_READS_PER_SECOND: u64 = 20;

/// One end of a Network Connection.
pub(super) struct Stream {
    inner: TcpStream,
    side: Side,
    control: Arc<Control>,
    board: Arc<Board>,
    clock: SimulatedClock,
    sleep: Option<Sleep>,
}

impl Stream {
    pub(super) fn new(
        inner: TcpStream,
        side: Side,
        control: Arc<Control>,
        board: Arc<Board>,
        clock: SimulatedClock,
    ) -> Self {
        Stream { inner, side, control, board, clock, sleep: None }
    }

    /// How many bytes may be read now; `None` if none yet.
    fn allowance(&mut self, context: &mut Context<'_>) -> Option<usize> {
        let (rate, again) = {
            let mut state = self.control.state();
            let end = &mut state.ends[self.side.index()];
            end.reader = Some(context.waker().clone());
            (end.rate, end.reads_again)
        };
        let slow = match rate {
            None => usize::MAX,
            Some(0) => return None,
            Some(rate) => {
                if self.clock.now() < again {
                    let sleep = self.sleep.insert(self.clock.sleep(again));
                    if Pin::new(sleep).poll(context).is_pending() {
                        return None;
                    }
                }
                self.sleep = None;
                usize::try_from(rate / SLOW_READS_PER_SECOND).unwrap_or(usize::MAX).max(1)
            }
        };
        Some(self.board.notices().split.unwrap_or(usize::MAX).min(slow).max(1))
    }

    /// Bytes have been read: the window opens, and a slow reader pauses.
    fn has_read(&mut self, length: usize) {
        let now = self.clock.now();
        let mut state = self.control.state();
        let end = &mut state.ends[self.side.index()];
        if let Some(rate) = end.rate.filter(|&rate| rate > 0) {
            let pause = Duration::from_nanos((length as u64).saturating_mul(1_000_000_000) / rate);
            end.reads_again = now + pause.max(Duration::from_millis(1));
        }
        let flow = &mut state.flows[self.side.receives().index()];
        flow.read += length as u64;
        let waiting = flow.waiting.take();
        drop(state);
        if let Some(writer) = waiting {
            // The writer lives on another host, which has had its turn perhaps.
            self.board.notices().dirty = true;
            writer.wake();
        }
    }

    fn read_up_to(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
        limit: usize,
    ) -> Poll<io::Result<()>> {
        if limit >= buffer.remaining() {
            return Pin::new(&mut self.inner).poll_read(context, buffer);
        }
        let mut bytes = vec![0; limit];
        let mut part = ReadBuf::new(&mut bytes);
        let result = Pin::new(&mut self.inner).poll_read(context, &mut part);
        buffer.put_slice(part.filled());
        result
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let Some(limit) = self.allowance(context) else { return Poll::Pending };
        let mut result = self.read_up_to(context, buffer, limit);
        let merge = self.board.notices().merge;
        while merge && matches!(result, Poll::Ready(Ok(()))) && buffer.remaining() > 0 {
            let length = buffer.filled().len();
            if length == before {
                break;
            }
            // What ends the stream will be seen again by the next read.
            match Pin::new(&mut self.inner).poll_read(context, buffer) {
                Poll::Ready(Ok(())) if buffer.filled().len() > length => result = Poll::Ready(Ok(())),
                _ => break,
            }
        }
        let length = buffer.filled().len() - before;
        if length > 0 {
            self.has_read(length);
        }
        // A reset is seen after what arrived before it.
        if result.is_pending() && self.control.state().ends[self.side.index()].reset {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        result
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let flow = self.side.sends().index();
        let length = {
            let mut state = self.control.state();
            if state.ends[self.side.index()].reset {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            if state.severed {
                return Poll::Ready(Ok(bytes.len()));
            }
            let flow = &mut state.flows[flow];
            let room = WINDOW.saturating_sub(flow.written - flow.read);
            if room == 0 {
                flow.waiting = Some(context.waker().clone());
                return Poll::Pending;
            }
            let left = flow.cut_at.map_or(u64::MAX, |cut| cut.saturating_sub(flow.written));
            bytes.len().min(usize::try_from(room.min(left)).unwrap_or(usize::MAX))
        };
        let written = match Pin::new(&mut self.inner).poll_write(context, &bytes[..length]) {
            Poll::Ready(Ok(written)) => written,
            other => return other,
        };
        let mut state = self.control.state();
        state.flows[flow].written += written as u64;
        if state.flows[flow].cut_at.is_some_and(|cut| state.flows[flow].written >= cut) {
            state.severed = true;
            drop(state);
            self.board.notices().severed.push((self.control.link, self.side.sends()));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_shutdown(context) {
            // turmoil says so to a second shutdown, which a system call allows.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::NotConnected => Poll::Ready(Ok(())),
            other => other,
        }
    }
}
