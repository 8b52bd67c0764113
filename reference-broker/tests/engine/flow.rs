//! Receive Maximum in both directions, and bounded queues (section 4.9).

use crate::broker::*;
use protocol::{Packet, Property, Publish, QoS, ReasonCode};
use reference_broker::Config;

fn numbered(qos: QoS, packet_id: u16) -> Packet {
    Packet::Publish(Publish { qos, packet_id: Some(packet_id), ..Publish::new("t", packet_id.to_string()) })
}

fn receiver(maximum: u16) -> Broker {
    let mut broker = Broker::new();
    let mut client = lasting("a");
    client.properties.push(Property::ReceiveMaximum(maximum));
    broker.connect(1, client);
    broker.subscribe(1, "t", QoS::ExactlyOnce);
    broker.client(2, "b");
    broker.seen(1);
    broker
}

#[test]
fn no_more_than_the_receive_maximum_is_unacknowledged_and_qos_0_is_not_held_back() {
    let mut broker = receiver(2);

    for id in 1..=4 {
        broker.send(2, numbered(QoS::AtLeastOnce, id));
    }
    broker.publish(2, QoS::AtMostOnce, "t", "zero");
    let at_first = broker.payloads(1);
    broker.send(1, puback(2));
    let after_one = broker.payloads(1);
    broker.send(1, puback(2));

    assert_eq!(at_first, ["1", "2", "zero"]);
    assert_eq!(after_one, ["3"]);
    assert!(broker.payloads(1).is_empty(), "an unknown acknowledgement gives nothing back");
}

#[test]
fn the_quota_of_qos_2_comes_back_with_pubcomp_not_with_pubrec() {
    let mut broker = receiver(1);
    broker.send(2, numbered(QoS::ExactlyOnce, 1));
    broker.send(2, numbered(QoS::ExactlyOnce, 2));
    broker.seen(1);

    broker.send(1, pubrec(1));
    let after_pubrec = broker.payloads(1);
    broker.send(1, pubcomp(1));

    assert!(after_pubrec.is_empty());
    assert_eq!(broker.payloads(1), ["2"]);
}

#[test]
fn repetitions_keep_to_the_receive_maximum_of_the_new_network_connection() {
    let mut broker = receiver(3);
    for id in 1..=3 {
        broker.send(2, numbered(QoS::AtLeastOnce, id));
    }
    broker.cut(1);
    broker.seen(1);
    let mut client = lasting("a");
    client.properties.push(Property::ReceiveMaximum(1));

    broker.connect(3, client);
    let at_first = broker.payloads(3);
    broker.send(3, puback(1));

    assert_eq!(at_first, ["1"]);
    assert_eq!(broker.payloads(3), ["2"]);
}

#[test]
fn a_client_above_the_servers_receive_maximum_is_disconnected() {
    let mut broker = Broker::with(Config { receive_maximum: 2, ..Config::default() });
    broker.client(1, "a");

    for id in [1, 2, 2, 1] {
        broker.send(1, numbered(QoS::ExactlyOnce, id));
    }
    broker.send(1, pubrel(1));
    broker.send(1, numbered(QoS::ExactlyOnce, 3));
    let meanwhile = broker.seen(1);
    broker.send(1, numbered(QoS::ExactlyOnce, 4));

    assert!(!meanwhile.contains(&Seen::Close));
    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::RECEIVE_MAXIMUM_EXCEEDED));
}

#[test]
fn a_message_without_room_in_a_queue_is_refused_for_everybody() {
    let mut config = Config::default();
    config.limits.queued_messages = 1;
    let mut broker = Broker::with(config);
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "b");
    broker.subscribe(2, "t", QoS::AtLeastOnce);
    broker.connect(3, v3("c"));
    broker.publish(2, QoS::AtLeastOnce, "t", "kept");
    broker.seen(2);

    broker.publish(2, QoS::AtLeastOnce, "t", "refused");
    let answer = broker.seen(2);
    broker.publish(3, QoS::AtLeastOnce, "t", "refused");
    broker.lasting(4, "a");

    assert!(
        matches!(&answer[..], [Seen::Packet(Packet::Puback(a))] if a.reason == ReasonCode::QUOTA_EXCEEDED)
    );
    assert_eq!(broker.seen(3), [Seen::Close]);
    assert_eq!(broker.payloads(4), ["kept"]);
}
