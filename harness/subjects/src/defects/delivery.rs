//! What has to be delivered and acknowledged at each QoS (section 4.3).

use crate::around::{change_packet, change_publish, send};
use crate::defect;
use protocol::{Acknowledgement, Packet, QoS, Time};
use transport::{Effect, Input};

defect! {
    "everything-is-said-to-be-a-repetition", "Every PUBLISH of QoS 1 and 2 has DUP 1, the first one too",
    breaks: [
        "3.1.1/MQTT-3.3.1-3", "3.1.1/MQTT-4.3.2-1", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-3.3.1-3", "5.0/MQTT-4.3.2-2", "5.0/MQTT-4.3.3-2"
    ],
    effect: |_, _, effect| change_publish(effect, |publish| publish.dup = publish.packet_id.is_some()),
}

defect! {
    "qos-1-is-forgotten-once-it-is-sent", "A PUBLISH of QoS 1 is treated as acknowledged as soon as it is sent",
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
    "qos-2-is-forgotten-once-it-is-sent", "A PUBLISH of QoS 2 is treated as received as soon as it is sent; every PUBREC is answered by PUBREL",
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

fn millis(time: Time) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
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
    "puback-is-missing", "A QoS 1 PUBLISH gets no PUBACK",
    breaks: ["3.1.1/MQTT-3.3.4-1", "3.1.1/MQTT-4.3.2-2", "5.0/MQTT-3.3.4-1", "5.0/MQTT-4.3.2-4"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Puback(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "puback-for-another-identifier", "PUBACK has the next Packet Identifier instead of the one of the PUBLISH",
    breaks: ["3.1.1/MQTT-2.3.1-6", "3.1.1/MQTT-4.3.2-2", "3.1.1/MQTT-3.3.4-1", "5.0/MQTT-2.2.1-5", "5.0/MQTT-4.3.2-4", "5.0/MQTT-3.3.4-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Puback(ack) = packet {
            ack.packet_id = ack.packet_id.checked_add(1).unwrap_or(ack.packet_id);
        }
    }),
}

defect! {
    "pubrec-is-missing", "A QoS 2 PUBLISH gets no PUBREC",
    breaks: ["3.1.1/MQTT-3.3.4-1", "3.1.1/MQTT-4.3.3-2", "5.0/MQTT-3.3.4-1", "5.0/MQTT-4.3.3-8"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Pubrec(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "pubcomp-is-missing", "PUBREL gets no PUBCOMP",
    breaks: ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-11"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Pubcomp(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "pubrel-is-missing", "PUBREC gets no PUBREL",
    breaks: ["3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-4"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Pubrel(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "qos-2-is-delivered-twice", "A repeated QoS 2 PUBLISH is delivered again before PUBREL",
    breaks: ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-10"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let Some(id) = publish.packet_id.filter(|_| publish.qos == QoS::ExactlyOnce) else { return vec![input] };
        if memory.mark(format!("{connection} {id}")) {
            return vec![input];
        }
        // The same message comes in once more at QoS 0; the repeat itself is answered as usual.
        let copy = protocol::Publish { qos: QoS::AtMostOnce, packet_id: None, dup: false, ..publish.clone() };
        vec![Input::Received(Packet::Publish(copy)), input]
    },
}

defect! {
    "qos-2-deduplication-is-lost-on-reconnect", "After a reconnection a repeated QoS 2 PUBLISH is delivered again",
    breaks: ["3.1.1/MQTT-4.3.3-2", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-4.3.3-10"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let Some(id) = publish.packet_id.filter(|_| publish.qos == QoS::ExactlyOnce) else { return vec![input] };
        let (client, first) = (memory.client_id(connection), memory.mark(format!("on {connection} {id}")));
        if memory.mark(format!("of {client} {id}")) || !first {
            return vec![input];
        }
        let copy = protocol::Publish { qos: QoS::AtMostOnce, packet_id: None, dup: false, ..publish.clone() };
        vec![Input::Received(Packet::Publish(copy)), input]
    },
}

defect! {
    "pubrel-for-an-unknown-identifier-is-unanswered", "PUBREL gets PUBCOMP only if its identifier is known",
    breaks: ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-11"],
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Publish(publish)) if publish.qos == QoS::ExactlyOnce => {
                let id = publish.packet_id.unwrap_or_default();
                memory.mark(format!("{} {id}", memory.client_id(connection)));
            }
            Input::Received(Packet::Pubrel(ack)) => {
                let known = memory.marks.remove(&format!("{} {}", memory.client_id(connection), ack.packet_id));
                return if known { vec![input] } else { vec![] };
            }
            _ => {}
        }
        vec![input]
    },
}

defect! {
    "a-refused-message-keeps-its-identifier", "After PUBREC with a failure a PUBLISH with the same Packet Identifier is treated as a repetition, and gets no answer",
    breaks: ["5.0/MQTT-4.3.3-9"],
    input: |memory, _, connection, input| {
        let repeated = matches!(&input, Input::Received(Packet::Publish(publish)) if publish.qos == QoS::ExactlyOnce
            && memory.marked(&format!("{connection} {}", publish.packet_id.unwrap_or_default())));
        if repeated { vec![] } else { vec![input] }
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Pubrec(ack), connection, .. } = &effect
            && ack.reason.is_failure()
        {
            memory.mark(format!("{connection} {}", ack.packet_id));
        }
        vec![effect]
    },
}
