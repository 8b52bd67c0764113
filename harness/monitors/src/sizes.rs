//! Sizes: no packet of the Server is above what the Client said that it takes, and those of a fixed length have it.

use super::identity::{connect_of, plain};
use super::{Breach, Seen, Watch, ids, is_crafted, packets, packets_of};
use crate::monitor;
use catalogue::RequirementId;
use protocol::{Packet, PacketType, PropertyId, Role, Version};
use tester::{ObservationKind, Transcript};

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
        "5.0/MQTT-3.15.2-2",
        "5.0/MQTT-3.15.2-3",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            // A crafted CONNECT may announce something else.
            if is_crafted(transcript, connection) {
                continue;
            }
            let Some(maximum) = connect_of(transcript, connection)
                .filter(|connect| connect.version == Version::V500)
                .and_then(|connect| connect.properties.maximum_packet_size())
            else {
                continue;
            };
            let maximum = maximum as usize;
            let tempted = largest_message_for(transcript, connection) > maximum;
            for seen in packets_of(transcript, connection).filter(|s| s.by == Role::Server) {
                let length = seen.bytes.len();
                if length <= maximum {
                    // Far below the limit nothing was at stake, unless a message is about that is above it.
                    if tempted || length * 2 > maximum {
                        watch.occasion_for(&seen, ids!["5.0/MQTT-3.1.2-24"]);
                        watch.occasion_for(&seen, &optional_parts(&seen));
                    }
                    continue;
                }
                let mut broken = ids!["5.0/MQTT-3.1.2-24"].to_vec();
                broken.extend(optional_parts(&seen));
                watch.judge_for(&seen, &broken, false, || {
                    seen.breach(
                        format!("a packet of at most {maximum} bytes"),
                        format!("{} of {length} bytes", seen.packet.packet_type()),
                    )
                });
            }
        }
    }
);

monitor!(
    "fixed-lengths-are-kept",
    "PINGRESP has the Remaining Length 0, and CONNACK of 3.1.1 the Remaining Length 2",
    [
        "3.1.1/RULE-3.2.1-remaining-length",
        "3.1.1/RULE-3.13.1-remaining-length",
        "5.0/RULE-3.13.1-remaining-length"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        let lengths = |bytes: &[u8], version| match (bytes.first().map(|first| first >> 4), version) {
            (Some(13), Version::V311) => Some((ids!["3.1.1/RULE-3.13.1-remaining-length"], 0u8)),
            (Some(13), Version::V500) => Some((ids!["5.0/RULE-3.13.1-remaining-length"], 0)),
            (Some(2), Version::V311) => Some((ids!["3.1.1/RULE-3.2.1-remaining-length"], 2)),
            _ => None,
        };
        for seen in packets(transcript).filter(|seen| seen.by == Role::Server) {
            if let Some((ids, _)) = lengths(seen.bytes, seen.version) {
                // The strict decoder took it, and takes no other length.
                watch.occasion_for(&seen, ids);
            }
        }
        for (index, o) in transcript.observations.iter().enumerate() {
            let ObservationKind::Undecodable { bytes, .. } = &o.kind else { continue };
            let version = transcript.connections[o.connection].version;
            let Some((ids, length)) = lengths(bytes, version) else { continue };
            if bytes.get(1).is_some_and(|said| *said != length) {
                watch.breach(Breach {
                    by: Role::Server,
                    version,
                    observation: index,
                    expected: format!("a Remaining Length of {length}"),
                    actual: format!("another one, in {} bytes", bytes.len()),
                    requirements: ids.to_vec(),
                });
            }
        }
    }
);

/// The length of the largest PUBLISH of the Tester on a topic that this connection has asked for.
fn largest_message_for(transcript: &Transcript, connection: usize) -> usize {
    let filters: Vec<String> = packets_of(transcript, connection)
        .filter_map(|seen| match seen.packet {
            Packet::Subscribe(subscribe) => Some(subscribe.filters.iter().map(|(f, _)| f.to_string())),
            _ => None,
        })
        .flatten()
        .collect();
    packets(transcript)
        .filter(|seen| seen.by == Role::Client)
        .filter_map(|seen| match seen.packet {
            Packet::Publish(publish)
                if filters
                    .iter()
                    .any(|f| protocol::topic::matches(plain(f, Version::V500), &publish.topic)) =>
            {
                Some(seen.bytes.len())
            }
            _ => None,
        })
        .max()
        .unwrap_or_default()
}

/// The statements on Reason String and User Property of this packet, as far as it has them.
fn optional_parts(seen: &Seen<'_>) -> Vec<RequirementId> {
    let (reason, user): (&[RequirementId], &[RequirementId]) = match seen.packet.packet_type() {
        PacketType::Connack => (ids!["5.0/MQTT-3.2.2-19"], ids!["5.0/MQTT-3.2.2-20"]),
        PacketType::Puback => (ids!["5.0/MQTT-3.4.2-2"], ids!["5.0/MQTT-3.4.2-3"]),
        PacketType::Pubrec => (ids!["5.0/MQTT-3.5.2-2"], ids!["5.0/MQTT-3.5.2-3"]),
        PacketType::Pubrel => (ids!["5.0/MQTT-3.6.2-2"], ids!["5.0/MQTT-3.6.2-3"]),
        PacketType::Pubcomp => (ids!["5.0/MQTT-3.7.2-2"], ids!["5.0/MQTT-3.7.2-3"]),
        PacketType::Suback => (ids!["5.0/MQTT-3.9.2-1"], ids!["5.0/MQTT-3.9.2-2"]),
        PacketType::Unsuback => (ids!["5.0/MQTT-3.11.2-1"], ids!["5.0/MQTT-3.11.2-2"]),
        PacketType::Auth => (ids!["5.0/MQTT-3.15.2-2"], ids!["5.0/MQTT-3.15.2-3"]),
        PacketType::Disconnect => (ids!["5.0/MQTT-3.14.2-3"], ids!["5.0/MQTT-3.14.2-4"]),
        _ => (&[], &[]),
    };
    let has = |id| seen.packet.properties().is_some_and(|p| p.get(id).is_some());
    let mut out = Vec::new();
    if has(PropertyId::ReasonString) {
        out.extend(reason);
    }
    if has(PropertyId::UserProperty) {
        out.extend(user);
    }
    out
}
