//! Delivery again after a reconnection, and DUP (sections 4.4 and 3.3.1.1).

use crate::around::{change_publish, send};
use crate::defect;
use protocol::{Packet, Publish};
use std::time::Duration;
use transport::{Effect, Input};

defect! {
    "dup-is-0-on-redelivery", "A PUBLISH that is repeated after a reconnection has DUP 0",
    breaks: ["3.1.1/MQTT-3.3.1-1", "5.0/MQTT-3.3.1-1"],
    effect: |_, _, effect| change_publish(effect, |publish| publish.dup = false),
}

defect! {
    "nothing-is-redelivered", "Unacknowledged messages are not sent again after a reconnection",
    breaks: ["3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.4.0-1"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup => vec![],
        effect => vec![effect],
    },
}

defect! {
    "publish-is-repeated-after-a-second", "A PUBLISH of QoS 1 or 2 is sent again after a second, on the same Network Connection",
    breaks: ["5.0/MQTT-4.4.0-1"],
    effect: |memory, now, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && publish.packet_id.is_some()
        {
            let repeat = send(memory, *connection, Packet::Publish(Publish { dup: true, ..publish.clone() }));
            memory.later(now + Duration::from_secs(1), repeat);
        }
        vec![effect]
    },
}

defect! {
    "pubrel-is-repeated-after-a-second", "A PUBREL is sent again after a second, on the same Network Connection",
    breaks: ["5.0/MQTT-4.4.0-1"],
    effect: |memory, now, effect| {
        if let Effect::Send { packet: packet @ Packet::Pubrel(_), connection, .. } = &effect {
            let repeat = send(memory, *connection, packet.clone());
            memory.later(now + Duration::from_secs(1), repeat);
        }
        vec![effect]
    },
}

defect! {
    "redelivery-has-new-identifiers", "A PUBLISH that is sent again has another Packet Identifier",
    breaks: ["3.1.1/MQTT-4.4.0-1", "3.1.1/MQTT-2.3.1-4", "5.0/MQTT-4.4.0-1"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        if publish.dup {
            publish.packet_id = publish.packet_id.and_then(|id| id.checked_add(100));
        }
    }),
}

defect! {
    "pubrel-is-not-redelivered", "A PUBREL without PUBCOMP is not sent again when the Session is resumed",
    breaks: ["3.1.1/MQTT-4.4.0-1", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.4.0-1", "5.0/MQTT-4.3.3-5"],
    effect: |memory, _, effect| match (&effect, &memory.present) {
        (Effect::Send { packet: Packet::Pubrel(_), .. }, Some(Input::Received(Packet::Pubrec(_)))) => vec![effect],
        (Effect::Send { packet: Packet::Pubrel(_), .. }, _) => vec![],
        _ => vec![effect],
    },
}

defect! {
    "publish-is-redelivered-after-pubrec", "When a Session is resumed the PUBLISH is sent again although its PUBREC had arrived",
    breaks: ["3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-6"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        match &effect {
            Effect::Send { packet: Packet::Publish(publish), .. } => {
                if let Some(id) = publish.packet_id {
                    let key = format!("{} {id}", memory.client_id(connection));
                    memory.packets.insert(key, vec![Packet::Publish(Publish { dup: true, ..publish.clone() })]);
                }
            }
            Effect::Send { packet: Packet::Pubrel(ack), .. }
                if !matches!(memory.present, Some(Input::Received(Packet::Pubrec(_)))) =>
            {
                let key = format!("{} {}", memory.client_id(connection), ack.packet_id);
                let publish = memory.packets.get(&key).and_then(|kept| kept.first()).cloned();
                let again = publish.map(|publish| send(memory, connection, publish));
                return again.into_iter().chain([effect]).collect();
            }
            _ => {}
        }
        vec![effect]
    },
}
