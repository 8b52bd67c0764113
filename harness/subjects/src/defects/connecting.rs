//! CONNECT and CONNACK (sections 3.1 and 3.2), Sessions and Wills excepted.

use super::wire::header_length;
use super::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, Property, PropertyId, ReasonCode};
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
    "second-connect-is-ignored", "A second CONNECT on a Network Connection is passed over in silence",
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
            let effect = super::send(memory, connection, Packet::Connack(connack));
            memory.effects.push(effect);
        }
        vec![]
    },
}

defect! {
    "empty-client-identifier-is-not-told", "The Client Identifier that is assigned is not told to the Client",
    breaks: ["5.0/MQTT-3.1.3-7", "5.0/MQTT-3.2.2-16"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::AssignedClientIdentifier);
        }
    }),
}

defect! {
    "assigns-one-identifier-to-all", "Every Client without Client Identifier is assigned the same one",
    breaks: ["3.1.1/MQTT-3.1.3-6", "5.0/MQTT-3.1.3-6", "5.0/MQTT-3.2.2-16"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && connect.client_id.is_empty()
            && connect.clean_start
        {
            connect.client_id = "guest".into();
        }
    }),
    effect: |memory, _, effect| {
        let empty = memory.connect(effect.connection()).is_some_and(|c| c.client_id.is_empty() && c.version == protocol::Version::V500);
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && empty
            {
                connack.properties.set(Property::AssignedClientIdentifier("guest".into()));
            }
        })
    },
}

defect! {
    "client-identifiers-of-ten-bytes-at-most", "A Client Identifier of more than ten bytes is refused",
    breaks: ["3.1.1/MQTT-3.1.3-5", "5.0/MQTT-3.1.3-5", "3.1.1/MQTT-3.1.4-4", "5.0/MQTT-3.1.4-5"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let long = memory.connect(connection).is_some_and(|c| c.client_id.len() > 10);
        let refuses = long && matches!(&effect, Effect::Send { packet: Packet::Connack(_), .. });
        let mut effects = change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && long
            {
                connack.session_present = false;
                connack.reason = ReasonCode(2);
            }
        });
        if refuses {
            effects.push(Effect::Close { connection });
        }
        effects
    },
}

defect! {
    "packets-before-connack", "PINGRESP comes before CONNACK",
    breaks: ["3.1.1/MQTT-3.2.0-1", "5.0/MQTT-3.2.0-1"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(_), connection, .. } => {
            vec![super::send(memory, *connection, Packet::Pingresp), effect]
        }
        _ => vec![effect],
    },
}

defect! {
    "stays-open-after-refusing", "The Network Connection stays open after a CONNACK that refuses",
    breaks: ["3.1.1/MQTT-3.2.2-5", "5.0/MQTT-3.2.2-7", "5.0/MQTT-4.13.2-1"],
    effect: |memory, _, effect| {
        let refused = memory.peers.get(&effect.connection()).and_then(|p| p.connack.as_ref()).is_some_and(|c| c.reason.0 != 0);
        match effect {
            Effect::Close { .. } if refused => vec![],
            effect => vec![effect],
        }
    },
}

defect! {
    "first-packet-may-be-anything", "A packet before CONNECT is passed over in silence",
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
    "every-protocol-version-is-served", "A CONNECT with a protocol version that does not exist is taken for one of 5.0",
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
    "any-protocol-name-is-served", "CONNECT with another protocol name is taken for one of MQTT",
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
    "any-protocol-level-is-served", "CONNECT with a protocol level that does not exist is taken for one of 3.1.1",
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
    "a-client-may-stay-without-connect", "A Network Connection without CONNECT stays open for ever",
    breaks: ["3.1.1/SHOULD-3.1.4-connect-timeout", "5.0/SHOULD-3.1.4-connect-timeout"],
    config: |config| config.connect_timeout = 0,
}
