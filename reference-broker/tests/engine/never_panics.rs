//! Any Clients may send any packets in any order: the Server goes on, and keeps what holds always.

use crate::broker::*;
use proptest::prelude::*;
use protocol::{Connect, Packet, Property, Publish, QoS, ReasonCode, SubscriptionOptions, Will};
use reference_broker::Config;
use std::collections::{BTreeMap, BTreeSet};
use transport::Engine;

#[derive(Debug, Clone)]
enum Action {
    Open,
    Cut,
    Pass(u8),
    Send(Packet),
}

fn qos() -> impl Strategy<Value = QoS> {
    prop::sample::select(QoS::ALL.to_vec())
}

fn topic() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "a/b", "/", "$s/a"])
}

fn filter() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "a/+", "#", "+/b", "$share/g/#", "$share/h/a/#", "$s/#", "a#"])
}

fn connect() -> impl Strategy<Value = Packet> {
    let will = prop::option::of((qos(), topic(), any::<bool>(), 0u32..4));
    (any::<bool>(), any::<bool>(), 0usize..3, 0u32..4, 1u16..4, will).prop_map(
        |(is_5, clean_start, name, expiry, receive_maximum, will)| {
            let base = if is_5 { v5(["a", "b", ""][name]) } else { v3(["a", "b", ""][name]) };
            let mut connect = Connect { clean_start, keep_alive: 3, ..base };
            if is_5 {
                connect.properties.push(Property::SessionExpiryInterval(expiry));
                connect.properties.push(Property::ReceiveMaximum(receive_maximum));
                connect.properties.push(Property::TopicAliasMaximum(1));
                connect.properties.push(Property::MaximumPacketSize(40 + expiry));
            }
            connect.will = will.map(|(qos, topic, retain, delay)| {
                let properties = [Property::WillDelayInterval(delay)].into_iter().filter(|_| is_5).collect();
                Will { qos, retain, topic: topic.into(), payload: "gone".into(), properties }
            });
            Packet::Connect(Box::new(connect))
        },
    )
}

fn packet() -> impl Strategy<Value = Packet> {
    let id = 1u16..5;
    prop_oneof![
        3 => connect(),
        6 => (qos(), topic(), id.clone(), any::<bool>(), any::<bool>(), "[a-z]{0,20}").prop_map(
            |(qos, topic, id, retain, dup, payload)| {
                let packet_id = (qos > QoS::AtMostOnce).then_some(id);
                Packet::Publish(Publish { qos, retain, dup, packet_id, ..Publish::new(topic, payload) })
            }
        ),
        4 => (filter(), qos()).prop_map(|(f, qos)| subscribe(9, &[(f, SubscriptionOptions::at(qos))])),
        1 => filter().prop_map(|f| unsubscribe(&[f])),
        2 => id.clone().prop_map(puback),
        2 => id.clone().prop_map(pubrec),
        2 => id.clone().prop_map(pubrel),
        2 => id.prop_map(pubcomp),
        1 => Just(Packet::Pingreq),
        1 => Just(disconnect(ReasonCode::SUCCESS)),
        1 => Just(disconnect(ReasonCode::DISCONNECT_WITH_WILL_MESSAGE)),
        1 => Just(Packet::Pingresp),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => Just(Action::Open),
        1 => Just(Action::Cut),
        1 => (0u8..8).prop_map(Action::Pass),
        8 => packet().prop_map(Action::Send),
    ]
}

proptest! {
    #[test]
    fn whatever_clients_do_the_server_keeps_its_word(actions in prop::collection::vec((0usize..3, action()), 1..120)) {
        let mut config = Config { receive_maximum: 3, ..Config::default() };
        config.limits.queued_messages = 5;
        let mut broker = Broker::with(config);
        let mut newest = 0;
        let mut clients = [0u64; 3];
        let mut closed = BTreeSet::new();
        let mut greeted: BTreeSet<u64> = BTreeSet::new();
        let mut aliases: BTreeMap<u64, bool> = BTreeMap::new();
        for (who, action) in actions {
            match action {
                Action::Open => {
                    newest += 1;
                    clients[who] = newest;
                    broker.open(newest);
                }
                Action::Cut => broker.cut(clients[who]),
                Action::Pass(seconds) => broker.pass(f64::from(seconds)),
                Action::Send(packet) => broker.send(clients[who], packet),
            }
            for (id, seen) in broker.all_seen() {
                prop_assert!(!closed.contains(&id), "#{id} sees {seen:?} after its close");
                match seen {
                    Seen::Close => {
                        closed.insert(id);
                    }
                    Seen::Packet(Packet::Connack(_)) => prop_assert!(greeted.insert(id), "two CONNACKs"),
                    Seen::Packet(packet) => {
                        prop_assert!(greeted.contains(&id), "{packet:?} before CONNACK");
                        if let Packet::Publish(publish) = &packet {
                            prop_assert!(publish.packet_id != Some(0));
                            prop_assert!(!publish.topic.is_empty() || aliases.contains_key(&id));
                            if publish.properties.topic_alias().is_some() {
                                aliases.insert(id, true);
                            }
                        }
                    }
                }
            }
        }
        // In the end everything that does not last for ever is gone.
        broker.pass(1e6);
        prop_assert!(broker.server.next_deadline().is_none());
    }
}
