//! Keep Alive.

use crate::script::{Script, connack};
use protocol::{Packet, Properties, Property, QoS, Version};
use reference_client::{ClientConfig, Closure, ConnectOptions};
use std::time::Duration;

fn with_keep_alive(seconds: u16, announced: Properties) -> Script {
    let mut script = Script::with(ClientConfig::new(Version::V500, "c"));
    script.connect(
        ConnectOptions { keep_alive: seconds, ..ConnectOptions::default() },
        connack(false, announced),
    );
    script
}

#[test]
fn the_gap_between_two_packets_is_never_longer_than_keep_alive() {
    let mut script = with_keep_alive(8, Properties::new());

    for _ in 0..3 {
        assert_eq!(script.pass(Duration::from_secs(8)).sent, [Packet::Pingreq]);
        script.receive(Packet::Pingresp);
        script.publish(1, QoS::AtMostOnce);
    }
}

#[test]
fn other_packets_make_pingreq_unnecessary() {
    let mut script = with_keep_alive(8, Properties::new());

    for _ in 0..5 {
        assert_eq!(script.pass(Duration::from_secs(5)).sent, []);
        script.publish(1, QoS::AtMostOnce);
    }
}

#[test]
fn keep_alive_zero_switches_it_off() {
    let mut script = with_keep_alive(0, Properties::new());

    assert_eq!(script.pass(Duration::from_secs(100_000)).sent, []);
}

#[test]
fn server_keep_alive_replaces_the_value_of_the_client() {
    let mut script = with_keep_alive(1000, Properties::new().with(Property::ServerKeepAlive(4)));

    assert_eq!(script.pass(Duration::from_secs(4)).sent, [Packet::Pingreq]);
}

#[test]
fn a_server_that_does_not_answer_pingreq_is_given_up() {
    let mut script = with_keep_alive(60, Properties::new());

    let outcome = script.pass(Duration::from_secs(55));

    assert_eq!(outcome.sent, [Packet::Pingreq]);
    assert!(outcome.closed);
    assert_eq!(outcome.closure(), Some(&Closure::NoAnswer));
}
