//! SUBACK (sections 3.8.4 and 3.9).

use super::patterns::twice;
use crate::around::change_packet;
use crate::defect;
use protocol::{Packet, Property, ReasonCode, Version};
use transport::Effect;

twice!(
    "reason-string-twice-in-suback",
    "SUBACK has its Reason String twice",
    Suback,
    ReasonString,
    "5.0/RULE-3.9.2.1.2-twice"
);

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
    "suback-is-missing", "SUBSCRIBE gets no SUBACK",
    breaks: ["3.1.1/MQTT-3.8.4-1", "5.0/MQTT-3.8.4-1"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Suback(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "suback-for-another-identifier", "SUBACK has the next Packet Identifier instead of the one of the SUBSCRIBE",
    breaks: ["3.1.1/MQTT-3.8.4-2", "3.1.1/MQTT-2.3.1-7", "5.0/MQTT-3.8.4-2", "5.0/MQTT-2.2.1-6"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Suback(suback) = packet {
            suback.packet_id = suback.packet_id.checked_add(1).unwrap_or(suback.packet_id);
        }
    }),
}

defect! {
    "suback-has-one-code", "SUBACK has one code, however many Topic Filters there were",
    breaks: ["3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.8.4-6"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Suback(suback) = packet {
            suback.reasons.truncate(1);
        }
    }),
}

defect! {
    "suback-codes-are-turned-round", "The codes of SUBACK are in reverse order",
    breaks: ["3.1.1/MQTT-3.9.3-1", "5.0/MQTT-3.9.3-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Suback(suback) = packet {
            suback.reasons.reverse();
        }
    }),
}

defect! {
    "suback-tells-less-than-is-granted", "SUBACK says QoS 0 although messages are sent at the requested QoS",
    breaks: ["3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.8.4-7"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Suback(suback) = packet {
            suback.reasons.iter_mut().filter(|reason| !reason.is_failure()).for_each(|reason| reason.0 = 0);
        }
    }),
}

defect! {
    "suback-and-unsuback-are-wordy", "SUBACK and UNSUBACK have a Reason String and a User Property, whatever the Client's Maximum Packet Size is",
    breaks: ["5.0/MQTT-3.9.2-1", "5.0/MQTT-3.9.2-2", "5.0/MQTT-3.11.2-1", "5.0/MQTT-3.11.2-2"],
    effect: |memory, _, effect| {
        let version = memory.version(effect.connection());
        change_packet(effect, |packet| {
            let (Packet::Suback(protocol::Suback { properties, .. }) | Packet::Unsuback(protocol::Unsuback { properties, .. })) = packet else {
                return;
            };
            if version == Version::V500 {
                properties.set(Property::ReasonString("what is written here does not fit, and is sent nevertheless".into()));
                properties.push(Property::UserProperty(("size".into(), "too large".into())));
            }
        })
    },
}
