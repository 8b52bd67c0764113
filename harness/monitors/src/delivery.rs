//! What the Server delivers: only what was asked for, at no higher QoS, with the right identifiers, in order, and not to its own publisher.

use super::identity::{Identity, Origin, Topics, identities, origins, packets_under, plain};
use super::{Seen, Watch, ids};
use crate::monitor;
use bytes::Bytes;
use protocol::{Packet, Publish, QoS, Role, SubscriptionOptions, Version};
use std::collections::{BTreeMap, BTreeSet};
use tester::Transcript;

/// One Topic Filter of a SUBSCRIBE.
#[derive(Debug, Clone)]
struct Asked {
    /// When it was sent.
    at: usize,
    /// The identifier of the SUBSCRIBE and the place in it.
    packet_id: u16,
    index: usize,
    filter: String,
    options: SubscriptionOptions,
    subscription_identifier: Option<u32>,
    /// The code of the SUBACK, once that is there.
    code: Option<u8>,
    /// When the UNSUBACK came that ended it.
    ended: Option<usize>,
}

/// Walks through the packets of one identity; `judge` sees each PUBLISH with its Topic Name, and what was asked for until then and matches.
fn each_delivery(
    transcript: &Transcript,
    identity: &Identity,
    mut judge: impl FnMut(&Seen<'_>, &Publish, &str, &[&Asked]),
) {
    let mut asked: Vec<Asked> = Vec::new();
    let mut leaving: Vec<(u16, Vec<String>)> = Vec::new();
    let mut topics = Topics::default();
    for seen in packets_under(transcript, identity) {
        match (seen.by, seen.packet) {
            (Role::Client, Packet::Subscribe(p)) => {
                let subscription_identifier = p.properties.subscription_identifiers().next();
                asked.extend(p.filters.iter().enumerate().map(|(index, (filter, options))| Asked {
                    at: seen.observation,
                    packet_id: p.packet_id,
                    index,
                    filter: filter.to_string(),
                    options: *options,
                    subscription_identifier,
                    code: None,
                    ended: None,
                }));
            }
            (Role::Server, Packet::Suback(p)) => {
                for one in asked.iter_mut().filter(|a| a.packet_id == p.packet_id && a.code.is_none()) {
                    one.code = p.reasons.get(one.index).map(|code| code.0);
                }
            }
            (Role::Client, Packet::Unsubscribe(p)) => {
                leaving.push((p.packet_id, p.filters.iter().map(ToString::to_string).collect()));
            }
            (Role::Server, Packet::Unsuback(p)) => {
                if let Some(index) = leaving.iter().position(|(id, _)| *id == p.packet_id) {
                    let (_, filters) = leaving.remove(index);
                    for (index, filter) in filters.iter().enumerate() {
                        let ended = p.reasons.get(index).is_none_or(|code| !code.is_failure());
                        for one in asked.iter_mut().filter(|a| ended && a.filter == *filter) {
                            one.ended = Some(seen.observation);
                        }
                    }
                }
            }
            (Role::Server, Packet::Publish(publish)) => {
                let Some(topic) = topics.of(&seen, publish) else { continue };
                let matching: Vec<&Asked> = asked
                    .iter()
                    .filter(|a| protocol::topic::matches(plain(&a.filter, seen.version), &topic))
                    .collect();
                judge(&seen, publish, &topic, &matching);
            }
            _ => {}
        }
    }
}

monitor!(
    "no-publish-before-a-matching-subscription",
    "The Topic Name of a PUBLISH matches a Topic Filter that the Client has asked for",
    ["3.1.1/MQTT-3.3.2-3", "5.0/MQTT-3.3.2-3"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            each_delivery(transcript, &identity, |seen, _, topic, matching| {
                watch.judge(seen, !matching.is_empty(), || {
                    seen.breach("a Topic Name that matches a Subscription", format!("\"{topic}\""))
                });
            });
        }
    }
);

monitor!(
    "no-message-from-after-the-unsuback",
    "What is published after the UNSUBACK arrived is not delivered for the Topic Filter that was removed",
    ["3.1.1/MQTT-3.10.4-2", "5.0/MQTT-3.10.4-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            each_delivery(transcript, &identity, |seen, publish, topic, matching| {
                let Some(origin) = origins.get(&publish.payload).filter(|o| o.topic == topic) else { return };
                let published = origin.seen.observation;
                let is_over = |a: &&Asked| a.ended.is_some_and(|ended| ended < published);
                // Before any UNSUBSCRIBE there is nothing to judge, and what matches nothing is for another Monitor.
                if !matching.is_empty() && matching.iter().any(is_over) {
                    watch.judge(seen, !matching.iter().all(is_over), || {
                        seen.breach("nothing for a Subscription that is removed", format!("\"{topic}\""))
                    });
                }
            });
        }
    }
);

monitor!(
    "no-qos-above-what-was-granted",
    "The QoS of a message is neither above the one it was published with nor above the one that was granted",
    ["3.1.1/MQTT-3.8.4-6", "5.0/MQTT-3.8.4-8"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            each_delivery(transcript, &identity, |seen, publish, topic, matching| {
                // Until the SUBACK is there, what was asked for is the bound.
                let granted = matching
                    .iter()
                    .filter_map(|a| match a.code {
                        None => Some(a.options.qos),
                        Some(code) => QoS::from_bits(code),
                    })
                    .max();
                let published =
                    origins.get(&publish.payload).filter(|o| o.topic == topic).map(|o| o.publish.qos);
                let Some(bound) = granted.map(|g| published.map_or(g, |p| p.min(g))) else { return };
                // At QoS 2 nothing could be above.
                if bound < QoS::ExactlyOnce {
                    watch.judge(seen, publish.qos <= bound, || {
                        seen.breach(format!("at most QoS {bound}"), format!("QoS {}", publish.qos))
                    });
                }
            });
        }
    }
);

monitor!(
    "no-message-of-ones-own-with-no-local",
    "A Client does not get what it published, where all its matching Subscriptions have No Local 1",
    ["5.0/MQTT-3.8.3-3"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let own = |origin: &Origin<'_>| {
                identity.connections.contains(&origin.seen.connection) && !origin.publish.retain
            };
            let mut tempted = BTreeSet::new();
            each_delivery(transcript, &identity, |seen, publish, topic, matching| {
                let only_no_local = !matching.is_empty() && matching.iter().all(|a| a.options.no_local);
                if seen.version != Version::V500 || !only_no_local {
                    return;
                }
                match origins.get(&publish.payload).filter(|o| o.topic == topic) {
                    Some(origin) if own(origin) => {
                        watch.breach(
                            seen.breach("nothing that the Client published itself", format!("\"{topic}\"")),
                        );
                    }
                    // Somebody else's message came after one's own did not.
                    Some(origin)
                        if origins.values().any(|o| {
                            own(o)
                                && o.topic == topic
                                && o.seen.observation < origin.seen.observation
                                && matching.iter().all(|a| a.code.is_some() && a.at < o.seen.observation)
                        }) && tempted.insert(topic.to_owned()) =>
                    {
                        watch.occasion(seen);
                    }
                    _ => {}
                }
            });
        }
    }
);

monitor!(
    "subscription-identifiers-belong-to-matching-subscriptions",
    "A PUBLISH has Subscription Identifiers of matching Subscriptions, at least one if each of them has one",
    ["5.0/MQTT-3.3.4-3", "5.0/RULE-3.3.4-foreign-identifier"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            each_delivery(transcript, &identity, |seen, publish, _, matching| {
                if seen.version != Version::V500 || matching.is_empty() {
                    return;
                }
                let carried: Vec<u32> = publish.properties.subscription_identifiers().collect();
                let theirs: BTreeSet<u32> =
                    matching.iter().filter_map(|a| a.subscription_identifier).collect();
                if let Some(foreign) = carried.iter().find(|id| !theirs.contains(id)) {
                    watch.judge_for(seen, ids!["5.0/RULE-3.3.4-foreign-identifier"], false, || {
                        seen.breach(
                            "Subscription Identifiers of matching Subscriptions",
                            format!("Subscription Identifier {foreign}"),
                        )
                    });
                } else if !carried.is_empty() {
                    watch.occasion_for(seen, ids!["5.0/RULE-3.3.4-foreign-identifier"]);
                }
                if matching.iter().all(|a| a.subscription_identifier.is_some()) {
                    watch.judge_for(seen, ids!["5.0/MQTT-3.3.4-3"], !carried.is_empty(), || {
                        seen.breach("the Subscription Identifier of the Subscription", "none")
                    });
                }
            });
        }
    }
);

/// What keeps its order: on one connection, of one publishing connection, one topic, and one QoS on either side.
type Stream = (usize, usize, String, QoS, QoS);

monitor!(
    "messages-of-one-publisher-topic-and-qos-keep-their-order",
    "Messages that one Client published on one topic with one QoS arrive in the order in which it sent them",
    ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let mut last: BTreeMap<Stream, (usize, Option<usize>)> = BTreeMap::new();
            each_delivery(transcript, &identity, |seen, publish, topic, matching| {
                let Some(origin) = origins.get(&publish.payload).filter(|o| o.topic == topic) else { return };
                let plain_delivery = matches!(matching, [one] if !one.filter.starts_with("$share/"));
                // Repeats may bring an older message again, retained messages come as the Subscription does.
                if publish.dup || publish.retain || !plain_delivery {
                    return;
                }
                let key = (
                    seen.connection,
                    origin.seen.connection,
                    topic.to_owned(),
                    origin.publish.qos,
                    publish.qos,
                );
                let sent = (origin.seen.observation, released(transcript, origin));
                if let Some(before) = last.insert(key, sent) {
                    // A Server may pass a QoS 2 message on at the PUBLISH or at the PUBREL, so only what is ordered by both is ordered.
                    let ordered = match (before.1, sent.1) {
                        (Some(a), Some(b)) => (before.0 < sent.0) == (a < b),
                        _ => origin.publish.qos != QoS::ExactlyOnce,
                    };
                    if ordered {
                        watch.judge(seen, before.0 < sent.0, || {
                            seen.breach(
                                "messages in the order of the publisher",
                                "a message that was published before the one that arrived before",
                            )
                        });
                    }
                }
            });
        }
    }
);

/// When the publisher sent the PUBREL of its message.
fn released(transcript: &Transcript, origin: &Origin<'_>) -> Option<usize> {
    super::packets_of(transcript, origin.seen.connection)
        .filter(|seen| seen.by == Role::Client && seen.observation > origin.seen.observation)
        .find_map(|seen| match seen.packet {
            Packet::Pubrel(p) if Some(p.packet_id) == origin.publish.packet_id => Some(seen.observation),
            _ => None,
        })
}

monitor!(
    "a-qos-2-message-arrives-once",
    "A message that was published and is delivered with QoS 2 is not delivered again as a new one",
    ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-10"],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        for identity in identities(transcript) {
            let mut delivered: BTreeMap<Bytes, usize> = BTreeMap::new();
            each_delivery(transcript, &identity, |seen, publish, topic, matching| {
                let Some(origin) = origins.get(&publish.payload).filter(|o| o.topic == topic) else { return };
                // Several Subscriptions may each have a copy; a retained message may come for each SUBSCRIBE.
                let [one] = matching else { return };
                let published_twice = origin.publish.qos != QoS::ExactlyOnce || origin.publish.retain;
                if publish.qos != QoS::ExactlyOnce
                    || publish.dup
                    || publish.retain
                    || published_twice
                    || one.filter.starts_with("$share/")
                {
                    return;
                }
                let again = delivered.insert(publish.payload.clone(), seen.connection);
                // On a later connection a Server that lost track may be right to begin anew with a new Session.
                watch.judge(seen, again != Some(seen.connection), || {
                    seen.breach("a QoS 2 message once", "the same message again as a new one")
                });
            });
        }
    }
);
