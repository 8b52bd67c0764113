//! A Server with Clients that a test plays.

use bytes::Bytes;
use protocol::{
    Acknowledgement, Connack, Connect, Disconnect, Packet, Properties, Property, Publish, QoS, ReasonCode,
    Subscribe, SubscriptionOptions, Time, Unsubscribe, Version, Will,
};
use reference_broker::{Config, Server};
use std::collections::BTreeMap;
use transport::{ConnectionId, Effect, Engine, Input};

/// What one Client sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    Packet(Packet),
    Close,
}

pub struct Broker {
    pub server: Server,
    pub now: Time,
    seen: Vec<(u64, Seen)>,
}

impl Broker {
    pub fn new() -> Self {
        Broker::with(Config::default())
    }

    pub fn with(config: Config) -> Self {
        Broker { server: Server::new(config, 1), now: Time::ZERO, seen: Vec::new() }
    }

    /// A Server that can be restarted and says what it changes.
    pub fn durable(config: Config) -> Self {
        let server = Server::restore(config, 1, BTreeMap::new()).expect("there is nothing to misread");
        Broker { server, now: Time::ZERO, seen: Vec::new() }
    }

    /// The process dies and another one goes on, this many seconds later. Network Connections are numbered from the beginning again.
    pub fn restart(&mut self, seconds: f64) {
        let (config, records) = (self.server.config().clone(), self.server.records());
        self.server = Server::restore(config, 2, records).expect("a Server reads what a Server wrote");
        self.now += Time::from_secs_f64(seconds);
        self.seen.clear();
        self.server.handle_deadline(self.now);
        self.collect();
    }

    fn collect(&mut self) {
        while let Some(effect) = self.server.poll_effect() {
            let id = effect.connection().0;
            self.seen.push(match effect {
                Effect::Send { packet, .. } => (id, Seen::Packet(packet)),
                Effect::SendRaw { .. } => unreachable!("the engine thinks in packets"),
                Effect::Close { .. } => (id, Seen::Close),
            });
        }
    }

    pub fn input(&mut self, id: u64, input: Input) {
        self.server.handle(self.now, ConnectionId(id), input);
        self.collect();
    }

    pub fn open(&mut self, id: u64) {
        self.input(id, Input::Opened);
    }

    pub fn send(&mut self, id: u64, packet: Packet) {
        self.input(id, Input::Received(packet));
    }

    pub fn cut(&mut self, id: u64) {
        self.input(id, Input::Ended);
    }

    /// Lets time pass, deadline by deadline.
    pub fn pass(&mut self, seconds: f64) {
        let end = self.now + Time::from_secs_f64(seconds);
        while let Some(at) = self.server.next_deadline().filter(|at| *at <= end) {
            self.now = at;
            self.server.handle_deadline(at);
            self.collect();
        }
        self.now = end;
    }

    /// What this Client has seen since it was asked last.
    pub fn seen(&mut self, id: u64) -> Vec<Seen> {
        let (mine, others) = std::mem::take(&mut self.seen).into_iter().partition(|(to, _)| *to == id);
        self.seen = others;
        let mine: Vec<(u64, Seen)> = mine;
        mine.into_iter().map(|(_, seen)| seen).collect()
    }

    pub fn all_seen(&mut self) -> Vec<(u64, Seen)> {
        std::mem::take(&mut self.seen)
    }

    /// The PUBLISH packets this Client has seen since it was asked last; everything else is forgotten.
    pub fn published(&mut self, id: u64) -> Vec<Publish> {
        let publish = |seen| match seen {
            Seen::Packet(Packet::Publish(publish)) => Some(publish),
            _ => None,
        };
        self.seen(id).into_iter().filter_map(publish).collect()
    }

    /// The payloads of those.
    pub fn payloads(&mut self, id: u64) -> Vec<String> {
        self.published(id).iter().map(|p| String::from_utf8_lossy(&p.payload).into_owned()).collect()
    }

    /// Opens a Network Connection, sends CONNECT, and gives the CONNACK.
    pub fn connect(&mut self, id: u64, connect: Connect) -> Connack {
        self.open(id);
        self.send(id, Packet::Connect(Box::new(connect)));
        let position = self
            .seen
            .iter()
            .position(|(to, seen)| *to == id && matches!(seen, Seen::Packet(Packet::Connack(_))));
        match position.map(|position| self.seen.remove(position)) {
            Some((_, Seen::Packet(Packet::Connack(connack)))) => connack,
            _ => panic!("no CONNACK, but {:?}", self.seen),
        }
    }

    /// A Client of 5.0 with a fresh Session that ends with the Network Connection.
    pub fn client(&mut self, id: u64, name: &str) {
        let connack = self.connect(id, v5(name));
        assert_eq!(connack.reason, ReasonCode::SUCCESS);
    }

    /// A Client of 5.0 with a Session that stays for ten minutes.
    pub fn lasting(&mut self, id: u64, name: &str) -> Connack {
        self.connect(id, lasting(name))
    }

    pub fn subscribe(&mut self, id: u64, filter: &str, qos: QoS) {
        self.subscribe_as(id, filter, SubscriptionOptions::at(qos));
    }

    pub fn subscribe_as(&mut self, id: u64, filter: &str, options: SubscriptionOptions) {
        self.send(id, subscribe(9, &[(filter, options)]));
    }

    pub fn publish(&mut self, id: u64, qos: QoS, topic: &str, payload: &str) {
        self.send(id, publish(qos, topic, payload));
    }
}

pub fn v5(name: &str) -> Connect {
    Connect::new(Version::V500, name)
}

pub fn v3(name: &str) -> Connect {
    Connect::new(Version::V311, name)
}

pub fn lasting(name: &str) -> Connect {
    let properties = Properties::new().with(Property::SessionExpiryInterval(600));
    Connect { clean_start: false, properties, ..v5(name) }
}

pub fn with_will(connect: Connect, qos: QoS, delay: Option<u32>) -> Connect {
    let properties = delay.map(Property::WillDelayInterval).into_iter().collect();
    let payload = Bytes::from_static(b"gone");
    Connect { will: Some(Will { qos, retain: false, topic: "will".into(), payload, properties }), ..connect }
}

/// A PUBLISH with Packet Identifier 7.
pub fn publish(qos: QoS, topic: &str, payload: &str) -> Packet {
    let packet_id = (qos > QoS::AtMostOnce).then_some(7);
    Packet::Publish(Publish { qos, packet_id, ..Publish::new(topic, payload.to_owned()) })
}

pub fn retained(qos: QoS, topic: &str, payload: &str) -> Packet {
    let Packet::Publish(publish) = publish(qos, topic, payload) else { unreachable!() };
    Packet::Publish(Publish { retain: true, ..publish })
}

pub fn subscribe(packet_id: u16, filters: &[(&str, SubscriptionOptions)]) -> Packet {
    let filters = filters.iter().map(|(filter, options)| ((*filter).into(), *options)).collect();
    Packet::Subscribe(Subscribe { packet_id, properties: Properties::new(), filters })
}

pub fn unsubscribe(filters: &[&str]) -> Packet {
    let filters = filters.iter().map(|filter| (*filter).into()).collect();
    Packet::Unsubscribe(Unsubscribe { packet_id: 8, properties: Properties::new(), filters })
}

pub fn puback(id: u16) -> Packet {
    Packet::Puback(Acknowledgement::new(id))
}

pub fn pubrec(id: u16) -> Packet {
    Packet::Pubrec(Acknowledgement::new(id))
}

pub fn pubrel(id: u16) -> Packet {
    Packet::Pubrel(Acknowledgement::new(id))
}

pub fn pubcomp(id: u16) -> Packet {
    Packet::Pubcomp(Acknowledgement::new(id))
}

pub fn disconnect(reason: ReasonCode) -> Packet {
    Packet::Disconnect(Disconnect::new(reason))
}

/// The Reason Code of what a Client has seen, if it is one DISCONNECT and a close.
pub fn disconnected(seen: &[Seen]) -> Option<ReasonCode> {
    match seen {
        [Seen::Packet(Packet::Disconnect(disconnect)), Seen::Close] => Some(disconnect.reason),
        _ => None,
    }
}
