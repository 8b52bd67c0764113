//! Client Identifiers (section 3.1.3.1): which are assigned, which are refused, and what they stand for.

use crate::around::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, Property, PropertyId, ReasonCode, Version};
use transport::{Effect, Input};

defect! {
    "an-empty-client-identifier-starts-anew", "An empty Client Identifier with Clean Session 0 is accepted as if Clean Session were 1",
    breaks: ["3.1.1/MQTT-3.1.3-8"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && connect.version == Version::V311
            && connect.client_id.is_empty()
        {
            connect.clean_start = true;
        }
    }),
}

defect! {
    "a-refused-client-identifier-gets-another-code", "A Client Identifier that is refused gets return code 0x05",
    breaks: ["3.1.1/MQTT-3.1.3-8", "3.1.1/MQTT-3.1.3-9"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && connack.reason == ReasonCode(2)
        {
            connack.reason = ReasonCode(5);
        }
    }),
}

defect! {
    "a-refused-client-identifier-may-stay", "The Network Connection stays open after a Client Identifier was refused",
    breaks: ["3.1.1/MQTT-3.1.3-8", "3.1.1/MQTT-3.1.3-9", "5.0/MQTT-3.1.3-8"],
    effect: |memory, _, effect| {
        let connack = memory.peers.get(&effect.connection()).and_then(|peer| peer.connack.as_ref());
        let refused = connack.is_some_and(|c| [ReasonCode(2), ReasonCode::CLIENT_IDENTIFIER_NOT_VALID].contains(&c.reason));
        match effect {
            Effect::Close { .. } if refused => vec![],
            effect => vec![effect],
        }
    },
}

defect! {
    "everybody-is-told-one-identifier", "Clients without Client Identifier have Sessions of their own, but are all told the same identifier",
    breaks: ["5.0/MQTT-3.2.2-16"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && connack.properties.assigned_client_identifier().is_some()
        {
            connack.properties.set(Property::AssignedClientIdentifier("assigned".into()));
        }
    }),
}

defect! {
    "sessions-are-found-by-their-age", "A returning Client gets the most recently left Session, whatever its Client Identifier",
    breaks: ["3.1.1/MQTT-3.1.3-2", "5.0/MQTT-3.1.3-2"],
    input: |memory, _, connection, input| {
        let known_as = format!("{connection} is");
        match input {
            Input::Received(Packet::Connect(mut connect)) => {
                if !connect.clean_start
                    && let Some(Packet::Connect(left)) = memory.packets.entry("left".to_owned()).or_default().pop()
                {
                    connect.client_id = left.client_id;
                }
                memory.packets.insert(known_as, vec![Packet::Connect(connect.clone())]);
                vec![Input::Received(Packet::Connect(connect))]
            }
            Input::Ended | Input::Received(Packet::Disconnect(_)) => {
                let own = memory.packets.remove(&known_as).unwrap_or_default();
                memory.packets.entry("left".to_owned()).or_default().extend(own);
                vec![input]
            }
            input => vec![input],
        }
    },
}

defect! {
    "empty-client-identifier-is-not-told", "The Client Identifier that is assigned is not returned to the Client",
    breaks: ["5.0/MQTT-3.1.3-7", "5.0/MQTT-3.2.2-16"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::AssignedClientIdentifier);
        }
    }),
}

defect! {
    "assigns-one-identifier-to-all", "Every Client without a Client Identifier is assigned the same one",
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
