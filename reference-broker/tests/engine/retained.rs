//! Retained messages (section 3.3.1.3).

use crate::broker::*;
use protocol::{Packet, Property, Publish, QoS, RetainHandling, SubscriptionOptions};

#[test]
fn a_new_subscription_gets_the_last_message_of_each_topic_with_retain_1() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    for (topic, payload) in
        [("a/1", "old"), ("a/1", "new"), ("a/2", "two"), ("a", "parent"), ("$a", "hidden")]
    {
        broker.send(1, retained(QoS::AtLeastOnce, topic, payload));
    }
    broker.client(2, "b");

    broker.subscribe(2, "a/#", QoS::AtLeastOnce);
    let under_a = broker.published(2);
    broker.subscribe(2, "#", QoS::AtMostOnce);
    let everything = broker.payloads(2);
    broker.subscribe(2, "+/+", QoS::AtMostOnce);
    let two_levels = broker.payloads(2);

    assert!(under_a.iter().all(|p| p.retain && p.qos == QoS::AtLeastOnce && !p.dup));
    let payloads: Vec<&[u8]> = under_a.iter().map(|p| &p.payload[..]).collect();
    assert_eq!(payloads, [&b"parent"[..], b"new", b"two"]);
    assert_eq!(everything, ["parent", "new", "two"]);
    assert_eq!(two_levels, ["new", "two"]);
}

#[test]
fn an_empty_message_deletes_and_is_passed_on() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.send(1, retained(QoS::AtMostOnce, "t", "x"));
    broker.send(1, retained(QoS::AtMostOnce, "t", ""));
    let live = broker.payloads(1);

    broker.client(2, "b");
    broker.subscribe(2, "t", QoS::AtMostOnce);

    assert_eq!(live, ["x", ""]);
    assert!(broker.payloads(2).is_empty());
}

#[test]
fn retain_handling_decides_when_they_are_sent() {
    let cases = [
        (RetainHandling::SendAtSubscribe, [1, 1]),
        (RetainHandling::SendIfNew, [1, 0]),
        (RetainHandling::DoNotSend, [0, 0]),
    ];
    for (retain_handling, expected) in cases {
        let mut broker = Broker::new();
        broker.client(1, "a");
        broker.send(1, retained(QoS::AtMostOnce, "t", "x"));
        broker.client(2, "b");
        let options = SubscriptionOptions { retain_handling, ..SubscriptionOptions::default() };

        let counts = [0, 1].map(|_| {
            broker.subscribe_as(2, "t", options);
            broker.payloads(2).len()
        });

        assert_eq!(counts, expected, "{retain_handling:?}");
    }
}

#[test]
fn a_retained_message_counts_its_expiry_down_and_vanishes() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    let Packet::Publish(publish) = retained(QoS::AtLeastOnce, "t", "x") else { unreachable!() };
    let properties = protocol::Properties::new().with(Property::MessageExpiryInterval(10));
    broker.send(1, Packet::Publish(Publish { properties, ..publish }));
    broker.client(2, "b");

    broker.pass(4.5);
    broker.subscribe(2, "t", QoS::AtMostOnce);
    let in_time = broker.published(2);
    broker.pass(6.0);
    broker.subscribe(2, "t", QoS::AtMostOnce);

    assert_eq!(in_time[0].properties.message_expiry_interval(), Some(6));
    assert_eq!(broker.published(2), []);
}
