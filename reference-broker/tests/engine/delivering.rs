//! PUBLISH to a Client: sizes, aliases, expiry, acknowledgements (sections 3.1.2.11, 3.3.2.3, 4.3).

use crate::broker::*;
use protocol::{Acknowledgement, Packet, Property, Publish, QoS, ReasonCode};

#[test]
fn a_message_too_large_for_one_client_is_as_if_delivered_to_it() {
    let mut broker = Broker::new();
    let mut small = lasting("a");
    small.properties.push(Property::MaximumPacketSize(40));
    broker.connect(1, small.clone());
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    broker.client(2, "b");
    broker.subscribe(2, "t", QoS::AtLeastOnce);

    broker.publish(2, QoS::AtLeastOnce, "t", &"x".repeat(100));
    broker.publish(2, QoS::AtLeastOnce, "t", "y");
    let (first, second) = (broker.payloads(1), broker.payloads(2));
    broker.cut(1);
    broker.connect(3, small);

    assert_eq!(first, ["y"]);
    assert_eq!(second.len(), 2);
    assert_eq!(broker.payloads(3), ["y"]);
}

#[test]
fn aliases_are_used_as_far_as_the_client_allows() {
    let mut broker = Broker::new();
    let mut client = v5("a");
    client.properties.push(Property::TopicAliasMaximum(1));
    broker.connect(1, client);
    broker.subscribe(1, "#", QoS::AtMostOnce);

    for topic in ["a", "b", "a", "b"] {
        broker.publish(1, QoS::AtMostOnce, topic, "x");
    }

    let sent: Vec<_> =
        broker.published(1).iter().map(|p| (p.topic.to_string(), p.properties.topic_alias())).collect();
    let expected = [("a", Some(1)), ("b", None), ("", Some(1)), ("b", None)];
    assert_eq!(sent, expected.map(|(topic, alias)| (topic.to_owned(), alias)));
}

#[test]
fn a_waiting_message_expires_and_the_rest_is_told_how_long_it_has_waited() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "b");
    for seconds in [5, 100] {
        let Packet::Publish(publish) = publish(QoS::AtLeastOnce, "t", "x") else { unreachable!() };
        let properties = protocol::Properties::new().with(Property::MessageExpiryInterval(seconds));
        broker.send(2, Packet::Publish(Publish { properties, ..publish }));
    }

    broker.pass(5.0);
    broker.lasting(3, "a");

    let expiries: Vec<_> =
        broker.published(3).iter().map(|p| p.properties.message_expiry_interval()).collect();
    assert_eq!(expiries, [Some(95)]);
}

#[test]
fn dup_of_the_publisher_is_not_passed_on() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    let Packet::Publish(publish) = publish(QoS::AtLeastOnce, "t", "x") else { unreachable!() };

    broker.send(1, Packet::Publish(Publish { dup: true, ..publish }));

    assert!(!broker.published(1)[0].dup);
}

#[test]
fn a_failing_pubrec_ends_the_delivery() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::ExactlyOnce);
    broker.publish(1, QoS::ExactlyOnce, "t", "x");
    broker.seen(1);

    broker.send(1, Packet::Pubrec(Acknowledgement::with_reason(1, ReasonCode::UNSPECIFIED_ERROR)));
    let answer = broker.seen(1);
    broker.cut(1);
    broker.lasting(2, "a");

    assert_eq!(answer, []);
    assert_eq!(broker.seen(2), []);
}

#[test]
fn acknowledgements_of_the_wrong_kind_are_protocol_errors() {
    for (qos, answer) in [
        (QoS::ExactlyOnce, puback(1)),
        (QoS::ExactlyOnce, pubcomp(1)),
        (QoS::AtLeastOnce, pubrec(1)),
        (QoS::AtLeastOnce, pubcomp(1)),
    ] {
        let mut broker = Broker::new();
        broker.client(1, "a");
        broker.subscribe(1, "t", QoS::ExactlyOnce);
        broker.publish(1, qos, "t", "x");
        broker.seen(1);

        broker.send(1, answer);

        assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PROTOCOL_ERROR), "{qos}");
    }
}

#[test]
fn a_reason_code_outside_the_table_of_its_packet_ends_the_network_connection() {
    type Table = (fn(Acknowledgement) -> Packet, &'static [u8]);
    let packets: [Table; 4] = [
        (Packet::Puback, &[0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        (Packet::Pubrec, &[0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        (Packet::Pubrel, &[0x00, 0x92]),
        (Packet::Pubcomp, &[0x00, 0x92]),
    ];
    for (packet, table) in packets {
        for code in 0..=u8::MAX {
            let mut broker = Broker::new();
            broker.client(1, "a");

            let reason = ReasonCode(code);
            broker.send(1, packet(Acknowledgement { reason, ..Acknowledgement::new(1) }));

            let ended = disconnected(&broker.seen(1)) == Some(ReasonCode::PROTOCOL_ERROR);
            assert_eq!(ended, !table.contains(&code), "{:?}", packet(Acknowledgement::new(1)));
        }
    }
}

#[test]
fn a_wrong_reason_code_does_not_end_the_delivery() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    broker.publish(1, QoS::AtLeastOnce, "t", "x");
    let wrong = Acknowledgement { reason: ReasonCode::RECEIVE_MAXIMUM_EXCEEDED, ..Acknowledgement::new(1) };

    broker.send(1, Packet::Puback(wrong));
    broker.lasting(2, "a");

    assert_eq!(broker.payloads(2), ["x"]);
}

#[test]
fn without_problem_information_failures_are_not_explained() {
    let mut broker = Broker::new();
    let mut quiet = v5("a");
    quiet.properties.push(Property::RequestProblemInformation(0));
    broker.connect(1, quiet);
    broker.client(2, "b");

    broker.send(1, pubrel(3));
    broker.send(2, pubrel(3));

    let explained = |seen: &[Seen]| match seen {
        [Seen::Packet(packet)] => packet.properties().is_some_and(|p| p.reason_string().is_some()),
        _ => panic!("{seen:?}"),
    };
    assert!(!explained(&broker.seen(1)));
    assert!(explained(&broker.seen(2)));
}
