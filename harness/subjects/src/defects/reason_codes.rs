//! Reason Codes that their packet may not carry (section 2.4).

use super::change_packet;
use crate::defect;
use protocol::{Packet, ReasonCode, Version};

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
    "suback-with-a-foreign-code", "SUBACK has a code that its table does not have",
    breaks: ["3.1.1/MQTT-3.9.3-2", "5.0/MQTT-3.9.3-2"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Suback(suback) = packet {
            suback.reasons.iter_mut().for_each(|code| *code = ReasonCode(0x03));
        }
    }),
}

defect! {
    "unsuback-with-a-foreign-code", "UNSUBACK has a code that its table does not have",
    breaks: ["5.0/MQTT-3.11.3-2"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Unsuback(unsuback) = packet
                && v5
            {
                unsuback.reasons.iter_mut().for_each(|code| *code = ReasonCode(0x01));
            }
        })
    },
}
