//! An Engine with a Behaviour around it, which sees and may change every input and effect.

use super::behaviour::Behaviour;
use super::memory::Memory;
use protocol::Time;
use reference_broker::Persistent;
use reference_broker::store::Change;
use std::collections::VecDeque;
use transport::{ConnectionId, Effect, Engine, Input};

/// An [`Engine`] whose inputs and effects a behaviour may change.
#[derive(Debug)]
pub struct Around<E> {
    engine: E,
    pub(super) behaviour: Behaviour,
    pub(super) memory: Memory,
    effects: VecDeque<Effect>,
}

impl<E: Engine> Around<E> {
    /// Puts a behaviour around an engine.
    pub fn new(engine: E, behaviour: Behaviour) -> Self {
        Around { engine, behaviour, memory: Memory::default(), effects: VecDeque::new() }
    }

    fn forward(&mut self, now: Time, connection: ConnectionId, input: Input) {
        self.memory.present = Some(input.clone());
        self.engine.handle(now, connection, input);
        self.collect(now);
        self.memory.present = None;
    }

    fn collect(&mut self, now: Time) {
        while let Some(effect) = self.engine.poll_effect() {
            self.memory.note_effect(&effect);
            match self.behaviour.effect {
                None => self.effects.push_back(effect),
                Some(change) => self.effects.extend(change(&mut self.memory, now, effect)),
            }
        }
        self.effects.extend(self.memory.effects.drain(..));
    }
}

impl<E: Persistent> Persistent for Around<E> {
    fn take_changes(&mut self) -> Vec<Change> {
        self.engine.take_changes()
    }
}

impl<E: Engine> Engine for Around<E> {
    fn handle(&mut self, now: Time, connection: ConnectionId, input: Input) {
        self.memory.note_input(connection, &input);
        let inputs = match self.behaviour.input {
            None => vec![input],
            Some(change) => change(&mut self.memory, now, connection, input),
        };
        for input in inputs {
            self.forward(now, connection, input);
        }
        self.collect(now);
        for (connection, input) in std::mem::take(&mut self.memory.inputs) {
            self.forward(now, connection, input);
        }
    }

    fn handle_deadline(&mut self, now: Time) {
        while let Some(effect) = self.memory.take_due(now) {
            self.effects.push_back(effect);
        }
        self.engine.handle_deadline(now);
        self.collect(now);
    }

    fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        [self.engine.next_deadline(), self.memory.next_deadline()].into_iter().flatten().min()
    }

    fn maximum_packet_size(&self) -> u32 {
        self.engine.maximum_packet_size()
    }

    fn shutdown(&mut self, now: Time) {
        self.engine.shutdown(now);
        self.collect(now);
    }
}
