//! Delivery again after a reconnection (section 4.4), DUP, and Packet Identifiers in flight.

use super::{change_publish, send};
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
    "nothing-is-redelivered", "What was unacknowledged is not repeated after a reconnection",
    breaks: ["3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.4.0-1"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup => vec![],
        effect => vec![effect],
    },
}

defect! {
    "packet-identifiers-are-used-twice", "Every PUBLISH to a subscriber has the Packet Identifier 1",
    breaks: ["3.1.1/MQTT-2.3.1-4", "3.1.1/MQTT-4.3.2-1", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-2.2.1-4", "5.0/MQTT-4.3.2-1", "5.0/MQTT-4.3.3-1"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        if publish.packet_id.is_some() {
            publish.packet_id = Some(1);
        }
    }),
}

defect! {
    "packet-identifier-0", "A PUBLISH above QoS 0 has the Packet Identifier 0",
    breaks: ["3.1.1/MQTT-2.3.1-1", "5.0/MQTT-2.2.1-4"],
    frame_out: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first().is_some_and(|first| first >> 4 == 3 && first & 0x06 != 0)
            && let Some(start) = frame.iter().skip(1).take(4).position(|b| b & 0x80 == 0).map(|i| i + 2)
            && frame.len() > start + 2
        {
            let at = start + 2 + usize::from(u16::from_be_bytes([frame[start], frame[start + 1]]));
            if frame.len() > at + 1 {
                frame[at] = 0;
                frame[at + 1] = 0;
            }
        }
        vec![frame.into()]
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
    "pubrel-is-not-redelivered", "A PUBREL without PUBCOMP does not come again when the Session is resumed",
    breaks: ["3.1.1/MQTT-4.4.0-1", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.4.0-1", "5.0/MQTT-4.3.3-5"],
    effect: |memory, _, effect| match (&effect, &memory.present) {
        (Effect::Send { packet: Packet::Pubrel(_), .. }, Some(Input::Received(Packet::Pubrec(_)))) => vec![effect],
        (Effect::Send { packet: Packet::Pubrel(_), .. }, _) => vec![],
        _ => vec![effect],
    },
}

defect! {
    "publish-is-redelivered-after-pubrec", "When a Session is resumed the PUBLISH comes again although its PUBREC was there",
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

defect! {
    "numbers-are-shared-by-both-sides", "A PUBLISH of a Client with an identifier that the Server has in use gets no answer",
    breaks: ["3.1.1/RULE-2.3.1-independent-sides", "5.0/RULE-2.2.1-independent-sides"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Publish(publish))
            if publish.packet_id.is_some_and(|id| memory.marked(&format!("{connection} {id}"))) =>
        {
            vec![]
        }
        _ => vec![input],
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && let Some(id) = publish.packet_id
        {
            memory.mark(format!("{connection} {id}"));
        }
        vec![effect]
    },
}

defect! {
    "an-identifier-is-never-free-again", "A PUBLISH or UNSUBSCRIBE with an identifier that was used before gets no answer",
    breaks: ["5.0/RULE-2.2.1-identifier-is-free-again", "5.0/MQTT-4.3.2-5", "5.0/MQTT-4.3.3-12"],
    input: |memory, _, connection, input| {
        let id = match &input {
            Input::Received(packet @ (Packet::Publish(_) | Packet::Subscribe(_) | Packet::Unsubscribe(_))) => packet.packet_id(),
            _ => None,
        };
        if id.is_some_and(|id| !memory.mark(format!("{connection} {id}"))) { vec![] } else { vec![input] }
    },
}
