//! PUBACK, PUBREC, PUBREL and PUBCOMP as packets (sections 3.4 to 3.7): their length, Reason Codes and Properties. When they have to be sent is the
//! subject of `delivery`.

use crate::around::change_packet;
use crate::defect;
use bytes::Bytes;
use protocol::{Packet, ReasonCode, Version};
use transport::Input;

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
    "A PUBACK of 3.1.1 that is too long is accepted",
    "3.1.1/RULE-3.4.1-remaining-length",
    "pubacks-of-length-3-are-lost",
    "A PUBACK with a Reason Code and no Property Length is ignored",
    "5.0/RULE-3.4.2.1-short-form",
    "two-reason-strings-in-puback",
    "A PUBACK with two Reason Strings is accepted",
    "5.0/RULE-3.4.2.2.2-twice"
);

acknowledgement_forms!(
    5,
    "long-pubrecs-are-taken-in-3.1.1",
    "A PUBREC of 3.1.1 that is too long is accepted",
    "3.1.1/RULE-3.5.1-remaining-length",
    "pubrecs-of-length-3-are-lost",
    "A PUBREC with a Reason Code and no Property Length is ignored",
    "5.0/RULE-3.5.2.1-short-form",
    "two-reason-strings-in-pubrec",
    "A PUBREC with two Reason Strings is accepted",
    "5.0/RULE-3.5.2.2.2-twice"
);

acknowledgement_forms!(
    6,
    "long-pubrels-are-taken-in-3.1.1",
    "A PUBREL of 3.1.1 that is too long is accepted",
    "3.1.1/RULE-3.6.1-remaining-length",
    "pubrels-of-length-3-are-lost",
    "A PUBREL with a Reason Code and no Property Length is ignored",
    "5.0/RULE-3.6.2.1-short-form",
    "two-reason-strings-in-pubrel",
    "A PUBREL with two Reason Strings is accepted",
    "5.0/RULE-3.6.2.2.2-twice"
);

acknowledgement_forms!(
    7,
    "long-pubcomps-are-taken-in-3.1.1",
    "A PUBCOMP of 3.1.1 that is too long is accepted",
    "3.1.1/MQTT-4.8.0-1",
    "pubcomps-of-length-3-are-lost",
    "A PUBCOMP with a Reason Code and no Property Length is ignored",
    "5.0/RULE-3.7.2.1-short-form",
    "two-reason-strings-in-pubcomp",
    "A PUBCOMP with two Reason Strings is accepted",
    "5.0/RULE-3.7.2.2.2-twice"
);

macro_rules! acknowledges_with {
    ($($name:literal, $title:literal, $id:literal, $kind:ident, $code:literal;)+) => {
        $(defect! {
            $name, $title,
            breaks: [$id],
            effect: |memory, _, effect| {
                let v5 = memory.version(effect.connection()) == Version::V500;
                change_packet(effect, |packet| match packet {
                    Packet::$kind(acknowledgement) if v5 => acknowledgement.reason = ReasonCode($code),
                    _ => {}
                })
            },
        })+
    };
}

acknowledges_with! {
    "pubrec-with-a-code-of-pubrel", "PUBREC has the Reason Code 0x92, which is not in its table", "5.0/MQTT-3.5.2-1", Pubrec, 0x92;
    "pubrel-with-a-code-of-puback", "PUBREL has the Reason Code 0x10, which is not in its table", "5.0/MQTT-3.6.2-1", Pubrel, 0x10;
    "pubcomp-with-a-code-of-puback", "PUBCOMP has the Reason Code 0x10, which is not in its table", "5.0/MQTT-3.7.2-1", Pubcomp, 0x10;
}

defect! {
    "puback-with-a-foreign-code", "PUBACK has a Reason Code that its table does not have",
    breaks: ["5.0/MQTT-3.4.2-1"],
    frame_out: |_, _, bytes| {
        // A short PUBACK means Success; one with a code has it in byte 5.
        match bytes.as_ref() {
            [0x40, 2, high, low] => vec![vec![0x40, 3, *high, *low, 0x8E].into()],
            _ => vec![bytes],
        }
    },
}

defect! {
    "longer-pubcomps-of-3.1.1-go-unnoticed", "PUBCOMP of 3.1.1 with more than its Packet Identifier is ignored, and the Network Connection stays open",
    breaks: ["3.1.1/RULE-3.7.1-remaining-length"],
    input: |_, _, _, input| match &input {
        Input::Malformed(error) if error.first_byte.is_some_and(|first| first >> 4 == 7) => vec![],
        _ => vec![input],
    },
}
