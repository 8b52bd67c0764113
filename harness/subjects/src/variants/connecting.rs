//! Choices at the beginning of a Network Connection and about Sessions.

use crate::around::change_packet;
use crate::defects::leave_the_close_to_the_client;
use crate::variant;
use protocol::{Packet, Property, ReasonCode, Version};
use transport::Effect;

variant! {
    "closes-without-connack", "A CONNECT that is refused gets a plain close in 5.0, where CONNACK is optional (3.1.4-1, 3.1.4-2)",
    effect: |_, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(connack), version: Version::V500, .. } if connack.reason.is_failure() => vec![],
        _ => vec![effect],
    },
}

variant! {
    "server-keep-alive", "The Server sets the Keep Alive (3.2.2.3.14)",
    config: |config| config.server_keep_alive = Some(3600),
}

variant! {
    "shorter-session-expiry", "Sessions are kept for an hour at most, and CONNACK says so (3.2.2.3.2)",
    config: |config| config.session_expiry_maximum = 3600,
}

variant! {
    "no-sessions-are-kept", "Sessions of 5.0 end with their Network Connection, and CONNACK says so (3.2.2.3.2)",
    config: |config| {
        // 3.1.1 demands that they are kept.
        config.versions = vec![protocol::Version::V500];
        config.session_expiry_maximum = 0;
    },
}

variant! {
    "empty-client-identifiers-are-refused", "A Client without Client Identifier is refused, which 3.1.3.1 allows",
    config: |config| config.assign_client_identifiers = false,
}

variant! {
    "explains-every-acknowledgement", "Every acknowledgement has a Reason String and a User Property, if the Client permits them (3.4.2.2)",
    effect: |memory, _, effect| {
        let wanted = memory.connect(effect.connection()).is_some_and(|c| {
            c.version == Version::V500
                && c.properties.request_problem_information() != Some(0)
                && c.properties.maximum_packet_size().is_none()
        });
        change_packet(effect, |packet| {
            let acknowledges = !matches!(packet, Packet::Publish(_) | Packet::Pingresp | Packet::Auth(_));
            if wanted && acknowledges && let Some(properties) = packet.properties_mut() {
                properties.set(Property::ReasonString("this is why".into()));
                properties.push(Property::UserProperty(("node".into(), "1".into())));
                properties.push(Property::UserProperty(("node".into(), "2".into())));
            }
        })
    },
}

variant! {
    "unspecified-error-for-everything", "Every failure of 5.0 has Reason Code 0x80, which each table has (4.13.1 asks for a code only where one is sent)",
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            let general = |code: &mut ReasonCode| {
                // A Server Reference comes with 0x9C or 0x9D only (4.11).
                if v5 && code.is_failure() && !matches!(code.0, 0x9C | 0x9D) {
                    *code = ReasonCode::UNSPECIFIED_ERROR;
                }
            };
            match packet {
                Packet::Connack(p) => general(&mut p.reason),
                Packet::Puback(p) | Packet::Pubrec(p) => general(&mut p.reason),
                Packet::Suback(p) => p.reasons.iter_mut().for_each(general),
                Packet::Unsuback(p) => p.reasons.iter_mut().for_each(general),
                Packet::Disconnect(p) => general(&mut p.reason),
                _ => {}
            }
        })
    },
}

variant! {
    "sessions-are-kept-for-ten-seconds", "Sessions are kept for ten seconds at most, and CONNACK says so (3.2.2.3.2)",
    config: |config| config.session_expiry_maximum = 10,
}

variant! {
    "client-identifiers-of-23-letters-and-digits-at-most", "Longer Client Identifiers, and those with other characters, are refused, which 3.1.3.1 allows",
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let long = memory.connect(connection).is_some_and(|c| {
            !c.client_id.is_empty() && (c.client_id.len() > 23 || !c.client_id.chars().all(|c| c.is_ascii_alphanumeric()))
        });
        let accepts = matches!(&effect, Effect::Send { packet: Packet::Connack(connack), .. } if connack.reason.0 == 0);
        if !long || !accepts {
            return vec![effect];
        }
        let v5 = memory.version(connection) == Version::V500;
        let mut effects = change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet {
                connack.session_present = false;
                connack.reason = if v5 { ReasonCode::CLIENT_IDENTIFIER_NOT_VALID } else { ReasonCode(2) };
            }
        });
        effects.push(Effect::Close { connection });
        effects
    },
}

variant! {
    "repeats-in-connack-what-was-asked-for", "CONNACK has the Session Expiry Interval and the Keep Alive of the CONNECT, as the ones in force (3.2.2.3.2, 3.2.2.3.14)",
    effect: |memory, _, effect| {
        let connect = memory.connect(effect.connection()).filter(|c| c.version == Version::V500).cloned();
        change_packet(effect, |packet| {
            let (Packet::Connack(connack), Some(connect)) = (packet, connect) else { return };
            if connack.reason.0 != 0 {
                return;
            }
            let interval = connect.properties.session_expiry_interval().unwrap_or(0);
            for property in [Property::SessionExpiryInterval(interval), Property::ServerKeepAlive(connect.keep_alive)] {
                if connack.properties.get(property.id()).is_none() {
                    connack.properties.push(property);
                }
            }
        })
    },
}

variant! {
    "refuses-credentials-without-a-word", "Wrong credentials get a plain close in 3.1.1 too, where CONNACK is only recommended (3.1.4)",
    effect: |_, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(connack), version: Version::V311, .. } if [ReasonCode(4), ReasonCode(5)].contains(&connack.reason) => vec![],
        _ => vec![effect],
    },
}

variant! {
    "leaves-the-close-to-the-client", "After DISCONNECT the Server waits for the Client to close, which 3.14.4 only advises against",
    effect: |memory, _, effect| leave_the_close_to_the_client(memory, effect),
}

variant! {
    "sends-clients-elsewhere-when-it-ends", "A Server that shuts down names another one: DISCONNECT with 0x9C and Server Reference (4.11)",
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Disconnect(disconnect) = packet
            && disconnect.reason == ReasonCode::SERVER_SHUTTING_DOWN
        {
            disconnect.reason = ReasonCode::USE_ANOTHER_SERVER;
            disconnect.properties.set(Property::ServerReference("elsewhere.example".into()));
        }
    }),
}
