//! Packet Identifiers (section 2.2.1 of 5.0, 2.3.1 of 3.1.1).

use crate::around::{change_packet, change_publish, change_received};
use crate::defect;
use protocol::Packet;
use transport::{Effect, Input};

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
        change_received(input, |packet| {
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
        change_packet(effect, |packet| match packet {
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
