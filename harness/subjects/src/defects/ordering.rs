//! The order of messages and acknowledgements (section 4.6).

use crate::around::send;
use crate::defect;
use protocol::{Packet, QoS};
use transport::{Effect, Input};

defect! {
    "messages-swap-places", "Of two messages to a subscriber the second goes out first",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5", "5.0/MQTT-4.6.0-6", "3.1.1/MQTT-4.6.0-5"],
    effect: |memory, now, effect| {
        let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect else { return vec![effect] };
        if publish.qos == QoS::AtMostOnce && publish.topic.contains("fence") {
            return vec![effect];
        }
        // Each first message of a pair waits for a moment, so that the second overtakes it.
        *memory.number("sent") += 1;
        if *memory.number("sent") % 2 == 1 {
            let held = send(memory, *connection, Packet::Publish(publish.clone()));
            memory.later(now + std::time::Duration::from_millis(100), held);
            return vec![];
        }
        vec![effect]
    },
}

defect! {
    "pubrels-come-in-the-opposite-order", "PUBREL packets come in the reverse order of the PUBREC packets",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/RULE-4.6-server-follows-client-rules"],
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: packet @ Packet::Pubrel(_), connection, .. } => {
            let held = send(memory, *connection, packet.clone());
            *memory.number("held") += 1;
            let rank = u32::try_from((*memory.number("held")).min(20)).unwrap_or(20);
            memory.later(now + std::time::Duration::from_millis(20) * (21 - rank), held);
            vec![]
        }
        _ => vec![effect],
    },
}

defect! {
    "redelivery-comes-in-the-opposite-order", "What is sent when a Session is resumed is in reverse order",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5"],
    effect: |memory, _, effect| {
        let resuming = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        if resuming && matches!(&effect, Effect::Send { packet: Packet::Publish(_), .. }) {
            memory.effects.insert(0, effect);
            return vec![];
        }
        vec![effect]
    },
}

defect! {
    "new-messages-overtake-those-under-way", "When a Session is resumed waiting messages are sent before unacknowledged ones",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5"],
    effect: |memory, _, effect| {
        let resuming = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        if resuming && matches!(&effect, Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup) {
            memory.effects.push(effect);
            return vec![];
        }
        vec![effect]
    },
}
