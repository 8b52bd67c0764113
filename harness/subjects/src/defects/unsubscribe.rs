//! UNSUBSCRIBE and UNSUBACK (sections 3.10 and 3.11).

use super::patterns::twice;
use crate::around::{change_packet, change_received, send};
use crate::defect;
use protocol::{Packet, ReasonCode, Version};
use transport::{Effect, Input};

defect! {
    "unsuback-is-missing", "UNSUBSCRIBE gets no UNSUBACK",
    breaks: ["3.1.1/MQTT-3.10.4-4", "3.1.1/MQTT-3.10.4-5", "5.0/MQTT-3.10.4-4", "5.0/MQTT-3.10.4-5"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Unsuback(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "unsuback-for-another-identifier", "UNSUBACK has the next Packet Identifier instead of the one of the UNSUBSCRIBE",
    breaks: ["3.1.1/MQTT-3.10.4-4", "3.1.1/MQTT-2.3.1-7", "5.0/MQTT-3.10.4-5", "5.0/MQTT-2.2.1-6"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Unsuback(unsuback) = packet {
            unsuback.packet_id = unsuback.packet_id.checked_add(1).unwrap_or(unsuback.packet_id);
        }
    }),
}

defect! {
    "unsubscribe-does-nothing", "UNSUBSCRIBE is acknowledged, but the Subscription stays",
    breaks: ["3.1.1/MQTT-3.10.4-1", "3.1.1/MQTT-3.10.4-2", "5.0/MQTT-3.10.4-1", "5.0/MQTT-3.10.4-2"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Unsubscribe(unsubscribe)) => {
            let reasons = match memory.version(connection) {
                Version::V311 => Vec::new(),
                Version::V500 => vec![ReasonCode::SUCCESS; unsubscribe.filters.len()],
            };
            let unsuback = protocol::Unsuback { packet_id: unsubscribe.packet_id, properties: protocol::Properties::new(), reasons };
            let effect = send(memory, connection, Packet::Unsuback(unsuback));
            memory.effects.push(effect);
            vec![]
        }
        _ => vec![input],
    },
}

defect! {
    "unsubscribe-ends-one-only", "Of several Topic Filters in an UNSUBSCRIBE only the first is unsubscribed",
    breaks: ["3.1.1/MQTT-3.10.4-6", "5.0/MQTT-3.10.4-6"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Unsubscribe(unsubscribe)) = &input else { return vec![input] };
        *memory.number(format!("{connection} {}", unsubscribe.packet_id)) = unsubscribe.filters.len() as u64;
        change_received(input, |packet| {
            if let Packet::Unsubscribe(unsubscribe) = packet {
                unsubscribe.filters.truncate(1);
            }
        })
    },
    effect: |memory, _, effect| {
        let (connection, version) = (effect.connection(), memory.version(effect.connection()));
        change_packet(effect, |packet| {
            if let Packet::Unsuback(unsuback) = packet
                && version == Version::V500
            {
                let wanted = *memory.number(format!("{connection} {}", unsuback.packet_id));
                unsuback.reasons.resize(usize::try_from(wanted).unwrap_or(1), ReasonCode::SUCCESS);
            }
        })
    },
}

defect! {
    "unsubscribe-matches-wildcards", "UNSUBSCRIBE ends every Subscription that its Topic Filter covers, not the equal one alone",
    breaks: ["3.1.1/MQTT-3.10.4-1", "5.0/MQTT-3.10.4-1"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Unsubscribe(unsubscribe)) = &input else { return vec![input] };
        let mut more = unsubscribe.clone();
        let number = unsubscribe.filters.len();
        for (filter, _) in memory.subscriptions(connection) {
            if unsubscribe.filters.iter().any(|f| protocol::topic::matches(f, &filter)) {
                more.filters.push(filter);
            }
        }
        *memory.number(format!("{connection} {}", unsubscribe.packet_id)) = number as u64;
        vec![Input::Received(Packet::Unsubscribe(more))]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        change_packet(effect, |packet| {
            if let Packet::Unsuback(unsuback) = packet {
                let wanted = *memory.number(format!("{connection} {}", unsuback.packet_id));
                unsuback.reasons.truncate(usize::try_from(wanted).unwrap_or(1));
            }
        })
    },
}

twice!(
    "reason-string-twice-in-unsuback",
    "UNSUBACK has its Reason String twice",
    Unsuback,
    ReasonString,
    "5.0/RULE-3.11.2.1.2-twice"
);

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

defect! {
    "unsubscribe-forgets-what-is-under-way", "After UNSUBSCRIBE the deliveries under way are forgotten",
    breaks: ["3.1.1/MQTT-3.10.4-3", "5.0/MQTT-3.10.4-3"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Unsubscribe(_)) => {
            memory.mark(format!("{connection} unsubscribed"));
            vec![input]
        }
        Input::Received(Packet::Pubrec(_)) if memory.marked(&format!("{connection} unsubscribed")) => vec![],
        _ => vec![input],
    },
}

defect! {
    "unsuback-codes-are-turned-round", "The codes of UNSUBACK are in reverse order",
    breaks: ["5.0/MQTT-3.11.3-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Unsuback(unsuback) = packet {
            unsuback.reasons.reverse();
        }
    }),
}
