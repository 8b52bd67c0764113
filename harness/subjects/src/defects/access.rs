//! Who is admitted and who may do what (sections 3.1.4, 3.3.5 and 5.4), and Clients that authenticate in ways that are not offered (section 4.12).

use super::{change_packet, change_received, send};
use crate::defect;
use protocol::{Auth, Packet, Properties, Property, PropertyId, QoS, ReasonCode, Version};
use transport::{Effect, Input};

defect! {
    "any-password-will-do", "Nobody looks at User Name and Password",
    breaks: ["3.1.1/RULE-3.1.4-refusal-closes", "5.0/MQTT-3.1.4-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.user_name = None;
            connect.password = None;
        }
    }),
}

defect! {
    "those-who-are-not-admitted-may-stay", "The Network Connection stays open after wrong credentials, without CONNACK",
    breaks: ["3.1.1/RULE-3.1.4-refusal-closes", "5.0/MQTT-3.1.4-2"],
    effect: |memory, _, effect| {
        let connack = memory.peers.get(&effect.connection()).and_then(|peer| peer.connack.as_ref());
        let codes = [ReasonCode(4), ReasonCode(5), ReasonCode::BAD_USER_NAME_OR_PASSWORD, ReasonCode::NOT_AUTHORIZED];
        if connack.is_some_and(|connack| codes.contains(&connack.reason)) { vec![] } else { vec![effect] }
    },
}

defect! {
    "permissions-are-not-looked-at", "Everybody may publish everything",
    breaks: ["3.1.1/MQTT-3.3.5-2"],
    config: |config| config.users.iter_mut().for_each(|user| user.permissions.publish = vec!["#".to_owned()]),
}

defect! {
    "a-refused-message-keeps-its-identifier", "After PUBREC with a failure a PUBLISH with the same Packet Identifier is taken for a repetition, and gets no answer",
    breaks: ["5.0/MQTT-4.3.3-9"],
    input: |memory, _, connection, input| {
        let repeated = matches!(&input, Input::Received(Packet::Publish(publish)) if publish.qos == QoS::ExactlyOnce
            && memory.marked(&format!("{connection} {}", publish.packet_id.unwrap_or_default())));
        if repeated { vec![] } else { vec![input] }
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Pubrec(ack), connection, .. } = &effect
            && ack.reason.is_failure()
        {
            memory.mark(format!("{connection} {}", ack.packet_id));
        }
        vec![effect]
    },
}

defect! {
    "unknown-authentication-methods-are-passed-over", "An Authentication Method that is not known is taken for none",
    breaks: ["5.0/MQTT-4.12.0-1"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && connect.properties.authentication_method().is_some_and(|method| *method != *"SCRAM-SHA-256")
        {
            connect.properties.remove(PropertyId::AuthenticationMethod);
            connect.properties.remove(PropertyId::AuthenticationData);
        }
    }),
}

defect! {
    "connack-names-a-method-unasked", "CONNACK has an Authentication Method although CONNECT had none",
    breaks: ["5.0/MQTT-4.12.0-6"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && v5
            {
                connack.properties.set(Property::AuthenticationMethod("PLAIN".into()));
            }
        })
    },
}

defect! {
    "auth-comes-unasked", "An AUTH follows CONNACK although CONNECT had no Authentication Method",
    breaks: ["5.0/MQTT-4.12.0-6"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(connack), connection, version: Version::V500 } if connack.reason.0 == 0 => {
            let mut properties = Properties::new();
            properties.push(Property::AuthenticationMethod("SCRAM-SHA-256".into()));
            let auth = Packet::Auth(Auth { reason: ReasonCode::CONTINUE_AUTHENTICATION, properties });
            let auth = send(memory, *connection, auth);
            vec![effect, auth]
        }
        _ => vec![effect],
    },
}

defect! {
    "auth-without-a-method-is-passed-over", "An AUTH on a Network Connection without Authentication Method is passed over in silence",
    breaks: ["5.0/RULE-3.15-auth-without-method"],
    input: |memory, _, connection, input| {
        let method = memory.connect(connection).and_then(|connect| connect.properties.authentication_method());
        match input {
            Input::Received(Packet::Auth(_)) if method.is_none() => vec![],
            input => vec![input],
        }
    },
}
