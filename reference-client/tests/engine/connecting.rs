//! CONNECT, CONNACK and DISCONNECT.

use crate::script::{Script, connack, disconnect, lasting};
use protocol::{Connack, Disconnect, Packet, Properties, Property, ReasonCode, Version, Will};
use reference_client::{Backoff, ClientConfig, Closure, Command, ConnectOptions, Event, Input, Refusal};
use std::time::Duration;

#[test]
fn the_first_packet_is_connect_and_carries_what_it_was_told() {
    for version in Version::ALL {
        let mut script = Script::new(version);
        let will = Will {
            qos: protocol::QoS::ExactlyOnce,
            retain: true,
            topic: "w".into(),
            payload: "x".into(),
            properties: Properties::new(),
        };
        let options = ConnectOptions {
            keep_alive: 7,
            will: Some(will.clone()),
            user_name: Some("u".into()),
            password: Some("p".into()),
            ..ConnectOptions::default()
        };

        let connect = script.open(options);

        assert_eq!((connect.version, &*connect.client_id, connect.clean_start), (version, "c", true));
        assert_eq!((connect.keep_alive, connect.will), (7, Some(will)));
        assert_eq!((connect.user_name.as_deref(), connect.password.as_deref()), (Some("u"), Some(&b"p"[..])));
    }
}

#[test]
fn nothing_but_pingreq_is_sent_before_connack() {
    let mut script = Script::new(Version::V500);
    script.open(ConnectOptions { keep_alive: 4, ..ConnectOptions::default() });

    let published = script.publish(1, protocol::QoS::AtLeastOnce);
    let waited = script.pass(Duration::from_secs(3));

    assert_eq!(published.sent, []);
    assert_eq!(waited.sent, [Packet::Pingreq]);
}

#[test]
fn an_empty_client_identifier_without_clean_session_is_refused_in_3_1_1_only() {
    let options = || Box::new(ConnectOptions { clean_start: false, ..ConnectOptions::default() });
    let mut old = Script::with(ClientConfig::new(Version::V311, ""));
    let mut new = Script::with(ClientConfig::new(Version::V500, ""));

    let refused = old.command(Command::Connect(options()));
    let accepted = new.command(Command::Connect(options()));

    assert_eq!(refused.events, [Event::CommandRefused { token: None, why: Refusal::EmptyClientIdentifier }]);
    assert!(!refused.opened && accepted.opened);
}

#[test]
fn a_password_without_user_name_is_refused_in_3_1_1_only() {
    let options = || Box::new(ConnectOptions { password: Some("p".into()), ..ConnectOptions::default() });

    let refused = Script::new(Version::V311).command(Command::Connect(options()));
    let accepted = Script::new(Version::V500).command(Command::Connect(options()));

    assert_eq!(
        refused.events,
        [Event::CommandRefused { token: None, why: Refusal::PasswordWithoutUserName }]
    );
    assert!(!refused.opened && accepted.opened);
}

#[test]
fn a_refused_connection_is_closed_and_says_why() {
    for (version, reason) in [(Version::V311, ReasonCode(5)), (Version::V500, ReasonCode::NOT_AUTHORIZED)] {
        let mut script = Script::new(version);
        let refusal = Connack { session_present: false, reason, properties: Properties::new() };

        let outcome = script.connect(ConnectOptions::default(), Packet::Connack(refusal.clone()));

        assert!(outcome.closed);
        assert_eq!(outcome.sent, []);
        assert_eq!(outcome.events[0], Event::Refused(refusal));
        assert_eq!(outcome.closure(), Some(&Closure::Refused(reason)));
    }
}

#[test]
fn session_present_without_a_session_closes_the_connection_in_5_0() {
    let mut script = Script::new(Version::V500);

    let outcome = script.connect(ConnectOptions::default(), connack(true, Properties::new()));

    assert!(outcome.closed);
    assert_eq!(outcome.closure(), Some(&Closure::SessionNotHeld));
}

#[test]
fn an_assigned_client_identifier_is_used_from_then_on() {
    let mut script = Script::with(ClientConfig::new(Version::V500, ""));
    let assigned = Properties::new().with(Property::AssignedClientIdentifier("assigned".into()));
    script.connect(lasting(Version::V500), connack(false, assigned));
    script.input(Input::TransportEnded);

    let connect = script.open(ConnectOptions { clean_start: false, ..lasting(Version::V500) });

    assert_eq!(&*connect.client_id, "assigned");
}

#[test]
fn disconnect_is_the_last_packet_and_the_connection_is_closed() {
    for version in Version::ALL {
        let mut script = Script::connected(version);

        let outcome = script.command(disconnect());
        let later = script.publish(1, protocol::QoS::AtMostOnce);

        assert_eq!(outcome.sent, [Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS))]);
        assert!(outcome.closed);
        assert_eq!(outcome.closure(), Some(&Closure::Commanded));
        assert_eq!(later.sent, []);
    }
}

#[test]
fn disconnect_with_will_closes_without_disconnect_in_3_1_1_which_cannot_say_it() {
    let with_will = || Command::Disconnect(Disconnect::new(ReasonCode::DISCONNECT_WITH_WILL_MESSAGE));

    let old = Script::connected(Version::V311).command(with_will());
    let new = Script::connected(Version::V500).command(with_will());

    assert!(old.sent.is_empty() && old.closed);
    assert_eq!(new.disconnect(), Some(ReasonCode::DISCONNECT_WITH_WILL_MESSAGE));
}

#[test]
fn a_reason_code_that_only_a_server_may_send_is_refused() {
    let mut script = Script::connected(Version::V500);

    let outcome = script.command(Command::Disconnect(Disconnect::new(ReasonCode::SESSION_TAKEN_OVER)));

    assert_eq!(outcome.events, [Event::CommandRefused { token: None, why: Refusal::InvalidReasonCode }]);
    assert!(outcome.sent.is_empty() && !outcome.closed);
}

#[test]
fn a_session_that_ends_with_the_connection_cannot_be_prolonged_by_disconnect() {
    let mut script = Script::new(Version::V500);
    script.connect(ConnectOptions::default(), connack(false, Properties::new()));
    let mut prolonging = Disconnect::new(ReasonCode::SUCCESS);
    prolonging.properties.push(Property::SessionExpiryInterval(9));

    let outcome = script.command(Command::Disconnect(prolonging));

    assert_eq!(outcome.events, [Event::CommandRefused { token: None, why: Refusal::InvalidProperty }]);
}

#[test]
fn a_server_that_does_not_answer_connect_is_given_up() {
    let mut script = Script::new(Version::V500);
    script.open(ConnectOptions { keep_alive: 0, ..ConnectOptions::default() });

    let outcome = script.pass(Duration::from_secs(30));

    assert!(outcome.closed);
    assert_eq!(outcome.closure(), Some(&Closure::NoAnswer));
}

#[test]
fn lost_connections_are_opened_again_after_longer_and_longer_waits() {
    let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(5) };
    let mut script =
        Script::with(ClientConfig { reconnect: Some(backoff), ..ClientConfig::new(Version::V500, "c") });
    script.connect(lasting(Version::V500), connack(false, Properties::new()));

    let mut waits = Vec::new();
    for _ in 0..5 {
        let before = script.now;
        let outcome = script.input(Input::TransportEnded);
        let Some(Event::Closed { again_at: Some(at), .. }) = outcome.events.last() else {
            panic!("{outcome:?}")
        };
        waits.push((*at - before).as_secs());
        assert!(script.pass(*at - before).opened);
    }

    assert_eq!(waits, [1, 1, 2, 4, 5]);
    assert!(!script.opened().clean_start, "the Session goes on");
}

#[test]
fn a_session_that_was_taken_over_is_not_taken_back() {
    let config =
        ClientConfig { reconnect: Some(Backoff::default()), ..ClientConfig::new(Version::V500, "c") };
    let mut script = Script::connected_with(config, Properties::new());

    let outcome = script.receive(Packet::Disconnect(Disconnect::new(ReasonCode::SESSION_TAKEN_OVER)));

    assert!(outcome.closed);
    let why = Closure::DisconnectedByServer(ReasonCode::SESSION_TAKEN_OVER);
    assert_eq!(outcome.events.last(), Some(&Event::Closed { why, again_at: None }));
}
