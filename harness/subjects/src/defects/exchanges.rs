//! QoS 1 and QoS 2 exchanges that go wrong between their first packet and their last (sections 4.3 and 2.2.1).

use super::{change_publish, send};
use crate::defect;
use protocol::{Acknowledgement, Packet, QoS, Time};
use transport::{Effect, Input};

fn millis(time: Time) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

defect! {
    "everything-is-said-to-be-a-repetition", "Every PUBLISH of QoS 1 and 2 has DUP 1, the first one too",
    breaks: [
        "3.1.1/MQTT-3.3.1-3", "3.1.1/MQTT-4.3.2-1", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-3.3.1-3", "5.0/MQTT-4.3.2-2", "5.0/MQTT-4.3.3-2"
    ],
    effect: |_, _, effect| change_publish(effect, |publish| publish.dup = publish.packet_id.is_some()),
}

defect! {
    "a-packet-identifier-at-qos-0", "A PUBLISH of QoS 0 has two bytes for a Packet Identifier",
    breaks: ["3.1.1/MQTT-2.3.1-5", "5.0/MQTT-2.2.1-2"],
    frame_out: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        // Only where the longer packet still has a Remaining Length of one byte.
        if frame.first().is_some_and(|first| first & 0xF6 == 0x30) && frame.len() > 4 && frame[1] < 0x7D {
            let at = 4 + usize::from(u16::from_be_bytes([frame[2], frame[3]]));
            if at <= frame.len() {
                frame.splice(at..at, [0, 1]);
                frame[1] += 2;
            }
        }
        vec![frame.into()]
    },
}

defect! {
    "each-qos-counts-its-own-identifiers", "Packet Identifiers of QoS 1 and of QoS 2 are counted apart, so that one number is in use for both",
    breaks: [
        "3.1.1/RULE-2.3.1-one-space-per-side", "3.1.1/MQTT-2.3.1-4", "5.0/RULE-2.2.1-one-space-per-side", "5.0/MQTT-2.2.1-4"
    ],
    input: |memory, _, connection, input| {
        let of = |qos: u8, id: u16| format!("{connection} qos {qos} is {id}");
        super::change_received(input, |packet| {
            let (ack, qos) = match packet {
                Packet::Puback(ack) => (ack, 1),
                Packet::Pubrec(ack) | Packet::Pubcomp(ack) => (ack, 2),
                _ => return,
            };
            if let Some(own) = memory.numbers.get(&of(qos, ack.packet_id)) {
                ack.packet_id = u16::try_from(*own).unwrap_or_default();
            }
        })
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        super::change_packet(effect, |packet| match packet {
            Packet::Publish(publish) => {
                let Some(own) = publish.packet_id else { return };
                let qos = publish.qos as u8;
                let told = format!("{connection} {own} of {qos}");
                if !memory.numbers.contains_key(&told) {
                    let count = memory.number(format!("{connection} count {qos}"));
                    *count += 1;
                    let count = *count;
                    memory.numbers.insert(told.clone(), count);
                    memory.numbers.insert(format!("{connection} qos {qos} is {count}"), own.into());
                }
                publish.packet_id = u16::try_from(*memory.number(told)).ok();
            }
            Packet::Pubrel(ack) => {
                if let Some(told) = memory.numbers.get(&format!("{connection} {} of 2", ack.packet_id)) {
                    ack.packet_id = u16::try_from(*told).unwrap_or_default();
                }
            }
            _ => {}
        })
    },
}

defect! {
    "qos-1-is-forgotten-once-it-is-sent", "A PUBLISH of QoS 1 is taken for acknowledged as soon as it is sent",
    breaks: ["3.1.1/MQTT-4.3.2-1", "3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.3.2-3", "5.0/MQTT-4.4.0-1"],
    input: |_, _, _, input| match input {
        Input::Received(Packet::Puback(_)) => vec![],
        input => vec![input],
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && let (QoS::AtLeastOnce, Some(id)) = (publish.qos, publish.packet_id)
        {
            memory.inputs.push((*connection, Input::Received(Packet::Puback(Acknowledgement::new(id)))));
        }
        vec![effect]
    },
}

defect! {
    "qos-2-is-forgotten-once-it-is-sent", "A PUBLISH of QoS 2 is taken for received as soon as it is sent; PUBREC is answered without looking",
    breaks: ["3.1.1/MQTT-4.3.3-1", "3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.3.3-3", "5.0/MQTT-4.4.0-1"],
    input: |memory, _, connection, input| match input {
        Input::Received(Packet::Pubrec(ack)) => {
            let pubrel = send(memory, connection, Packet::Pubrel(Acknowledgement::new(ack.packet_id)));
            memory.effects.push(pubrel);
            vec![]
        }
        Input::Received(Packet::Pubcomp(_)) => vec![],
        input => vec![input],
    },
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. } => {
            if let (QoS::ExactlyOnce, Some(id)) = (publish.qos, publish.packet_id) {
                let ack = Acknowledgement::new(id);
                memory.inputs.push((*connection, Input::Received(Packet::Pubrec(ack.clone()))));
                memory.inputs.push((*connection, Input::Received(Packet::Pubcomp(ack))));
            }
            vec![effect]
        }
        Effect::Send { packet: Packet::Pubrel(_), .. } => vec![],
        _ => vec![effect],
    },
}

defect! {
    "an-expired-message-is-not-sent-again", "A PUBLISH of QoS 2 that was sent before is not repeated if its message has expired meanwhile",
    breaks: ["5.0/MQTT-4.3.3-7"],
    effect: |memory, now, effect| {
        let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect else { return vec![effect] };
        let Some(id) = publish.packet_id.filter(|_| publish.qos == QoS::ExactlyOnce) else { return vec![effect] };
        let key = format!("{} {id}", memory.client_id(*connection));
        if publish.dup {
            let expires = memory.numbers.get(&key).copied().unwrap_or(u64::MAX);
            return if millis(now) > expires { vec![] } else { vec![effect] };
        }
        if let Some(interval) = publish.properties.message_expiry_interval() {
            memory.numbers.insert(key, millis(now) + u64::from(interval) * 1000);
        }
        vec![effect]
    },
}

defect! {
    "an-expired-message-gets-no-pubcomp", "A PUBREL is not answered if its message has expired meanwhile",
    breaks: ["5.0/MQTT-4.3.3-13"],
    input: |memory, now, connection, input| {
        match &input {
            Input::Received(Packet::Publish(publish)) => {
                if let (Some(id), Some(interval)) = (publish.packet_id, publish.properties.message_expiry_interval()) {
                    memory.numbers.insert(format!("{connection} {id}"), millis(now) + u64::from(interval) * 1000);
                }
            }
            Input::Received(Packet::Pubrel(ack)) => {
                let expires = memory.numbers.remove(&format!("{connection} {}", ack.packet_id));
                if expires.is_some_and(|expires| millis(now) > expires) {
                    return vec![];
                }
            }
            _ => {}
        }
        vec![input]
    },
}

defect! {
    "a-failed-acknowledgement-ends-the-connection", "After a PUBACK that says failure the Server closes the Network Connection",
    breaks: ["5.0/RULE-4.13.2-failed-acknowledgement-spares-others"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Puback(ack)) if ack.reason.is_failure() => {
            memory.effects.push(Effect::Close { connection });
            vec![Input::Ended]
        }
        _ => vec![input],
    },
}
