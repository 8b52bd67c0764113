//! Keep Alive, PINGREQ and PINGRESP (sections 3.1.2.10, 3.12 and 3.13).

use crate::around::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, PropertyId};
use transport::Effect;

defect! {
    "pingreq-is-unanswered", "PINGREQ gets no PINGRESP",
    breaks: ["3.1.1/MQTT-3.12.4-1", "5.0/MQTT-3.12.4-1"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Pingresp, .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "keep-alive-is-ignored", "A Client that is silent for longer than its Keep Alive allows stays connected",
    breaks: ["3.1.1/MQTT-3.1.2-24", "5.0/MQTT-3.1.2-22"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.keep_alive = 0;
        }
    }),
}

defect! {
    "server-keep-alive-is-not-told", "A Keep Alive is enforced that the Client was not told",
    breaks: ["5.0/MQTT-3.2.2-22"],
    config: |config| config.server_keep_alive = Some(1),
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::ServerKeepAlive);
        }
    }),
}

defect! {
    "keep-alive-0-is-one-second", "A silent Client with Keep Alive 0 is disconnected",
    breaks: ["3.1.1/RULE-3.1.2.10-zero-switches-off", "5.0/RULE-3.1.2.10-zero-switches-off"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.keep_alive = connect.keep_alive.max(1);
        }
    }),
}
