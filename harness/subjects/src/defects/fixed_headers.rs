//! Fixed headers (section 2.1 of 5.0, 2.2 of 3.1.1, and the first section about each packet in chapter 3): packet type, flags and Remaining Length, and
//! packets that are longer or shorter than it says.

use super::patterns::{passes_over, sends_bytes};
use crate::around::header_length;
use crate::defect;
use bytes::Bytes;
use protocol::Version;

defect! {
    "half-a-disconnect-counts", "A Network Connection that ends in the middle of a DISCONNECT counts as ended by DISCONNECT",
    breaks: ["3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8"],
    cut_off: |_, _, bytes| if bytes.first() == Some(&0xE0) { vec![vec![0xE0, 0].into()] } else { vec![] },
}

defect! {
    "half-a-publish-counts", "A PUBLISH that arrived only in part before the Network Connection ended is padded with zeros and accepted",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    cut_off: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        let publish = frame.first().is_some_and(|first| first >> 4 == 3);
        let (Some(start), true) = (header_length(&frame), publish) else { return vec![] };
        let length = frame[1..start].iter().rev().fold(0usize, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
        frame.resize(start + length, 0);
        vec![frame.into()]
    },
}

defect! {
    "half-a-puback-counts", "A PUBACK of which only three bytes arrived is treated as the expected one",
    breaks: ["3.1.1/MQTT-4.3.2-1", "5.0/MQTT-4.3.2-3"],
    cut_off: |_, _, bytes| match bytes.as_ref() {
        [0x40, 2, 0] => vec![vec![0x40, 2, 0, 1].into()],
        _ => vec![],
    },
}

/// The frame with the reserved flags of this packet type as they have to be.
fn with_flags(bytes: Bytes, packet_type: u8, flags: u8) -> Vec<Bytes> {
    let mut frame = bytes.to_vec();
    if frame.first().is_some_and(|first| first >> 4 == packet_type) {
        frame[0] = packet_type << 4 | flags;
    }
    vec![frame.into()]
}

macro_rules! tolerates_flags {
    ($name:literal, $title:literal, $packet_type:literal, $flags:literal, [$($id:literal),+]) => {
        defect! {
            $name, $title,
            breaks: [$($id),+],
            frame_in: |_, _, bytes| with_flags(bytes, $packet_type, $flags),
        }
    };
}

tolerates_flags!(
    "reserved-flags-of-subscribe-are-ignored",
    "SUBSCRIBE with wrong flags is accepted",
    8,
    2,
    ["3.1.1/MQTT-3.8.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.8.1-1"]
);

tolerates_flags!(
    "reserved-flags-of-unsubscribe-are-ignored",
    "UNSUBSCRIBE with wrong flags is accepted",
    10,
    2,
    ["3.1.1/MQTT-3.10.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.10.1-1"]
);

tolerates_flags!(
    "reserved-flags-of-pubrel-are-ignored",
    "PUBREL with wrong flags is accepted",
    6,
    2,
    ["3.1.1/MQTT-3.6.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.6.1-1"]
);

tolerates_flags!(
    "reserved-flags-of-disconnect-are-ignored",
    "DISCONNECT with flags is accepted",
    14,
    0,
    ["3.1.1/MQTT-3.14.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.14.1-1"]
);

tolerates_flags!(
    "reserved-flags-of-pingreq-are-ignored",
    "PINGREQ with flags is accepted",
    12,
    0,
    ["3.1.1/MQTT-2.2.2-2"]
);

tolerates_flags!(
    "reserved-flags-of-auth-are-ignored",
    "AUTH with flags is accepted",
    15,
    0,
    ["5.0/MQTT-3.15.1-1"]
);

macro_rules! trailing {
    (frame_in, $memory:ident, $connection:ident, $bytes:ident, $first:literal, $version:pat) => {{
        let long = $bytes.first() == Some(&$first) && $bytes.len() > 2;
        match $memory.version($connection) {
            $version if long => vec![Bytes::from_static(&[$first, 0])],
            _ => vec![$bytes],
        }
    }};
    (frame_out, $memory:ident, $connection:ident, $bytes:ident, $first:literal, $version:pat) => {
        match $memory.version($connection) {
            $version if $bytes.first() == Some(&$first) && $bytes.len() < 100 => {
                let mut frame = $bytes.to_vec();
                frame[1] += 1;
                frame.push(0);
                vec![frame.into()]
            }
            _ => vec![$bytes],
        }
    };
}

macro_rules! trailing_byte {
    ($name:literal, $title:literal, $first:literal, $where:ident, $version:pat, [$($id:literal),+]) => {
        defect! {
            $name, $title,
            breaks: [$($id),+],
            $where: |memory, connection, bytes| trailing!($where, memory, connection, bytes, $first, $version),
        }
    };
}

trailing_byte!(
    "long-pingreqs-are-taken",
    "A PINGREQ with bytes after its header is accepted",
    0xC0,
    frame_in,
    _,
    ["3.1.1/RULE-3.12.1-remaining-length", "5.0/RULE-3.12.1-remaining-length"]
);

trailing_byte!(
    "long-disconnects-are-taken-in-3.1.1",
    "A DISCONNECT of 3.1.1 with bytes after its header is accepted",
    0xE0,
    frame_in,
    Version::V311,
    ["3.1.1/RULE-3.14.1-remaining-length"]
);

trailing_byte!(
    "pingresp-is-too-long",
    "PINGRESP has a byte after its header",
    0xD0,
    frame_out,
    _,
    ["3.1.1/RULE-3.13.1-remaining-length", "5.0/RULE-3.13.1-remaining-length"]
);

trailing_byte!(
    "connack-is-too-long-in-3.1.1",
    "CONNACK of 3.1.1 has a third byte",
    0x20,
    frame_out,
    Version::V311,
    ["3.1.1/RULE-3.2.1-remaining-length"]
);

/// The bytes with the lower four bits of the first one changed, if it is a packet of this type.
fn with_flags_set(mut bytes: Vec<u8>, packet_type: u8, flags: u8) -> Vec<u8> {
    if bytes.first().is_some_and(|first| first >> 4 == packet_type) {
        bytes[0] |= flags;
    }
    bytes
}

/// A short packet of this type with one byte more at its end.
fn longer(bytes: &Bytes, packet_type: u8) -> Vec<Bytes> {
    let mut frame = bytes.to_vec();
    if frame.first().is_some_and(|first| first >> 4 == packet_type) && frame[1] < 0x7F {
        frame[1] += 1;
        frame.push(0);
    }
    vec![frame.into()]
}

sends_bytes! {
    "suback-has-flags", "The first byte of SUBACK has a flag that is reserved",
        ["3.1.1/MQTT-2.2.2-1", "5.0/MQTT-2.1.3-1"],
        |_, _, bytes| vec![with_flags_set(bytes.to_vec(), 9, 1).into()];
    "publish-has-qos-3", "PUBLISH goes out with both bits of QoS set",
        ["3.1.1/MQTT-3.3.1-4", "5.0/MQTT-3.3.1-4"],
        |_, _, bytes| vec![with_flags_set(bytes.to_vec(), 3, 6).into()];
    "pingreq-to-the-client", "PINGREQ goes to a Client that pings",
        ["3.1.1/RULE-2.2.1-not-from-server", "5.0/RULE-2.1.2-not-from-server"],
        |_, _, bytes| if bytes.first() == Some(&0xD0) { vec![Bytes::from_static(&[0xC0, 0]), bytes] } else { vec![bytes] };
    "a-packet-of-type-0", "Two bytes of a packet type that is forbidden go out before PINGRESP",
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"],
        |_, _, bytes| if bytes.first() == Some(&0xD0) { vec![Bytes::from_static(&[0, 0]), bytes] } else { vec![bytes] };
    "pingresp-has-bytes-behind-its-end", "PINGRESP has a byte after its end",
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"],
        |_, _, bytes| longer(&bytes, 13);
    "unsuback-is-too-long", "UNSUBACK of 3.1.1 has a third byte after its fixed header",
        ["3.1.1/RULE-3.11.1-remaining-length"],
        |memory, connection, bytes| if memory.version(connection) == Version::V311 { longer(&bytes, 11) } else { vec![bytes] };
    "remaining-length-is-longer-than-it-need-be", "Remaining Length of SUBACK is encoded in two bytes where one is enough",
        ["5.0/MQTT-1.5.5-1"],
        |_, _, bytes| {
            let mut frame = bytes.to_vec();
            if frame.first() == Some(&0x90) && frame[1] < 0x80 {
                frame[1] |= 0x80;
                frame.insert(2, 0);
            }
            vec![frame.into()]
        };
}

passes_over! {
    "forbidden-packet-types-go-unnoticed", "A packet type that does not exist goes unnoticed",
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"],
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"];
    "packets-that-clients-do-not-send-go-unnoticed", "A packet that only Servers send goes unnoticed",
        ["3.1.1/RULE-2.2.1-not-from-client", "5.0/RULE-2.1.2-not-from-client"],
        ["3.1.1/RULE-2.2.1-not-from-client", "5.0/RULE-2.1.2-not-from-client"];
    "missing-fields-go-unnoticed", "A packet that ends before its last field goes unnoticed",
        ["3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-2.1.4-missing-field"],
        ["3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-2.1.4-missing-field"];
    "remaining-length-of-five-bytes-goes-unnoticed", "A Remaining Length of five bytes goes unnoticed",
        ["3.1.1/RULE-2.2.3-remaining-length-of-five-bytes", "5.0/RULE-2.1.4-remaining-length-of-five-bytes"],
        ["3.1.1/RULE-2.2.3-remaining-length-of-five-bytes", "5.0/RULE-2.1.4-remaining-length-of-five-bytes"];
    "bytes-behind-the-end-go-unnoticed", "Bytes after the last field of a packet go unnoticed",
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"],
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"];
    "wrong-flags-go-unnoticed", "A packet whose flags are not those of its type goes unnoticed",
        ["5.0/MQTT-2.1.3-1"],
        ["5.0/RULE-2.1.3-wrong-flags"];
}
