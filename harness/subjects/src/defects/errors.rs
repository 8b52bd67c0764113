//! What follows a Malformed Packet, a Protocol Error or a failed acknowledgement (section 4.13 of 5.0, 4.8 of 3.1.1).

use crate::defect;
use protocol::Packet;
use transport::{Effect, Input};

defect! {
    "protocol-errors-are-not-explained", "The Server closes without DISCONNECT, whatever the error",
    breaks: ["5.0/SHOULD-4.13.1-server-sends-disconnect", "5.0/SHOULD-4.12.1-disconnect-on-failure", "5.0/SHOULD-3.2.2.3.5-retain-code"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Disconnect(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "malformed-packets-are-ignored", "A packet that cannot be read is silently ignored, and the Network Connection stays open",
    breaks: ["3.1.1/MQTT-4.8.0-1", "5.0/MQTT-4.13.1-1", "3.1.1/MQTT-2.2.2-2", "3.1.1/MQTT-1.5.3-1", "3.1.1/MQTT-1.5.3-2", "5.0/MQTT-1.5.4-1", "5.0/MQTT-1.5.4-2", "3.1.1/MQTT-3.3.1-4", "3.1.1/MQTT-3.8.3-4", "5.0/MQTT-3.8.3-5", "3.1.1/MQTT-3.8.3-3", "3.1.1/MQTT-3.10.3-2", "5.0/RULE-3.3.1.2-qos-3", "5.0/RULE-3.3.2.3.4-twice", "5.0/RULE-3.3.2.3.5-twice", "5.0/RULE-3.3.2.3.6-twice", "5.0/RULE-3.3.2.3.9-twice"],
    input: |_, _, _, input| match input {
        Input::Malformed(_) => vec![],
        input => vec![input],
    },
}

defect! {
    "protocol-errors-leave-the-connection-open", "After an error that it has detected the Server keeps the Network Connection open",
    breaks: ["3.1.1/MQTT-4.8.0-1", "5.0/MQTT-4.13.1-1", "3.1.1/MQTT-3.1.0-2", "5.0/MQTT-3.1.0-2", "5.0/RULE-3.3.2.3.4-zero", "5.0/RULE-3.3.2.3.4-above-maximum", "5.0/RULE-3.3.2.3.4-unknown-alias", "5.0/RULE-3.3.2.1-empty-topic-without-alias"],
    effect: |memory, _, effect| match &effect {
        Effect::Close { connection } if memory.peers.get(connection).is_some_and(|p| p.connack.as_ref().is_some_and(|c| c.reason.0 == 0)) => vec![],
        Effect::Send { packet: protocol::Packet::Disconnect(_), .. } => vec![],
        _ => vec![effect],
    },
}

defect! {
    "a-failed-acknowledgement-ends-the-connection", "After a PUBACK with a failure code the Server closes the Network Connection",
    breaks: ["5.0/RULE-4.13.2-failed-acknowledgement-spares-others"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Puback(ack)) if ack.reason.is_failure() => {
            memory.effects.push(Effect::Close { connection });
            vec![Input::Ended]
        }
        _ => vec![input],
    },
}
