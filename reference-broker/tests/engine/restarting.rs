//! What a Client finds after the process of the Server has died and another one goes on (section 4.1).

use crate::broker::*;
use protocol::{Connect, Properties, Property, Publish, QoS, ReasonCode, SubscriptionOptions, Version};
use protocol::{Packet, Time};
use reference_broker::Config;
use transport::Engine;

fn broker() -> Broker {
    Broker::durable(Config::default())
}

#[test]
fn a_lasting_session_is_there_with_its_subscriptions() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.subscribe(1, "t/#", QoS::AtLeastOnce);
    broker.subscribe(1, "u", QoS::AtLeastOnce);
    broker.send(1, unsubscribe(&["u"]));

    broker.restart(1.0);
    let connack = broker.lasting(1, "a");
    broker.client(2, "b");
    broker.publish(2, QoS::AtLeastOnce, "t/x", "1");
    broker.publish(2, QoS::AtLeastOnce, "u", "2");

    assert!(connack.session_present);
    assert_eq!(broker.payloads(1), ["1"]);
}

#[test]
fn options_and_identifier_of_a_subscription_stay() {
    let mut broker = broker();
    broker.lasting(1, "a");
    let options = SubscriptionOptions {
        no_local: true,
        retain_as_published: true,
        ..SubscriptionOptions::at(QoS::AtLeastOnce)
    };
    let Packet::Subscribe(mut subscribe) = subscribe(9, &[("#", options)]) else { unreachable!() };
    subscribe.properties.push(Property::SubscriptionIdentifier(300));
    broker.send(1, Packet::Subscribe(subscribe));

    broker.restart(1.0);
    broker.lasting(1, "a");
    broker.client(2, "b");
    broker.publish(1, QoS::AtLeastOnce, "t", "own");
    broker.send(2, retained(QoS::AtLeastOnce, "t", "other"));

    let published = broker.published(1);
    assert_eq!(published.len(), 1);
    assert!(published[0].retain);
    assert_eq!(published[0].properties.subscription_identifiers().collect::<Vec<_>>(), [300]);
}

#[test]
fn a_session_that_ends_with_its_network_connection_ends_with_the_server() {
    let mut broker = broker();
    broker.client(1, "a");
    broker.connect(2, v3("b"));

    broker.restart(1.0);
    let resumed = [("a", Version::V500), ("b", Version::V311)]
        .map(|(name, version)| Connect { clean_start: false, ..Connect::new(version, name) });
    let [new, old] = resumed;

    assert!(!broker.connect(1, new).session_present);
    assert!(!broker.connect(2, old).session_present);
}

#[test]
fn a_session_expires_while_the_server_is_away() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.cut(1);
    broker.pass(300.0);

    broker.restart(299.0);
    let before = broker.server.records().len();
    broker.pass(2.0);

    assert_eq!(before, 1);
    assert!(!broker.lasting(1, "a").session_present);
}

#[test]
fn a_session_that_was_connected_has_all_of_its_time_after_the_restart() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.pass(1.0);

    broker.restart(10_000.0);
    broker.pass(599.0);

    assert!(broker.lasting(1, "a").session_present);
}

#[test]
fn a_clock_that_went_back_does_not_prolong_a_session() {
    let mut broker = broker();
    broker.now = Time::from_secs(1_000_000);
    broker.lasting(1, "a");
    broker.cut(1);

    broker.now = Time::ZERO;
    broker.restart(1.0);
    broker.pass(601.0);

    assert!(!broker.lasting(1, "a").session_present);
}

#[test]
fn what_waited_is_delivered_in_order_with_its_properties() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.subscribe(1, "#", QoS::ExactlyOnce);
    broker.cut(1);
    broker.client(2, "b");
    let properties = Properties::new()
        .with(Property::PayloadFormatIndicator(1))
        .with(Property::ContentType("text".into()))
        .with(Property::ResponseTopic("r".into()))
        .with(Property::CorrelationData("c".into()))
        .with(Property::UserProperty(("k".into(), "1".into())))
        .with(Property::UserProperty(("k".into(), "2".into())));
    let first = Publish { qos: QoS::AtLeastOnce, packet_id: Some(1), ..Publish::new("t", "1") };
    broker.send(2, Packet::Publish(Publish { properties: properties.clone(), ..first }));
    for payload in ["2", "3", "4"] {
        broker.publish(2, QoS::AtLeastOnce, "t", payload);
    }

    broker.restart(1.0);
    broker.connect(1, Connect { properties: Properties::new(), ..lasting("a") });
    let published = broker.published(1);

    assert_eq!(published.iter().map(|p| &p.payload[..]).collect::<Vec<_>>(), [b"1", b"2", b"3", b"4"]);
    assert_eq!(published[0].properties, properties);
    assert!(published.iter().all(|p| !p.dup && p.packet_id.is_some()));
}

#[test]
fn the_message_expiry_interval_goes_on_while_the_server_is_away() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.subscribe(1, "#", QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "b");
    for (payload, seconds) in [("short", 10), ("long", 100)] {
        let properties = Properties::new().with(Property::MessageExpiryInterval(seconds));
        let publish = Publish { qos: QoS::AtLeastOnce, packet_id: Some(1), ..Publish::new("t", payload) };
        broker.send(2, Packet::Publish(Publish { properties, ..publish }));
    }

    broker.restart(40.0);
    broker.lasting(1, "a");
    let published = broker.published(1);

    assert_eq!(published.len(), 1);
    assert_eq!(published[0].properties.message_expiry_interval(), Some(60));
}

#[test]
fn what_was_in_flight_is_sent_again_with_its_packet_identifier_and_pubrel_before_it() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.subscribe(1, "#", QoS::ExactlyOnce);
    broker.client(2, "b");
    for payload in ["0", "1", "2", "3"] {
        broker.publish(2, QoS::ExactlyOnce, "t", payload);
        broker.send(2, pubrel(7));
    }
    let ids: Vec<u16> = broker.published(1).iter().filter_map(|p| p.packet_id).collect();
    broker.send(1, pubrec(ids[0]));
    broker.send(1, pubcomp(ids[0]));
    broker.send(1, pubrec(ids[1]));

    broker.restart(1.0);
    broker.lasting(1, "a");
    let seen: Vec<(u16, bool)> = broker
        .seen(1)
        .into_iter()
        .filter_map(|seen| match seen {
            Seen::Packet(Packet::Pubrel(pubrel)) => Some((pubrel.packet_id, false)),
            Seen::Packet(Packet::Publish(publish)) => publish.packet_id.map(|id| (id, publish.dup)),
            _ => None,
        })
        .collect();

    assert_eq!(seen, [(ids[1], false), (ids[2], true), (ids[3], true)]);
}

#[test]
fn a_qos_2_message_that_was_acknowledged_is_not_taken_over_twice() {
    let mut broker = broker();
    broker.lasting(1, "a");
    broker.subscribe(1, "#", QoS::AtMostOnce);
    broker.publish(1, QoS::ExactlyOnce, "t", "1");

    broker.restart(1.0);
    broker.lasting(1, "a");
    broker.seen(1);
    broker.publish(1, QoS::ExactlyOnce, "t", "1");
    let repeated = broker.seen(1);
    broker.send(1, pubrel(7));
    broker.seen(1);
    broker.publish(1, QoS::ExactlyOnce, "t", "2");

    assert!(matches!(&repeated[..], [Seen::Packet(Packet::Pubrec(_))]), "{repeated:?}");
    assert_eq!(broker.payloads(1), ["2"]);
}

#[test]
fn retained_messages_are_there_and_removed_ones_are_not() {
    let mut broker = broker();
    broker.client(1, "a");
    broker.send(1, retained(QoS::AtLeastOnce, "t/1", "old"));
    broker.send(1, retained(QoS::AtLeastOnce, "t/1", "new"));
    broker.send(1, retained(QoS::AtLeastOnce, "t/2", "gone"));
    broker.send(1, retained(QoS::AtLeastOnce, "t/2", ""));

    broker.restart(1.0);
    broker.client(1, "a");
    broker.subscribe(1, "#", QoS::AtMostOnce);

    assert_eq!(broker.payloads(1), ["new"]);
}

#[test]
fn a_will_is_published_after_the_restart_to_who_has_a_session() {
    let mut broker = broker();
    broker.lasting(9, "watcher");
    broker.subscribe(9, "will", QoS::AtLeastOnce);
    broker.connect(1, with_will(v5("a"), QoS::AtLeastOnce, None));
    broker.connect(2, with_will(v5("b"), QoS::AtLeastOnce, None));
    broker.send(2, disconnect(ReasonCode::SUCCESS));

    broker.restart(1.0);
    broker.lasting(9, "watcher");

    assert_eq!(broker.payloads(9), ["gone"]);
}

#[test]
fn the_will_delay_interval_goes_on_while_the_server_is_away() {
    let mut broker = broker();
    broker.lasting(9, "watcher");
    broker.subscribe(9, "will", QoS::AtLeastOnce);
    broker.connect(1, with_will(lasting("a"), QoS::AtLeastOnce, Some(60)));
    broker.cut(1);
    broker.pass(30.0);

    broker.restart(29.0);
    broker.lasting(9, "watcher");
    let early = broker.payloads(9);
    broker.pass(2.0);

    assert!(early.is_empty());
    assert_eq!(broker.payloads(9), ["gone"]);
}

#[test]
fn a_client_that_is_back_in_time_after_the_restart_has_no_will_published() {
    let mut broker = broker();
    broker.lasting(9, "watcher");
    broker.subscribe(9, "will", QoS::AtLeastOnce);
    broker.connect(1, with_will(lasting("a"), QoS::AtLeastOnce, Some(60)));

    broker.restart(30.0);
    broker.lasting(9, "watcher");
    broker.lasting(1, "a");
    broker.pass(100.0);

    assert!(broker.payloads(9).is_empty());
}

#[test]
fn a_shared_message_of_a_member_whose_session_ends_with_the_server_goes_to_another() {
    let mut broker = broker();
    broker.lasting(1, "stays");
    broker.subscribe(1, "$share/g/t", QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "goes");
    broker.subscribe(2, "$share/g/t", QoS::AtLeastOnce);
    broker.client(3, "publisher");
    broker.publish(3, QoS::AtLeastOnce, "t", "1");
    let first = broker.payloads(2);

    broker.restart(1.0);
    broker.lasting(1, "stays");

    assert_eq!(first, ["1"]);
    assert_eq!(broker.payloads(1), ["1"]);
}

#[test]
fn without_a_store_nothing_is_noted() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");

    assert!(reference_broker::Persistent::take_changes(&mut broker.server).is_empty());
    assert!(broker.server.next_deadline().is_none());
}
