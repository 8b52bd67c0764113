//! QoS 1 (section 4.3.2) and PUBACK.

use super::change_packet;
use crate::defect;
use protocol::Packet;
use transport::Effect;

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
