//! Shared Subscriptions (section 4.8.2).

use crate::broker::*;
use protocol::{Packet, QoS, ReasonCode, SubscriptionOptions};

const GROUP: &str = "$share/g/t/#";

#[test]
fn each_message_goes_to_one_member_in_turn() {
    let mut broker = Broker::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        broker.client(id, name);
        broker.subscribe(id, GROUP, QoS::AtLeastOnce);
        broker.subscribe(id, GROUP, QoS::AtLeastOnce);
    }
    broker.client(3, "c");
    broker.subscribe(3, "t/#", QoS::AtLeastOnce);

    for payload in ["1", "2", "3", "4"] {
        broker.publish(3, QoS::AtMostOnce, "t/x", payload);
    }

    assert_eq!(broker.payloads(1), ["1", "3"]);
    assert_eq!(broker.payloads(2), ["2", "4"]);
    assert_eq!(broker.payloads(3), ["1", "2", "3", "4"]);
}

#[test]
fn who_is_away_is_passed_over_as_long_as_somebody_is_there() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, GROUP, QoS::AtLeastOnce);
    broker.lasting(2, "b");
    broker.subscribe(2, GROUP, QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(3, "c");

    broker.publish(3, QoS::AtLeastOnce, "t", "1");
    broker.publish(3, QoS::AtLeastOnce, "t", "2");
    broker.cut(2);
    broker.publish(3, QoS::AtLeastOnce, "t", "3");
    broker.lasting(4, "a");

    assert_eq!(broker.payloads(2), ["1", "2"]);
    assert_eq!(broker.payloads(4), ["3"]);
}

#[test]
fn an_unacknowledged_qos_1_message_goes_to_another_member_when_the_session_ends_and_a_qos_2_message_does_not()
{
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, GROUP, QoS::ExactlyOnce);
    broker.client(3, "c");
    broker.publish(3, QoS::AtLeastOnce, "t", "one");
    broker.publish(3, QoS::ExactlyOnce, "t", "two");
    broker.client(2, "b");
    broker.subscribe(2, GROUP, QoS::ExactlyOnce);

    broker.cut(1);

    assert_eq!(broker.payloads(1), ["one", "two"]);
    assert_eq!(broker.payloads(2), ["one"]);
}

#[test]
fn a_refused_message_goes_to_nobody_else() {
    let mut broker = Broker::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        broker.client(id, name);
        broker.subscribe(id, GROUP, QoS::AtLeastOnce);
    }
    broker.publish(2, QoS::AtLeastOnce, "t", "x");

    let refusal = protocol::Acknowledgement::with_reason(1, ReasonCode::UNSPECIFIED_ERROR);
    broker.send(1, Packet::Puback(refusal));
    broker.cut(1);

    assert_eq!(broker.payloads(1), ["x"]);
    assert!(broker.payloads(2).is_empty());
}

#[test]
fn no_local_on_a_shared_subscription_is_a_protocol_error() {
    let mut broker = Broker::new();
    broker.client(1, "a");

    broker.subscribe_as(1, GROUP, SubscriptionOptions { no_local: true, ..SubscriptionOptions::default() });

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PROTOCOL_ERROR));
}

#[test]
fn no_retained_messages_come_with_a_shared_subscription() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.send(1, retained(QoS::AtMostOnce, "t", "x"));

    broker.subscribe(1, GROUP, QoS::AtMostOnce);

    assert!(broker.payloads(1).is_empty());
}

#[test]
fn in_3_1_1_a_shared_filter_is_a_filter_like_any_other() {
    let mut broker = Broker::new();
    broker.connect(1, v3("a"));
    broker.subscribe(1, "$share/g/t", QoS::AtMostOnce);

    broker.publish(1, QoS::AtMostOnce, "t", "not this");
    broker.publish(1, QoS::AtMostOnce, "$share/g/t", "this");

    assert_eq!(broker.payloads(1), ["this"]);
}

#[test]
fn unsubscribing_ends_the_membership() {
    let mut broker = Broker::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        broker.client(id, name);
        broker.subscribe(id, GROUP, QoS::AtMostOnce);
    }

    broker.send(1, unsubscribe(&[GROUP]));
    broker.publish(2, QoS::AtMostOnce, "t", "1");
    broker.publish(2, QoS::AtMostOnce, "t", "2");

    assert!(broker.payloads(1).is_empty());
    assert_eq!(broker.payloads(2), ["1", "2"]);
}

#[test]
fn a_publisher_hears_that_no_member_has_room() {
    let mut config = reference_broker::Config::default();
    config.limits.queued_messages = 1;
    let mut broker = Broker::with(config);
    broker.lasting(1, "a");
    broker.subscribe(1, GROUP, QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "b");
    broker.publish(2, QoS::AtLeastOnce, "t", "1");
    broker.seen(2);

    broker.publish(2, QoS::AtLeastOnce, "t", "2");

    let seen = broker.seen(2);
    assert!(matches!(&seen[..], [Seen::Packet(Packet::Puback(a))] if a.reason == ReasonCode::QUOTA_EXCEEDED));
}

#[test]
fn a_session_used_by_both_versions_leaves_no_subscription_behind() {
    let mut broker = Broker::new();
    broker.connect(1, protocol::Connect { clean_start: false, ..v3("a") });
    broker.subscribe(1, GROUP, QoS::AtLeastOnce);
    broker.cut(1);
    broker.lasting(2, "a");
    broker.subscribe(2, GROUP, QoS::AtLeastOnce);
    broker.send(2, unsubscribe(&[GROUP]));
    broker.client(3, "b");
    broker.connect(4, v5("a"));
    broker.seen(3);

    broker.publish(3, QoS::AtLeastOnce, "$share/g/t/x", "x");

    let seen = broker.seen(3);
    assert!(
        matches!(&seen[..], [Seen::Packet(Packet::Puback(a))] if a.reason == ReasonCode::NO_MATCHING_SUBSCRIBERS)
    );
}
