//! Will Messages (sections 3.1.2.5 and 3.1.3.2.2).

use crate::broker::*;
use protocol::{Connect, Property, QoS, ReasonCode};
use transport::Engine;

fn watched() -> Broker {
    let mut broker = Broker::new();
    broker.client(9, "watcher");
    broker.subscribe(9, "will", QoS::AtLeastOnce);
    broker.seen(9);
    broker
}

#[test]
fn a_broken_network_connection_publishes_the_will_once() {
    let mut broker = watched();
    broker.connect(1, with_will(v3("a"), QoS::AtLeastOnce, None));

    broker.cut(1);
    broker.connect(2, v3("a"));
    broker.cut(2);

    assert_eq!(broker.payloads(9), ["gone"]);
}

#[test]
fn only_disconnect_0x00_throws_the_will_away() {
    let mut broker = watched();
    broker.connect(1, with_will(v5("a"), QoS::AtLeastOnce, None));
    broker.connect(2, with_will(v5("b"), QoS::AtLeastOnce, None));

    broker.send(1, disconnect(ReasonCode::SUCCESS));
    let after_success = broker.payloads(9);
    broker.send(2, disconnect(ReasonCode::DISCONNECT_WITH_WILL_MESSAGE));

    assert!(after_success.is_empty());
    assert_eq!(broker.payloads(9), ["gone"]);
}

#[test]
fn the_will_waits_for_its_delay_and_no_longer() {
    let mut broker = watched();
    broker.connect(1, with_will(lasting("a"), QoS::AtLeastOnce, Some(5)));
    broker.cut(1);

    broker.pass(4.9);
    let before = broker.payloads(9);
    broker.pass(0.2);

    assert!(before.is_empty());
    assert_eq!(broker.payloads(9), ["gone"]);
}

#[test]
fn the_end_of_the_session_comes_before_the_delay() {
    let mut broker = watched();
    let mut short = with_will(lasting("a"), QoS::AtLeastOnce, Some(50));
    short.properties.set(Property::SessionExpiryInterval(2));
    broker.connect(1, short);
    broker.connect(2, with_will(v5("b"), QoS::AtLeastOnce, Some(50)));

    broker.cut(2);
    let at_once = broker.payloads(9);
    broker.cut(1);
    broker.pass(2.0);
    let at_the_end = broker.payloads(9);
    broker.pass(100.0);

    assert_eq!(at_once, ["gone"]);
    assert_eq!(at_the_end, ["gone"]);
    assert!(broker.payloads(9).is_empty());
    assert_eq!(broker.server.next_deadline(), None);
}

#[test]
fn coming_back_within_the_delay_stops_the_will() {
    let mut broker = watched();
    broker.connect(1, with_will(lasting("a"), QoS::AtLeastOnce, Some(5)));
    broker.cut(1);

    broker.pass(4.0);
    broker.lasting(2, "a");
    broker.pass(100.0);

    assert!(broker.payloads(9).is_empty());
}

#[test]
fn takeover_publishes_the_will_unless_it_is_delayed_and_the_session_goes_on() {
    for (delay, clean_start, expected) in [(None, false, 1), (Some(5), false, 0), (Some(5), true, 1)] {
        let mut broker = watched();
        broker.connect(1, with_will(lasting("a"), QoS::AtLeastOnce, delay));

        broker.connect(2, Connect { clean_start, ..lasting("a") });

        assert_eq!(broker.payloads(9).len(), expected, "delay {delay:?}, clean start {clean_start}");
    }
}

#[test]
fn a_retained_will_stays_for_later_subscribers() {
    let mut broker = watched();
    let mut connect = with_will(v5("a"), QoS::AtLeastOnce, None);
    connect.will.as_mut().expect("a will").retain = true;
    broker.connect(1, connect);
    broker.cut(1);

    broker.client(2, "late");
    broker.subscribe(2, "will", QoS::AtMostOnce);

    let late = broker.published(2);
    assert!(late[0].retain);
    assert!(!broker.published(9)[0].retain);
}
