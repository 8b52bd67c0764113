//! PUBLISH: its flags and its Topic Alias.

use super::identity::{Topics, connect_of, identities, origins, packets_under, plain};
use super::{Seen, Watch, ids, is_crafted, packets, packets_of};
use crate::monitor;
use protocol::{Packet, QoS, Role, Version};
use std::collections::{BTreeMap, BTreeSet};
use tester::Transcript;

monitor!(
    "a-qos-0-publish-has-dup-0",
    "A PUBLISH with QoS 0 has DUP 0",
    ["3.1.1/MQTT-3.3.1-2", "3.1.1/MQTT-4.3.1-1", "5.0/MQTT-3.3.1-2", "5.0/MQTT-4.3.1-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript) {
            if let Packet::Publish(p) = seen.packet
                && p.qos == QoS::AtMostOnce
            {
                watch.judge(&seen, !p.dup, || seen.breach("DUP 0", "DUP 1"));
            }
        }
    }
);

monitor!(
    "a-qos-0-publish-has-no-packet-identifier",
    "No two bytes stand before the payload of a PUBLISH with QoS 0",
    ["3.1.1/MQTT-2.3.1-5", "5.0/MQTT-2.2.1-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        let mut topics = Topics::default();
        for seen in packets(transcript).filter(|seen| seen.by == Role::Server) {
            let Packet::Publish(publish) = seen.packet else { continue };
            let Some(topic) = topics.of(&seen, publish) else { continue };
            if publish.qos != QoS::AtMostOnce {
                continue;
            }
            let is_of = |payload: &[u8]| origins.get(payload).is_some_and(|o| o.topic == topic);
            if is_of(&publish.payload) {
                watch.occasion(&seen);
            } else if publish.payload.get(2..).is_some_and(is_of) {
                watch.breach(seen.breach("the payload that was published", "two bytes before the payload"));
            }
        }
    }
);

monitor!(
    "what-is-sent-first-has-dup-0",
    "A PUBLISH that the Client has not been sent before has DUP 0",
    [
        "3.1.1/MQTT-3.3.1-3",
        "3.1.1/MQTT-4.3.2-1",
        "3.1.1/MQTT-4.3.3-1",
        "5.0/MQTT-3.3.1-3",
        "5.0/MQTT-4.3.2-2",
        "5.0/MQTT-4.3.3-2"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let mut sent: BTreeSet<(usize, u16)> = BTreeSet::new();
            // By connection: whether its Session is new, and when it was accepted.
            let mut accepted: BTreeMap<usize, (bool, usize)> = BTreeMap::new();
            for seen in packets_under(transcript, &identity).filter(|seen| seen.by == Role::Server) {
                let publish = match seen.packet {
                    Packet::Connack(c) if c.reason.0 == 0 => {
                        accepted.insert(seen.connection, (!c.session_present, seen.observation));
                        continue;
                    }
                    Packet::Publish(publish) => publish,
                    _ => continue,
                };
                let (Some(id), Some((is_new, since))) = (publish.packet_id, accepted.get(&seen.connection))
                else {
                    continue;
                };
                let first_here = sent.insert((seen.connection, id));
                // What an older connection was sent may have been lost on the way to us. What was published later cannot have been.
                let published_later =
                    origins.get(&publish.payload).is_some_and(|o| o.seen.observation > *since);
                if !first_here || !(*is_new || published_later) {
                    continue;
                }
                let broken = if publish.qos == QoS::AtLeastOnce {
                    ids!["3.1.1/MQTT-3.3.1-3", "3.1.1/MQTT-4.3.2-1", "5.0/MQTT-3.3.1-3", "5.0/MQTT-4.3.2-2"]
                } else {
                    ids!["3.1.1/MQTT-3.3.1-3", "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-3.3.1-3", "5.0/MQTT-4.3.3-2"]
                };
                watch.judge_for(&seen, broken, !publish.dup, || {
                    seen.breach("DUP 0 on the first PUBLISH of a message", "DUP 1")
                });
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
            let Some(connect) = connect_of(transcript, connection) else { continue };
            if is_crafted(transcript, connection) || connect.version != Version::V500 {
                continue;
            }
            let maximum = connect.properties.topic_alias_maximum().unwrap_or(0);
            for seen in packets_of(transcript, connection).filter(|s| s.by == Role::Server) {
                let Packet::Publish(p) = seen.packet else { continue };
                let alias = p.properties.topic_alias();
                let broken = match (maximum, alias) {
                    // Without a maximum the absence itself is what is demanded.
                    (0, _) => ids!["5.0/MQTT-3.1.2-27"],
                    (_, Some(_)) => ids!["5.0/MQTT-3.1.2-26", "5.0/MQTT-3.3.2-11"],
                    (_, None) => continue,
                };
                watch.judge_for(&seen, broken, alias.is_none_or(|alias| alias <= maximum), || {
                    seen.breach(
                        format!("a Topic Alias of at most {maximum}, or none"),
                        format!("Topic Alias {}", alias.unwrap_or_default()),
                    )
                });
            }
        }
    }
);

monitor!(
    "a-topic-alias-is-set-before-it-is-used",
    "A PUBLISH without a Topic Name has a Topic Alias that was set on the same Network Connection",
    ["5.0/MQTT-3.3.2-7", "5.0/RULE-3.3.2.3.4-unknown-alias"],
    |transcript: &Transcript, watch: &mut Watch| {
        let mut topics = Topics::default();
        let mut set: BTreeSet<(usize, u16)> = BTreeSet::new();
        for seen in packets(transcript).filter(|seen| seen.by == Role::Server) {
            let Packet::Publish(publish) = seen.packet else { continue };
            let known = topics.of(&seen, publish).is_some();
            let Some(alias) = publish.properties.topic_alias() else { continue };
            let client = &transcript.connections[seen.connection].client;
            if publish.topic.is_empty() {
                // Only an alias of an earlier connection could have been carried over.
                let carried = set.iter().any(|(connection, set)| {
                    *set == alias
                        && *connection != seen.connection
                        && transcript.connections[*connection].client == *client
                });
                let broken = if carried {
                    ids!["5.0/MQTT-3.3.2-7", "5.0/RULE-3.3.2.3.4-unknown-alias"]
                } else {
                    ids!["5.0/RULE-3.3.2.3.4-unknown-alias"]
                };
                watch.judge_for(&seen, broken, known, || {
                    seen.breach("a Topic Alias that was set before", format!("Topic Alias {alias}"))
                });
            } else {
                set.insert((seen.connection, alias));
            }
        }
    }
);

monitor!(
    "retain-of-an-established-subscription",
    "RETAIN of a message for an established Subscription is 0, or the publisher's if Retain As Published is 1",
    ["3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-12", "5.0/MQTT-3.3.1-13"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let mut subscribed_last = 0;
            let mut answered: BTreeMap<u16, usize> = BTreeMap::new();
            // By filter: Retain As Published, as often as it was subscribed to.
            let mut filters: Vec<(String, bool)> = Vec::new();
            let mut topics = Topics::default();
            for seen in packets_under(transcript, &identity) {
                match (seen.by, seen.packet) {
                    (Role::Client, Packet::Subscribe(p)) => {
                        subscribed_last = seen.observation;
                        answered.insert(p.packet_id, usize::MAX);
                        filters.extend(p.filters.iter().map(|(f, o)| (f.to_string(), o.retain_as_published)));
                    }
                    (Role::Server, Packet::Suback(p)) => {
                        answered.insert(p.packet_id, seen.observation);
                    }
                    (Role::Server, Packet::Publish(p)) => {
                        let Some(topic) = topics.of(&seen, p) else { continue };
                        let Some(origin) = origins.get(&p.payload).filter(|o| o.topic == topic) else {
                            continue;
                        };
                        // A SUBSCRIBE that may still be on its way, or comes later, may have fetched it as a retained message.
                        let established = subscribed_last < origin.seen.observation
                            && answered.values().all(|at| *at < origin.seen.observation);
                        let matching: Vec<&(String, bool)> = filters
                            .iter()
                            .filter(|(f, _)| protocol::topic::matches(plain(f, seen.version), &topic))
                            .collect();
                        // With several Subscriptions that differ, either copy is right; shared ones follow no clear rule.
                        let shared = matching.iter().any(|(f, _)| f.starts_with("$share/"));
                        let matching: BTreeSet<bool> = matching.iter().map(|(_, rap)| *rap).collect();
                        if !established || shared || matching.len() != 1 {
                            continue;
                        }
                        judge_retain(watch, &seen, p.retain, origin.publish.retain, matching.contains(&true));
                    }
                    _ => {}
                }
            }
        }
    }
);

fn judge_retain(watch: &mut Watch, seen: &Seen<'_>, retain: bool, published: bool, as_published: bool) {
    let as_published = as_published && seen.version == Version::V500;
    let expected = as_published && published;
    let broken = match (as_published, published) {
        (true, _) => ids!["5.0/MQTT-3.3.1-13"],
        (false, true) => ids!["3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-12"],
        // That an ordinary message stays one is no test of the rule, but the opposite breaks it.
        (false, false) if !retain => return,
        (false, false) => ids!["3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-12"],
    };
    watch.judge_for(seen, broken, retain == expected, || {
        seen.breach(
            format!("RETAIN {} for an established Subscription", u8::from(expected)),
            format!("RETAIN {}", u8::from(retain)),
        )
    });
}
