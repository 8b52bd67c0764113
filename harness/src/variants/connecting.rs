//! Choices at the beginning of a Network Connection and about Sessions.

use crate::defects::change_packet;
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
    "explains-every-acknowledgement", "Every acknowledgement has a Reason String and a User Property, where the Client takes them (3.4.2.2)",
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
                if v5 && code.is_failure() {
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
