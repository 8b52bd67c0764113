//! Enhanced authentication (sections 3.15 and 4.12 of 5.0), and Clients that use it where it is not offered.

use super::patterns::twice;
use crate::around::{Memory, change_packet, change_received, send};
use crate::defect;
use protocol::{Auth, Packet, Properties, Property, PropertyId, ReasonCode, Version};
use transport::{ConnectionId, Effect, Input};

/// The effect with another code in an AUTH that has this one.
fn with_code(effect: Effect, from: ReasonCode, to: ReasonCode) -> Vec<Effect> {
    change_packet(effect, |packet| match packet {
        Packet::Auth(auth) if auth.reason == from => auth.reason = to,
        _ => {}
    })
}

defect! {
    "asks-for-more-with-auth-0x00", "The AUTH that requests more Authentication Data has Reason Code 0x00 (Success)",
    breaks: ["5.0/MQTT-4.12.0-2", "5.0/RULE-4.12.1-outcome-of-re-authentication"],
    effect: |_, _, effect| with_code(effect, ReasonCode::CONTINUE_AUTHENTICATION, ReasonCode::SUCCESS),
}

defect! {
    "asks-for-more-with-auth-0x19", "The AUTH that requests more Authentication Data has Reason Code 0x19, which only a Client may send",
    breaks: ["5.0/MQTT-4.12.0-2", "5.0/MQTT-3.15.2-1"],
    effect: |_, _, effect| with_code(effect, ReasonCode::CONTINUE_AUTHENTICATION, ReasonCode::RE_AUTHENTICATE),
}

defect! {
    "re-authentication-never-succeeds", "The AUTH that ends a re-authentication has the code for continuing it",
    breaks: ["5.0/RULE-4.12.1-outcome-of-re-authentication"],
    effect: |_, _, effect| with_code(effect, ReasonCode::SUCCESS, ReasonCode::CONTINUE_AUTHENTICATION),
}

defect! {
    "messages-are-lost-while-re-authenticating", "What a Client publishes between its AUTH and the end of the re-authentication is lost",
    breaks: ["5.0/RULE-4.12.1-outcome-of-re-authentication"],
    input: |memory, _, connection, input| {
        let again = matches!(&input, Input::Received(Packet::Auth(auth)) if auth.reason == ReasonCode::RE_AUTHENTICATE);
        if again {
            memory.mark(format!("authenticates {connection}"));
        }
        let busy = memory.marked(&format!("authenticates {connection}"));
        if busy && matches!(&input, Input::Received(Packet::Publish(_))) { vec![] } else { vec![input] }
    },
}

defect! {
    "auth-names-another-method", "The Server's AUTH has another Authentication Method than CONNECT",
    breaks: ["5.0/MQTT-4.12.0-5"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Auth(auth) = packet {
            auth.properties.set(Property::AuthenticationMethod("SCRAM-SHA-1".into()));
        }
    }),
}

defect! {
    "connack-does-not-name-the-method", "The CONNACK that accepts has no Authentication Method",
    breaks: ["5.0/MQTT-4.12.0-5"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::AuthenticationMethod);
            connack.properties.remove(PropertyId::AuthenticationData);
        }
    }),
}

/// Whether the CONNECT on this Network Connection has an Authentication Method.
fn authenticates(memory: &Memory, connection: ConnectionId) -> bool {
    memory.connect(connection).is_some_and(|connect| connect.properties.authentication_method().is_some())
}

/// Whether the Client on this Network Connection has been accepted.
fn is_accepted(memory: &Memory, connection: ConnectionId) -> bool {
    memory.peers.get(&connection).and_then(|peer| peer.connack.as_ref()).is_some_and(|c| c.reason.0 == 0)
}

defect! {
    "rejected-authentications-stay-open", "A Client whose authentication is rejected is told, but keeps its Network Connection",
    breaks: ["5.0/MQTT-4.12.0-4"],
    effect: |memory, _, effect| match &effect {
        Effect::Close { connection } if authenticates(memory, *connection) && !is_accepted(memory, *connection) => vec![],
        _ => vec![effect],
    },
}

defect! {
    "every-proof-is-good", "A Client whose authentication is rejected is told that it is accepted",
    breaks: ["5.0/MQTT-4.12.0-4"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        if !authenticates(memory, connection) {
            return vec![effect];
        }
        match effect {
            Effect::Close { .. } => vec![],
            effect => change_packet(effect, |packet| {
                if let Packet::Connack(connack) = packet {
                    connack.reason = ReasonCode::SUCCESS;
                    connack.properties.remove(PropertyId::ReasonString);
                }
            }),
        }
    },
}

defect! {
    "failed-re-authentications-stay-open", "A re-authentication that fails is silently ignored",
    breaks: ["5.0/MQTT-4.12.1-2"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let ends = matches!(&effect, Effect::Close { .. } | Effect::Send { packet: Packet::Disconnect(_), .. });
        if ends && authenticates(memory, connection) && is_accepted(memory, connection) { vec![] } else { vec![effect] }
    },
}

defect! {
    "the-method-of-auth-does-not-matter", "An AUTH with another Authentication Method is accepted as if it named the method of CONNECT",
    breaks: ["5.0/RULE-3.15-another-method"],
    input: |memory, _, connection, input| {
        let method = memory.connect(connection).and_then(|connect| connect.properties.authentication_method());
        change_received(input, |packet| {
            if let (Packet::Auth(auth), Some(method)) = (packet, method) {
                auth.properties.set(Property::AuthenticationMethod(method));
            }
        })
    },
}

defect! {
    "auth-without-method-is-passed-over", "An AUTH that cannot be read is ignored, and the Server waits for another one",
    breaks: ["5.0/RULE-3.15.2.2.2-absent"],
    config: |config| config.connect_timeout = 0,
    input: |memory, _, connection, input| match input {
        Input::Malformed(_) if authenticates(memory, connection) => vec![],
        input => vec![input],
    },
}

defect! {
    "erroneous-authentication-in-connect-is-passed-over", "A CONNECT whose Properties do not fit together is ignored, and the Server waits for another one",
    breaks: ["5.0/RULE-3.1.2.11.9-twice", "5.0/RULE-3.1.2.11.10-twice", "5.0/RULE-3.1.2.11.10-data-without-method"],
    config: |config| config.connect_timeout = 0,
    input: |memory, _, connection, input| match input {
        Input::Malformed(_) if memory.connect(connection).is_none() => vec![],
        input => vec![input],
    },
}

defect! {
    "unknown-authentication-methods-are-passed-over", "An Authentication Method that is not known is treated as none",
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
    "auth-without-a-method-is-passed-over", "An AUTH on a Network Connection without Authentication Method is silently ignored",
    breaks: ["5.0/RULE-3.15-auth-without-method"],
    input: |memory, _, connection, input| {
        let method = memory.connect(connection).and_then(|connect| connect.properties.authentication_method());
        match input {
            Input::Received(Packet::Auth(_)) if method.is_none() => vec![],
            input => vec![input],
        }
    },
}

twice!(
    "method-twice-in-auth",
    "AUTH has its Authentication Method twice",
    Auth,
    AuthenticationMethod,
    "5.0/RULE-3.15.2.2.2-twice"
);

twice!(
    "data-twice-in-auth",
    "AUTH has its Authentication Data twice",
    Auth,
    AuthenticationData,
    "5.0/RULE-3.15.2.2.3-twice"
);

twice!(
    "reason-string-twice-in-auth",
    "AUTH has its Reason String twice",
    Auth,
    ReasonString,
    "5.0/RULE-3.15.2.2.4-twice"
);
