//! How a CONNECT is refused, and what becomes of the packets behind it (sections 3.1.4 and 3.2.2).

use super::wire::header_length;
use crate::defect;
use protocol::{Disconnect, Packet, QoS, ReasonCode, Role, Version, decode};
use std::time::Duration;
use transport::{Effect, Input};

defect! {
    "closes-without-a-return-code", "In 3.1.1 a CONNECT that cannot be processed is closed without CONNACK",
    breaks: [
        "3.1.1/MQTT-3.1.2-2", "3.1.1/MQTT-3.1.3-8", "3.1.1/MQTT-3.1.3-9", "3.1.1/SHOULD-3.1.4-refusal-code", "3.1.1/SHOULD-3.2.2.3-fitting-code"
    ],
    effect: |_, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(connack), version: Version::V311, .. } if connack.reason.0 != 0 => vec![],
        _ => vec![effect],
    },
}

defect! {
    "wrong-credentials-get-a-foreign-return-code", "In 3.1.1 whoever is not admitted is told that the Server is unavailable",
    breaks: ["3.1.1/SHOULD-3.1.4-refusal-code", "3.1.1/SHOULD-3.2.2.3-fitting-code"],
    effect: |_, _, effect| super::change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && [ReasonCode(4), ReasonCode(5)].contains(&connack.reason)
        {
            connack.reason = ReasonCode(3);
        }
    }),
}

defect! {
    "connect-is-refused-by-disconnect", "A CONNECT of 5.0 is refused by DISCONNECT instead of CONNACK",
    breaks: ["5.0/MQTT-3.14.0-1"],
    effect: |_, _, effect| super::change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && connack.reason.is_failure()
        {
            *packet = Packet::Disconnect(Disconnect::new(ReasonCode::NOT_AUTHORIZED));
        }
    }),
}

defect! {
    "what-follows-a-refused-connect-is-done", "A PUBLISH right behind a CONNECT that was refused is passed on",
    breaks: ["3.1.1/MQTT-3.1.4-5", "5.0/MQTT-3.1.4-6"],
    frame_in: |memory, connection, bytes| {
        let level = format!("level of {connection}");
        match bytes.first().map(|first| first >> 4) {
            Some(1) => {
                let byte = header_length(&bytes).and_then(|at| bytes.get(at + 6)).copied();
                memory.numbers.insert(level, byte.unwrap_or_default().into());
            }
            Some(3) if memory.marked(&format!("refused {connection}")) => {
                let version = if *memory.number(level) == 4 { Version::V311 } else { Version::V500 };
                if let (Ok(Packet::Publish(mut publish)), Some(other)) =
                    (decode(&bytes, Some(version), Role::Client), memory.others(connection).first())
                {
                    publish.qos = QoS::AtMostOnce;
                    publish.packet_id = None;
                    memory.inputs.push((*other, Input::Received(Packet::Publish(publish))));
                }
                return vec![];
            }
            _ => {}
        }
        vec![bytes]
    },
    effect: |memory, now, effect| {
        let connection = effect.connection();
        match effect {
            // It takes a moment to close; what arrives meanwhile is taken in.
            Effect::Close { .. } if !memory.is_accepted(connection) => {
                memory.mark(format!("refused {connection}"));
                memory.later(now + Duration::from_millis(50), effect);
                vec![]
            }
            effect => vec![effect],
        }
    },
}

defect! {
    "what-comes-before-connack-is-lost", "CONNACK takes a moment, and what the Client sends meanwhile is dropped",
    breaks: ["3.1.1/RULE-3.1.4-packets-before-connack", "5.0/RULE-3.1.4-packets-before-connack"],
    input: |memory, now, connection, input| {
        let ready = memory.numbers.get(&format!("{connection}")).copied().unwrap_or_default();
        let early = now.as_millis() < u128::from(ready);
        match input {
            Input::Received(_) if early => vec![],
            input => vec![input],
        }
    },
    effect: |memory, now, effect| {
        let key = format!("{}", effect.connection());
        if matches!(&effect, Effect::Send { packet: Packet::Connack(_), .. }) {
            let ready = now + Duration::from_millis(100);
            memory.numbers.insert(key.clone(), u64::try_from(ready.as_millis()).unwrap_or(u64::MAX));
        }
        let ready = Duration::from_millis(*memory.number(key));
        if now < ready {
            memory.later(ready, effect);
            return vec![];
        }
        vec![effect]
    },
}
