//! What the field tree of a packet looks like, and what some of the malformations do to the bytes.

use bytes::Bytes;
use protocol::wire::{FieldPath, Frame, IllString, Malformation, Value, dissect, malformations};
use protocol::{
    Acknowledgement, Connect, Packet, Properties, Property, Publish, QoS, ReasonCode, Subscribe,
    SubscriptionOptions, Version, Will,
};

fn frame(packet: &Packet, version: Version) -> Frame {
    Frame::from_packet(packet, version).expect("a short packet")
}

fn connect() -> Packet {
    let mut connect = Connect::new(Version::V500, "c\n1");
    connect.keep_alive = 30;
    connect.properties.push(Property::SessionExpiryInterval(60));
    connect.will = Some(Will {
        qos: QoS::AtLeastOnce,
        retain: true,
        topic: "w".into(),
        payload: Bytes::from_static(b"\x01\x02"),
        properties: Properties::new().with(Property::UserProperty(("k".into(), "v".into()))),
    });
    Packet::Connect(Box::new(connect))
}

#[test]
fn the_tree_of_a_connect_names_every_field() {
    insta::assert_snapshot!(frame(&connect(), Version::V500).to_tree(), @r#"
     0  First byte = 0x10 (CONNECT, flags 0000)
     1  Remaining Length = 36
     2  Protocol Name = "MQTT"
     8  Protocol Version = 5
     9  Connect Flags = 0x2E (Will Retain, Will QoS 1, Will, Clean Start)
    10  Keep Alive = 30
    12  Property Length = 5
    13  Properties
    13    Session Expiry Interval
    13      Property Identifier = 0x11
    14      Session Expiry Interval = 60
    18  Client Identifier = "c\n1"
    23  Will Property Length = 7
    24  Will Properties
    24    User Property
    24      Property Identifier = 0x26
    25      Name = "k"
    28      Value = "v"
    31  Will Topic = "w"
    34  Will Payload = 01 02
    "#);
}

#[test]
fn the_tree_of_a_publish_shows_flags_and_payload() {
    let publish = Packet::Publish(Publish {
        qos: QoS::ExactlyOnce,
        dup: true,
        packet_id: Some(10),
        properties: Properties::new().with(Property::TopicAlias(3)),
        ..Publish::new("a/b", Bytes::from_static(b"hello"))
    });
    insta::assert_snapshot!(frame(&publish, Version::V500).to_tree(), @r#"
     0  First byte = 0x3C (PUBLISH, DUP 1, QoS 2, RETAIN 0)
     1  Remaining Length = 16
     2  Topic Name = "a/b"
     7  Packet Identifier = 10
     9  Property Length = 3
    10  Properties
    10    Topic Alias
    10      Property Identifier = 0x23
    11      Topic Alias = 3
    13  Payload = "hello"
    "#);
}

#[test]
fn the_tree_of_wrong_bytes_shows_what_is_wrong() {
    let bytes = b"\x82\x93\x00\x00\x01\x05\x0b\x01\x7f\x00\x00\x00\x04\xC3\x28/#\xff\x00\x09abc\x01\x02";
    insta::assert_snapshot!(dissect(bytes, Some(Version::V500)).to_tree(), @r#"
     0  First byte = 0x82 (SUBSCRIBE, flags 0010)
     1  Remaining Length = 19 (in 2 bytes, not the shortest form)
     3  Packet Identifier = 1
     5  Property Length = 5
     6  Properties
     6    Subscription Identifier
     6      Property Identifier = 0x0B
     7      Subscription Identifier = 1
     8    Unknown Property
     8      Property Identifier = 0x7F
     9    Unparsed = 00 00
    11  Topic Filter = C3 28 2F 23 (ill-formed UTF-8)
    17  Subscription Options = 0xFF (Maximum QoS 3, No Local, Retain As Published, reserved bits, Retain Handling 3)
    18  Topic Filter = "ab" (length 9, 2 bytes there)
    22  Trailing bytes = 63 01 02
    "#);
}

#[test]
fn a_remaining_length_without_an_end_leaves_the_rest_unparsed() {
    let bytes = b"\x30\xff\xff\xff\xff\xff\x00";
    insta::assert_snapshot!(dissect(bytes, Some(Version::V311)).to_tree(), @r#"
    0  First byte = 0x30 (PUBLISH, DUP 0, QoS 0, RETAIN 0)
    1  Remaining Length = FF FF FF FF FF (not a Variable Byte Integer)
    6  Unparsed = 00
    "#);
}

/// A 5.0 PUBLISH of one byte on topic `t`, with a Topic Alias.
fn publish() -> Frame {
    let mut publish = Publish::new("t", Bytes::from_static(b"!"));
    publish.properties.push(Property::TopicAlias(3));
    frame(&Packet::Publish(publish), Version::V500)
}

#[track_caller]
fn gives(malformation: Malformation, frame: &Frame, name: &str, bytes: &[u8]) {
    assert_eq!(malformation.name(frame), name);
    let changed = malformation.apply(frame).expect("it fits");
    assert_eq!(changed.to_bytes(), bytes, "\n{}", changed.to_tree());
}

#[test]
fn each_malformation_falsifies_what_it_names_and_nothing_else() {
    let frame = publish();
    assert_eq!(frame.to_bytes(), &b"\x30\x08\x00\x01t\x03\x23\x00\x03!"[..]);
    let find = |name| frame.find(name).expect("it is there");
    let alias = FieldPath(vec![4, 0, 1]);
    gives(Malformation::Flags(0b0110), &frame, "flags 0110", b"\x36\x08\x00\x01t\x03\x23\x00\x03!");
    gives(Malformation::PacketType(0), &frame, "packet type 0", b"\x00\x08\x00\x01t\x03\x23\x00\x03!");
    gives(
        Malformation::RemainingLengthOff(2),
        &frame,
        "Remaining Length +2",
        b"\x30\x0a\x00\x01t\x03\x23\x00\x03!",
    );
    gives(
        Malformation::PropertyLengthOff(find("Property Length"), -1),
        &frame,
        "Property Length -1",
        b"\x30\x08\x00\x01t\x02\x23\x00\x03!",
    );
    gives(
        Malformation::Widen(find("Remaining Length"), 3),
        &frame,
        "Remaining Length in 3 bytes",
        b"\x30\x88\x80\x00\x00\x01t\x03\x23\x00\x03!",
    );
    gives(
        Malformation::FifthByte(find("Property Length")),
        &frame,
        "Property Length in 5 bytes",
        b"\x30\x0c\x00\x01t\x83\x80\x80\x80\x00\x23\x00\x03!",
    );
    gives(
        Malformation::LengthOff(find("Topic Name"), 1),
        &frame,
        "length of Topic Name +1",
        b"\x30\x08\x00\x02t\x03\x23\x00\x03!",
    );
    gives(
        Malformation::Ill(find("Topic Name"), IllString::Surrogate),
        &frame,
        "Topic Name with a surrogate (U+D800)",
        b"\x30\x0a\x00\x03\xED\xA0\x80\x03\x23\x00\x03!",
    );
    gives(Malformation::Truncate(5), &frame, "truncated at byte 5", b"\x30\x03\x00\x01t");
    gives(Malformation::CutStream(5), &frame, "stream cut at byte 5", b"\x30\x08\x00\x01t");
    gives(
        Malformation::Append(Bytes::from_static(b"\x00")),
        &frame,
        "1 trailing bytes",
        b"\x30\x09\x00\x01t\x03\x23\x00\x03!\x00",
    );
    gives(
        Malformation::Duplicate(FieldPath(vec![4, 0])),
        &frame,
        "Topic Alias twice",
        b"\x30\x0b\x00\x01t\x06\x23\x00\x03\x23\x00\x03!",
    );
    gives(
        Malformation::Remove(FieldPath(vec![4, 0])),
        &frame,
        "without Topic Alias",
        b"\x30\x05\x00\x01t\x00!",
    );
    gives(
        Malformation::InsertUnknown(find("Properties"), 0x7F),
        &frame,
        "Properties with unknown Property 0x7F",
        b"\x30\x0a\x00\x01t\x05\x23\x00\x03\x7F\x00!",
    );
    gives(
        Malformation::InsertProperty(find("Properties"), Property::ReceiveMaximum(1)),
        &frame,
        "Properties with Receive Maximum=1",
        b"\x30\x0b\x00\x01t\x06\x23\x00\x03\x21\x00\x01!",
    );
    gives(
        Malformation::Number(alias.clone(), 0),
        &frame,
        "value of Topic Alias is 0",
        b"\x30\x08\x00\x01t\x03\x23\x00\x00!",
    );
    gives(
        Malformation::Mistype(alias),
        &frame,
        "value of Topic Alias of another type",
        b"\x30\x07\x00\x01t\x02\x23\x03!",
    );
}

#[test]
fn what_does_not_fit_a_frame_is_not_applied() {
    let frame = frame(&Packet::Pingreq, Version::V311);
    for malformation in [
        Malformation::RemainingLengthOff(-1),
        Malformation::Truncate(2),
        Malformation::Truncate(1),
        Malformation::LengthOff(FieldPath(vec![7]), 1),
        Malformation::Duplicate(FieldPath(vec![0, 0])),
    ] {
        assert_eq!(malformation.apply(&frame), None, "{malformation:?}");
    }
}

#[test]
fn the_enumeration_covers_every_kind_of_malformation() {
    let mut kinds = std::collections::BTreeSet::new();
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: 1,
        properties: Properties::new().with(Property::SubscriptionIdentifier(5)),
        filters: vec![("a".into(), SubscriptionOptions::at(QoS::AtLeastOnce))],
    });
    let pubrel = Packet::Pubrel(Acknowledgement::with_reason(1, ReasonCode(0x92)));
    for packet in [connect(), subscribe, pubrel] {
        for malformation in malformations(&frame(&packet, Version::V500)) {
            let debug = format!("{malformation:?}");
            kinds.insert(debug.split('(').next().unwrap_or_default().to_owned());
        }
    }
    let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
    let expected = [
        "Append",
        "CutStream",
        "Duplicate",
        "FifthByte",
        "Flags",
        "FlipBits",
        "Ill",
        "InsertProperty",
        "InsertUnknown",
        "LengthOff",
        "Mistype",
        "Number",
        "PacketType",
        "PropertyLengthOff",
        "RemainingLengthOff",
        "Remove",
        "Replace",
        "Truncate",
        "Widen",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn fields_are_found_and_changed_by_their_name() {
    let mut frame = publish();
    let path = frame.find("Topic Name").expect("it is there");
    frame.field_mut(&path).expect("it is there").value = Value::text("longer");
    frame.make_lengths_honest();
    assert_eq!(frame.to_bytes(), &b"\x30\x0d\x00\x06longer\x03\x23\x00\x03!"[..]);
}
