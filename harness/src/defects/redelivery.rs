//! Delivery again after a reconnection (section 4.4), DUP, and Packet Identifiers in flight.

use super::change_publish;
use crate::defect;
use protocol::Packet;
use transport::Effect;

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
