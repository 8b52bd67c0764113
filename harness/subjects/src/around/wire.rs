//! The same behaviour on bytes: packets are changed before the strict decoder sees them, or after they were encoded.

use super::behaviour::{Behaviour, ChangeFrame};
use super::engine::Around;
use super::frames::frame_length;
use bytes::{Bytes, BytesMut};
use protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use transport::{ConnectionId, Engine, Hosted, Output, Service, Stimulus};

/// A hosted Engine whose bytes its behaviour may change.
#[derive(Debug)]
pub struct Wire<E> {
    hosted: Hosted<Around<E>>,
    unread: BTreeMap<ConnectionId, BytesMut>,
    outputs: VecDeque<Output>,
}

impl<E: Engine> Wire<E> {
    /// Around a hosted engine.
    pub fn new(hosted: Hosted<Around<E>>) -> Self {
        Wire { hosted, unread: BTreeMap::new(), outputs: VecDeque::new() }
    }

    fn behaviour(&self) -> Behaviour {
        self.hosted.engine().behaviour
    }

    fn take_in(&mut self, now: Time, connection: ConnectionId, bytes: Bytes, change: Option<ChangeFrame>) {
        let pieces = match change {
            Some(change) => change(&mut self.hosted.engine_mut().memory, connection, bytes),
            None => vec![bytes],
        };
        for bytes in pieces {
            self.hosted.handle(now, connection, Stimulus::Bytes(bytes));
        }
    }

    fn collect(&mut self) {
        while let Some(output) = self.hosted.poll_output() {
            match (self.behaviour().frame_out, output) {
                (Some(change), Output::Bytes(connection, bytes)) => {
                    let pieces = change(&mut self.hosted.engine_mut().memory, connection, bytes);
                    self.outputs.extend(pieces.into_iter().map(|b| Output::Bytes(connection, b)));
                }
                (_, output) => self.outputs.push_back(output),
            }
        }
    }
}

impl<E: Engine> Service for Wire<E> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        let Behaviour { frame_in, cut_off, .. } = self.behaviour();
        match stimulus {
            Stimulus::Bytes(bytes) if frame_in.is_some() || cut_off.is_some() => {
                let unread = self.unread.entry(connection).or_default();
                unread.extend_from_slice(&bytes);
                let mut frames = Vec::new();
                while let Some(length) = frame_length(unread).filter(|length| *length <= unread.len()) {
                    frames.push(unread.split_to(length).freeze());
                }
                for frame in frames {
                    self.take_in(now, connection, frame, frame_in);
                }
            }
            Stimulus::EndOfStream | Stimulus::Reset => {
                let unread = self.unread.remove(&connection).filter(|unread| !unread.is_empty());
                if let (Some(change), Some(unread)) = (cut_off, unread) {
                    self.take_in(now, connection, unread.freeze(), Some(change));
                }
                self.hosted.handle(now, connection, stimulus);
            }
            stimulus => self.hosted.handle(now, connection, stimulus),
        }
        self.collect();
    }

    fn handle_deadline(&mut self, now: Time) {
        self.hosted.handle_deadline(now);
        self.collect();
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.hosted.next_deadline()
    }

    fn shutdown(&mut self, now: Time) {
        self.hosted.shutdown(now);
        self.collect();
    }

    fn gather(&mut self, gathering: bool) {
        self.hosted.gather(gathering);
        self.collect();
    }

    fn failure(&self) -> Option<&str> {
        self.hosted.failure()
    }
}
