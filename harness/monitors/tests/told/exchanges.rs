//! Packet Identifiers, DUP, acknowledgements and flow control (sections 2.2.1, 3.3 to 3.7, 4.3, 4.4, 4.9).

use crate::tale::{Tale, V3, V5, ack, again, at, at_qos, message, suback};
use bytes::Bytes;
use protocol::{Connect, Packet, Properties, Property, QoS, ReasonCode, Unsuback, Unsubscribe};
use tester::ObservationKind;

#[test]
fn a_publish_again_on_one_connection_is_seen_in_5_0_and_allowed_in_3_1_1() {
    for version in [V3, V5] {
        let mut tale = Tale::of(version);
        let alice = tale.joins("alice");
        let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
        tale.gets(alice, Packet::Publish(publish.clone()));
        if version == V5 {
            tale.keeps("nothing-is-sent-again-on-one-connection", "5.0/MQTT-4.4.0-1");
        }
        tale.gets(alice, Packet::Publish(again(publish)));

        match version {
            V5 => tale.breaks("nothing-is-sent-again-on-one-connection", "5.0/MQTT-4.4.0-1"),
            V3 => tale.is_silent("nothing-is-sent-again-on-one-connection"),
        }
    }
}

#[test]
fn dup_1_on_a_first_publish_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.keeps("what-is-sent-first-has-dup-0", "3.1.1/MQTT-3.3.1-3");

    tale.gets(alice, Packet::Publish(again(at_qos(message("a", "2"), QoS::AtLeastOnce, 2))));

    tale.breaks("what-is-sent-first-has-dup-0", "3.1.1/MQTT-4.3.2-1");
}

#[test]
fn dup_1_after_a_resumption_may_repeat_what_was_lost() {
    let mut tale = Tale::of(V3);
    let mut connect = Connect::new(V3, "alice");
    connect.clean_start = false;
    let alice = tale.joins_with("alice", connect, true);

    tale.gets(alice, Packet::Publish(again(at_qos(message("a", "1"), QoS::AtLeastOnce, 1))));

    tale.is_silent("what-is-sent-first-has-dup-0");
}

#[test]
fn a_repeat_on_a_later_connection_needs_dup_1() {
    let mut tale = Tale::of(V5);
    let publisher = tale.joins("bob");
    let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
    tale.sends(publisher, Packet::Publish(publish.clone()));
    let mut connect = Connect::new(V5, "alice");
    connect.clean_start = false;
    let first = tale.joins_with("alice", connect.clone(), false);
    tale.gets(first, Packet::Publish(publish.clone()));
    tale.note(first, ObservationKind::Shut(tester::testbed::Shut::Close));
    // Another Client of the scenario takes the Session over.
    let second = tale.joins_with("alice the second", connect.clone(), true);
    tale.gets(second, Packet::Publish(again(publish.clone())));
    tale.keeps("what-is-sent-again-has-dup-1", "5.0/MQTT-3.3.1-1");

    let third = tale.joins_with("alice", connect, true);
    tale.gets(third, Packet::Publish(publish));

    tale.breaks("what-is-sent-again-has-dup-1", "5.0/MQTT-3.3.1-1");
}

#[test]
fn publish_after_pubrel_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let publish = at_qos(message("a", "1"), QoS::ExactlyOnce, 1);
    tale.gets(alice, Packet::Publish(publish.clone()));
    tale.sends(alice, Packet::Pubrec(ack(1)));
    tale.gets(alice, Packet::Pubrel(ack(1)));
    tale.keeps("no-publish-after-pubrel", "5.0/MQTT-4.3.3-6");
    tale.keeps("no-pubrel-without-pubrec", "5.0/MQTT-4.3.3-3");

    tale.gets(alice, Packet::Publish(again(publish)));

    tale.breaks("no-publish-after-pubrel", "5.0/MQTT-4.3.3-6");
}

#[test]
fn pubrel_without_pubrec_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::ExactlyOnce, 1)));
    tale.gets(alice, Packet::Pubrel(ack(1)));
    tale.breaks("no-pubrel-without-pubrec", "3.1.1/MQTT-4.3.3-1");

    tale.gets(alice, Packet::Pubrel(ack(7)));

    tale.breaks("no-pubrel-without-pubrec", "3.1.1/MQTT-2.3.1-6");
}

#[test]
fn an_identifier_in_use_is_seen_unless_acknowledgements_may_be_among_crafted_bytes() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 1)));
    tale.breaks("packet-identifiers-in-flight-are-distinct", "3.1.1/MQTT-2.3.1-4");

    let bytes = Bytes::from_static(&[0x40, 2, 0, 1]);
    tale.note(alice, ObservationKind::Sent { bytes, packet: None, deliberate: None });

    tale.is_silent("packet-identifiers-in-flight-are-distinct");
}

#[test]
fn receive_maximum_is_judged_only_near_the_limit() {
    let mut connect = Connect::new(V5, "alice");
    connect.properties.push(Property::ReceiveMaximum(2));
    let mut tale = Tale::of(V5);
    let alice = tale.joins_with("alice", connect, false);
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.is_silent("no-more-in-flight-than-the-receive-maximum");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 2)));
    tale.sends(alice, Packet::Puback(ack(1)));
    tale.gets(alice, Packet::Publish(at_qos(message("a", "3"), QoS::AtLeastOnce, 3)));
    tale.keeps("no-more-in-flight-than-the-receive-maximum", "5.0/MQTT-4.9.0-2");

    tale.gets(alice, Packet::Publish(at_qos(message("a", "4"), QoS::AtLeastOnce, 4)));

    tale.breaks("no-more-in-flight-than-the-receive-maximum", "5.0/MQTT-3.3.4-9");
}

#[test]
fn acknowledged_messages_that_come_again_are_seen_once_the_server_has_read_the_puback() {
    for pings in [false, true] {
        let mut tale = Tale::of(V5);
        let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
        let bob = tale.joins("bob");
        tale.sends(bob, Packet::Publish(publish.clone()));
        let mut connect = Connect::new(V5, "alice");
        connect.clean_start = false;
        let alice = tale.joins_with("alice", connect.clone(), false);
        tale.gets(alice, Packet::Publish(publish.clone()));
        tale.sends(alice, Packet::Puback(ack(1)));
        if pings {
            tale.sends(alice, Packet::Pingreq);
            tale.gets(alice, Packet::Pingresp);
        }
        let alice = tale.joins_with("alice", connect, true);
        tale.gets(alice, Packet::Publish(again(publish)));

        if pings {
            tale.breaks("what-is-acknowledged-is-not-sent-again", "5.0/MQTT-4.4.0-2");
        } else {
            tale.keeps("what-is-acknowledged-is-not-sent-again", "5.0/MQTT-4.4.0-2");
        }
    }
}

#[test]
fn acknowledgements_of_nothing_or_of_the_wrong_kind_are_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.sends(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.gets(alice, Packet::Puback(ack(1)));
    tale.keeps("acknowledgements-have-the-identifier-of-a-request", "3.1.1/MQTT-2.3.1-6");
    tale.keeps("the-acknowledgement-is-that-of-the-qos", "3.1.1/MQTT-3.3.4-1");

    tale.gets(alice, Packet::Pubrec(ack(1)));
    tale.gets(alice, suback(1, &[0]));

    tale.breaks("the-acknowledgement-is-that-of-the-qos", "3.1.1/MQTT-3.3.4-1");
    tale.breaks("acknowledgements-have-the-identifier-of-a-request", "3.1.1/MQTT-2.3.1-7");
    let (_, broken) = tale.says("acknowledgements-have-the-identifier-of-a-request");
    assert!(!broken.contains(&"3.1.1/MQTT-2.3.1-6"), "what was kept is not accused");
}

#[test]
fn a_wrong_number_of_codes_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.keeps("one-code-for-each-filter", "5.0/MQTT-3.8.4-6");
    let filters = vec!["a".into(), "b".into()];
    tale.sends(
        alice,
        Packet::Unsubscribe(Unsubscribe { packet_id: 3, properties: Properties::new(), filters }),
    );
    let reasons = vec![ReasonCode::SUCCESS];
    tale.gets(alice, Packet::Unsuback(Unsuback { packet_id: 3, properties: Properties::new(), reasons }));

    tale.breaks("one-code-for-each-filter", "5.0/MQTT-3.11.3-2");
}
