//! Bytes written by hand after the figures and tables of the standards, against packets written by hand.

use bytes::{Bytes, BytesMut};
use protocol::*;

fn check(version: Version, sender: Role, bytes: &[u8], packet: Packet) {
    let stream = if matches!(packet, Packet::Connect(_)) { None } else { Some(version) };
    let decoded = decode(&Bytes::copy_from_slice(bytes), stream, sender);
    assert_eq!(decoded.as_ref(), Ok(&packet));
    let mut buffer = BytesMut::new();
    encode(&packet, version, &mut buffer).expect("it fits");
    assert_eq!(&buffer[..], bytes, "{packet:?}");
    assert_eq!(encoded_len(&packet, version), bytes.len());
}

#[test]
fn the_connect_of_figure_3_6() {
    // Variable header of Figure 3.6 of 3.1.1: all flags, Will QoS 1, Keep Alive 10.
    let mut bytes = vec![0x10, 30, 0, 4, b'M', b'Q', b'T', b'T', 4, 0b1100_1110, 0, 10];
    bytes.extend(b"\x00\x01c\x00\x03a/b\x00\x02hi\x00\x02me\x00\x02pw");
    bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
    let will = Will {
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "a/b".into(),
        payload: Bytes::from_static(b"hi"),
        properties: Properties::new(),
    };
    let mut connect = Connect::new(Version::V311, "c");
    connect.keep_alive = 10;
    connect.will = Some(will);
    connect.user_name = Some("me".into());
    connect.password = Some(Bytes::from_static(b"pw"));
    check(Version::V311, Role::Client, &bytes, Packet::Connect(Box::new(connect)));
}

#[test]
fn the_connect_of_figure_3_6_of_version_5() {
    // Variable header of Figure 3-6 of 5.0 (3.1.2.12): as above, with Session Expiry Interval 10.
    let mut bytes = vec![0x10, 0, 0, 4, b'M', b'Q', b'T', b'T', 5, 0b1100_1110, 0, 10, 5, 17, 0, 0, 0, 10];
    bytes.extend(b"\x00\x01c\x05\x18\x00\x00\x00\x07\x00\x03a/b\x00\x02hi\x00\x02me\x00\x02pw");
    bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
    let will = Will {
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "a/b".into(),
        payload: Bytes::from_static(b"hi"),
        properties: Properties::new().with(Property::WillDelayInterval(7)),
    };
    let mut connect = Connect::new(Version::V500, "c");
    connect.keep_alive = 10;
    connect.properties.push(Property::SessionExpiryInterval(10));
    connect.will = Some(will);
    connect.user_name = Some("me".into());
    connect.password = Some(Bytes::from_static(b"pw"));
    check(Version::V500, Role::Client, &bytes, Packet::Connect(Box::new(connect)));
}

#[test]
fn the_publish_of_figure_3_9() {
    // Topic Name a/b, Packet Identifier 10.
    let publish = |properties| {
        Packet::Publish(Publish {
            qos: QoS::AtLeastOnce,
            packet_id: Some(10),
            properties,
            ..Publish::new("a/b", Bytes::from_static(b"!"))
        })
    };
    let bytes = [0x32, 8, 0, 3, b'a', b'/', b'b', 0, 10, b'!'];
    check(Version::V311, Role::Client, &bytes, publish(Properties::new()));
    let bytes = [0x32, 9, 0, 3, b'a', b'/', b'b', 0, 10, 0, b'!'];
    check(Version::V500, Role::Server, &bytes, publish(Properties::new()));
}

#[test]
fn the_subscribe_of_figure_3_23() {
    // a/b with QoS 1, c/d with QoS 2.
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: 10,
        properties: Properties::new(),
        filters: vec![
            ("a/b".into(), SubscriptionOptions::at(QoS::AtLeastOnce)),
            ("c/d".into(), SubscriptionOptions::at(QoS::ExactlyOnce)),
        ],
    });
    check(Version::V311, Role::Client, b"\x82\x0e\x00\x0a\x00\x03a/b\x01\x00\x03c/d\x02", subscribe.clone());
    check(Version::V500, Role::Client, b"\x82\x0f\x00\x0a\x00\x00\x03a/b\x01\x00\x03c/d\x02", subscribe);
}

#[test]
fn subscription_options_have_their_bits() {
    let options = SubscriptionOptions {
        qos: QoS::ExactlyOnce,
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::DoNotSend,
    };
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: 1,
        properties: Properties::new().with(Property::SubscriptionIdentifier(128)),
        filters: vec![("#".into(), options)],
    });
    check(Version::V500, Role::Client, b"\x82\x0a\x00\x01\x03\x0b\x80\x01\x00\x01#\x2e", subscribe);
}

#[test]
fn acknowledgements_leave_out_what_is_zero() {
    for (first, packet) in [
        (0x40, Packet::Puback as fn(Acknowledgement) -> Packet),
        (0x50, Packet::Pubrec),
        (0x62, Packet::Pubrel),
        (0x70, Packet::Pubcomp),
    ] {
        let plain = packet(Acknowledgement::new(0x1234));
        check(Version::V311, Role::Client, &[first, 2, 0x12, 0x34], plain.clone());
        check(Version::V500, Role::Server, &[first, 2, 0x12, 0x34], plain);
        let failed = packet(Acknowledgement::with_reason(1, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND));
        check(Version::V500, Role::Client, &[first, 3, 0, 1, 0x92], failed);
        let mut explained = Acknowledgement::new(1);
        explained.properties.push(Property::ReasonString("x".into()));
        check(Version::V500, Role::Client, &[first, 8, 0, 1, 0, 4, 0x1F, 0, 1, b'x'], packet(explained));
    }
}

#[test]
fn the_answers_of_a_server() {
    let connack = Connack { session_present: true, reason: ReasonCode(0), properties: Properties::new() };
    check(Version::V311, Role::Server, &[0x20, 2, 1, 0], Packet::Connack(connack.clone()));
    check(Version::V500, Role::Server, &[0x20, 3, 1, 0, 0], Packet::Connack(connack));
    let reasons = vec![ReasonCode(0), ReasonCode(2), ReasonCode(0x80)];
    let suback = Suback { packet_id: 10, properties: Properties::new(), reasons: reasons.clone() };
    check(Version::V311, Role::Server, &[0x90, 5, 0, 10, 0, 2, 0x80], Packet::Suback(suback.clone()));
    check(Version::V500, Role::Server, &[0x90, 6, 0, 10, 0, 0, 2, 0x80], Packet::Suback(suback));
    let unsuback = Unsuback { packet_id: 10, properties: Properties::new(), reasons };
    check(Version::V500, Role::Server, &[0xB0, 6, 0, 10, 0, 0, 2, 0x80], Packet::Unsuback(unsuback.clone()));
    let bare = Unsuback { reasons: Vec::new(), ..unsuback };
    check(Version::V311, Role::Server, &[0xB0, 2, 0, 10], Packet::Unsuback(bare));
    check(Version::V311, Role::Server, &[0xD0, 0], Packet::Pingresp);
    check(Version::V500, Role::Server, &[0xE0, 1, 0x8B], {
        Packet::Disconnect(Disconnect::new(ReasonCode::SERVER_SHUTTING_DOWN))
    });
}

#[test]
fn what_else_a_client_sends() {
    let unsubscribe = Packet::Unsubscribe(Unsubscribe {
        packet_id: 10,
        properties: Properties::new(),
        filters: vec!["a/b".into(), "c/d".into()],
    });
    check(Version::V311, Role::Client, b"\xa2\x0c\x00\x0a\x00\x03a/b\x00\x03c/d", unsubscribe.clone());
    check(Version::V500, Role::Client, b"\xa2\x0d\x00\x0a\x00\x00\x03a/b\x00\x03c/d", unsubscribe);
    check(Version::V311, Role::Client, &[0xC0, 0], Packet::Pingreq);
    let disconnect = Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS));
    check(Version::V311, Role::Client, &[0xE0, 0], disconnect.clone());
    check(Version::V500, Role::Client, &[0xE0, 0], disconnect);
    let auth = Auth {
        reason: ReasonCode::RE_AUTHENTICATE,
        properties: Properties::new().with(Property::AuthenticationMethod("m".into())),
    };
    check(Version::V500, Role::Client, b"\xf0\x06\x19\x04\x15\x00\x01m", Packet::Auth(auth));
}

#[test]
fn the_string_of_figure_1_2() {
    // "A" and U+2A6D4, in five bytes.
    let publish = Packet::Publish(Publish::new("A\u{2A6D4}", Bytes::new()));
    check(Version::V311, Role::Client, &[0x30, 7, 0, 5, 0x41, 0xF0, 0xAA, 0x9B, 0x94], publish);
}

#[test]
fn the_variable_byte_integers_of_table_1_1() {
    for (length, header) in [
        (127, &[0x7F][..]),
        (128, &[0x80, 0x01]),
        (16_383, &[0xFF, 0x7F]),
        (16_384, &[0x80, 0x80, 0x01]),
        (2_097_151, &[0xFF, 0xFF, 0x7F]),
        (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
    ] {
        let mut bytes = vec![0x30];
        bytes.extend(header);
        bytes.extend(b"\x00\x01t");
        bytes.resize(1 + header.len() + length, b'x');
        let publish = Publish::new("t", vec![b'x'; length - 3]);
        check(Version::V311, Role::Client, &bytes, Packet::Publish(publish));
    }
}
