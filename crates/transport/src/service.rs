//! The face of a sans-IO Server that thinks in bytes, and how an [`Engine`] becomes one.
//!
//! Every Server in this repository is a [`Service`]: the reference broker, the reference broker with something around it (a Defect, a store, a WebSocket), and
//! the null Servers. So each of them can be hosted by a Testbed, by a network, or by real sockets, without knowing which.

use crate::engine::{ConnectionId, Effect, Engine, Input};
use bytes::{Bytes, BytesMut};
use protocol::{Decoder, Limits, Time, encode};
use std::collections::{BTreeMap, VecDeque};

/// What happens to a Server on one Network Connection, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stimulus {
    /// A Client has opened the Network Connection.
    Opened,
    /// Bytes have arrived.
    Bytes(Bytes),
    /// The Client has closed its half: no more bytes will arrive.
    EndOfStream,
    /// The Network Connection has failed.
    Reset,
}

/// What a Server wants done, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes.
    Bytes(ConnectionId, Bytes),
    /// Close the Network Connection once all is out.
    Close(ConnectionId),
}

/// A sans-IO Server in bytes: what a Testbed hosts, and what real listeners serve. After each call of [`Service::handle`] or
/// [`Service::handle_deadline`] the caller takes outputs until there are none.
pub trait Service {
    /// Takes in what happened at `now`, which never goes back.
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus);
    /// Does whatever was due at or before `now`.
    fn handle_deadline(&mut self, now: Time);
    /// The next output, in order.
    fn poll_output(&mut self) -> Option<Output>;
    /// When [`Service::handle_deadline`] has to be called at the latest, if nothing else happens before.
    fn next_deadline(&self) -> Option<Time>;
    /// The Server ends: it may say farewell on its Network Connections, which are all closed after its last output.
    fn shutdown(&mut self, now: Time) {
        let _ = now;
    }
    /// Between `gather(true)` and `gather(false)` the caller hands in several stimuli, and the Service may keep its outputs back: one that
    /// writes to a disk before it lets anything out then writes once for all of them.
    fn gather(&mut self, gathering: bool);
    /// Why the Service cannot go on, if it cannot. It gives no outputs any more; the caller ends it without a farewell.
    fn failure(&self) -> Option<&str>;
}

impl<S: Service + ?Sized> Service for Box<S> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        (**self).handle(now, connection, stimulus);
    }
    fn handle_deadline(&mut self, now: Time) {
        (**self).handle_deadline(now);
    }
    fn poll_output(&mut self) -> Option<Output> {
        (**self).poll_output()
    }
    fn next_deadline(&self) -> Option<Time> {
        (**self).next_deadline()
    }
    fn shutdown(&mut self, now: Time) {
        (**self).shutdown(now);
    }
    fn gather(&mut self, gathering: bool) {
        (**self).gather(gathering);
    }
    fn failure(&self) -> Option<&str> {
        (**self).failure()
    }
}

/// Packets are encoded one behind the other in a piece of memory of so many bytes, which lives until all of them are gone.
const SCRATCH: usize = 4_096;

/// An [`Engine`] with a decoder on each Network Connection.
#[derive(Debug)]
pub struct Hosted<E> {
    engine: E,
    decoders: BTreeMap<ConnectionId, Decoder>,
    outputs: VecDeque<Output>,
    scratch: BytesMut,
}

impl<E: Engine> Hosted<E> {
    /// Hosts `engine`.
    pub fn new(engine: E) -> Self {
        let scratch = BytesMut::with_capacity(SCRATCH);
        Hosted { engine, decoders: BTreeMap::new(), outputs: VecDeque::new(), scratch }
    }

    /// The engine inside.
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// The engine inside, to command it (a shutdown, say). Outputs are polled afterwards as usual.
    pub fn engine_mut(&mut self) -> &mut E {
        &mut self.engine
    }

    fn collect(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            let connection = effect.connection();
            // An engine may go on about a Network Connection that has ended meanwhile.
            if !self.decoders.contains_key(&connection) {
                continue;
            }
            match effect {
                Effect::Send { version, packet, .. } => {
                    // A packet without an encoding (a field that is too long) cannot be sent; the Client sees the failure of its connection.
                    match encode(&packet, version, &mut self.scratch) {
                        Ok(()) => {
                            self.outputs.push_back(Output::Bytes(connection, self.scratch.split().freeze()))
                        }
                        Err(_) => self.close(connection),
                    }
                }
                Effect::SendRaw { bytes, .. } => self.outputs.push_back(Output::Bytes(connection, bytes)),
                Effect::Close { .. } => self.close(connection),
            }
        }
    }

    fn close(&mut self, connection: ConnectionId) {
        self.decoders.remove(&connection);
        self.outputs.push_back(Output::Close(connection));
    }
}

impl<E: Engine> Service for Hosted<E> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Opened => {
                let limits = Limits { maximum_packet_size: self.engine.maximum_packet_size() };
                self.decoders.insert(connection, Decoder::for_server(limits));
                self.engine.handle(now, connection, Input::Opened);
                self.collect();
            }
            Stimulus::Bytes(bytes) => {
                if let Some(decoder) = self.decoders.get_mut(&connection) {
                    decoder.feed(bytes);
                }
                // Effects are taken after each packet: one of them may close the Network Connection, and what follows is then not read.
                while let Some(decoder) = self.decoders.get_mut(&connection) {
                    match decoder.next_packet() {
                        None => break,
                        Some(Ok(packet)) => {
                            self.engine.handle(now, connection, Input::Received(packet));
                            self.collect();
                        }
                        Some(Err(error)) => {
                            self.engine.handle(now, connection, Input::Malformed(error));
                            self.collect();
                            break;
                        }
                    }
                }
            }
            Stimulus::EndOfStream | Stimulus::Reset => {
                if self.decoders.remove(&connection).is_some() {
                    self.engine.handle(now, connection, Input::Ended);
                    self.collect();
                    self.outputs.push_back(Output::Close(connection));
                }
            }
        }
    }

    fn handle_deadline(&mut self, now: Time) {
        self.engine.handle_deadline(now);
        self.collect();
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.engine.next_deadline()
    }

    fn shutdown(&mut self, now: Time) {
        self.engine.shutdown(now);
        self.collect();
    }

    /// There is nothing to write, so that nothing has to be kept back.
    fn gather(&mut self, _gathering: bool) {}

    /// An [`Engine`] in memory can always go on.
    fn failure(&self) -> Option<&str> {
        None
    }
}
