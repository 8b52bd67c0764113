//! What the strict decoder refuses, and what it takes although it looks odd: kind, Requirement and place of each mistake.

use bytes::Bytes;
use catalogue::RequirementId;
use protocol::{DecodeError, Decoder, ErrorKind, Limits, Packet, Role, Version, decode};

const V3: Version = Version::V311;
const V5: Version = Version::V500;
const CLIENT: Role = Role::Client;
const SERVER: Role = Role::Server;
const MALFORMED: ErrorKind = ErrorKind::MalformedPacket;
const PROTOCOL: ErrorKind = ErrorKind::ProtocolError;

/// A packet with an honest Remaining Length.
fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first, u8::try_from(body.len()).expect("a short packet")];
    bytes.extend(body);
    bytes
}

#[track_caller]
fn refused(
    version: impl Into<Option<Version>>,
    sender: Role,
    bytes: &[u8],
    kind: ErrorKind,
    name: &str,
    offset: usize,
) -> DecodeError {
    let error = decode(&Bytes::copy_from_slice(bytes), version.into(), sender).expect_err("it is wrong");
    let (expected, found) =
        ((kind, RequirementId::known(name), offset), (error.kind, error.requirement, error.offset));
    assert_eq!(found, expected, "{error}");
    assert_eq!(error.first_byte, bytes.first().copied());
    error
}

#[track_caller]
fn taken(version: impl Into<Option<Version>>, sender: Role, bytes: &[u8]) -> Packet {
    decode(&Bytes::copy_from_slice(bytes), version.into(), sender).expect("it is right")
}

/// A CONNECT with these Connect Flags and all that follows Keep Alive.
fn connect(version: Version, flags: u8, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', version.protocol_level(), flags, 0, 0];
    body.extend(rest);
    packet(0x10, &body)
}

#[test]
fn the_first_packet_is_a_connect() {
    for first in [0x00, 0x30, 0xC0, 0xF0, 0x20] {
        let error = refused(None, CLIENT, &[first, 0], PROTOCOL, "5.0/MQTT-3.1.0-1", 0);
        assert_eq!(error.version, None);
    }
}

#[test]
fn a_connect_names_its_protocol_and_version() {
    let wrong_name = packet(0x10, b"\x00\x04MQTt\x05\x02\x00\x00\x00\x00\x00");
    assert_eq!(refused(None, CLIENT, &wrong_name, MALFORMED, "5.0/MQTT-3.1.2-1", 2).version, None);
    for (level, name) in
        [(3, &b"\x00\x06MQIsdp"[..]), (4, b"\x00\x06MQIsdp"), (6, b"\x00\x04MQTT"), (0x84, b"\x00\x04MQTT")]
    {
        let body = [name, &[level, 2, 0, 0, 0, 0]].concat();
        let kind = ErrorKind::UnsupportedProtocolVersion { level };
        let offset = 2 + name.len();
        assert_eq!(
            refused(None, CLIENT, &packet(0x10, &body), kind, "5.0/MQTT-3.1.2-2", offset).version,
            None
        );
    }
}

#[test]
fn a_server_of_one_version_refuses_the_other() {
    let mut decoder = Decoder::for_server(Limits::default()).only(V3);
    decoder.feed(Bytes::from(connect(V5, 2, b"\x00\x00\x01c")));
    let error = decoder.next_packet().expect("a whole packet").expect_err("it is wrong");
    assert_eq!((error.kind, error.offset), (ErrorKind::UnsupportedProtocolVersion { level: 5 }, 8));
    let mut decoder = Decoder::for_server(Limits::default()).only(V3);
    decoder.feed(Bytes::from(connect(V3, 2, b"\x00\x01c")));
    assert!(matches!(decoder.next_packet(), Some(Ok(_))));
}

#[test]
fn connect_flags_agree_with_each_other_and_with_the_payload() {
    for (flags, v3, v5) in [
        (0x03, "3.1.1/MQTT-3.1.2-3", "5.0/MQTT-3.1.2-3"),
        (0x1E, "3.1.1/MQTT-3.1.2-14", "5.0/MQTT-3.1.2-12"),
        (0x18, "3.1.1/MQTT-3.1.2-14", "5.0/MQTT-3.1.2-12"),
        (0x0A, "3.1.1/MQTT-3.1.2-13", "5.0/MQTT-3.1.2-11"),
        (0x22, "3.1.1/MQTT-3.1.2-15", "5.0/MQTT-3.1.2-13"),
    ] {
        let error = refused(None, CLIENT, &connect(V3, flags, b"\x00\x01c"), MALFORMED, v3, 9);
        assert_eq!(error.version, Some(V3));
        let error = refused(None, CLIENT, &connect(V5, flags, b"\x00\x00\x01c"), MALFORMED, v5, 9);
        assert_eq!(error.version, Some(V5));
    }
    refused(None, CLIENT, &connect(V3, 0x42, b"\x00\x01c\x00\x01p"), MALFORMED, "3.1.1/MQTT-3.1.2-22", 9);
    taken(None, CLIENT, &connect(V5, 0x42, b"\x00\x00\x01c\x00\x01p"));
    refused(None, CLIENT, &connect(V3, 0x02, b""), MALFORMED, "3.1.1/MQTT-3.1.3-3", 12);
    refused(None, CLIENT, &connect(V3, 0x82, b"\x00\x01c"), MALFORMED, "3.1.1/MQTT-3.1.2-19", 15);
    refused(None, CLIENT, &connect(V3, 0xC2, b"\x00\x01c\x00\x01u"), MALFORMED, "3.1.1/MQTT-3.1.2-21", 18);
    refused(None, CLIENT, &connect(V5, 0x06, b"\x00\x00\x01c"), MALFORMED, "5.0/MQTT-3.1.2-9", 16);
    refused(
        None,
        CLIENT,
        &connect(V5, 0x02, b"\x00\x00\x01c\x00\x01u"),
        MALFORMED,
        "5.0/RULE-2.1.4-trailing-bytes",
        16,
    );
    refused(
        None,
        CLIENT,
        &connect(V3, 0x06, b"\x00\x01c\x00\x01#\x00\x00"),
        MALFORMED,
        "3.1.1/MQTT-4.7.1-1",
        15,
    );
    refused(
        None,
        CLIENT,
        &connect(V5, 0x06, b"\x00\x00\x01c\x00\x00\x00\x00\x00"),
        PROTOCOL,
        "5.0/MQTT-4.7.3-1",
        17,
    );
    // Whether an empty Client Identifier will do is for the Server to say.
    taken(None, CLIENT, &connect(V3, 0x00, b"\x00\x00"));
}

#[test]
fn the_fixed_header_has_the_right_flags_type_and_direction() {
    for (first, v3, v5) in [
        (0x60, "3.1.1/MQTT-3.6.1-1", "5.0/MQTT-3.6.1-1"),
        (0x80, "3.1.1/MQTT-3.8.1-1", "5.0/MQTT-3.8.1-1"),
        (0xA3, "3.1.1/MQTT-3.10.1-1", "5.0/MQTT-3.10.1-1"),
        (0xE1, "3.1.1/MQTT-3.14.1-1", "5.0/MQTT-3.14.1-1"),
        (0x41, "3.1.1/MQTT-2.2.2-1", "5.0/MQTT-2.1.3-1"),
        (0xC8, "3.1.1/MQTT-2.2.2-1", "5.0/MQTT-2.1.3-1"),
        (0x36, "3.1.1/MQTT-3.3.1-4", "5.0/MQTT-3.3.1-4"),
        (0x00, "3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"),
    ] {
        refused(V3, CLIENT, &[first, 0], MALFORMED, v3, 0);
        refused(V5, CLIENT, &[first, 0], MALFORMED, v5, 0);
    }
    refused(V5, CLIENT, &[0xF2, 0], MALFORMED, "5.0/MQTT-3.15.1-1", 0);
    refused(V3, CLIENT, &[0xF0, 0], MALFORMED, "3.1.1/RULE-2.2.1-forbidden-type", 0);
    refused(None, CLIENT, &[0x12, 0], MALFORMED, "5.0/MQTT-2.1.3-1", 0);
    for first in [0x20, 0x90, 0xB0, 0xD0] {
        refused(V5, CLIENT, &[first, 0], PROTOCOL, "5.0/RULE-2.1.2-not-from-client", 0);
        refused(V3, CLIENT, &[first, 0], MALFORMED, "3.1.1/RULE-2.2.1-not-from-client", 0);
    }
    for first in [0x10, 0x82, 0xA2, 0xC0] {
        refused(V5, SERVER, &[first, 0], PROTOCOL, "5.0/RULE-2.1.2-not-from-server", 0);
    }
    refused(V3, SERVER, &[0xE0, 0], MALFORMED, "3.1.1/RULE-2.2.1-not-from-server", 0);
    taken(V5, SERVER, &[0xE0, 0]);
}

#[test]
fn lengths_stay_within_the_packet() {
    let five = [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
    refused(V5, CLIENT, &five, MALFORMED, "5.0/RULE-2.1.4-remaining-length-of-five-bytes", 1);
    refused(V3, CLIENT, &packet(0x40, &[0]), MALFORMED, "3.1.1/RULE-2.2.3-missing-field", 2);
    refused(V3, CLIENT, &packet(0x40, &[0, 1, 0]), MALFORMED, "3.1.1/RULE-2.2.3-trailing-bytes", 4);
    refused(V5, CLIENT, &packet(0xC0, &[0]), MALFORMED, "5.0/RULE-2.1.4-trailing-bytes", 2);
    refused(V3, CLIENT, &packet(0x30, b"\x00\x04abc"), MALFORMED, "3.1.1/RULE-1.5.3-string-beyond-packet", 2);
    refused(V5, CLIENT, &packet(0x30, b"\x00\x04abc"), MALFORMED, "5.0/RULE-1.5.4-string-beyond-packet", 2);
    refused(V5, CLIENT, &packet(0x30, b"\x00\x01a"), MALFORMED, "5.0/RULE-2.1.4-missing-field", 5);
    refused(V5, CLIENT, &packet(0x30, b"\x00\x01a\x02\x01"), MALFORMED, "5.0/RULE-2.2.2.1-beyond-packet", 6);
    refused(
        V5,
        CLIENT,
        &packet(0x30, b"\x00\x01a\x02\x02\x00"),
        MALFORMED,
        "5.0/RULE-2.2.2.1-cut-property",
        7,
    );
    refused(
        V5,
        CLIENT,
        &packet(0x30, b"\x00\x01a\x04\x03\x00\x02xy"),
        MALFORMED,
        "5.0/RULE-2.2.2.1-cut-property",
        7,
    );
    let long = packet(0x30, b"\x00\x01a\x80\x80\x80\x80\x00");
    refused(V5, CLIENT, &long, MALFORMED, "5.0/RULE-1.5.5-five-bytes", 5);
}

#[test]
fn a_longer_form_of_a_variable_byte_integer_is_taken() {
    taken(V5, CLIENT, &[0x30, 0x86, 0x80, 0x00, 0, 1, b'a', 0x80, 0x80, 0x00]);
    taken(V5, CLIENT, &[0xC0, 0x80, 0x80, 0x80, 0x00]);
    taken(V5, CLIENT, &packet(0x30, b"\x00\x01a\x03\x81\x00\x01"));
}

#[test]
fn strings_are_well_formed_utf_8_without_nul() {
    for ill in [&b"\xC3\x28"[..], b"\xED\xA0\x80", b"\xC0\x80", b"\xF5\x80\x80\x80", b"\xE2\x82", b"\x80"] {
        let mut body = vec![0, u8::try_from(ill.len() + 1).unwrap(), b'a'];
        body.extend(ill);
        refused(V3, CLIENT, &packet(0x30, &body), MALFORMED, "3.1.1/MQTT-1.5.3-1", 5);
        refused(V5, SERVER, &packet(0x30, &body), MALFORMED, "5.0/MQTT-1.5.4-1", 5);
    }
    refused(V3, CLIENT, &packet(0x30, b"\x00\x02a\x00"), MALFORMED, "3.1.1/MQTT-1.5.3-2", 5);
    refused(V5, CLIENT, &packet(0x30, b"\x00\x02a\x00\x00"), MALFORMED, "5.0/MQTT-1.5.4-2", 5);
    refused(V5, CLIENT, &packet(0x30, b"\x00\x03\xFF\x00a\x00"), MALFORMED, "5.0/MQTT-1.5.4-1", 4);
    let pair = b"\x00\x01a\x07\x26\x00\x01k\x00\x01\x00";
    refused(V5, CLIENT, &packet(0x30, pair), MALFORMED, "5.0/MQTT-1.5.4-2", 12);
    // Control characters, non-characters and U+FEFF are characters like others.
    for text in ["\u{1}\u{1F}\u{7F}\u{9F}", "\u{FFFF}", "\u{FEFF}a"] {
        let mut body = vec![0, u8::try_from(text.len()).unwrap()];
        body.extend(text.as_bytes());
        match taken(V3, CLIENT, &packet(0x30, &body)) {
            Packet::Publish(publish) => assert_eq!(&*publish.topic, text),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_publish_has_a_topic_name_and_a_packet_identifier() {
    refused(V3, CLIENT, &packet(0x30, b"\x00\x01#"), MALFORMED, "3.1.1/MQTT-3.3.2-2", 2);
    refused(V5, SERVER, &packet(0x30, b"\x00\x03a/+\x00"), PROTOCOL, "5.0/MQTT-3.3.2-2", 2);
    refused(V3, CLIENT, &packet(0x30, b"\x00\x00"), MALFORMED, "3.1.1/MQTT-4.7.3-1", 2);
    let alone = packet(0x30, b"\x00\x00\x00");
    refused(V5, CLIENT, &alone, PROTOCOL, "5.0/RULE-3.3.2.1-empty-topic-without-alias", 2);
    taken(V5, CLIENT, &packet(0x30, b"\x00\x00\x03\x23\x00\x01"));
    refused(V3, CLIENT, &packet(0x32, b"\x00\x01a\x00\x00"), MALFORMED, "3.1.1/MQTT-2.3.1-1", 5);
    refused(V5, CLIENT, &packet(0x34, b"\x00\x01a\x00\x00\x00"), PROTOCOL, "5.0/MQTT-2.2.1-3", 5);
    refused(V5, SERVER, &packet(0x34, b"\x00\x01a\x00\x00\x00"), PROTOCOL, "5.0/MQTT-2.2.1-4", 5);
    // DUP 1 with QoS 0 is left to the receiver.
    taken(V3, CLIENT, &packet(0x38, b"\x00\x01a"));
}

#[test]
fn properties_stand_where_and_as_they_may() {
    let publish = |properties: &[u8]| {
        let mut body = vec![0, 1, b'a', u8::try_from(properties.len()).unwrap()];
        body.extend(properties);
        packet(0x30, &body)
    };
    let alias = ErrorKind::TopicAliasInvalid;
    refused(V5, CLIENT, &publish(b"\x23\x00\x00"), alias, "5.0/MQTT-3.3.2-8", 6);
    refused(V5, CLIENT, &publish(b"\x23\x00\x01\x23\x00\x01"), PROTOCOL, "5.0/RULE-3.3.2.3.4-twice", 9);
    refused(V5, CLIENT, &publish(b"\x04\x00"), MALFORMED, "5.0/RULE-2.2.2.2-unknown-property", 6);
    refused(V5, CLIENT, &publish(b"\x00"), MALFORMED, "5.0/RULE-2.2.2.2-unknown-property", 6);
    refused(V5, CLIENT, &publish(b"\xFF\xFF\xFF\x7F"), MALFORMED, "5.0/RULE-2.2.2.2-unknown-property", 6);
    let foreign = publish(b"\x21\x00\x01");
    refused(V5, CLIENT, &foreign, MALFORMED, "5.0/RULE-2.2.2.2-property-of-another-packet", 6);
    refused(V5, CLIENT, &publish(b"\x0B\x01"), PROTOCOL, "5.0/MQTT-3.3.4-6", 6);
    refused(V5, SERVER, &publish(b"\x0B\x00"), PROTOCOL, "5.0/RULE-3.3.2.3.8-zero", 6);
    taken(V5, SERVER, &publish(b"\x0B\x01\x0B\x01"));
    refused(V5, CLIENT, &publish(b"\x08\x00\x01#"), PROTOCOL, "5.0/MQTT-3.3.2-14", 6);
    taken(V5, CLIENT, &publish(b"\x26\x00\x00\x00\x00\x26\x00\x00\x00\x00"));
    // Open in the standard: refused from a Client, never held against a Server.
    refused(V5, CLIENT, &publish(b"\x01\x00\x01\x00"), PROTOCOL, "5.0/RULE-3.3.2.3.2-twice", 8);
    taken(V5, SERVER, &publish(b"\x01\x00\x01\x00"));
    taken(V5, SERVER, &publish(b"\x01\x02"));

    let connect = |properties: &[u8]| {
        let mut rest = vec![u8::try_from(properties.len()).unwrap()];
        rest.extend(properties);
        rest.extend(b"\x00\x01c");
        connect(V5, 2, &rest)
    };
    refused(None, CLIENT, &connect(b"\x21\x00\x00"), PROTOCOL, "5.0/RULE-3.1.2.11.3-zero", 13);
    refused(None, CLIENT, &connect(b"\x27\x00\x00\x00\x00"), PROTOCOL, "5.0/RULE-3.1.2.11.4-zero", 13);
    refused(None, CLIENT, &connect(b"\x19\x02"), PROTOCOL, "5.0/RULE-3.1.2.11.6-value", 13);
    refused(None, CLIENT, &connect(b"\x17\x02"), PROTOCOL, "5.0/RULE-3.1.2.11.7-value", 13);
    refused(
        None,
        CLIENT,
        &connect(b"\x16\x00\x00"),
        PROTOCOL,
        "5.0/RULE-3.1.2.11.10-data-without-method",
        12,
    );
    taken(None, CLIENT, &connect(b"\x16\x00\x00\x15\x00\x01m"));

    refused(V5, SERVER, &packet(0x20, b"\x00\x00\x02\x24\x02"), PROTOCOL, "5.0/RULE-3.2.2.3.4-value", 5);
    let goodbye = packet(0xE0, b"\x00\x05\x11\x00\x00\x00\x01");
    refused(V5, SERVER, &goodbye, PROTOCOL, "5.0/MQTT-3.14.2-2", 4);
    taken(V5, CLIENT, &goodbye);
}

#[test]
fn subscriptions_are_not_empty_and_have_valid_options() {
    refused(V3, CLIENT, &packet(0x82, b"\x00\x01"), MALFORMED, "3.1.1/MQTT-3.8.3-3", 4);
    refused(V5, CLIENT, &packet(0x82, b"\x00\x01\x00"), PROTOCOL, "5.0/MQTT-3.8.3-2", 5);
    refused(V3, CLIENT, &packet(0xA2, b"\x00\x01"), MALFORMED, "3.1.1/MQTT-3.10.3-2", 4);
    refused(V5, CLIENT, &packet(0xA2, b"\x00\x01\x00"), PROTOCOL, "5.0/MQTT-3.10.3-2", 5);
    refused(V3, CLIENT, &packet(0x82, b"\x00\x00\x00\x01a\x00"), MALFORMED, "3.1.1/MQTT-2.3.1-1", 2);
    refused(V3, CLIENT, &packet(0x82, b"\x00\x01\x00\x00\x00"), MALFORMED, "3.1.1/MQTT-4.7.3-1", 4);
    refused(V3, CLIENT, &packet(0x82, b"\x00\x01\x00\x01a\x03"), MALFORMED, "3.1.1/MQTT-3.8.3-4", 7);
    refused(V3, CLIENT, &packet(0x82, b"\x00\x01\x00\x01a\x04"), MALFORMED, "3.1.1/MQTT-3.8.3-4", 7);
    refused(V5, CLIENT, &packet(0x82, b"\x00\x01\x00\x00\x01a\x40"), MALFORMED, "5.0/MQTT-3.8.3-5", 8);
    refused(V5, CLIENT, &packet(0x82, b"\x00\x01\x00\x00\x01a\x03"), PROTOCOL, "5.0/RULE-3.8.3.1-qos-3", 8);
    let handling = packet(0x82, b"\x00\x01\x00\x00\x01a\x30");
    refused(V5, CLIENT, &handling, PROTOCOL, "5.0/RULE-3.8.3.1-retain-handling-3", 8);
    refused(
        V5,
        CLIENT,
        &packet(0x82, b"\x00\x01\x00\x00\x0a$share/g/a\x04"),
        PROTOCOL,
        "5.0/MQTT-3.8.3-4",
        17,
    );
    // The option byte of a filter is missing.
    refused(V3, CLIENT, &packet(0x82, b"\x00\x01\x00\x01a"), MALFORMED, "3.1.1/RULE-2.2.3-missing-field", 7);
    // The syntax of a filter is not the decoder's business.
    taken(V5, CLIENT, &packet(0x82, b"\x00\x01\x00\x00\x02a#\x00"));
}

#[test]
fn what_a_server_answers_is_read_strictly_too() {
    refused(V3, SERVER, &packet(0x20, &[2, 0]), MALFORMED, "3.1.1/RULE-3.2.2.1-reserved-flags", 2);
    refused(V5, SERVER, &packet(0x20, &[3, 0, 0]), MALFORMED, "5.0/MQTT-3.2.2-1", 2);
    refused(V5, SERVER, &packet(0x20, &[0, 0]), MALFORMED, "5.0/RULE-2.1.4-missing-field", 4);
    refused(V3, SERVER, &packet(0x20, &[0, 0, 0]), MALFORMED, "3.1.1/RULE-2.2.3-trailing-bytes", 4);
    refused(V3, SERVER, &packet(0x90, &[0, 1]), MALFORMED, "3.1.1/MQTT-3.8.4-5", 4);
    refused(V5, SERVER, &packet(0xB0, &[0, 1, 0]), PROTOCOL, "5.0/MQTT-3.11.3-2", 5);
    refused(V3, SERVER, &packet(0xB0, &[0, 1, 0]), MALFORMED, "3.1.1/RULE-2.2.3-trailing-bytes", 4);
    refused(V5, SERVER, &packet(0x40, &[0, 0]), PROTOCOL, "5.0/MQTT-2.2.1-5", 2);
    refused(V5, SERVER, &packet(0xF0, &[0x18, 0]), PROTOCOL, "5.0/RULE-3.15-auth-without-method", 3);
    // Reason Codes are left to whoever knows the packet's table.
    taken(V5, SERVER, &packet(0x40, &[0, 1, 0x42]));
    taken(V3, SERVER, &packet(0x20, &[0, 6]));
}

#[test]
fn a_second_connect_is_decoded_or_refused_as_such() {
    let first = connect(V5, 2, b"\x00\x00\x01c");
    let mut decoder = Decoder::for_server(Limits::default());
    decoder.feed(Bytes::from([first.clone(), first].concat()));
    assert!(matches!(decoder.next_packet(), Some(Ok(Packet::Connect(_)))));
    assert!(matches!(decoder.next_packet(), Some(Ok(Packet::Connect(_)))));
    decoder.feed(Bytes::from(packet(0x10, b"\x00\x04MQTT\x07\x02\x00\x00\x00\x00\x00")));
    let error = decoder.next_packet().expect("a whole packet").expect_err("it is wrong");
    assert_eq!((error.kind, error.version, error.offset), (PROTOCOL, Some(V5), 0));
    assert_eq!(error.requirement, RequirementId::known("5.0/MQTT-3.1.0-2"));
}

#[test]
fn a_packet_above_the_limit_is_refused_as_soon_as_its_length_is_known() {
    let mut decoder = Decoder::for_client(V5, Limits { maximum_packet_size: 100 });
    decoder.feed(Bytes::from_static(&[0x30, 98]));
    assert!(decoder.next_packet().is_none());
    let mut decoder = Decoder::for_client(V5, Limits { maximum_packet_size: 100 });
    decoder.feed(Bytes::from_static(&[0x30, 99]));
    let error = decoder.next_packet().expect("an answer").expect_err("it is too large");
    assert_eq!((error.kind, error.offset), (ErrorKind::PacketTooLarge, 1));
    // The stream is dead.
    decoder.feed(Bytes::from_static(&[0xD0, 0]));
    assert_eq!(decoder.next_packet(), Some(Err(error)));
}

#[test]
fn a_wrong_first_byte_is_refused_before_anything_else_arrives() {
    let mut decoder = Decoder::for_client(V3, Limits::default());
    decoder.feed(Bytes::from_static(&[0x36]));
    assert!(matches!(decoder.next_packet(), Some(Err(_))));
}
