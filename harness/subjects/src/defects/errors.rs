//! Malformed Packets and Protocol Errors that are tolerated (section 4.13): the bytes are put right before the strict decoder sees them.

use crate::defect;
use bytes::Bytes;
use protocol::Version;
use transport::{Effect, Input};

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
    "SUBSCRIBE with wrong flags is taken",
    8,
    2,
    ["3.1.1/MQTT-3.8.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.8.1-1"]
);
tolerates_flags!(
    "reserved-flags-of-unsubscribe-are-ignored",
    "UNSUBSCRIBE with wrong flags is taken",
    10,
    2,
    ["3.1.1/MQTT-3.10.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.10.1-1"]
);
tolerates_flags!(
    "reserved-flags-of-pubrel-are-ignored",
    "PUBREL with wrong flags is taken",
    6,
    2,
    ["3.1.1/MQTT-3.6.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.6.1-1"]
);
tolerates_flags!(
    "reserved-flags-of-disconnect-are-ignored",
    "DISCONNECT with flags is taken",
    14,
    0,
    ["3.1.1/MQTT-3.14.1-1", "3.1.1/MQTT-2.2.2-2", "5.0/MQTT-3.14.1-1"]
);
tolerates_flags!(
    "reserved-flags-of-pingreq-are-ignored",
    "PINGREQ with flags is taken",
    12,
    0,
    ["3.1.1/MQTT-2.2.2-2"]
);

tolerates_flags!(
    "reserved-flags-of-auth-are-ignored",
    "AUTH with flags is taken",
    15,
    0,
    ["5.0/MQTT-3.15.1-1"]
);

defect! {
    "reserved-connect-flag-is-ignored", "CONNECT with the reserved flag set is taken",
    breaks: ["3.1.1/MQTT-3.1.2-3", "3.1.1/MQTT-3.1.4-1", "5.0/MQTT-3.1.2-3"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        // Byte 8 of the variable header, if the Remaining Length has one byte.
        if frame.first() == Some(&0x10) && frame.get(1).is_some_and(|l| l & 0x80 == 0) && frame.len() > 9 {
            frame[9] &= 0xFE;
        }
        vec![frame.into()]
    },
}

defect! {
    "malformed-packets-are-ignored", "A packet that cannot be read is passed over in silence, and the Network Connection stays open",
    breaks: ["3.1.1/MQTT-4.8.0-1", "5.0/MQTT-4.13.1-1", "3.1.1/MQTT-2.2.2-2", "3.1.1/MQTT-1.5.3-1", "3.1.1/MQTT-1.5.3-2", "5.0/MQTT-1.5.4-1", "5.0/MQTT-1.5.4-2", "3.1.1/MQTT-3.3.1-4", "3.1.1/MQTT-3.8.3-4", "5.0/MQTT-3.8.3-5", "3.1.1/MQTT-3.8.3-3", "3.1.1/MQTT-3.10.3-2", "5.0/RULE-3.3.1.2-qos-3", "5.0/RULE-3.3.2.3.4-twice", "5.0/RULE-3.3.2.3.5-twice", "5.0/RULE-3.3.2.3.6-twice", "5.0/RULE-3.3.2.3.9-twice"],
    input: |_, _, _, input| match input {
        Input::Malformed(_) => vec![],
        input => vec![input],
    },
}

defect! {
    "protocol-errors-leave-the-connection-open", "After an error that it has noticed the Server stays on the Network Connection",
    breaks: ["3.1.1/MQTT-4.8.0-1", "5.0/MQTT-4.13.1-1", "3.1.1/MQTT-3.1.0-2", "5.0/MQTT-3.1.0-2", "5.0/RULE-3.3.2.3.4-zero", "5.0/RULE-3.3.2.3.4-above-maximum", "5.0/RULE-3.3.2.3.4-unknown-alias", "5.0/RULE-3.3.2.1-empty-topic-without-alias"],
    effect: |memory, _, effect| match &effect {
        Effect::Close { connection } if memory.peers.get(connection).is_some_and(|p| p.connack.as_ref().is_some_and(|c| c.reason.0 == 0)) => vec![],
        Effect::Send { packet: protocol::Packet::Disconnect(_), .. } => vec![],
        _ => vec![effect],
    },
}

/// Takes a longer acknowledgement for one that has nothing but its Packet Identifier.
fn cut(bytes: Bytes, packet_type: u8) -> Vec<Bytes> {
    let long = bytes.first().is_some_and(|first| first >> 4 == packet_type) && bytes.len() > 4;
    if !long || bytes[1] & 0x80 != 0 {
        return vec![bytes];
    }
    vec![Bytes::copy_from_slice(&[bytes[0], 2, bytes[2], bytes[3]])]
}

macro_rules! acknowledgement_forms {
    ($packet_type:literal, $long:literal, $long_title:literal, $long_id:literal, $form:literal, $form_title:literal, $form_id:literal, $twice:literal, $twice_title:literal, $twice_id:literal) => {
        defect! {
            $long, $long_title,
            breaks: [$long_id],
            frame_in: |memory, connection, bytes| match memory.version(connection) {
                Version::V311 => cut(bytes, $packet_type),
                Version::V500 => vec![bytes],
            },
        }

        defect! {
            $form, $form_title,
            breaks: [$form_id],
            frame_in: |memory, connection, bytes| {
                let is = bytes.first().is_some_and(|first| first >> 4 == $packet_type) && bytes.get(1) == Some(&3);
                if is && memory.version(connection) == Version::V500 { vec![] } else { vec![bytes] }
            },
        }

        defect! {
            $twice, $twice_title,
            breaks: [$twice_id],
            frame_in: |memory, connection, bytes| {
                let two = bytes.windows(2).filter(|pair| *pair == [0x1F, 0]).count() > 1;
                if two && memory.version(connection) == Version::V500 { cut(bytes, $packet_type) } else { vec![bytes] }
            },
        }
    };
}

acknowledgement_forms!(
    4,
    "long-pubacks-are-taken-in-3.1.1",
    "A PUBACK of 3.1.1 that is too long is taken",
    "3.1.1/RULE-3.4.1-remaining-length",
    "pubacks-of-length-3-are-lost",
    "A PUBACK with a Reason Code and no Property Length is passed over",
    "5.0/RULE-3.4.2.1-short-form",
    "two-reason-strings-in-puback",
    "A PUBACK with two Reason Strings is taken",
    "5.0/RULE-3.4.2.2.2-twice"
);
acknowledgement_forms!(
    5,
    "long-pubrecs-are-taken-in-3.1.1",
    "A PUBREC of 3.1.1 that is too long is taken",
    "3.1.1/RULE-3.5.1-remaining-length",
    "pubrecs-of-length-3-are-lost",
    "A PUBREC with a Reason Code and no Property Length is passed over",
    "5.0/RULE-3.5.2.1-short-form",
    "two-reason-strings-in-pubrec",
    "A PUBREC with two Reason Strings is taken",
    "5.0/RULE-3.5.2.2.2-twice"
);
acknowledgement_forms!(
    6,
    "long-pubrels-are-taken-in-3.1.1",
    "A PUBREL of 3.1.1 that is too long is taken",
    "3.1.1/RULE-3.6.1-remaining-length",
    "pubrels-of-length-3-are-lost",
    "A PUBREL with a Reason Code and no Property Length is passed over",
    "5.0/RULE-3.6.2.1-short-form",
    "two-reason-strings-in-pubrel",
    "A PUBREL with two Reason Strings is taken",
    "5.0/RULE-3.6.2.2.2-twice"
);
acknowledgement_forms!(
    7,
    "long-pubcomps-are-taken-in-3.1.1",
    "A PUBCOMP of 3.1.1 that is too long is taken",
    "3.1.1/MQTT-4.8.0-1",
    "pubcomps-of-length-3-are-lost",
    "A PUBCOMP with a Reason Code and no Property Length is passed over",
    "5.0/RULE-3.7.2.1-short-form",
    "two-reason-strings-in-pubcomp",
    "A PUBCOMP with two Reason Strings is taken",
    "5.0/RULE-3.7.2.2.2-twice"
);

macro_rules! trailing_byte {
    ($name:literal, $title:literal, $first:literal, $where:ident, $version:pat, [$($id:literal),+]) => {
        defect! {
            $name, $title,
            breaks: [$($id),+],
            $where: |memory, connection, bytes| trailing!($where, memory, connection, bytes, $first, $version),
        }
    };
}

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

trailing_byte!(
    "long-pingreqs-are-taken",
    "A PINGREQ with bytes behind its header is taken",
    0xC0,
    frame_in,
    _,
    ["3.1.1/RULE-3.12.1-remaining-length", "5.0/RULE-3.12.1-remaining-length"]
);
trailing_byte!(
    "long-disconnects-are-taken-in-3.1.1",
    "A DISCONNECT of 3.1.1 with bytes behind its header is taken",
    0xE0,
    frame_in,
    Version::V311,
    ["3.1.1/RULE-3.14.1-remaining-length"]
);
trailing_byte!(
    "pingresp-is-too-long",
    "PINGRESP has a byte behind its header",
    0xD0,
    frame_out,
    _,
    ["3.1.1/RULE-3.13.1-remaining-length", "5.0/RULE-3.13.1-remaining-length"]
);
trailing_byte!(
    "connack-is-too-long-in-3.1.1",
    "CONNACK of 3.1.1 has a byte more than its two",
    0x20,
    frame_out,
    Version::V311,
    ["3.1.1/RULE-3.2.1-remaining-length"]
);

defect! {
    "two-session-expiry-intervals-in-disconnect", "A DISCONNECT with two Session Expiry Intervals is taken",
    breaks: ["5.0/RULE-3.14.2.2.2-twice"],
    frame_in: |memory, connection, bytes| {
        let is = bytes.first() == Some(&0xE0) && memory.version(connection) == Version::V500;
        let two = bytes.iter().filter(|byte| **byte == 0x11).count() > 1;
        if is && two { vec![Bytes::from_static(&[0xE0, 0])] } else { vec![bytes] }
    },
}

defect! {
    "malformed-connects-are-ignored", "A CONNECT that cannot be read is passed over, and the Server waits for another one",
    breaks: ["5.0/RULE-3.1.2.3-reserved-flag", "5.0/RULE-3.1.2.6-will-qos-3", "5.0/RULE-1.5.7-ill-formed-pair", "5.0/RULE-2.2.2.2-value-of-another-type"],
    config: |config| config.connect_timeout = 0,
    input: |memory, _, connection, input| match input {
        Input::Malformed(_) if memory.connect(connection).is_none() => vec![],
        input => vec![input],
    },
}
