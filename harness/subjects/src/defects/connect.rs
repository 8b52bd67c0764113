//! CONNECT (section 3.1): which are accepted, how they are refused, and what becomes of the packets that follow. Client Identifiers, Keep Alive, Maximum
//! Packet Size, Wills and Sessions have files of their own.

use super::patterns::passes_over;
use crate::around::{change_packet, header_length, send};
use crate::defect;
use protocol::{Disconnect, Packet, Property, PropertyId, QoS, ReasonCode, Role, Version, decode};
use std::time::Duration;
use transport::{Effect, Input};

defect! {
    "refuses-everybody", "Every CONNECT is refused",
    breaks: ["3.1.1/MQTT-3.1.4-4", "5.0/MQTT-3.1.4-5"],
    effect: |_, _, effect| {
        let (connection, accepts) =
            (effect.connection(), matches!(&effect, Effect::Send { packet: Packet::Connack(c), .. } if c.reason.0 == 0));
        let mut effects = change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet {
                connack.reason = ReasonCode(5);
                connack.session_present = false;
            }
        });
        if accepts {
            effects.push(Effect::Close { connection });
        }
        effects
    },
}

defect! {
    "second-connect-is-ignored", "A second CONNECT on a Network Connection is silently ignored",
    breaks: ["3.1.1/MQTT-3.1.0-2", "5.0/MQTT-3.1.0-2"],
    input: |memory, _, connection, input| {
        let again = matches!(&input, Input::Received(Packet::Connect(_))) && !memory.mark(format!("connect {connection}"));
        if again { vec![] } else { vec![input] }
    },
}

defect! {
    "second-connect-is-answered", "A second CONNECT on a Network Connection is answered by another CONNACK",
    breaks: ["3.1.1/MQTT-3.1.0-2", "5.0/MQTT-3.1.0-2", "5.0/MQTT-3.2.0-2"],
    input: |memory, _, connection, input| {
        let again = matches!(&input, Input::Received(Packet::Connect(_))) && !memory.mark(format!("connect {connection}"));
        if !again {
            return vec![input];
        }
        if let Some(connack) = memory.peers.get(&connection).and_then(|p| p.connack.clone()) {
            let effect = send(memory, connection, Packet::Connack(connack));
            memory.effects.push(effect);
        }
        vec![]
    },
}

defect! {
    "first-packet-may-be-anything", "A packet before CONNECT is silently ignored",
    breaks: ["3.1.1/MQTT-3.1.0-1", "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.1.0-1", "5.0/MQTT-4.13.1-1"],
    config: |config| config.connect_timeout = 0,
    input: |memory, _, connection, input| {
        if memory.connect(connection).is_none() && matches!(&input, Input::Received(_) | Input::Malformed(_)) {
            return vec![];
        }
        vec![input]
    },
}

defect! {
    "several-user-properties-in-connect-are-refused", "A CONNECT with more than one User Property is not answered",
    breaks: ["5.0/RULE-3.1.2.11.8-may-repeat"],
    input: |_, _, _, input| match &input {
        Input::Received(Packet::Connect(connect))
            if connect.properties.iter().filter(|p| p.id() == PropertyId::UserProperty).count() > 1 =>
        {
            vec![]
        }
        _ => vec![input],
    },
}

defect! {
    "every-protocol-version-is-served", "A CONNECT with a protocol version that does not exist is treated as one of 5.0",
    breaks: ["5.0/MQTT-3.1.2-2"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        // Byte 7 of the variable header, if the Remaining Length has one byte.
        if frame.first() == Some(&0x10) && frame.get(8).is_some_and(|version| *version > 5) {
            frame[8] = 5;
        }
        vec![frame.into()]
    },
}

defect! {
    "any-protocol-name-is-served", "CONNECT with another protocol name is treated as one of MQTT",
    breaks: ["3.1.1/MQTT-3.1.2-1", "5.0/MQTT-3.1.2-1"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x10)
            && let Some(at) = header_length(&frame)
            && frame.get(at..at + 2) == Some(&[0, 4])
            && let Some(name) = frame.get_mut(at + 2..at + 6)
        {
            name.copy_from_slice(b"MQTT");
        }
        vec![frame.into()]
    },
}

defect! {
    "any-protocol-level-is-served", "CONNECT with a protocol level that does not exist is treated as one of 3.1.1",
    breaks: ["3.1.1/MQTT-3.1.2-2"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x10)
            && let Some(at) = header_length(&frame)
            && let Some(level) = frame.get_mut(at + 6)
            && !(3..=5).contains(level)
        {
            *level = 4;
        }
        vec![frame.into()]
    },
}

defect! {
    "will-flags-without-a-will-are-ignored", "Will QoS and Will Retain are not looked at if the Will Flag is 0",
    breaks: ["3.1.1/MQTT-3.1.4-1", "5.0/MQTT-3.1.4-1"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x10)
            && let Some(at) = header_length(&frame)
            && let Some(flags) = frame.get_mut(at + 7)
            && *flags & 0x04 == 0
        {
            *flags &= !0x38;
        }
        vec![frame.into()]
    },
}

defect! {
    "a-client-may-stay-without-connect", "A Network Connection without CONNECT stays open forever",
    breaks: ["3.1.1/SHOULD-3.1.4-connect-timeout", "5.0/SHOULD-3.1.4-connect-timeout"],
    config: |config| config.connect_timeout = 0,
}

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
    "connect-is-refused-by-disconnect", "A CONNECT of 5.0 is refused by DISCONNECT instead of CONNACK",
    breaks: ["5.0/MQTT-3.14.0-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && connack.reason.is_failure()
        {
            *packet = Packet::Disconnect(Disconnect::new(ReasonCode::NOT_AUTHORIZED));
        }
    }),
}

defect! {
    "what-follows-a-refused-connect-is-done", "A PUBLISH sent right after a CONNECT that is refused is delivered",
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

defect! {
    "reserved-connect-flag-is-ignored", "CONNECT with the reserved flag set is accepted",
    breaks: ["3.1.1/MQTT-3.1.2-3", "3.1.1/MQTT-3.1.4-1", "5.0/MQTT-3.1.2-3"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        // Byte 8 of the variable header, if the Remaining Length has one byte.
        if frame.first() == Some(&0x10) && frame.get(1).is_some_and(|l| l & 0x80 == 0) && frame.len() > 9 {
            frame[9] &= 0xFE;
        }
        vec![frame.into()]
    },
}

defect! {
    "malformed-connects-are-ignored", "A CONNECT that cannot be read is ignored, and the Server waits for another one",
    breaks: ["5.0/RULE-3.1.2.3-reserved-flag", "5.0/RULE-3.1.2.6-will-qos-3", "5.0/RULE-1.5.7-ill-formed-pair", "5.0/RULE-2.2.2.2-value-of-another-type"],
    config: |config| config.connect_timeout = 0,
    input: |memory, _, connection, input| match input {
        Input::Malformed(_) if memory.connect(connection).is_none() => vec![],
        input => vec![input],
    },
}

defect! {
    "problem-information-is-sent-unwanted", "User Properties come in acknowledgements although the Client has said that it does not want them",
    breaks: ["5.0/MQTT-3.1.2-29"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| match packet {
            Packet::Puback(_) | Packet::Pubrec(_) | Packet::Pubcomp(_) | Packet::Suback(_) | Packet::Unsuback(_) if v5 => {
                if let Some(properties) = packet.properties_mut() {
                    properties.push(Property::UserProperty(("note".into(), "none asked".into())));
                }
            }
            _ => {}
        })
    },
}

defect! {
    "takeover-leaves-the-old-connection-open", "A second Client with the same Client Identifier does not close the first one's Network Connection",
    breaks: ["3.1.1/MQTT-3.1.4-2", "5.0/MQTT-3.1.4-3"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let id = memory.client_id(connection);
        let taken_over = memory.peers.iter().any(|(other, peer)| {
            *other > connection && peer.connect.as_ref().is_some_and(|c| c.client_id == id)
        });
        match effect {
            Effect::Close { .. } if taken_over => vec![],
            Effect::Send { packet: Packet::Disconnect(_), .. } if taken_over => vec![],
            effect => vec![effect],
        }
    },
}

passes_over! {
    "session-expiry-interval-twice-goes-unnoticed", "CONNECT with Session Expiry Interval twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.2-twice"],
        ["5.0/RULE-3.1.2.11.2-twice"];
    "receive-maximum-twice-goes-unnoticed", "CONNECT with Receive Maximum twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.3-twice"],
        ["5.0/RULE-3.1.2.11.3-twice"];
    "maximum-packet-size-twice-goes-unnoticed", "CONNECT with Maximum Packet Size twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.4-twice"],
        ["5.0/RULE-3.1.2.11.4-twice"];
    "topic-alias-maximum-twice-goes-unnoticed", "CONNECT with Topic Alias Maximum twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.5-twice"],
        ["5.0/RULE-3.1.2.11.5-twice"];
    "request-response-information-twice-goes-unnoticed", "CONNECT with Request Response Information twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.6-twice"],
        ["5.0/RULE-3.1.2.11.6-twice"];
    "request-problem-information-twice-goes-unnoticed", "CONNECT with Request Problem Information twice goes unnoticed",
        ["5.0/RULE-3.1.2.11.7-twice"],
        ["5.0/RULE-3.1.2.11.7-twice"];
    "receive-maximum-0-goes-unnoticed", "CONNECT with Receive Maximum 0 goes unnoticed",
        ["5.0/RULE-3.1.2.11.3-zero"],
        ["5.0/RULE-3.1.2.11.3-zero"];
    "maximum-packet-size-0-goes-unnoticed", "CONNECT with Maximum Packet Size 0 goes unnoticed",
        ["5.0/RULE-3.1.2.11.4-zero"],
        ["5.0/RULE-3.1.2.11.4-zero"];
    "request-response-information-2-goes-unnoticed", "CONNECT with Request Response Information 2 goes unnoticed",
        ["5.0/RULE-3.1.2.11.6-value"],
        ["5.0/RULE-3.1.2.11.6-value"];
    "request-problem-information-2-goes-unnoticed", "CONNECT with Request Problem Information 2 goes unnoticed",
        ["5.0/RULE-3.1.2.11.7-value"],
        ["5.0/RULE-3.1.2.11.7-value"];
}
