//! Shared Subscriptions (section 4.8.2): who is a member, and who gets what.

use crate::around::{Memory, change_received, send};
use crate::defect;
use bytestring::ByteString;
use protocol::{Packet, Properties, Publish, QoS, Unsubscribe};
use transport::{Effect, Input};

/// The Topic Filter of a Shared Subscription, without its ShareName.
fn shared(filter: &str) -> Option<&str> {
    filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/')).map(|(_, filter)| filter)
}

/// Changes the Topic Filters of SUBSCRIBE and UNSUBSCRIBE.
fn change_filters(input: Input, change: impl Fn(&str) -> Option<String>) -> Vec<Input> {
    let replace = |filter: &mut ByteString| {
        if let Some(other) = change(filter) {
            *filter = other.into();
        }
    };
    change_received(input, |packet| match packet {
        Packet::Subscribe(subscribe) => subscribe.filters.iter_mut().for_each(|(filter, _)| replace(filter)),
        Packet::Unsubscribe(unsubscribe) => unsubscribe.filters.iter_mut().for_each(replace),
        _ => {}
    })
}

defect! {
    "all-shares-are-one", "Shares with different names and the same Topic Filter are one share",
    breaks: ["5.0/RULE-4.8.2-shares-are-independent"],
    input: |_, _, _, input| change_filters(input, |filter| shared(filter).map(|f| format!("$share/all/{f}"))),
}

defect! {
    "the-sharename-belongs-to-the-filter", "Topic Names are compared with the ShareName as well",
    breaks: ["5.0/RULE-4.8.2-matches-by-filter"],
    input: |_, _, _, input| change_filters(input, |filter| shared(filter).map(|f| format!("$share/g/g/{f}"))),
}

/// Whether another Client than this one has a Shared Subscription that matches.
fn shared_by_others(memory: &Memory, connection: transport::ConnectionId, topic: &str) -> bool {
    memory.others(connection).into_iter().any(|other| {
        memory
            .subscriptions(other)
            .iter()
            .any(|(f, _)| shared(f).is_some_and(|f| protocol::topic::matches(f, topic)))
    })
}

defect! {
    "a-share-takes-the-messages-of-others", "Where there is a share, plain Subscriptions to the same topics get nothing",
    breaks: ["5.0/RULE-4.8.2-independent-of-non-shared"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. } => {
            let member = memory.subscriptions(*connection).iter().any(|(filter, _)| shared(filter).is_some());
            if !member && shared_by_others(memory, *connection, &publish.topic) { vec![] } else { vec![effect] }
        }
        _ => vec![effect],
    },
}

defect! {
    "subscribing-twice-is-two-memberships", "A member that has subscribed twice has to unsubscribe twice",
    breaks: ["5.0/RULE-4.8.2-subscribing-twice-is-one-membership"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Subscribe(subscribe)) = &input {
            for (filter, _) in &subscribe.filters {
                *memory.number(format!("{connection} {filter}")) += 1;
            }
        }
        change_received(input, |packet| {
            let Packet::Unsubscribe(unsubscribe) = packet else { return };
            for filter in &mut unsubscribe.filters {
                let times = memory.number(format!("{connection} {filter}"));
                if shared(filter).is_some() && *times > 1 {
                    *times -= 1;
                    *filter = "another".into();
                }
            }
        })
    },
}

defect! {
    "a-share-without-members-goes-on", "What is published while a share has no members waits for the next one",
    breaks: ["5.0/RULE-4.8.2-last-member-ends-it"],
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Unsubscribe(u)) if u.filters.iter().any(|f| shared(f).is_some()) => drop(memory.mark("left")),
            Input::Received(Packet::Publish(publish)) if memory.marked("left") => {
                let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
                memory.packets.entry("waiting".to_owned()).or_default().push(Packet::Publish(copy));
            }
            Input::Received(Packet::Subscribe(s)) if s.filters.iter().any(|(f, _)| shared(f).is_some()) => {
                for packet in memory.packets.remove("waiting").unwrap_or_default() {
                    let effect = send(memory, connection, packet);
                    memory.effects.push(effect);
                }
            }
            _ => {}
        }
        vec![input]
    },
}

defect! {
    "one-member-leaves-for-all", "UNSUBSCRIBE from a share detaches all members",
    breaks: ["5.0/RULE-3.10.4-detaches-from-share"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Unsubscribe(unsubscribe)) = &input
            && unsubscribe.filters.iter().any(|filter| shared(filter).is_some())
        {
            for other in memory.others(connection) {
                let filters = unsubscribe.filters.clone();
                let packet = Unsubscribe { packet_id: unsubscribe.packet_id, properties: Properties::new(), filters };
                memory.inputs.push((other, Input::Received(Packet::Unsubscribe(packet))));
            }
        }
        vec![input]
    },
}

defect! {
    "shares-get-retained-messages", "A new Shared Subscription gets the retained messages that it matches",
    breaks: ["5.0/RULE-3.8.4-no-retained-messages-for-shares"],
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Publish(publish)) if publish.retain => {
                let mut copy = Publish::new(publish.topic.clone(), publish.payload.clone());
                copy.retain = true;
                memory.packets.insert(format!("retained {}", publish.topic), vec![Packet::Publish(copy)]);
            }
            Input::Received(Packet::Subscribe(subscribe)) => {
                for filter in subscribe.filters.iter().filter_map(|(filter, _)| shared(filter)) {
                    let retained: Vec<Packet> = memory.packets.values().flatten().cloned().collect();
                    for packet in retained {
                        if matches!(&packet, Packet::Publish(p) if protocol::topic::matches(filter, &p.topic)) {
                            let effect = send(memory, connection, packet);
                            memory.effects.push(effect);
                        }
                    }
                }
            }
            _ => {}
        }
        vec![input]
    },
}

defect! {
    "a-member-that-returns-gets-no-repeat", "A member of a share whose Network Connection broke gets no repeat of what was under way",
    breaks: ["5.0/MQTT-4.8.2-4"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. }
            if publish.dup && memory.subscriptions(*connection).iter().any(|(filter, _)| shared(filter).is_some()) => vec![],
        _ => vec![effect],
    },
}

defect! {
    "a-qos-2-message-goes-to-the-next-member", "When the Session of a member ends, the QoS 2 message that was under way goes to another member",
    breaks: ["5.0/MQTT-4.8.2-5"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Connect(connect)) = &input
            && connect.clean_start
        {
            for packet in memory.packets.remove(&format!("sent to {}", connect.client_id)).unwrap_or_default() {
                for other in memory.others(connection) {
                    let Packet::Publish(publish) = &packet else { continue };
                    let member = memory.subscriptions(other).iter().any(|(f, _)| shared(f).is_some_and(|f| protocol::topic::matches(f, &publish.topic)));
                    if member {
                        let effect = send(memory, other, packet.clone());
                        memory.effects.push(effect);
                    }
                }
            }
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && publish.qos == QoS::ExactlyOnce
            && !publish.topic.is_empty()
        {
            let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
            let client = memory.client_id(*connection);
            memory.packets.entry(format!("sent to {client}")).or_default().push(Packet::Publish(copy));
        }
        vec![effect]
    },
}

defect! {
    "a-qos-1-message-ends-with-its-member", "When the Session of a member ends, the QoS 1 message that was under way is delivered to no one",
    breaks: ["5.0/SHOULD-4.8.2-another-member-gets-qos-1"],
    effect: |memory, _, effect| {
        // What goes out to others while a Client connects comes from the Session that has just ended.
        let connecting = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        let member = |connection| memory.subscriptions(connection).iter().any(|(filter, _)| shared(filter).is_some());
        match &effect {
            Effect::Send { packet: Packet::Publish(_), connection, .. } if connecting && member(*connection) => vec![],
            _ => vec![effect],
        }
    },
}

defect! {
    "shared-messages-go-to-every-member", "A message for a Shared Subscription goes to all members",
    breaks: ["5.0/MQTT-4.8.2-3", "5.0/MQTT-4.8.2-6", "5.0/RULE-4.8.2-one-member-gets-it"],
    input: |memory, _, _, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let open: Vec<_> = memory.peers.iter().filter(|(_, p)| !p.gone && p.connack.is_some()).map(|(id, _)| *id).collect();
        for connection in open {
            let member = memory.subscriptions(connection).iter().any(|(f, _)| {
                f.strip_prefix("$share/").and_then(|f| f.split_once('/')).is_some_and(|(_, f)| protocol::topic::matches(f, &publish.topic))
            });
            if member {
                let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
                let effect = send(memory, connection, Packet::Publish(copy));
                memory.effects.push(effect);
            }
        }
        vec![input]
    },
}

fn is_shared(filter: &str, topic: &str) -> bool {
    let plain = filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/'));
    plain.is_some_and(|(_, filter)| protocol::topic::matches(filter, topic))
}

defect! {
    "a-qos-2-message-goes-to-another-member-after-a-cut", "A QoS 2 message whose member has lost its Network Connection goes to the next member that subscribes",
    breaks: ["5.0/MQTT-4.8.2-4", "5.0/MQTT-4.8.2-5"],
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Pubcomp(ack)) => {
                memory.packets.remove(&format!("{connection} {}", ack.packet_id));
            }
            Input::Ended => {
                let prefix = format!("{connection} ");
                let keys: Vec<String> = memory.packets.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
                let open: Vec<Packet> = keys.iter().filter_map(|key| memory.packets.remove(key)).flatten().collect();
                memory.packets.entry("orphans".to_owned()).or_default().extend(open);
            }
            Input::Received(Packet::Subscribe(subscribe)) => {
                let orphans = memory.packets.remove("orphans").unwrap_or_default();
                for packet in orphans {
                    let own = |topic: &str| subscribe.filters.iter().any(|(filter, _)| is_shared(filter, topic));
                    if matches!(&packet, Packet::Publish(publish) if own(&publish.topic)) {
                        let effect = send(memory, connection, packet);
                        memory.effects.push(effect);
                    }
                }
            }
            _ => {}
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && let (QoS::ExactlyOnce, Some(id)) = (publish.qos, publish.packet_id)
            && memory.subscriptions(*connection).iter().any(|(filter, _)| is_shared(filter, &publish.topic))
        {
            let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
            memory.packets.insert(format!("{connection} {id}"), vec![Packet::Publish(copy)]);
        }
        vec![effect]
    },
}
