//! Whatever Clients do: what the changes add up to is what the Server has to keep, and a Server that reads it has the same.

use crate::broker::*;
use proptest::prelude::*;
use protocol::{
    Acknowledgement, Connect, Packet, Properties, Property, Publish, QoS, ReasonCode, SubscriptionOptions,
    Will,
};
use reference_broker::{Config, Persistent, Server};
use std::collections::BTreeMap;

type Records = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(Debug, Clone)]
enum Action {
    /// The Client connects anew. Its Session lasts this many seconds.
    Connect {
        clean_start: bool,
        expiry: u32,
        will_delay: Option<u32>,
        receive_maximum: u16,
        maximum_packet_size: u32,
    },
    Cut,
    Pass(u8),
    Restart,
    Send(Packet),
    /// Says this about the delivery with the lowest Packet Identifier, of all that the Client knows of.
    Acknowledge(fn(Acknowledgement) -> Packet, ReasonCode),
}

fn connect() -> impl Strategy<Value = Action> {
    (prop::bool::weighted(0.1), 0u32..5, prop::option::of(0u32..3), 1u16..4, prop::bool::weighted(0.6))
        .prop_map(|(clean_start, expiry, will_delay, receive_maximum, is_large)| Action::Connect {
            clean_start,
            expiry,
            will_delay,
            receive_maximum,
            maximum_packet_size: if is_large { 1000 } else { 12 },
        })
}

fn publish() -> impl Strategy<Value = Action> {
    let qos = prop::sample::select(QoS::ALL.to_vec());
    let topic = prop::sample::select(vec!["a", "a/b", "c"]);
    (qos, topic, 1u16..4, prop::bool::weighted(0.3), "[a-z]{0,3}", prop::option::of(1u32..4)).prop_map(
        |(qos, topic, id, retain, payload, expiry)| {
            let packet_id = (qos > QoS::AtMostOnce).then_some(id);
            let properties = expiry.map(Property::MessageExpiryInterval).into_iter().collect();
            Action::Send(Packet::Publish(Publish {
                qos,
                retain,
                packet_id,
                properties,
                ..Publish::new(topic, payload)
            }))
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    let filter = || prop::sample::select(vec!["a", "a/+", "#", "$share/g/#"]);
    let qos = prop::sample::select(vec![QoS::AtLeastOnce, QoS::ExactlyOnce]);
    prop_oneof![
        3 => connect(),
        2 => Just(Action::Cut),
        2 => (0u8..3).prop_map(Action::Pass),
        1 => Just(Action::Restart),
        8 => publish(),
        3 => (filter(), qos).prop_map(|(f, qos)| Action::Send(subscribe(9, &[(f, SubscriptionOptions::at(qos))]))),
        1 => filter().prop_map(|f| Action::Send(unsubscribe(&[f]))),
        2 => (1u16..4).prop_map(|id| Action::Send(pubrel(id))),
        2 => Just(Action::Acknowledge(Packet::Puback, ReasonCode::SUCCESS)),
        3 => Just(Action::Acknowledge(Packet::Pubrec, ReasonCode::SUCCESS)),
        1 => Just(Action::Acknowledge(Packet::Pubrec, ReasonCode::UNSPECIFIED_ERROR)),
        3 => Just(Action::Acknowledge(Packet::Pubcomp, ReasonCode::SUCCESS)),
        1 => Just(Action::Send(disconnect(ReasonCode::SUCCESS))),
    ]
}

fn write(server: &mut Server, records: &mut Records) {
    for change in server.take_changes() {
        match change.value {
            Some(value) => records.insert(change.key, value),
            None => records.remove(&change.key),
        };
    }
}

/// Three Clients and what each of them knows.
struct Clients {
    broker: Broker,
    newest: u64,
    connections: [u64; 3],
    /// Packet Identifiers of deliveries, by how far they have come: what has to be said next.
    known: [BTreeMap<u16, &'static str>; 3],
}

impl Clients {
    fn act(&mut self, who: usize, action: Action) {
        let id = self.connections[who];
        match action {
            Action::Connect { clean_start, expiry, will_delay, receive_maximum, maximum_packet_size } => {
                self.newest += 1;
                self.connections[who] = self.newest;
                let properties = Properties::new()
                    .with(Property::SessionExpiryInterval(expiry))
                    .with(Property::ReceiveMaximum(receive_maximum))
                    .with(Property::MaximumPacketSize(maximum_packet_size));
                let will = will_delay.map(|delay| Will {
                    qos: QoS::AtLeastOnce,
                    retain: true,
                    topic: "a".into(),
                    payload: "gone".into(),
                    properties: Properties::new().with(Property::WillDelayInterval(delay)),
                });
                let connect = Connect { clean_start, properties, will, ..v5(["x", "y", "z"][who]) };
                self.broker.open(self.newest);
                self.broker.send(self.newest, Packet::Connect(Box::new(connect)));
            }
            Action::Cut => self.broker.cut(id),
            Action::Pass(seconds) => self.broker.pass(f64::from(seconds)),
            Action::Restart => self.broker.restart(1.0),
            Action::Send(packet) => self.broker.send(id, packet),
            Action::Acknowledge(packet, reason) => {
                let says = packet(Acknowledgement::new(1));
                let next = self.known[who]
                    .iter()
                    .find(|(_, next)| **next == says.packet_type().name())
                    .map(|(id, _)| *id);
                let Some(packet_id) = next else { return };
                self.known[who].remove(&packet_id);
                self.broker.send(id, packet(Acknowledgement { reason, ..Acknowledgement::new(packet_id) }));
            }
        }
        for (to, seen) in self.broker.all_seen() {
            let Some(who) = self.connections.iter().position(|connection| *connection == to) else {
                continue;
            };
            match seen {
                Seen::Packet(Packet::Publish(Publish { qos, packet_id: Some(id), .. })) => {
                    let next = if qos == QoS::ExactlyOnce { "PUBREC" } else { "PUBACK" };
                    self.known[who].insert(id, next);
                }
                Seen::Packet(Packet::Pubrel(pubrel)) => {
                    self.known[who].insert(pubrel.packet_id, "PUBCOMP");
                }
                Seen::Packet(_) | Seen::Close => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_changes_add_up_to_the_state_and_the_state_survives_restarts(
        actions in prop::collection::vec((0usize..3, action()), 1..80),
    ) {
        let mut config = Config::default();
        config.limits.queued_messages = 3;
        config.limits.retained_messages = 2;
        let broker = Broker::durable(config.clone());
        let mut clients = Clients { broker, newest: 0, connections: [0; 3], known: Default::default() };
        let mut records = Records::new();
        for who in 0..3 {
            let connect = Action::Connect {
                clean_start: false,
                expiry: 3,
                will_delay: None,
                receive_maximum: 2,
                maximum_packet_size: 1000,
            };
            clients.act(who, connect);
        }
        for (who, action) in actions {
            let is_restart = matches!(action, Action::Restart);
            if is_restart {
                let restored = Server::restore(config.clone(), 1, records.clone()).expect("it is readable");
                prop_assert_eq!(restored.records(), records.clone());
            }
            clients.act(who, action);
            write(&mut clients.broker.server, &mut records);
            prop_assert_eq!(&clients.broker.server.records(), &records);
        }
    }

    #[test]
    fn a_damaged_record_is_refused_and_never_a_panic(
        key in prop::collection::vec(any::<u8>(), 0..20),
        value in prop::collection::vec(any::<u8>(), 0..60),
        kind in 1u8..7,
    ) {
        let key = std::iter::once(kind).chain(key).collect();

        let _ = Server::restore(Config::default(), 1, BTreeMap::from([(key, value)]));
    }
}

#[test]
fn what_is_too_large_when_its_turn_to_be_sent_again_comes_is_not_kept() {
    let mut broker = Broker::durable(Config::default());
    let mut records = Records::new();
    broker.lasting(1, "x");
    broker.subscribe(1, "a", QoS::AtLeastOnce);
    broker.publish(1, QoS::AtLeastOnce, "a", "small");
    broker.publish(1, QoS::AtLeastOnce, "a", &"large".repeat(20));
    let first = broker.published(1)[0].packet_id.expect("it is above QoS 0");
    let mut narrow = lasting("x");
    narrow.properties.push(Property::ReceiveMaximum(1));
    narrow.properties.push(Property::MaximumPacketSize(40));
    broker.connect(2, narrow);
    write(&mut broker.server, &mut records);
    let before = records.len();

    broker.send(2, puback(first));
    write(&mut broker.server, &mut records);

    assert_eq!(records, broker.server.records());
    assert_eq!(records.len(), before - 2);
}
