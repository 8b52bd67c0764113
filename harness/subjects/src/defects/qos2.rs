//! QoS 2 (section 4.3.3) and PUBREC, PUBREL, PUBCOMP.

use crate::defect;
use protocol::{Packet, QoS};
use transport::{Effect, Input};

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
