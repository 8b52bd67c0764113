//! PUBLISH from a Client and its acknowledgements (sections 3.3 to 3.7 and 4.3).

use crate::broker::*;
use protocol::{Acknowledgement, Packet, Property, Publish, QoS, ReasonCode};
use reference_broker::Config;

fn last_acknowledgement(broker: &mut Broker, id: u64) -> (&'static str, u16, ReasonCode) {
    match broker.seen(id).pop() {
        Some(Seen::Packet(Packet::Puback(a))) => ("PUBACK", a.packet_id, a.reason),
        Some(Seen::Packet(Packet::Pubrec(a))) => ("PUBREC", a.packet_id, a.reason),
        Some(Seen::Packet(Packet::Pubrel(a))) => ("PUBREL", a.packet_id, a.reason),
        Some(Seen::Packet(Packet::Pubcomp(a))) => ("PUBCOMP", a.packet_id, a.reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_qos_has_its_own_answer() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.client(2, "b");

    broker.publish(2, QoS::AtMostOnce, "t", "0");
    assert_eq!(broker.seen(2), []);
    broker.publish(2, QoS::AtLeastOnce, "t", "1");
    assert_eq!(last_acknowledgement(&mut broker, 2), ("PUBACK", 7, ReasonCode::SUCCESS));
    broker.publish(2, QoS::ExactlyOnce, "t", "2");
    assert_eq!(last_acknowledgement(&mut broker, 2), ("PUBREC", 7, ReasonCode::SUCCESS));
    broker.send(2, pubrel(7));
    assert_eq!(last_acknowledgement(&mut broker, 2), ("PUBCOMP", 7, ReasonCode::SUCCESS));

    assert_eq!(broker.payloads(1), ["0", "1", "2"]);
}

#[test]
fn dup_1_at_qos_0_ends_the_network_connection_and_nobody_gets_the_message() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.client(2, "b");
    broker.connect(3, v3("c"));
    let publish = Packet::Publish(Publish { dup: true, ..Publish::new("t", "x") });

    broker.send(2, publish.clone());
    broker.send(3, publish);

    assert_eq!(disconnected(&broker.seen(2)), Some(ReasonCode::PROTOCOL_ERROR));
    assert_eq!(broker.seen(3), [Seen::Close]);
    assert_eq!(broker.payloads(1), [""; 0]);
}

#[test]
fn an_empty_response_topic_ends_the_network_connection() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    let properties = [Property::ResponseTopic("".into())].into_iter().collect();

    broker.send(1, Packet::Publish(Publish { properties, ..Publish::new("t", "x") }));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PROTOCOL_ERROR));
}

#[test]
fn a_repeated_qos_2_publish_is_acknowledged_again_and_delivered_once_even_over_a_reconnect() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.lasting(2, "b");

    broker.publish(2, QoS::ExactlyOnce, "t", "x");
    broker.publish(2, QoS::ExactlyOnce, "t", "x");
    broker.cut(2);
    broker.lasting(3, "b");
    broker.publish(3, QoS::ExactlyOnce, "t", "x");
    let repeated = last_acknowledgement(&mut broker, 3);
    broker.send(3, pubrel(7));
    broker.publish(3, QoS::ExactlyOnce, "t", "y");

    assert_eq!(repeated, ("PUBREC", 7, ReasonCode::SUCCESS));
    assert_eq!(broker.payloads(1), ["x", "y"]);
}

#[test]
fn a_qos_1_publish_with_the_same_identifier_is_a_new_message() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.client(2, "b");

    broker.publish(2, QoS::AtLeastOnce, "t", "x");
    broker.publish(2, QoS::AtLeastOnce, "t", "x");

    assert_eq!(broker.payloads(1), ["x", "x"]);
}

#[test]
fn pubrel_for_an_unknown_identifier_is_answered() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.connect(2, v3("b"));

    broker.send(1, pubrel(5));
    broker.send(2, pubrel(5));

    assert_eq!(last_acknowledgement(&mut broker, 1), ("PUBCOMP", 5, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND));
    assert_eq!(last_acknowledgement(&mut broker, 2), ("PUBCOMP", 5, ReasonCode::SUCCESS));
}

#[test]
fn pubrec_for_an_unknown_identifier_is_answered() {
    let mut broker = Broker::new();
    broker.client(1, "a");

    broker.send(1, pubrec(5));

    assert_eq!(last_acknowledgement(&mut broker, 1), ("PUBREL", 5, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND));
}

#[test]
fn a_publisher_hears_that_nobody_has_subscribed() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.connect(2, v3("b"));

    broker.publish(1, QoS::AtLeastOnce, "t", "x");
    broker.publish(2, QoS::AtLeastOnce, "t", "x");

    assert_eq!(last_acknowledgement(&mut broker, 1), ("PUBACK", 7, ReasonCode::NO_MATCHING_SUBSCRIBERS));
    assert_eq!(broker.seen(2), [Seen::Packet(Packet::Puback(Acknowledgement::new(7)))]);
}

#[test]
fn properties_go_through_unchanged_and_in_order() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.client(2, "b");
    let properties = vec![
        Property::UserProperty(("k".into(), "2".into())),
        Property::PayloadFormatIndicator(1),
        Property::UserProperty(("k".into(), "1".into())),
        Property::ResponseTopic("r".into()),
        Property::CorrelationData("c".into()),
        Property::ContentType("text".into()),
    ];

    let publish = Publish { properties: protocol::Properties(properties.clone()), ..Publish::new("t", "x") };
    broker.send(2, Packet::Publish(publish));

    assert_eq!(broker.published(1)[0].properties.0, properties);
}

#[test]
fn what_the_configuration_does_not_support_ends_the_network_connection() {
    let mut broker =
        Broker::with(Config { maximum_qos: QoS::AtLeastOnce, retain_available: false, ..Config::default() });
    broker.client(1, "a");
    broker.client(2, "b");

    broker.publish(1, QoS::ExactlyOnce, "t", "x");
    broker.send(2, retained(QoS::AtMostOnce, "t", "x"));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::QOS_NOT_SUPPORTED));
    assert_eq!(disconnected(&broker.seen(2)), Some(ReasonCode::RETAIN_NOT_SUPPORTED));
}

#[test]
fn a_topic_alias_stands_for_the_last_topic_it_came_with() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "#", QoS::AtMostOnce);
    broker.client(2, "b");
    let aliased = |topic: &str| {
        let properties = protocol::Properties::new().with(Property::TopicAlias(16));
        Packet::Publish(Publish { properties, ..Publish::new(topic, "x") })
    };

    for topic in ["first", "", "second", ""] {
        broker.send(2, aliased(topic));
    }

    let topics: Vec<String> = broker.published(1).iter().map(|p| p.topic.to_string()).collect();
    assert_eq!(topics, ["first", "first", "second", "second"]);
}

#[test]
fn a_topic_alias_out_of_range_or_unknown_ends_the_network_connection() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.client(2, "b");
    let aliased = |alias, topic: &str| {
        let properties = protocol::Properties::new().with(Property::TopicAlias(alias));
        Packet::Publish(Publish { properties, ..Publish::new(topic, "x") })
    };

    broker.send(1, aliased(17, "t"));
    broker.send(2, aliased(16, ""));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::TOPIC_ALIAS_INVALID));
    assert_eq!(disconnected(&broker.seen(2)), Some(ReasonCode::PROTOCOL_ERROR));
}
