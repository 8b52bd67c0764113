//! Session State over several Network Connections.

use crate::script::{Script, acknowledgement, connack, lasting};
use protocol::{Packet, Properties, Property, QoS, Version};
use reference_client::{ConnectOptions, Event, Input, Token};
use std::time::Duration;

fn lost(token: u64) -> Event {
    Event::Lost { token: Token(token) }
}

#[test]
fn unacknowledged_messages_are_repeated_in_order_with_dup_and_their_old_identifiers() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        for (token, qos) in
            [(1, QoS::AtLeastOnce), (2, QoS::ExactlyOnce), (3, QoS::AtLeastOnce), (4, QoS::AtLeastOnce)]
        {
            script.publish(token, qos);
        }
        script.receive(Packet::Puback(acknowledgement(3)));

        let outcome = script.resume(Properties::new());

        assert_eq!(outcome.publishes(), [(1, true), (2, true), (4, true)]);
        assert_eq!(script.publish(5, QoS::AtLeastOnce).publishes(), [(5, false)], "no identifier in use");
    }
}

#[test]
fn pubrels_are_repeated_in_the_order_of_the_pubrecs_and_their_publishes_are_not() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        for token in 1..=3 {
            script.publish(token, QoS::ExactlyOnce);
        }
        script.receive(Packet::Pubrec(acknowledgement(3)));
        script.receive(Packet::Pubrec(acknowledgement(1)));

        let outcome = script.resume(Properties::new());

        assert_eq!(
            outcome.sent[..2],
            [Packet::Pubrel(acknowledgement(3)), Packet::Pubrel(acknowledgement(1))]
        );
        assert_eq!(outcome.publishes(), [(2, true)]);
    }
}

#[test]
fn nothing_is_repeated_while_the_connection_lasts() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.publish(1, QoS::ExactlyOnce);

        for _ in 0..20 {
            let outcome = script.pass(Duration::from_secs(45));
            script.receive(Packet::Pingresp);
            assert_eq!(outcome.sent, [Packet::Pingreq]);
        }
    }
}

#[test]
fn repeats_keep_to_the_receive_maximum_too() {
    let mut script = Script::connected(Version::V500);
    for token in 1..=3 {
        script.publish(token, QoS::AtLeastOnce);
    }

    let resumed = script.resume(Properties::new().with(Property::ReceiveMaximum(2)));
    let new = script.publish(4, QoS::AtLeastOnce);
    let after = script.receive(Packet::Puback(acknowledgement(1)));
    let last = script.receive(Packet::Puback(acknowledgement(2)));

    assert_eq!(resumed.publishes(), [(1, true), (2, true)]);
    assert_eq!(new.publishes(), []);
    assert_eq!(after.publishes(), [(3, true)]);
    assert_eq!(last.publishes(), [(4, false)]);
}

#[test]
fn the_pubcomp_of_a_repeated_pubrel_does_not_raise_the_quota() {
    let mut script = Script::connected(Version::V500);
    script.publish(1, QoS::ExactlyOnce);
    script.receive(Packet::Pubrec(acknowledgement(1)));
    script.resume(Properties::new().with(Property::ReceiveMaximum(1)));
    script.publish(2, QoS::AtLeastOnce);
    script.publish(3, QoS::AtLeastOnce);

    let outcome = script.receive(Packet::Pubcomp(acknowledgement(1)));

    assert_eq!(outcome.publishes(), [], "PUBLISH 2 is still unacknowledged");
}

#[test]
fn in_5_0_a_server_without_session_ends_the_session_of_the_client() {
    let mut script = Script::connected(Version::V500);
    script.publish(1, QoS::AtLeastOnce);
    script.publish(2, QoS::ExactlyOnce);
    script.receive(Packet::Pubrec(acknowledgement(2)));
    script.input(Input::TransportEnded);

    let again = ConnectOptions { clean_start: false, ..lasting(Version::V500) };
    let outcome = script.connect(again, connack(false, Properties::new()));

    assert_eq!(outcome.sent, []);
    assert_eq!(outcome.events[1..], [lost(2), lost(1)]);
}

#[test]
fn in_3_1_1_the_client_repeats_whatever_the_server_remembers() {
    let mut script = Script::connected(Version::V311);
    script.publish(1, QoS::AtLeastOnce);
    script.input(Input::TransportEnded);

    let outcome = script.connect(lasting(Version::V311), connack(false, Properties::new()));

    assert_eq!(outcome.publishes(), [(1, true)]);
}

#[test]
fn a_clean_start_drops_the_session_of_the_client_and_keeps_what_was_never_sent() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.publish(1, QoS::AtLeastOnce);
        script.input(Input::TransportEnded);
        script.publish(2, QoS::AtLeastOnce);

        let connect = script.open(ConnectOptions { clean_start: true, ..lasting(version) });
        let outcome = script.receive(connack(false, Properties::new()));

        assert!(connect.clean_start);
        assert_eq!(outcome.publishes(), [(2, false)]);
    }
}

#[test]
fn a_session_without_expiry_ends_with_the_network_connection() {
    let mut script = Script::new(Version::V500);
    script.connect(ConnectOptions::default(), connack(false, Properties::new()));
    script.publish(1, QoS::AtLeastOnce);

    let outcome = script.input(Input::TransportEnded);

    assert_eq!(outcome.events[0], lost(1));
}

#[test]
fn a_session_ends_when_its_expiry_interval_has_passed() {
    let mut script = Script::connected(Version::V500);
    script.publish(1, QoS::AtLeastOnce);
    script.input(Input::TransportEnded);

    let before = script.pass(Duration::from_secs(99));
    let after = script.pass(Duration::from_secs(1));

    assert_eq!(before.events, []);
    assert_eq!(after.events, [lost(1)]);
}

#[test]
fn the_session_expiry_interval_of_connack_replaces_the_one_of_connect() {
    let mut script = Script::new(Version::V500);
    let answer = connack(false, Properties::new().with(Property::SessionExpiryInterval(0)));
    script.connect(lasting(Version::V500), answer);
    script.publish(1, QoS::AtLeastOnce);

    assert_eq!(script.input(Input::TransportEnded).events[0], lost(1));
}

#[test]
fn a_session_that_is_held_from_an_earlier_client_can_be_resumed() {
    let mut earlier = Script::connected(Version::V500);
    earlier.receive(crate::script::publish(QoS::ExactlyOnce, 5));
    let held: Vec<u16> = earlier.client.held_session().expect("there is a Session").collect();
    let mut script = Script::new(Version::V500);
    script.client.hold_session(held);

    let again = ConnectOptions { clean_start: false, ..lasting(Version::V500) };
    let connected = script.connect(again, connack(true, Properties::new()));
    let repeated = script.receive(crate::script::publish(QoS::ExactlyOnce, 5));

    assert!(!connected.closed);
    assert_eq!((repeated.sent.len(), repeated.events.len()), (1, 0));
}
