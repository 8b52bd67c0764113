//! Maximum Packet Size: no packet of the Server is above what the Client said that it takes.

use super::identity::{connect_of, plain};
use super::{Seen, Watch, ids, is_crafted, packets, packets_of};
use crate::monitor;
use crate::tester::Transcript;
use catalogue::RequirementId;
use protocol::{Packet, PacketType, PropertyId, Role, Version};

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
