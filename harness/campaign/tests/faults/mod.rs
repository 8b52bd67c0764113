//! Servers that are wrong in one way each: the reference with something around it.

#![allow(dead_code, reason = "not every test needs all of them")]

use campaign::{BoxedService, Subject};
use guarantees::Kind;
use protocol::{Acknowledgement, Packet, PacketId, QoS, Time};
use reference_broker::{Config, Server};
use std::sync::Arc;
use transport::{ConnectionId, Effect, Engine, Hosted, Input};

/// The reference in its default configuration.
pub fn reference() -> Subject {
    let config = Arc::new(Config::default());
    Subject::in_memory("reference", move |seed| Box::new(Hosted::new(Server::new(config.clone(), seed))))
}

/// What is wrong with a Server: changes to what it gets and to what it wants. `None` swallows.
trait Fault: Default + Send + 'static {
    fn input(&mut self, input: Input) -> Vec<Input> {
        vec![input]
    }
    fn effect(&mut self, effect: Effect) -> Option<Effect> {
        Some(effect)
    }
}

struct Faulty<F> {
    server: Server,
    fault: F,
}

impl<F: Fault> Engine for Faulty<F> {
    fn handle(&mut self, now: Time, connection: ConnectionId, input: Input) {
        for input in self.fault.input(input) {
            self.server.handle(now, connection, input);
        }
    }
    fn handle_deadline(&mut self, now: Time) {
        self.server.handle_deadline(now);
    }
    fn poll_effect(&mut self) -> Option<Effect> {
        loop {
            let effect = self.server.poll_effect()?;
            if let Some(effect) = self.fault.effect(effect) {
                return Some(effect);
            }
        }
    }
    fn next_deadline(&self) -> Option<Time> {
        self.server.next_deadline()
    }
    fn maximum_packet_size(&self) -> u32 {
        self.server.maximum_packet_size()
    }
    fn shutdown(&mut self, now: Time) {
        self.server.shutdown(now);
    }
}

fn faulty<F: Fault>(name: &str) -> Subject {
    let config = Arc::new(Config::default());
    Subject::in_memory(name, move |seed| service::<F>(&config, seed))
}

fn service<F: Fault>(config: &Arc<Config>, seed: u64) -> BoxedService {
    Box::new(Hosted::new(Faulty { server: Server::new(config.clone(), seed), fault: F::default() }))
}

/// Nothing.
#[derive(Default)]
struct Faultless;

impl Fault for Faultless {}

/// The reference, to be served.
pub fn right() -> BoxedService {
    service::<Faultless>(&Arc::default(), 1)
}

/// One that distributes a repeated QoS 2 PUBLISH once more, to be served.
pub fn wrong() -> BoxedService {
    service::<ForgetsWhatItReceived>(&Arc::default(), 1)
}

/// A repeated QoS 2 PUBLISH is distributed once more.
#[derive(Default)]
struct ForgetsWhatItReceived;

const EXTRA: PacketId = 0xFFF0;

impl Fault for ForgetsWhatItReceived {
    fn input(&mut self, input: Input) -> Vec<Input> {
        match &input {
            Input::Received(Packet::Publish(publish)) if publish.dup && publish.qos == QoS::ExactlyOnce => {
                let mut extra = publish.clone();
                extra.packet_id = Some(EXTRA);
                let release = Input::Received(Packet::Pubrel(Acknowledgement::new(EXTRA)));
                vec![Input::Received(Packet::Publish(extra)), release, input]
            }
            _ => vec![input],
        }
    }
    fn effect(&mut self, effect: Effect) -> Option<Effect> {
        match &effect {
            Effect::Send { packet: Packet::Pubrec(a) | Packet::Pubcomp(a), .. } if a.packet_id == EXTRA => {
                None
            }
            _ => Some(effect),
        }
    }
}

/// What has to be sent again at a resumption is not.
#[derive(Default)]
struct ForgetsWhatWasInFlight;

impl Fault for ForgetsWhatWasInFlight {
    fn effect(&mut self, effect: Effect) -> Option<Effect> {
        match &effect {
            Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup => None,
            _ => Some(effect),
        }
    }
}

/// Wills are not kept.
#[derive(Default)]
struct ForgetsWills;

impl Fault for ForgetsWills {
    fn input(&mut self, mut input: Input) -> Vec<Input> {
        if let Input::Received(Packet::Connect(connect)) = &mut input {
            connect.will = None;
        }
        vec![input]
    }
}

/// Session Present is always 0.
#[derive(Default)]
struct DeniesSessions;

impl Fault for DeniesSessions {
    fn effect(&mut self, mut effect: Effect) -> Option<Effect> {
        if let Effect::Send { packet: Packet::Connack(connack), .. } = &mut effect {
            connack.session_present = false;
        }
        Some(effect)
    }
}

/// No Local is not heeded.
#[derive(Default)]
struct IgnoresNoLocal;

impl Fault for IgnoresNoLocal {
    fn input(&mut self, mut input: Input) -> Vec<Input> {
        if let Input::Received(Packet::Subscribe(subscribe)) = &mut input {
            subscribe.filters.iter_mut().for_each(|(_, options)| options.no_local = false);
        }
        vec![input]
    }
}

/// Every faulty Server, with the classes of which one has to be found.
pub fn all() -> Vec<(Subject, Vec<Kind>)> {
    vec![
        (faulty::<ForgetsWhatItReceived>("forgets what it received"), vec![Kind::Duplicated]),
        (faulty::<ForgetsWhatWasInFlight>("forgets what was in flight"), vec![Kind::Lost]),
        (faulty::<ForgetsWills>("forgets wills"), vec![Kind::WillMissing]),
        (faulty::<DeniesSessions>("denies sessions"), vec![Kind::SessionPresent]),
        (faulty::<IgnoresNoLocal>("ignores no local"), vec![Kind::NoLocal]),
    ]
}
