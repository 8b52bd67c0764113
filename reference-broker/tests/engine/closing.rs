//! Keep Alive, DISCONNECT, shutdown, malformed bytes (sections 3.1.2.10, 3.14, 4.13).

use crate::broker::*;
use catalogue::RequirementId;
use protocol::{Connect, DecodeError, ErrorKind, Packet, ReasonCode, Version};
use transport::{Engine, Input};

fn malformed(kind: ErrorKind, version: Option<Version>) -> Input {
    let requirement = RequirementId::known("5.0/MQTT-2.1.3-1");
    Input::Malformed(DecodeError {
        kind,
        version,
        first_byte: Some(0x10),
        requirement,
        offset: 0,
        text: "wrong".into(),
    })
}

#[test]
fn silence_for_one_and_a_half_keep_alive_periods_ends_the_network_connection() {
    let mut broker = Broker::new();
    broker.connect(1, Connect { keep_alive: 2, ..v5("a") });
    broker.connect(2, Connect { keep_alive: 2, ..v3("b") });

    broker.pass(2.5);
    broker.send(1, Packet::Pingreq);
    broker.send(2, Packet::Pingreq);
    broker.pass(2.9);
    let meanwhile = (broker.seen(1), broker.seen(2));
    broker.pass(0.2);

    assert_eq!(meanwhile, (vec![Seen::Packet(Packet::Pingresp)], vec![Seen::Packet(Packet::Pingresp)]));
    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::KEEP_ALIVE_TIMEOUT));
    assert_eq!(broker.seen(2), [Seen::Close]);
}

#[test]
fn keep_alive_zero_means_no_end() {
    let mut broker = Broker::new();
    broker.client(1, "a");

    broker.pass(1e6);

    assert_eq!(broker.seen(1), []);
    assert_eq!(broker.server.next_deadline(), None);
}

#[test]
fn malformed_bytes_in_place_of_connect_get_a_connack_in_5_0_only() {
    let mut broker = Broker::new();
    for id in 1..=4 {
        broker.open(id);
    }

    broker.input(1, malformed(ErrorKind::MalformedPacket, Some(Version::V500)));
    broker.input(2, malformed(ErrorKind::MalformedPacket, Some(Version::V311)));
    broker.input(3, malformed(ErrorKind::MalformedPacket, None));
    broker.input(4, malformed(ErrorKind::UnsupportedProtocolVersion { level: 127 }, None));

    let code = |seen: &[Seen]| match seen {
        [Seen::Packet(Packet::Connack(connack)), Seen::Close] => Some(connack.reason),
        [Seen::Close] => None,
        _ => panic!("{seen:?}"),
    };
    assert_eq!(code(&broker.seen(1)), Some(ReasonCode::MALFORMED_PACKET));
    assert_eq!(code(&broker.seen(2)), None);
    assert_eq!(code(&broker.seen(3)), None);
    assert_eq!(code(&broker.seen(4)), Some(ReasonCode(1)));
}

#[test]
fn malformed_bytes_after_connack_end_the_network_connection_with_a_reason_in_5_0() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.connect(2, v3("b"));

    broker.input(1, malformed(ErrorKind::PacketTooLarge, Some(Version::V500)));
    broker.input(2, malformed(ErrorKind::PacketTooLarge, Some(Version::V311)));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PACKET_TOO_LARGE));
    assert_eq!(broker.seen(2), [Seen::Close]);
}

#[test]
fn shutdown_tells_5_0_clients_and_lets_nobody_in() {
    let mut broker = Broker::new();
    broker.client(1, "a");
    broker.connect(2, v3("b"));
    broker.open(3);

    broker.server.shutdown(broker.now);
    broker.open(4);
    broker.send(4, Packet::Connect(Box::new(v5("d"))));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::SERVER_SHUTTING_DOWN));
    assert_eq!(broker.seen(2), [Seen::Close]);
    assert_eq!(broker.seen(3), [Seen::Close]);
    let refusal = broker.seen(4);
    let is_unavailable = |seen: &Seen| matches!(seen, Seen::Packet(Packet::Connack(c)) if c.reason == ReasonCode::SERVER_UNAVAILABLE);
    assert!(is_unavailable(&refusal[0]), "{refusal:?}");
}
