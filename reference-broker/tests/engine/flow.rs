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

/// A Server whose Sessions have room for two short messages, and in it S, which takes one at a time of what it gets on "t".
fn narrow(maximum_packet_size: u32) -> Broker {
    let mut config = Config::default();
    config.limits.queued_bytes = 300;
    let mut broker = Broker::with(config);
    let mut connect = v5("s");
    connect.properties.push(Property::ReceiveMaximum(1));
    connect.properties.push(Property::MaximumPacketSize(maximum_packet_size));
    broker.connect(1, connect);
    broker.subscribe(1, "t", QoS::ExactlyOnce);
    broker.client(2, "p");
    broker
}

/// The Reason Code of the PUBACK or PUBREC for this message of P.
fn answer(broker: &mut Broker, packet: Packet) -> ReasonCode {
    broker.send(2, packet);
    let answers = broker.seen(2);
    match answers.as_slice() {
        [Seen::Packet(Packet::Puback(answer) | Packet::Pubrec(answer))] => answer.reason,
        other => panic!("an acknowledgement was expected: {other:?}"),
    }
}

fn short(payload: &str) -> Packet {
    publish(QoS::AtLeastOnce, "t", payload)
}

#[test]
fn what_waits_and_what_is_under_way_takes_room_until_it_is_acknowledged() {
    let mut broker = narrow(1000);

    assert_eq!(answer(&mut broker, short("1")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("2")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("3")), ReasonCode::QUOTA_EXCEEDED);
    broker.send(1, puback(1));
    assert_eq!(answer(&mut broker, short("3")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("4")), ReasonCode::QUOTA_EXCEEDED);
}

#[test]
fn a_message_of_qos_2_takes_room_until_pubrec() {
    let mut broker = narrow(1000);

    assert_eq!(answer(&mut broker, publish(QoS::ExactlyOnce, "t", "1")), ReasonCode::SUCCESS);
    broker.send(2, pubrel(7));
    broker.seen(2);
    assert_eq!(answer(&mut broker, short("2")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("3")), ReasonCode::QUOTA_EXCEEDED);
    broker.send(1, pubrec(1));
    assert_eq!(answer(&mut broker, short("3")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("4")), ReasonCode::QUOTA_EXCEEDED);
}

#[test]
fn a_message_that_need_not_wait_needs_no_room() {
    let mut broker = narrow(1000);

    assert_eq!(answer(&mut broker, short(&"x".repeat(500))), ReasonCode::SUCCESS);
    assert_eq!(broker.published(1).len(), 1);
}

#[test]
fn a_message_that_is_too_large_for_its_subscriber_takes_no_room() {
    let mut broker = narrow(40);

    assert_eq!(answer(&mut broker, short(&"x".repeat(100))), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("1")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("2")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("3")), ReasonCode::QUOTA_EXCEEDED);
}

#[test]
fn messages_that_expire_while_they_wait_give_their_room_back() {
    let mut broker = narrow(1000);
    let fleeting = |payload| match short(payload) {
        Packet::Publish(mut publish) => {
            publish.properties.push(Property::MessageExpiryInterval(1));
            Packet::Publish(publish)
        }
        other => other,
    };

    assert_eq!(answer(&mut broker, short("1")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, fleeting("2")), ReasonCode::SUCCESS);
    broker.pass(2.0);
    // For want of room.
    assert_eq!(answer(&mut broker, fleeting("3")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("4")), ReasonCode::QUOTA_EXCEEDED);
    broker.pass(2.0);
    // When its turn comes.
    broker.send(1, puback(1));
    assert_eq!(answer(&mut broker, short("5")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("6")), ReasonCode::SUCCESS);
    assert_eq!(answer(&mut broker, short("7")), ReasonCode::QUOTA_EXCEEDED);
}
