//! Packet Identifiers of the Server's messages on their way: not used twice, repeated only where that is allowed, never more than the Client takes.

use super::identity::{connect_of, identities, origins, packets_under};
use super::{Seen, Watch, ids, is_crafted, packets_of};
use crate::monitor;
use protocol::{Packet, QoS, Role, Version};
use std::collections::{BTreeMap, BTreeSet};
use tester::Transcript;

monitor!(
    "packet-identifiers-in-flight-are-distinct",
    "The Server gives no PUBLISH an identifier that is in use",
    [
        "3.1.1/MQTT-2.3.1-4",
        "3.1.1/MQTT-4.3.2-1",
        "3.1.1/MQTT-4.3.3-1",
        "5.0/MQTT-2.2.1-4",
        "5.0/MQTT-4.3.2-1",
        "5.0/MQTT-4.3.3-1",
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            // An acknowledgement may be among crafted bytes.
            if is_crafted(transcript, connection) {
                continue;
            }
            let mut in_flight = BTreeSet::new();
            for seen in packets_of(transcript, connection) {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(id) = p.packet_id else { continue };
                        let fresh = in_flight.insert(id);
                        // A repeat keeps its identifier; whether it may be repeated here is for another Monitor.
                        if p.dup {
                            continue;
                        }
                        let broken = if p.qos == QoS::AtLeastOnce {
                            ids![
                                "3.1.1/MQTT-2.3.1-4",
                                "3.1.1/MQTT-4.3.2-1",
                                "5.0/MQTT-2.2.1-4",
                                "5.0/MQTT-4.3.2-1"
                            ]
                        } else {
                            ids![
                                "3.1.1/MQTT-2.3.1-4",
                                "3.1.1/MQTT-4.3.3-1",
                                "5.0/MQTT-2.2.1-4",
                                "5.0/MQTT-4.3.3-1"
                            ]
                        };
                        watch.judge_for(&seen, broken, fresh, || {
                            seen.breach(
                                "an identifier that is not in use",
                                format!("{id} again before it was acknowledged"),
                            )
                        });
                    }
                    _ => {
                        if let Some(id) = ends_exchange(&seen) {
                            in_flight.remove(&id);
                        }
                    }
                }
            }
        }
    }
);

/// The identifier that becomes free by this packet of the Client.
fn ends_exchange(seen: &Seen<'_>) -> Option<u16> {
    match (seen.by, seen.packet) {
        (Role::Client, Packet::Puback(p) | Packet::Pubcomp(p)) => Some(p.packet_id),
        (Role::Client, Packet::Pubrec(p)) if p.reason.is_failure() => Some(p.packet_id),
        _ => None,
    }
}

monitor!(
    "no-more-in-flight-than-the-receive-maximum",
    "The Server has at most Receive Maximum PUBLISH packets of QoS 1 and 2 without an acknowledgement",
    ["5.0/MQTT-3.3.4-9", "5.0/MQTT-4.9.0-2", "5.0/RULE-3.3.4-receive-maximum-exceeded"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let Some(connect) = connect_of(transcript, connection) else { continue };
            if is_crafted(transcript, connection) || connect.version != Version::V500 {
                continue;
            }
            let maximum = usize::from(connect.properties.receive_maximum().unwrap_or(u16::MAX));
            let mut in_flight = BTreeSet::new();
            for seen in packets_of(transcript, connection) {
                if let (Role::Server, Packet::Publish(p)) = (seen.by, seen.packet) {
                    let Some(id) = p.packet_id else { continue };
                    // The Client counts an acknowledgement when it sends it, the Server later: its own count is never smaller than this one.
                    in_flight.insert(id);
                    if in_flight.len() >= maximum {
                        watch.judge(&seen, in_flight.len() <= maximum, || {
                            seen.breach(
                                format!("at most {maximum} PUBLISH packets without an acknowledgement"),
                                format!("{}", in_flight.len()),
                            )
                        });
                    }
                } else if let Some(id) = ends_exchange(&seen) {
                    in_flight.remove(&id);
                }
            }
        }
    }
);

monitor!(
    "nothing-is-sent-again-on-one-connection",
    "PUBLISH and PUBREL are not sent again on the Network Connection on which they were sent",
    ["5.0/MQTT-4.4.0-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        // 3.1.1 allows it.
        for connection in 0..transcript.connections.len() {
            if is_crafted(transcript, connection)
                || transcript.connections[connection].version != Version::V500
            {
                continue;
            }
            let mut in_flight = BTreeSet::new();
            let mut pubrecs: BTreeMap<u16, u32> = BTreeMap::new();
            let mut pubrels: BTreeMap<u16, u32> = BTreeMap::new();
            for seen in packets_of(transcript, connection) {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(id) = p.packet_id else { continue };
                        let fresh = in_flight.insert(id);
                        watch.judge(&seen, fresh || !p.dup, || {
                            seen.breach(
                                "no PUBLISH again on the same Network Connection",
                                format!("PUBLISH {id} again, with DUP 1"),
                            )
                        });
                    }
                    (Role::Server, Packet::Pubrel(p)) => {
                        let sent = pubrels.entry(p.packet_id).or_default();
                        *sent += 1;
                        // Each PUBREC may be answered, and one PUBREL may come from the Session.
                        let due = pubrecs.get(&p.packet_id).copied().unwrap_or_default() + 1;
                        let sent = *sent;
                        if sent > 1 {
                            watch.judge(&seen, sent <= due, || {
                                seen.breach(
                                    "no PUBREL again on the same Network Connection",
                                    format!("PUBREL {} for the {sent}. time", p.packet_id),
                                )
                            });
                        }
                    }
                    (Role::Client, Packet::Pubrec(p)) => {
                        *pubrecs.entry(p.packet_id).or_default() += 1;
                        if p.reason.is_failure() {
                            in_flight.remove(&p.packet_id);
                        }
                    }
                    _ => {
                        if let Some(id) = ends_exchange(&seen) {
                            in_flight.remove(&id);
                        }
                    }
                }
            }
        }
    }
);

monitor!(
    "no-publish-after-pubrel",
    "Once PUBREL was sent for a message, its PUBLISH is not sent again",
    ["3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-6"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            let mut released: BTreeSet<u16> = BTreeSet::new();
            for seen in packets_under(transcript, &identity) {
                match (seen.by, seen.packet) {
                    // A Session that is new has none of the old identifiers.
                    (Role::Server, Packet::Connack(c)) if !c.session_present => released.clear(),
                    (Role::Server, Packet::Pubrel(p)) => {
                        released.insert(p.packet_id);
                        watch.occasion(&seen);
                    }
                    (Role::Server, Packet::Publish(p)) if p.dup => {
                        if let Some(id) = p.packet_id.filter(|id| released.contains(id)) {
                            watch.breach(
                                seen.breach("PUBREL only, since it was sent", format!("PUBLISH {id} again")),
                            );
                        }
                    }
                    (Role::Client, Packet::Pubcomp(p)) => {
                        released.remove(&p.packet_id);
                    }
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "no-pubrel-without-pubrec",
    "PUBREL has the identifier of a PUBLISH, and comes after its PUBREC",
    ["3.1.1/MQTT-2.3.1-6", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-2.2.1-5", "5.0/MQTT-4.3.3-3"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            let mut published: BTreeSet<u16> = BTreeSet::new();
            let mut received: BTreeSet<u16> = BTreeSet::new();
            let mut whole_session = false;
            for seen in packets_under(transcript, &identity) {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Connack(c)) => whole_session |= !c.session_present,
                    (Role::Server, Packet::Publish(p)) if p.qos == QoS::ExactlyOnce => {
                        published.extend(p.packet_id);
                    }
                    (Role::Client, Packet::Pubrec(p)) => {
                        received.insert(p.packet_id);
                    }
                    (Role::Server, Packet::Pubrel(p)) if whole_session => {
                        let known = published.contains(&p.packet_id) || received.contains(&p.packet_id);
                        watch.judge_for(&seen, ids!["3.1.1/MQTT-2.3.1-6", "5.0/MQTT-2.2.1-5"], known, || {
                            seen.breach("the identifier of a PUBLISH", format!("PUBREL {}", p.packet_id))
                        });
                        if known {
                            watch.judge_for(
                                &seen,
                                ids!["3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-3"],
                                received.contains(&p.packet_id),
                                || seen.breach("PUBREL after PUBREC", format!("PUBREL {}", p.packet_id)),
                            );
                        }
                    }
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "what-is-sent-again-has-dup-1",
    "A PUBLISH that is sent again on a later Network Connection has DUP 1",
    ["3.1.1/MQTT-3.3.1-1", "5.0/MQTT-3.3.1-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            // What arrived and was not answered: by identifier, the connection and the payload.
            let mut open: BTreeMap<u16, (usize, &[u8])> = BTreeMap::new();
            for seen in packets_under(transcript, &identity) {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Connack(c)) if !c.session_present => open.clear(),
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(id) = p.packet_id else { continue };
                        // The same identifier and a payload that only one message has: it is that message.
                        let again = open.get(&id).is_some_and(|(connection, payload)| {
                            *connection != seen.connection && *payload == &*p.payload
                        });
                        if again && origins.contains_key(&p.payload) {
                            watch.judge(&seen, p.dup, || {
                                seen.breach("DUP 1 on a PUBLISH that is sent again", "DUP 0")
                            });
                        }
                        open.insert(id, (seen.connection, &p.payload));
                    }
                    (Role::Client, Packet::Puback(p) | Packet::Pubrec(p)) => {
                        open.remove(&p.packet_id);
                    }
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "what-is-acknowledged-is-not-sent-again",
    "After PUBACK, or PUBREC with a failure, the PUBLISH is not sent again",
    ["5.0/MQTT-4.4.0-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let mut arrived: BTreeMap<u16, &[u8]> = BTreeMap::new();
            // Acknowledged, but perhaps not read by the Server yet; and acknowledged for sure.
            let mut sent: Vec<(usize, u16, &[u8])> = Vec::new();
            let mut pinged: BTreeMap<usize, usize> = BTreeMap::new();
            let mut read: BTreeSet<(u16, &[u8])> = BTreeSet::new();
            for seen in packets_under(transcript, &identity)
                .filter(|s| transcript.connections[s.connection].version == Version::V500)
            {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(id) = p.packet_id else { continue };
                        arrived.insert(id, &p.payload);
                        if p.dup && origins.contains_key(&p.payload) {
                            watch.judge(&seen, !read.contains(&(id, &*p.payload)), || {
                                seen.breach("nothing that was acknowledged", format!("PUBLISH {id} again"))
                            });
                        }
                    }
                    (Role::Client, Packet::Puback(p)) => {
                        sent.extend(arrived.get(&p.packet_id).map(|b| (seen.connection, p.packet_id, *b)));
                    }
                    (Role::Client, Packet::Pubrec(p)) if p.reason.is_failure() => {
                        sent.extend(arrived.get(&p.packet_id).map(|b| (seen.connection, p.packet_id, *b)));
                    }
                    // The Server reads in order, so a PINGRESP proves that it has read what was sent before the PINGREQ.
                    (Role::Client, Packet::Pingreq) => {
                        pinged.insert(seen.connection, sent.len());
                    }
                    (Role::Server, Packet::Pingresp) => {
                        let before = pinged.remove(&seen.connection).unwrap_or_default();
                        read.extend(
                            sent.iter()
                                .take(before)
                                .filter(|(connection, ..)| *connection == seen.connection)
                                .map(|(_, id, payload)| (*id, *payload)),
                        );
                    }
                    _ => {}
                }
            }
        }
    }
);
