//! The form of packets: what the strict decoder refuses, shortest lengths, Reason Codes.

use super::properties::{at_most_once, in_range};
use super::{Breach, Seen, Watch, ids, packets};
use crate::monitor;
use catalogue::RequirementId;
use protocol::wire::dissect;
use protocol::{DecodeError, Packet, PacketType, Properties, PropertyId, PropertyType, QoS, Role, Version};
use tester::{ObservationKind, Transcript};

monitor!(
    "every-packet-is-well-formed",
    "Every packet of the Server is one that a Server may send",
    [
        "3.1.1/MQTT-1.5.3-1",
        "3.1.1/MQTT-1.5.3-2",
        "3.1.1/MQTT-2.2.2-1",
        "3.1.1/MQTT-2.3.1-1",
        "3.1.1/MQTT-3.3.1-4",
        "3.1.1/MQTT-3.3.2-1",
        "3.1.1/MQTT-3.3.2-2",
        "3.1.1/MQTT-3.6.1-1",
        "3.1.1/MQTT-4.7.1-1",
        "3.1.1/MQTT-4.7.3-2",
        "3.1.1/RULE-2.2.1-forbidden-type",
        "3.1.1/RULE-2.2.1-not-from-server",
        "3.1.1/RULE-2.2.3-trailing-bytes",
        "3.1.1/RULE-3.2.2.1-reserved-flags",
        "3.1.1/RULE-3.11.1-remaining-length",
        "5.0/MQTT-1.5.4-1",
        "5.0/MQTT-1.5.4-2",
        "5.0/MQTT-1.5.7-1",
        "5.0/MQTT-2.1.3-1",
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
        "5.0/MQTT-3.14.2-2",
        "5.0/MQTT-4.7.0-1",
        "5.0/MQTT-4.7.3-2",
        "5.0/RULE-2.1.2-forbidden-type",
        "5.0/RULE-2.1.2-not-from-server",
        "5.0/RULE-2.1.4-trailing-bytes",
        "5.0/RULE-2.2.2.2-unknown-property",
        "5.0/RULE-2.2.2.2-property-of-another-packet",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript).filter(|seen| seen.by == Role::Server) {
            exercise(&seen, watch);
        }
        for (index, o) in transcript.observations.iter().enumerate() {
            let ObservationKind::Undecodable { error, bytes } = &o.kind else { continue };
            if is_answer(bytes) && has_sent_a_fault(transcript, o.connection, index) {
                // An answer to what had no Packet Identifier, say, has none to give back, and one to a CONNECT of no version may be of any. That there is an
                // answer at all is judged where the fault is sent.
                continue;
            }
            let version = transcript.connections[o.connection].version;
            let mut requirements = vec![error.requirement];
            requirements.extend(of_the_field(error, bytes, version));
            watch.breach(Breach {
                by: Role::Server,
                version,
                observation: index,
                expected: "a packet that a Server may send".to_owned(),
                actual: error.to_string(),
                requirements,
            });
        }
    }
);

fn is_answer(bytes: &[u8]) -> bool {
    const ANSWERS: [PacketType; 7] = [
        PacketType::Connack,
        PacketType::Puback,
        PacketType::Pubrec,
        PacketType::Pubrel,
        PacketType::Pubcomp,
        PacketType::Suback,
        PacketType::Unsuback,
    ];
    bytes.first().is_some_and(|first| ANSWERS.iter().any(|it| *it as u8 == first >> 4))
}

/// Whether the Tester has sent on this Network Connection, before this observation, what is wrong on purpose.
fn has_sent_a_fault(transcript: &Transcript, connection: usize, before: usize) -> bool {
    transcript.observations[..before].iter().any(|o| {
        o.connection == connection && matches!(&o.kind, ObservationKind::Sent { deliberate: Some(_), .. })
    })
}

/// What the standard says of the very field that cannot be read, beside the general rule that the decoder names.
fn of_the_field(error: &DecodeError, bytes: &[u8], version: Version) -> Option<RequirementId> {
    let first = bytes.first()?;
    let v5 = version == Version::V500;
    if first >> 4 == PacketType::Connack as u8 && v5 && bytes.get(1) == Some(&2) {
        return RequirementId::parse("5.0/MQTT-2.2.2-1");
    }
    if first >> 4 == PacketType::Unsuback as u8 && !v5 && bytes.get(1) != Some(&2) {
        return RequirementId::parse("3.1.1/RULE-3.11.1-remaining-length");
    }
    if first >> 4 != PacketType::Publish as u8 {
        return None;
    }
    let frame = dissect(bytes, Some(version));
    let layout = frame.layout();
    // Type, flags and Remaining Length come before the variable header.
    let header = layout.iter().take(2).map(|placed| placed.length).sum::<usize>();
    let names: Vec<&str> = layout
        .iter()
        .filter(|placed| (placed.offset..placed.offset + placed.length.max(1)).contains(&error.offset))
        .map(|placed| placed.field.name)
        .collect();
    let id = if error.offset == header || names.contains(&"Topic Name") {
        if v5 { "5.0/MQTT-3.3.2-1" } else { "3.1.1/MQTT-3.3.2-1" }
    } else if names.contains(&"Response Topic") {
        "5.0/MQTT-3.3.2-13"
    } else if names.contains(&"Content Type") {
        "5.0/MQTT-3.3.2-19"
    } else if names.contains(&"User Property") {
        "5.0/MQTT-1.5.7-1"
    } else {
        return None;
    };
    RequirementId::parse(id)
}

/// Notes what this packet, which the strict decoder took, could have broken.
fn exercise(seen: &Seen<'_>, watch: &mut Watch) {
    watch.occasion_for(
        seen,
        ids![
            "3.1.1/RULE-2.2.1-forbidden-type",
            "3.1.1/RULE-2.2.1-not-from-server",
            "5.0/RULE-2.1.2-forbidden-type",
            "5.0/RULE-2.1.2-not-from-server"
        ],
    );
    match seen.packet {
        Packet::Publish(publish) => {
            watch.occasion_for(
                seen,
                ids![
                    "3.1.1/MQTT-1.5.3-1",
                    "3.1.1/MQTT-1.5.3-2",
                    "3.1.1/MQTT-3.3.1-4",
                    "3.1.1/MQTT-3.3.2-1",
                    "3.1.1/MQTT-3.3.2-2",
                    "3.1.1/MQTT-4.7.1-1",
                    "3.1.1/MQTT-4.7.3-2",
                    "5.0/MQTT-3.3.1-4",
                    "5.0/MQTT-3.3.2-1"
                ],
            );
            // In 5.0 the Topic Name may be left to a Topic Alias.
            if !publish.topic.is_empty() {
                watch.occasion_for(
                    seen,
                    ids![
                        "5.0/MQTT-1.5.4-1",
                        "5.0/MQTT-1.5.4-2",
                        "5.0/MQTT-3.3.2-2",
                        "5.0/MQTT-4.7.0-1",
                        "5.0/MQTT-4.7.3-2"
                    ],
                );
            }
            if publish.qos > QoS::AtMostOnce {
                watch.occasion_for(seen, ids!["3.1.1/MQTT-2.3.1-1"]);
            }
        }
        packet => {
            watch.occasion_for(
                seen,
                ids![
                    "3.1.1/MQTT-2.2.2-1",
                    "3.1.1/RULE-2.2.3-trailing-bytes",
                    "5.0/MQTT-2.1.3-1",
                    "5.0/RULE-2.1.4-trailing-bytes"
                ],
            );
            match packet {
                Packet::Unsuback(_) => {
                    watch.occasion_for(seen, ids!["3.1.1/RULE-3.11.1-remaining-length"]);
                }
                Packet::Connack(_) => {
                    watch.occasion_for(seen, ids!["3.1.1/RULE-3.2.2.1-reserved-flags", "5.0/MQTT-3.2.2-1"])
                }
                Packet::Pubrel(_) => watch.occasion_for(seen, ids!["3.1.1/MQTT-3.6.1-1", "5.0/MQTT-3.6.1-1"]),
                Packet::Disconnect(_) => watch.occasion_for(seen, ids!["5.0/MQTT-3.14.2-2"]),
                _ => {}
            }
        }
    }
    if let Some(properties) = seen.packet.properties() {
        exercise_properties(seen, properties, watch);
    }
}

fn exercise_properties(seen: &Seen<'_>, properties: &Properties, watch: &mut Watch) {
    let kind = seen.packet.packet_type();
    if properties.is_empty()
        && matches!(
            kind,
            PacketType::Connack | PacketType::Publish | PacketType::Suback | PacketType::Unsuback
        )
    {
        watch.occasion_for(seen, ids!["5.0/MQTT-2.2.2-1"]);
    }
    for property in properties.iter() {
        watch.occasion_for(
            seen,
            ids!["5.0/RULE-2.2.2.2-unknown-property", "5.0/RULE-2.2.2.2-property-of-another-packet"],
        );
        if matches!(property.id().property_type(), PropertyType::Utf8String | PropertyType::Utf8StringPair) {
            watch.occasion_for(seen, ids!["5.0/MQTT-1.5.4-1", "5.0/MQTT-1.5.4-2"]);
        }
        match property.id() {
            PropertyId::UserProperty => watch.occasion_for(seen, ids!["5.0/MQTT-1.5.7-1"]),
            PropertyId::TopicAlias => watch.occasion_for(seen, ids!["5.0/MQTT-3.3.2-8"]),
            PropertyId::ResponseTopic => {
                watch.occasion_for(seen, ids!["5.0/MQTT-3.3.2-13", "5.0/MQTT-3.3.2-14"])
            }
            PropertyId::ContentType => watch.occasion_for(seen, ids!["5.0/MQTT-3.3.2-19"]),
            _ => {}
        }
    }
}

monitor!(
    "no-property-stands-twice",
    "A Property of the Server's packets stands once, and its value is one that it may have",
    [
        "5.0/RULE-3.2.2.3.2-twice",
        "5.0/RULE-3.2.2.3.3-twice",
        "5.0/RULE-3.2.2.3.3-zero",
        "5.0/RULE-3.2.2.3.4-twice",
        "5.0/RULE-3.2.2.3.4-value",
        "5.0/RULE-3.2.2.3.5-twice",
        "5.0/RULE-3.2.2.3.5-value",
        "5.0/RULE-3.2.2.3.6-twice",
        "5.0/RULE-3.2.2.3.6-zero",
        "5.0/RULE-3.2.2.3.7-twice",
        "5.0/RULE-3.2.2.3.8-twice",
        "5.0/RULE-3.2.2.3.9-twice",
        "5.0/RULE-3.2.2.3.11-twice",
        "5.0/RULE-3.2.2.3.11-value",
        "5.0/RULE-3.2.2.3.12-twice",
        "5.0/RULE-3.2.2.3.12-value",
        "5.0/RULE-3.2.2.3.13-twice",
        "5.0/RULE-3.2.2.3.13-value",
        "5.0/RULE-3.2.2.3.14-twice",
        "5.0/RULE-3.2.2.3.15-twice",
        "5.0/RULE-3.2.2.3.16-twice",
        "5.0/RULE-3.2.2.3.17-twice",
        "5.0/RULE-3.2.2.3.18-twice",
        "5.0/RULE-3.3.2.3.4-twice",
        "5.0/RULE-3.3.2.3.4-zero",
        "5.0/RULE-3.3.2.3.5-twice",
        "5.0/RULE-3.3.2.3.6-twice",
        "5.0/RULE-3.3.2.3.8-zero",
        "5.0/RULE-3.3.2.3.9-twice",
        "5.0/RULE-3.4.2.2.2-twice",
        "5.0/RULE-3.5.2.2.2-twice",
        "5.0/RULE-3.6.2.2.2-twice",
        "5.0/RULE-3.7.2.2.2-twice",
        "5.0/RULE-3.9.2.1.2-twice",
        "5.0/RULE-3.11.2.1.2-twice",
        "5.0/RULE-3.14.2.2.3-twice",
        "5.0/RULE-3.14.2.2.5-twice",
        "5.0/RULE-3.15.2.2.2-twice",
        "5.0/RULE-3.15.2.2.3-twice",
        "5.0/RULE-3.15.2.2.4-twice",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        // The strict decoder refuses each breach, which is then one of "every-packet-is-well-formed"; what it took is an occasion.
        for seen in packets(transcript).filter(|seen| seen.by == Role::Server) {
            let kind = seen.packet.packet_type();
            for property in seen.packet.properties().into_iter().flat_map(Properties::iter) {
                watch.occasion_for(&seen, at_most_once(kind, property.id()));
                watch.occasion_for(&seen, in_range(kind, property.id()));
            }
        }
    }
);

monitor!(
    "lengths-are-in-the-shortest-form",
    "Remaining Length, Property Length and Subscription Identifier have no superfluous bytes",
    ["5.0/MQTT-1.5.5-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript).filter(|seen| seen.version == Version::V500) {
            let frame = protocol::wire::dissect(seen.bytes, Some(seen.version));
            let long = frame.layout().into_iter().find_map(|placed| match &placed.field.value {
                protocol::wire::Value::Variable(integer) if !integer.is_shortest() => Some(placed.field.name),
                _ => None,
            });
            watch.judge(&seen, long.is_none(), || {
                seen.breach("each Variable Byte Integer in its shortest form", long.unwrap_or_default())
            });
        }
    }
);

/// The statement on the Reason Codes of this kind of packet.
fn table_of(version: Version, kind: PacketType) -> &'static [RequirementId] {
    match (version, kind) {
        (Version::V500, PacketType::Connack) => ids!["5.0/MQTT-3.2.2-8"],
        (Version::V500, PacketType::Puback) => ids!["5.0/MQTT-3.4.2-1"],
        (Version::V500, PacketType::Pubrec) => ids!["5.0/MQTT-3.5.2-1"],
        (Version::V500, PacketType::Pubrel) => ids!["5.0/MQTT-3.6.2-1"],
        (Version::V500, PacketType::Pubcomp) => ids!["5.0/MQTT-3.7.2-1"],
        (Version::V500, PacketType::Suback) => ids!["5.0/MQTT-3.9.3-2"],
        (Version::V500, PacketType::Unsuback) => ids!["5.0/MQTT-3.11.3-2"],
        (Version::V500, PacketType::Disconnect) => ids!["5.0/MQTT-3.14.2-1"],
        (Version::V500, PacketType::Auth) => ids!["5.0/MQTT-3.15.2-1"],
        (Version::V311, PacketType::Suback) => ids!["3.1.1/MQTT-3.9.3-2"],
        (Version::V311, PacketType::Connack) => ids!["3.1.1/RULE-3.2.2.3-reserved-return-code"],
        _ => &[],
    }
}

monitor!(
    "reason-codes-are-of-the-table",
    "Each Reason Code is one of the table of its packet and direction",
    [
        "3.1.1/MQTT-3.9.3-2",
        "3.1.1/RULE-3.2.2.3-reserved-return-code",
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
                _ => continue,
            };
            let table = table_of(seen.version, kind);
            for code in codes {
                let legal = table.is_empty() || code.is_legal(seen.version, kind, seen.by);
                watch.judge_for(&seen, table, legal, || {
                    seen.breach(format!("a Reason Code that {kind} may carry"), format!("{code}"))
                });
            }
        }
    }
);
