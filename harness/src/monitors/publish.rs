//! PUBLISH: flags, identifiers, aliases, and that it was asked for.

use super::{Watch, packets};
use crate::monitor;
use crate::tester::Transcript;
use protocol::{Packet, QoS, Role, Version};
use std::collections::BTreeSet;

monitor!(
    "a-qos-0-publish-has-dup-0",
    "A PUBLISH with QoS 0 has DUP 0",
    ["3.1.1/MQTT-3.3.1-2", "3.1.1/MQTT-4.3.1-1", "5.0/MQTT-3.3.1-2", "5.0/MQTT-4.3.1-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript) {
            if let Packet::Publish(p) = seen.packet
                && p.qos == QoS::AtMostOnce
            {
                watch.judge(!p.dup, || seen.breach("DUP 0", "DUP 1"));
            }
        }
    }
);

monitor!(
    "packet-identifiers-in-flight-are-distinct",
    "The Server gives no PUBLISH an identifier that is in use",
    [
        "3.1.1/MQTT-2.3.1-4",
        "5.0/MQTT-2.2.1-4",
        "5.0/MQTT-4.3.2-1",
        "5.0/MQTT-4.3.3-1",
        "3.1.1/MQTT-4.3.2-1",
        "3.1.1/MQTT-4.3.3-1"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let mut in_flight = BTreeSet::new();
            for seen in packets(transcript).filter(|s| s.connection == connection) {
                match (seen.by, seen.packet) {
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(id) = p.packet_id else { continue };
                        // A repeat keeps its identifier; whether it may be repeated here is for another Monitor.
                        if p.dup {
                            in_flight.insert(id);
                            continue;
                        }
                        let fresh = in_flight.insert(id);
                        watch.judge(fresh, || {
                            seen.breach(
                                "an identifier that is not in use",
                                format!("{id} again before it was acknowledged"),
                            )
                        });
                    }
                    (Role::Client, Packet::Puback(p) | Packet::Pubcomp(p)) => {
                        in_flight.remove(&p.packet_id);
                    }
                    (Role::Client, Packet::Pubrec(p)) if p.reason.is_failure() => {
                        in_flight.remove(&p.packet_id);
                    }
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "no-topic-alias-beyond-the-maximum",
    "The Server uses no Topic Alias above the Client's Topic Alias Maximum, and none if that is absent or 0",
    ["5.0/MQTT-3.1.2-26", "5.0/MQTT-3.1.2-27", "5.0/MQTT-3.3.2-11"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let maximum = packets(transcript).find_map(|s| match s.packet {
                Packet::Connect(p) if s.connection == connection => {
                    Some(p.properties.topic_alias_maximum().unwrap_or(0))
                }
                _ => None,
            });
            let Some(maximum) = maximum else { continue };
            for seen in packets(transcript)
                .filter(|s| s.connection == connection && s.by == Role::Server && s.version == Version::V500)
            {
                let Packet::Publish(p) = seen.packet else { continue };
                match p.properties.topic_alias() {
                    Some(alias) => watch.judge(alias >= 1 && alias <= maximum, || {
                        let mut breach = seen.breach(
                            format!("a Topic Alias from 1 to {maximum}, or none"),
                            format!("Topic Alias {alias}"),
                        );
                        breach.requirement = catalogue::RequirementId::parse(if maximum == 0 {
                            "5.0/MQTT-3.1.2-27"
                        } else {
                            "5.0/MQTT-3.1.2-26"
                        });
                        breach
                    }),
                    // Without a maximum the absence itself is what is demanded.
                    None if maximum == 0 => watch.occasion(),
                    None => {}
                }
            }
        }
    }
);

monitor!(
    "no-publish-before-a-matching-subscription",
    "The Topic Name of a PUBLISH matches a Topic Filter that the Client has asked for",
    ["3.1.1/MQTT-3.3.2-3", "5.0/MQTT-3.3.2-3"],
    |transcript: &Transcript, watch: &mut Watch| {
        // By Client, not by connection: the Session may come from an earlier one.
        let clients: BTreeSet<&str> = transcript.connections.iter().map(|c| c.client.as_str()).collect();
        for client in clients {
            // A Client that was told to use another's identifier may have that one's Subscriptions; what it asked for is not the whole story.
            let mut filters: BTreeSet<String> = BTreeSet::new();
            let mut asked_for_everything = false;
            let mut ids: BTreeSet<String> = BTreeSet::new();
            for seen in packets(transcript) {
                if let Packet::Connect(c) = seen.packet {
                    if transcript.connections[seen.connection].client == client {
                        ids.insert(c.client_id.to_string());
                    } else {
                        asked_for_everything |= ids.contains(&*c.client_id);
                    }
                }
            }
            let shared_identity = packets(transcript).any(|s| {
                matches!(s.packet, Packet::Connect(c) if ids.contains(&*c.client_id) && transcript.connections[s.connection].client != client)
            });
            // Crafted bytes may hold filters that we do not know of.
            let crafted = transcript.observations.iter().any(|o| {
                transcript.connections[o.connection].client == client
                    && matches!(&o.kind, crate::tester::ObservationKind::Sent { packet: None, .. })
            });
            if shared_identity || asked_for_everything || crafted {
                continue;
            }
            let mut aliases = std::collections::BTreeMap::new();
            for seen in packets(transcript).filter(|s| transcript.connections[s.connection].client == client)
            {
                match (seen.by, seen.packet) {
                    (Role::Client, Packet::Subscribe(p)) => {
                        filters.extend(p.filters.iter().map(|(f, _)| f.to_string()))
                    }
                    (Role::Server, Packet::Publish(p)) => {
                        let mut topic = p.topic.clone();
                        if let Some(alias) = p.properties.topic_alias() {
                            if topic.is_empty() {
                                topic = aliases.get(&(seen.connection, alias)).cloned().unwrap_or_default();
                            } else {
                                aliases.insert((seen.connection, alias), topic.clone());
                            }
                        }
                        if topic.is_empty() {
                            continue;
                        }
                        let matched = filters.iter().any(|f| {
                            let plain = match f.strip_prefix("$share/").and_then(|rest| rest.split_once('/'))
                            {
                                Some((_, plain)) if seen.version == Version::V500 => plain,
                                _ => f.as_str(),
                            };
                            protocol::topic::matches(plain, &topic)
                        });
                        watch.judge(matched, || {
                            seen.breach("a Topic Name that matches a Subscription", format!("\"{topic}\""))
                        });
                    }
                    _ => {}
                }
            }
        }
    }
);
