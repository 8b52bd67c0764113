//! What is delivered to whom, and what is in it (sections 3.3, 3.8, 3.10, 4.6).

use crate::tale::{Tale, V3, V5, at, at_qos, message};
use protocol::{
    Connack, Packet, Properties, Property, QoS, ReasonCode, SubscriptionOptions, Unsuback, Unsubscribe,
};

#[test]
fn a_statement_about_a_response_topic_needs_one_to_be_kept() {
    let mut without = Tale::of(V5);
    let alice = without.joins("alice");
    without.gets(alice, Packet::Publish(message("a", "1")));
    let mut with = Tale::of(V5);
    let alice = with.joins("alice");
    let mut publish = message("a", "1");
    publish.properties.push(Property::ResponseTopic("r".into()));
    with.gets(alice, Packet::Publish(publish));

    let (occasions, broken) = without.says("every-packet-is-well-formed");

    assert!(broken.is_empty() && !occasions.contains(&"5.0/MQTT-3.3.2-13"), "{occasions:?}");
    with.keeps("every-packet-is-well-formed", "5.0/MQTT-3.3.2-13");
}

#[test]
fn a_property_that_never_comes_is_no_occasion_to_stand_twice() {
    let mut tale = Tale::of(V5);
    tale.joins("alice");
    tale.is_silent("no-property-stands-twice");

    let alice = tale.open("bob");
    let properties = Properties::new().with(Property::ReceiveMaximum(5));
    let reason = ReasonCode::SUCCESS;
    tale.gets(alice, Packet::Connack(Connack { session_present: false, reason, properties }));

    tale.keeps("no-property-stands-twice", "5.0/RULE-3.2.2.3.3-twice");
}

#[test]
fn more_qos_than_granted_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.keeps("no-qos-above-what-was-granted", "3.1.1/MQTT-3.8.4-6");

    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 1)));

    tale.breaks("no-qos-above-what-was-granted", "3.1.1/MQTT-3.8.4-6");
}

#[test]
fn retain_1_for_an_established_subscription_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    let mut published = message("a", "1");
    published.retain = true;
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.sends(bob, Packet::Publish(published.clone()));
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.keeps("retain-of-an-established-subscription", "3.1.1/MQTT-3.3.1-9");

    tale.gets(alice, Packet::Publish(published.clone()));
    tale.breaks("retain-of-an-established-subscription", "3.1.1/MQTT-3.3.1-9");

    // With a SUBSCRIBE in between it may be the retained message.
    let mut other = Tale::of(V3);
    let bob = other.joins("bob");
    other.sends(bob, Packet::Publish(published.clone()));
    let alice = other.joins("alice");
    other.subscribes(alice, "a", at(QoS::AtMostOnce));
    other.gets(alice, Packet::Publish(published));
    other.is_silent("retain-of-an-established-subscription");
}

#[test]
fn ones_own_message_with_no_local_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", SubscriptionOptions { no_local: true, ..at(QoS::AtMostOnce) });
    tale.sends(alice, Packet::Publish(message("a", "own")));
    let bob = tale.joins("bob");
    tale.sends(bob, Packet::Publish(message("a", "other")));
    tale.gets(alice, Packet::Publish(message("a", "other")));
    tale.keeps("no-message-of-ones-own-with-no-local", "5.0/MQTT-3.8.3-3");

    tale.gets(alice, Packet::Publish(message("a", "own")));

    tale.breaks("no-message-of-ones-own-with-no-local", "5.0/MQTT-3.8.3-3");
}

#[test]
fn foreign_and_missing_subscription_identifiers_are_seen() {
    let with = |id: u32| {
        let mut publish = message("a", "1");
        publish.properties.push(Property::SubscriptionIdentifier(id));
        Packet::Publish(publish)
    };
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let properties = Properties::new().with(Property::SubscriptionIdentifier(5));
    tale.subscribes_with(alice, "a", at(QoS::AtMostOnce), properties);
    tale.gets(alice, with(5));
    tale.keeps("subscription-identifiers-belong-to-matching-subscriptions", "5.0/MQTT-3.3.4-3");

    tale.gets(alice, with(6));
    tale.gets(alice, Packet::Publish(message("a", "2")));

    let (_, broken) = tale.says("subscription-identifiers-belong-to-matching-subscriptions");
    assert_eq!(broken, ["5.0/MQTT-3.3.4-3", "5.0/RULE-3.3.4-foreign-identifier"]);
}

#[test]
fn messages_out_of_order_are_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.subscribes(alice, "#", at(QoS::AtMostOnce));
    for payload in ["1", "2", "3"] {
        tale.sends(bob, Packet::Publish(message("a", payload)));
    }
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.gets(alice, Packet::Publish(message("a", "3")));
    tale.keeps("messages-of-one-publisher-topic-and-qos-keep-their-order", "3.1.1/MQTT-4.6.0-6");

    tale.gets(alice, Packet::Publish(message("a", "2")));

    tale.breaks("messages-of-one-publisher-topic-and-qos-keep-their-order", "3.1.1/MQTT-4.6.0-6");
}

#[test]
fn a_message_for_a_removed_subscription_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.sends(bob, Packet::Publish(message("a", "early")));
    let (packet_id, filters) = (3, vec!["a".into()]);
    let properties = Properties::new();
    tale.sends(alice, Packet::Unsubscribe(Unsubscribe { packet_id, properties, filters }));
    let (properties, reasons) = (Properties::new(), Vec::new());
    tale.gets(alice, Packet::Unsuback(Unsuback { packet_id, properties, reasons }));
    tale.gets(alice, Packet::Publish(message("a", "early")));
    tale.is_silent("no-message-from-after-the-unsuback");

    tale.sends(bob, Packet::Publish(message("a", "late")));
    tale.gets(alice, Packet::Publish(message("a", "late")));

    tale.breaks("no-message-from-after-the-unsuback", "3.1.1/MQTT-3.10.4-2");
}

#[test]
fn altered_properties_are_seen() {
    let mut published = message("a", "1");
    published.properties.push(Property::ContentType("text".into()));
    published.properties.push(Property::UserProperty(("a".into(), "1".into())));
    published.properties.push(Property::UserProperty(("b".into(), "2".into())));
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.sends(bob, Packet::Publish(published.clone()));
    tale.gets(alice, Packet::Publish(published.clone()));
    tale.keeps("properties-of-a-message-are-passed-on-unaltered", "5.0/MQTT-3.3.2-18");

    published.properties.0.reverse();
    published.properties.set(Property::ContentType("other".into()));
    tale.gets(alice, Packet::Publish(published));

    let (_, broken) = tale.says("properties-of-a-message-are-passed-on-unaltered");
    assert_eq!(broken, ["5.0/MQTT-3.3.2-18", "5.0/MQTT-3.3.2-20"]);
}

#[test]
fn a_payload_format_indicator_of_0_may_be_left_out_and_another_may_not() {
    for (indicator, is_breach) in [(0, false), (1, true)] {
        let mut tale = Tale::of(V5);
        let alice = tale.joins("alice");
        let bob = tale.joins("bob");
        let mut published = message("a", "1");
        published.properties.push(Property::PayloadFormatIndicator(indicator));
        tale.sends(bob, Packet::Publish(published));
        tale.gets(alice, Packet::Publish(message("a", "1")));

        let (_, broken) = tale.says("properties-of-a-message-are-passed-on-unaltered");

        assert_eq!(!broken.is_empty(), is_breach, "{broken:?}");
    }
}
