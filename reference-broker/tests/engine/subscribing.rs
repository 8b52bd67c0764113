//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8 to 3.11, 4.7).

use crate::broker::*;
use protocol::{
    Packet, Properties, Property, QoS, ReasonCode, Suback, Subscribe, SubscriptionOptions, Unsuback,
};
use reference_broker::Config;

fn codes(broker: &mut Broker, id: u64) -> Vec<u8> {
    let seen = broker.seen(id);
    match &seen[..] {
        [
            Seen::Packet(Packet::Suback(Suback { reasons, .. }) | Packet::Unsuback(Unsuback { reasons, .. })),
            ..,
        ] => reasons.iter().map(|reason| reason.0).collect(),
        _ => panic!("{seen:?}"),
    }
}

fn with_identifier(filter: &str, identifier: u32) -> Packet {
    let properties = Properties::new().with(Property::SubscriptionIdentifier(identifier));
    let filters = vec![(filter.into(), SubscriptionOptions::at(QoS::ExactlyOnce))];
    Packet::Subscribe(Subscribe { packet_id: 9, properties, filters })
}

#[test]
fn suback_has_a_code_for_each_filter_in_order() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    let at = SubscriptionOptions::at;

    broker.send(
        1,
        subscribe(
            9,
            &[("a", at(QoS::ExactlyOnce)), ("b#", at(QoS::AtMostOnce)), ("c", at(QoS::AtLeastOnce))],
        ),
    );

    assert_eq!(codes(&mut broker, 1), [2, 0x8F, 1]);
}

#[test]
fn a_filter_that_is_not_valid_closes_a_3_1_1_client() {
    let mut broker = Broker::new();
    broker.connect(1, v3("a"));
    broker.connect(2, v3("b"));

    broker.subscribe(1, "a#", QoS::AtMostOnce);
    broker.send(2, unsubscribe(&["a#"]));

    assert_eq!(broker.seen(1), [Seen::Close]);
    assert_eq!(broker.seen(2), [Seen::Close]);
}

#[test]
fn unsubscribe_compares_filters_as_texts() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "a/+", QoS::AtMostOnce);
    broker.seen(1);

    broker.send(1, unsubscribe(&["a/b", "a/#", "+/+#"]));
    let missed = codes(&mut broker, 1);
    broker.publish(1, QoS::AtMostOnce, "a/b", "x");
    let still = broker.payloads(1);
    broker.send(1, unsubscribe(&["a/+"]));
    let hit = codes(&mut broker, 1);
    broker.publish(1, QoS::AtMostOnce, "a/b", "x");

    assert_eq!(missed, [0x11, 0x11, 0x8F]);
    assert_eq!(still, ["x"]);
    assert_eq!(hit, [0]);
    assert!(broker.payloads(1).is_empty());
}

#[test]
fn overlapping_subscriptions_give_one_copy_with_the_best_qos_and_all_identifiers() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.subscribe(1, "a/b", QoS::AtMostOnce);
    broker.send(1, with_identifier("a/+", 3));
    broker.send(1, with_identifier("#", 5));
    broker.seen(1);

    broker.publish(1, QoS::AtLeastOnce, "a/b", "x");

    let published = broker.published(1);
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].qos, QoS::AtLeastOnce);
    let mut identifiers: Vec<u32> = published[0].properties.subscription_identifiers().collect();
    identifiers.sort_unstable();
    assert_eq!(identifiers, [3, 5]);
}

#[test]
fn a_new_identifier_replaces_the_old_one() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.send(1, with_identifier("a", 3));
    broker.send(1, with_identifier("a", 4));
    broker.subscribe(1, "b", QoS::AtMostOnce);
    broker.seen(1);

    broker.publish(1, QoS::AtMostOnce, "a", "x");
    let identified: Vec<u32> = broker.published(1)[0].properties.subscription_identifiers().collect();
    broker.subscribe(1, "a", QoS::AtMostOnce);
    broker.publish(1, QoS::AtMostOnce, "a", "x");

    assert_eq!(identified, [4]);
    assert!(broker.published(1)[0].properties.is_empty());
}

#[test]
fn no_local_keeps_a_clients_own_messages_away_from_it() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.client(2, "b");
    let options = SubscriptionOptions { no_local: true, ..SubscriptionOptions::at(QoS::AtMostOnce) };
    broker.subscribe_as(1, "t", options);

    broker.publish(1, QoS::AtMostOnce, "t", "mine");
    broker.publish(2, QoS::AtMostOnce, "t", "yours");

    assert_eq!(broker.payloads(1), ["yours"]);
}

#[test]
fn retain_as_published_decides_about_the_flag() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.client(2, "b");
    let options =
        SubscriptionOptions { retain_as_published: true, ..SubscriptionOptions::at(QoS::AtMostOnce) };
    broker.subscribe_as(1, "t", options);
    broker.subscribe(2, "t", QoS::AtMostOnce);

    broker.send(1, retained(QoS::AtMostOnce, "t", "x"));

    assert!(broker.published(1)[0].retain);
    assert!(!broker.published(2)[0].retain);
}

#[test]
fn a_wildcard_at_the_beginning_does_not_match_dollar_topics() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    for filter in ["#", "+/x", "$t/+"] {
        broker.send(1, with_identifier(filter, 1 + u32::try_from(filter.len()).expect("short")));
    }
    broker.seen(1);

    broker.publish(1, QoS::AtMostOnce, "$t/x", "x");

    let identifiers: Vec<u32> = broker.published(1)[0].properties.subscription_identifiers().collect();
    assert_eq!(identifiers, [5]);
}

#[test]
fn what_is_not_available_ends_the_network_connection() {
    let config = Config {
        wildcard_subscriptions_available: false,
        subscription_identifiers_available: false,
        shared_subscriptions_available: false,
        ..Config::default()
    };
    let mut broker = Broker::with(config);
    for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
        broker.client(id, name);
    }
    broker.connect(4, v3("d"));

    broker.subscribe(1, "a/+", QoS::AtMostOnce);
    broker.send(2, with_identifier("a", 1));
    broker.subscribe(3, "$share/g/a", QoS::AtMostOnce);
    broker.subscribe(4, "a/+", QoS::AtMostOnce);

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED));
    assert_eq!(disconnected(&broker.seen(2)), Some(ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED));
    assert_eq!(disconnected(&broker.seen(3)), Some(ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED));
    assert_eq!(codes(&mut broker, 4), [0x80]);
}

#[test]
fn more_subscriptions_than_the_limit_are_refused() {
    let mut config = Config::default();
    config.limits.subscriptions = 1;
    let mut broker = Broker::with(config);
    broker.client(1, "a");
    let options = SubscriptionOptions::default();

    broker.send(1, subscribe(9, &[("a", options), ("b", options), ("a", options)]));

    assert_eq!(codes(&mut broker, 1), [0, 0x97, 0]);
}
