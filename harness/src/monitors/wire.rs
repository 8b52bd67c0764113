//! The form of packets: what the strict decoder refuses, reserved flags, shortest lengths, sizes, Reason Codes.

use super::{Breach, Watch, packets};
use crate::monitor;
use crate::tester::{ObservationKind, Transcript};
use protocol::{Packet, PacketType, Role, Version};

monitor!(
    "every-packet-is-well-formed",
    "Every packet of the Server is one that a Server may send",
    [
        "3.1.1/MQTT-1.5.3-1",
        "3.1.1/MQTT-1.5.3-2",
        "3.1.1/MQTT-2.2.2-1",
        "3.1.1/MQTT-2.3.1-1",
        "3.1.1/MQTT-2.3.1-5",
        "3.1.1/MQTT-3.3.1-4",
        "3.1.1/MQTT-3.3.2-1",
        "3.1.1/MQTT-3.3.2-2",
        "3.1.1/MQTT-3.6.1-1",
        "3.1.1/MQTT-4.7.1-1",
        "3.1.1/MQTT-4.7.3-2",
        "5.0/MQTT-1.5.4-1",
        "5.0/MQTT-1.5.4-2",
        "5.0/MQTT-1.5.7-1",
        "5.0/MQTT-2.1.3-1",
        "5.0/MQTT-2.2.1-2",
        "5.0/MQTT-2.2.2-1",
        "5.0/MQTT-3.2.2-1",
        "5.0/MQTT-3.3.1-4",
        "5.0/MQTT-3.3.2-1",
        "5.0/MQTT-3.3.2-2",
        "5.0/MQTT-3.3.2-8",
        "5.0/MQTT-3.3.2-13",
        "5.0/MQTT-3.3.2-14",
        "5.0/MQTT-3.3.2-19",
        "5.0/MQTT-3.6.1-1",
        "5.0/MQTT-4.7.0-1",
        "5.0/MQTT-4.7.3-2",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for (index, o) in transcript.observations.iter().enumerate() {
            match &o.kind {
                ObservationKind::Received { .. } => watch.occasion(),
                ObservationKind::Undecodable { error, .. } => watch.breach(Breach {
                    by: Role::Server,
                    version: transcript.connections[o.connection].version,
                    observation: index,
                    expected: "a packet that a Server may send".to_owned(),
                    actual: error.to_string(),
                    requirement: Some(error.requirement),
                }),
                _ => {}
            }
        }
    }
);

monitor!(
    "lengths-are-in-the-shortest-form",
    "The Remaining Length and the Property Length have no superfluous bytes",
    ["5.0/MQTT-1.5.5-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript).filter(|s| s.version == Version::V500) {
            let last = seen.bytes.iter().skip(1).take(4).position(|b| b & 0x80 == 0).map(|i| i + 1);
            let superfluous = last.is_some_and(|i| i > 1 && seen.bytes[i] == 0);
            watch.judge(!superfluous, || {
                seen.breach("a Remaining Length in its shortest form", "one with a superfluous byte")
            });
        }
    }
);

monitor!(
    "no-packet-above-the-maximum-packet-size",
    "No packet of the Server is larger than the Client has said that it takes",
    [
        "5.0/MQTT-3.1.2-24",
        "5.0/MQTT-3.2.2-19",
        "5.0/MQTT-3.2.2-20",
        "5.0/MQTT-3.4.2-2",
        "5.0/MQTT-3.4.2-3",
        "5.0/MQTT-3.5.2-2",
        "5.0/MQTT-3.5.2-3",
        "5.0/MQTT-3.6.2-2",
        "5.0/MQTT-3.6.2-3",
        "5.0/MQTT-3.7.2-2",
        "5.0/MQTT-3.7.2-3",
        "5.0/MQTT-3.9.2-1",
        "5.0/MQTT-3.9.2-2",
        "5.0/MQTT-3.11.2-1",
        "5.0/MQTT-3.11.2-2",
        "5.0/MQTT-3.14.2-3",
        "5.0/MQTT-3.14.2-4",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript).filter(|s| s.by == Role::Server) {
            if let Some(maximum) = transcript.connections[seen.connection].maximum_packet_size {
                watch.judge(seen.bytes.len() <= maximum as usize, || {
                    seen.breach(
                        format!("a packet of at most {maximum} bytes"),
                        format!("{} of {} bytes", seen.packet.packet_type(), seen.bytes.len()),
                    )
                });
            }
        }
    }
);

monitor!(
    "reason-codes-are-of-the-table",
    "Each Reason Code is one of the table of its packet and direction",
    [
        "3.1.1/MQTT-3.9.3-2",
        "5.0/MQTT-3.2.2-8",
        "5.0/MQTT-3.4.2-1",
        "5.0/MQTT-3.5.2-1",
        "5.0/MQTT-3.6.2-1",
        "5.0/MQTT-3.7.2-1",
        "5.0/MQTT-3.9.3-2",
        "5.0/MQTT-3.11.3-2",
        "5.0/MQTT-3.14.2-1",
        "5.0/MQTT-3.15.2-1",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript) {
            let kind = seen.packet.packet_type();
            let codes = match seen.packet {
                Packet::Connack(p) => vec![p.reason],
                Packet::Puback(p) | Packet::Pubrec(p) | Packet::Pubrel(p) | Packet::Pubcomp(p) => {
                    vec![p.reason]
                }
                Packet::Suback(p) => p.reasons.clone(),
                Packet::Unsuback(p) => p.reasons.clone(),
                Packet::Disconnect(p) => vec![p.reason],
                Packet::Auth(p) => vec![p.reason],
                Packet::Connect(_)
                | Packet::Publish(_)
                | Packet::Subscribe(_)
                | Packet::Unsubscribe(_)
                | Packet::Pingreq
                | Packet::Pingresp => continue,
            };
            for code in codes {
                let requirement = match (seen.version, kind) {
                    (Version::V500, PacketType::Connack) => Some("5.0/MQTT-3.2.2-8"),
                    (Version::V500, PacketType::Puback) => Some("5.0/MQTT-3.4.2-1"),
                    (Version::V500, PacketType::Pubrec) => Some("5.0/MQTT-3.5.2-1"),
                    (Version::V500, PacketType::Pubrel) => Some("5.0/MQTT-3.6.2-1"),
                    (Version::V500, PacketType::Pubcomp) => Some("5.0/MQTT-3.7.2-1"),
                    (Version::V500, PacketType::Suback) => Some("5.0/MQTT-3.9.3-2"),
                    (Version::V500, PacketType::Unsuback) => Some("5.0/MQTT-3.11.3-2"),
                    (Version::V500, PacketType::Disconnect) => Some("5.0/MQTT-3.14.2-1"),
                    (Version::V500, PacketType::Auth) => Some("5.0/MQTT-3.15.2-1"),
                    (Version::V311, PacketType::Suback) => Some("3.1.1/MQTT-3.9.3-2"),
                    _ => None,
                };
                // Codes of 3.1.1 CONNACK above 5 are reserved, without a number.
                let Some(requirement) = requirement else { continue };
                watch.judge(code.is_legal(seen.version, kind, seen.by), || {
                    let mut breach =
                        seen.breach(format!("a Reason Code that {kind} may carry"), format!("{code}"));
                    breach.requirement = catalogue::RequirementId::parse(requirement);
                    breach
                });
            }
        }
    }
);
