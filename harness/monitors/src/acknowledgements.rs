//! Acknowledgements carry identifiers that were asked about, one code for each filter, and are of the kind that the QoS calls for.

use super::identity::{identities, packets_under};
use super::{Watch, ids, is_crafted, packets_of};
use crate::monitor;
use catalogue::RequirementId;
use protocol::{Packet, QoS, Role, Version};
use std::collections::{BTreeMap, BTreeSet};
use tester::Transcript;

/// What an identifier was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Publish,
    Pubrel,
    Subscribe,
    Unsubscribe,
}

monitor!(
    "acknowledgements-have-the-identifier-of-a-request",
    "PUBACK, PUBREC, PUBCOMP, SUBACK and UNSUBACK have the identifier of something that the Client sent",
    [
        "3.1.1/MQTT-2.3.1-6",
        "3.1.1/MQTT-2.3.1-7",
        "3.1.1/MQTT-3.8.4-2",
        "3.1.1/MQTT-3.10.4-4",
        "3.1.1/MQTT-4.3.3-2",
        "5.0/MQTT-2.2.1-5",
        "5.0/MQTT-2.2.1-6",
        "5.0/MQTT-3.8.4-2",
        "5.0/MQTT-3.10.4-5"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            let mut asked: BTreeSet<(Use, u16)> = BTreeSet::new();
            for seen in packets_under(transcript, &identity) {
                let (answered, id, broken): (Use, u16, &[RequirementId]) = match (seen.by, seen.packet) {
                    (Role::Client, Packet::Publish(p)) => {
                        asked.extend(p.packet_id.map(|id| (Use::Publish, id)));
                        continue;
                    }
                    (Role::Client, Packet::Pubrel(p)) => {
                        asked.insert((Use::Pubrel, p.packet_id));
                        continue;
                    }
                    (Role::Client, Packet::Subscribe(p)) => {
                        asked.insert((Use::Subscribe, p.packet_id));
                        continue;
                    }
                    (Role::Client, Packet::Unsubscribe(p)) => {
                        asked.insert((Use::Unsubscribe, p.packet_id));
                        continue;
                    }
                    (Role::Server, Packet::Puback(p) | Packet::Pubrec(p)) => {
                        (Use::Publish, p.packet_id, ids!["3.1.1/MQTT-2.3.1-6", "5.0/MQTT-2.2.1-5"])
                    }
                    (Role::Server, Packet::Pubcomp(p)) => {
                        (Use::Pubrel, p.packet_id, ids!["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-2.2.1-5"])
                    }
                    (Role::Server, Packet::Suback(p)) => (
                        Use::Subscribe,
                        p.packet_id,
                        ids![
                            "3.1.1/MQTT-2.3.1-7",
                            "3.1.1/MQTT-3.8.4-2",
                            "5.0/MQTT-2.2.1-6",
                            "5.0/MQTT-3.8.4-2"
                        ],
                    ),
                    (Role::Server, Packet::Unsuback(p)) => (
                        Use::Unsubscribe,
                        p.packet_id,
                        ids![
                            "3.1.1/MQTT-2.3.1-7",
                            "3.1.1/MQTT-3.10.4-4",
                            "5.0/MQTT-2.2.1-6",
                            "5.0/MQTT-3.10.4-5"
                        ],
                    ),
                    _ => continue,
                };
                watch.judge_for(&seen, broken, asked.contains(&(answered, id)), || {
                    seen.breach("the identifier of a request", format!("{} {id}", seen.packet.packet_type()))
                });
            }
        }
    }
);

monitor!(
    "the-acknowledgement-is-that-of-the-qos",
    "PUBACK answers QoS 1 and PUBREC answers QoS 2",
    ["3.1.1/MQTT-3.3.4-1", "5.0/MQTT-3.3.4-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            let mut sent: BTreeSet<(u16, QoS)> = BTreeSet::new();
            for seen in packets_under(transcript, &identity) {
                let (id, qos, other) = match (seen.by, seen.packet) {
                    (Role::Client, Packet::Publish(p)) => {
                        sent.extend(p.packet_id.map(|id| (id, p.qos)));
                        continue;
                    }
                    (Role::Server, Packet::Puback(p)) => (p.packet_id, QoS::AtLeastOnce, QoS::ExactlyOnce),
                    (Role::Server, Packet::Pubrec(p)) => (p.packet_id, QoS::ExactlyOnce, QoS::AtLeastOnce),
                    _ => continue,
                };
                // An identifier that was never used is for the Monitor above.
                if sent.contains(&(id, qos)) || sent.contains(&(id, other)) {
                    watch.judge(&seen, sent.contains(&(id, qos)), || {
                        seen.breach(
                            format!("the answer to a PUBLISH with QoS {other}"),
                            seen.packet.packet_type().name(),
                        )
                    });
                }
            }
        }
    }
);

monitor!(
    "one-code-for-each-filter",
    "SUBACK, and UNSUBACK of 5.0, have one code for each Topic Filter of the request",
    ["3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.8.4-6", "5.0/MQTT-3.11.3-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            if is_crafted(transcript, connection) {
                continue;
            }
            let mut counts: BTreeMap<(Use, u16), BTreeSet<usize>> = BTreeMap::new();
            for seen in packets_of(transcript, connection) {
                let (key, codes, broken): ((Use, u16), usize, &[RequirementId]) = match seen.packet {
                    Packet::Subscribe(p) => {
                        counts.entry((Use::Subscribe, p.packet_id)).or_default().insert(p.filters.len());
                        continue;
                    }
                    Packet::Unsubscribe(p) => {
                        counts.entry((Use::Unsubscribe, p.packet_id)).or_default().insert(p.filters.len());
                        continue;
                    }
                    Packet::Suback(p) => (
                        (Use::Subscribe, p.packet_id),
                        p.reasons.len(),
                        ids!["3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.8.4-6"],
                    ),
                    Packet::Unsuback(p) if seen.version == Version::V500 => {
                        ((Use::Unsubscribe, p.packet_id), p.reasons.len(), ids!["5.0/MQTT-3.11.3-2"])
                    }
                    _ => continue,
                };
                let Some(wanted) = counts.get(&key) else { continue };
                watch.judge_for(&seen, broken, wanted.contains(&codes), || {
                    let wanted = wanted.iter().next().copied().unwrap_or_default();
                    seen.breach(
                        format!("{wanted} codes, one for each Topic Filter"),
                        format!("{codes} codes"),
                    )
                });
            }
        }
    }
);
