//! Session State, takeover, expiry, re-delivery (sections 3.1.2.4, 3.1.2.11.2, 3.1.4, 4.1, 4.4).

use crate::broker::*;
use protocol::{Connect, Disconnect, Packet, Property, QoS, ReasonCode};
use reference_broker::Config;
use transport::Engine;

#[test]
fn a_session_is_there_until_its_expiry_interval_is_over() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.cut(1);

    broker.pass(599.0);
    let in_time = broker.lasting(2, "a").session_present;
    broker.cut(2);
    broker.pass(600.0);
    let too_late = broker.lasting(3, "a").session_present;

    assert!(in_time);
    assert!(!too_late);
}

#[test]
fn an_absent_expiry_interval_ends_the_session_with_the_network_connection() {
    let mut broker = Broker::new();
    broker.connect(1, Connect { clean_start: false, ..v5("a") });
    broker.cut(1);

    assert!(!broker.lasting(2, "a").session_present);
}

#[test]
fn clean_start_forgets_subscriptions_and_messages() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::AtLeastOnce);
    broker.cut(1);
    broker.client(2, "b");
    broker.publish(2, QoS::AtLeastOnce, "t", "old");

    let connack = broker.connect(3, v5("a"));
    broker.publish(2, QoS::AtLeastOnce, "t", "new");

    assert!(!connack.session_present);
    assert_eq!(broker.published(3), []);
}

#[test]
fn a_3_1_1_session_without_clean_session_stays_and_keeps_messages() {
    let mut broker = Broker::new();
    broker.connect(1, Connect { clean_start: false, ..v3("a") });
    broker.subscribe(1, "t", QoS::ExactlyOnce);
    broker.send(1, disconnect(ReasonCode::SUCCESS));
    broker.client(2, "b");
    for (qos, payload) in [(QoS::AtMostOnce, "0"), (QoS::AtLeastOnce, "1"), (QoS::ExactlyOnce, "2")] {
        broker.publish(2, qos, "t", payload);
    }

    broker.pass(1e9);
    let connack = broker.connect(3, Connect { clean_start: false, ..v3("a") });

    assert!(connack.session_present);
    assert_eq!(broker.payloads(3), ["1", "2"]);
}

#[test]
fn what_was_not_acknowledged_comes_again_with_dup_identifier_and_order() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::ExactlyOnce);
    broker.client(2, "b");
    for payload in ["1", "2", "3", "4"] {
        broker.publish(2, QoS::ExactlyOnce, "t", payload);
        broker.send(2, pubrel(7));
    }
    let first: Vec<_> = broker.published(1).iter().map(|p| (p.packet_id, p.dup)).collect();
    broker.send(1, pubrec(4));
    broker.send(1, pubrec(2));
    broker.seen(1);
    broker.cut(1);

    broker.lasting(3, "a");

    let ids: Vec<_> = [1, 2, 3, 4].map(|id| (Some(id), false)).into();
    assert_eq!(first, ids);
    let again: Vec<String> = broker
        .seen(3)
        .into_iter()
        .map(|seen| match seen {
            Seen::Packet(Packet::Pubrel(a)) => format!("PUBREL {}", a.packet_id),
            Seen::Packet(Packet::Publish(p)) => format!("PUBLISH {:?} dup {}", p.packet_id, p.dup),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(again, ["PUBREL 4", "PUBREL 2", "PUBLISH Some(1) dup true", "PUBLISH Some(3) dup true"]);
}

#[test]
fn takeover_ends_the_older_network_connection_and_keeps_the_session() {
    let mut broker = Broker::new();
    broker.lasting(1, "a");
    broker.subscribe(1, "t", QoS::AtMostOnce);
    broker.seen(1);

    let connack = broker.lasting(2, "a");
    broker.publish(2, QoS::AtMostOnce, "t", "x");

    assert!(connack.session_present);
    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::SESSION_TAKEN_OVER));
    assert_eq!(broker.payloads(2), ["x"]);
}

#[test]
fn takeover_of_a_3_1_1_client_is_a_plain_close() {
    let mut broker = Broker::new();
    broker.connect(1, v3("a"));

    broker.connect(2, v3("a"));

    assert_eq!(broker.seen(1), [Seen::Close]);
}

#[test]
fn disconnect_can_change_the_expiry_interval_but_not_raise_it_from_zero() {
    let mut broker = Broker::new();
    let disconnect = |seconds| {
        let mut packet = Disconnect::new(ReasonCode::SUCCESS);
        packet.properties.push(Property::SessionExpiryInterval(seconds));
        Packet::Disconnect(packet)
    };
    broker.lasting(1, "a");
    broker.client(2, "b");

    broker.send(1, disconnect(5));
    broker.send(2, disconnect(5));
    broker.pass(6.0);

    assert_eq!(broker.seen(1), [Seen::Close]);
    assert_eq!(disconnected(&broker.seen(2)), Some(ReasonCode::PROTOCOL_ERROR));
    assert!(!broker.lasting(3, "a").session_present);
}

#[test]
fn an_expiry_interval_of_all_ones_never_ends() {
    let mut broker = Broker::new();
    let mut connect = lasting("a");
    connect.properties.set(Property::SessionExpiryInterval(u32::MAX));
    broker.connect(1, connect);
    broker.cut(1);

    assert_eq!(broker.server.next_deadline(), None);
}

#[test]
fn more_sessions_than_the_limit_are_refused() {
    let mut config = Config::default();
    config.limits.sessions = 1;
    let mut broker = Broker::with(config);
    broker.lasting(1, "a");

    assert_eq!(broker.connect(2, v5("b")).reason, ReasonCode::QUOTA_EXCEEDED);
    assert_eq!(broker.connect(3, v3("c")).reason, ReasonCode(3));
    assert_eq!(broker.lasting(4, "a").reason, ReasonCode::SUCCESS);
}
