//! User names, passwords, permissions (section 5.4).

use crate::broker::*;
use protocol::{Connect, Packet, QoS, ReasonCode, Suback};
use reference_broker::Config;

const YAML: &str = "
anonymous: null
users:
  - name: alice
    password: secret
    permissions: { publish: ['a/#'], subscribe: ['a/+', 'b'] }
";

fn guarded() -> Broker {
    Broker::with(Config::from_yaml(YAML).expect("a configuration"))
}

fn as_alice(connect: Connect, password: &'static str) -> Connect {
    Connect { user_name: Some("alice".into()), password: Some(password.into()), ..connect }
}

#[test]
fn only_the_right_password_lets_a_client_in() {
    let mut broker = guarded();

    assert_eq!(broker.connect(1, as_alice(v5("a"), "secret")).reason, ReasonCode::SUCCESS);
    assert_eq!(broker.connect(2, as_alice(v5("b"), "wrong")).reason, ReasonCode::BAD_USER_NAME_OR_PASSWORD);
    assert_eq!(broker.connect(3, as_alice(v3("c"), "wrong")).reason, ReasonCode(4));
    assert_eq!(broker.connect(4, v5("d")).reason, ReasonCode::NOT_AUTHORIZED);
    assert_eq!(broker.connect(5, v3("e")).reason, ReasonCode(5));
}

#[test]
fn publishing_elsewhere_is_refused_in_5_0_and_acknowledged_in_3_1_1() {
    let mut broker = guarded();
    broker.connect(1, as_alice(v5("a"), "secret"));
    broker.connect(2, as_alice(v3("b"), "secret"));
    broker.subscribe(2, "b", QoS::AtMostOnce);
    broker.seen(2);

    broker.publish(1, QoS::AtLeastOnce, "b", "x");
    broker.publish(2, QoS::AtLeastOnce, "b", "x");

    let answer = broker.seen(1);
    assert!(
        matches!(&answer[..], [Seen::Packet(Packet::Puback(a))] if a.reason == ReasonCode::NOT_AUTHORIZED)
    );
    assert_eq!(broker.seen(2), [Seen::Packet(puback(7))]);
}

#[test]
fn a_refused_qos_2_message_leaves_its_identifier_free_in_5_0() {
    let mut broker = guarded();
    broker.connect(1, as_alice(v5("a"), "secret"));
    broker.subscribe(1, "a/+", QoS::AtMostOnce);
    broker.seen(1);

    broker.publish(1, QoS::ExactlyOnce, "b", "x");
    broker.publish(1, QoS::ExactlyOnce, "a/b", "y");

    assert_eq!(broker.payloads(1), ["y"]);
}

#[test]
fn a_filter_has_to_be_covered_by_a_permission() {
    let mut broker = guarded();
    broker.connect(1, as_alice(v5("a"), "secret"));
    broker.connect(2, as_alice(v3("b"), "secret"));
    let filters = ["a/b", "a/+", "a/#", "b", "b/c", "#"].map(|filter| (filter, Default::default()));

    broker.send(1, subscribe(9, &filters));
    broker.send(2, subscribe(9, &filters));

    let codes = |seen: Vec<Seen>| match &seen[..] {
        [Seen::Packet(Packet::Suback(Suback { reasons, .. }))] => {
            reasons.iter().map(|r| r.0).collect::<Vec<u8>>()
        }
        _ => panic!("{seen:?}"),
    };
    assert_eq!(codes(broker.seen(1)), [0, 0, 0x87, 0, 0x87, 0x87]);
    assert_eq!(codes(broker.seen(2)), [0, 0, 0x80, 0, 0x80, 0x80]);
}
