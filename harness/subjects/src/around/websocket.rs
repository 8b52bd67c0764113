//! A Server behind WebSocket that answers the handshake differently, or changes frames.

use bytes::{Bytes, BytesMut};
use protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use tester::websocket::frame::Frame;
use transport::{ConnectionId, Output, Service, Stimulus};

/// What a Defect or a Variant may change.
#[derive(Debug, Clone, Copy)]
pub struct Twist {
    /// Changes the answer to the handshake; it is told the request, too.
    pub answer: Option<fn(&str, &str) -> String>,
    /// Changes a frame of a Client: none, one or several frames instead.
    pub frame_in: Option<fn(Frame) -> Vec<Frame>>,
    /// Changes a frame of the Server.
    pub frame_out: Option<fn(Frame) -> Vec<Frame>>,
}

impl Twist {
    /// Nothing is different.
    pub const NONE: Twist = Twist { answer: None, frame_in: None, frame_out: None };
}

/// A Service behind WebSocket whose bytes a twist may change.
#[derive(Debug)]
pub struct Twisted<S> {
    service: S,
    twist: Twist,
    heads: BTreeMap<ConnectionId, Heads>,
    outputs: VecDeque<Output>,
}

/// What one Network Connection has said: first a head of HTTP, then frames.
#[derive(Debug, Default)]
struct Heads {
    request: Option<String>,
    answered: bool,
    unread: BytesMut,
    unsent: BytesMut,
}

/// The head of HTTP in front of the bytes, if it is complete.
fn take_head(bytes: &mut BytesMut) -> Option<String> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    Some(String::from_utf8_lossy(&bytes.split_to(end + 4)).into_owned())
}

/// The frames in front of the bytes, changed. Bytes that are no frames stay as they are.
fn change(bytes: &mut BytesMut, how: Option<fn(Frame) -> Vec<Frame>>, mask: Option<[u8; 4]>) -> Bytes {
    let mut out = BytesMut::new();
    loop {
        match Frame::take(bytes) {
            Ok(Some(frame)) => {
                let frames = how.map_or_else(|| vec![frame.clone()], |how| how(frame.clone()));
                frames.iter().for_each(|frame| out.extend_from_slice(&frame.to_bytes(mask)));
            }
            Ok(None) => return out.freeze(),
            Err(_) => {
                out.extend_from_slice(&bytes.split());
                return out.freeze();
            }
        }
    }
}

impl<S: Service> Twisted<S> {
    /// Around a Service that speaks WebSocket.
    pub fn new(service: S, twist: Twist) -> Self {
        Twisted { service, twist, heads: BTreeMap::new(), outputs: VecDeque::new() }
    }

    fn collect(&mut self) {
        while let Some(output) = self.service.poll_output() {
            let Output::Bytes(connection, bytes) = output else {
                self.outputs.push_back(output);
                continue;
            };
            let heads = self.heads.entry(connection).or_default();
            heads.unsent.extend_from_slice(&bytes);
            if !heads.answered {
                let Some(answer) = take_head(&mut heads.unsent) else { continue };
                heads.answered = true;
                let request = heads.request.as_deref().unwrap_or_default();
                let answer =
                    self.twist.answer.map_or_else(|| answer.clone(), |twist| twist(request, &answer));
                self.outputs.push_back(Output::Bytes(connection, answer.into()));
            }
            let bytes = change(&mut heads.unsent, self.twist.frame_out, None);
            if !bytes.is_empty() {
                self.outputs.push_back(Output::Bytes(connection, bytes));
            }
        }
    }
}

impl<S: Service> Service for Twisted<S> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        let stimulus = match stimulus {
            Stimulus::Bytes(bytes) => {
                let heads = self.heads.entry(connection).or_default();
                heads.unread.extend_from_slice(&bytes);
                let mut out = BytesMut::new();
                if heads.request.is_none() {
                    heads.request = take_head(&mut heads.unread);
                    let Some(request) = &heads.request else { return };
                    out.extend_from_slice(request.as_bytes());
                }
                out.extend_from_slice(&change(&mut heads.unread, self.twist.frame_in, Some([1, 2, 3, 4])));
                Stimulus::Bytes(out.freeze())
            }
            other => other,
        };
        self.service.handle(now, connection, stimulus);
        self.collect();
    }

    fn handle_deadline(&mut self, now: Time) {
        self.service.handle_deadline(now);
        self.collect();
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.service.next_deadline()
    }

    fn shutdown(&mut self, now: Time) {
        self.service.shutdown(now);
        self.collect();
    }

    fn gather(&mut self, gathering: bool) {
        self.service.gather(gathering);
        self.collect();
    }

    fn failure(&self) -> Option<&str> {
        self.service.failure()
    }
}
