//! Retained messages (section 3.3.1.3), and the options about them.

use crate::around::{change_publish, change_received, send};
use crate::defect;
use protocol::{Packet, RetainHandling};
use transport::{Effect, Input};

defect! {
    "nothing-is-retained", "PUBLISH with RETAIN 1 is not stored",
    breaks: [
        "3.1.1/MQTT-3.3.1-5", "3.1.1/MQTT-3.3.1-6", "3.1.1/SHOULD-3.3.1.3-store-qos-0-retained", "5.0/MQTT-3.3.1-5", "5.0/MQTT-3.3.1-9",
        "5.0/SHOULD-3.3.1.3-store-qos-0-retained"
    ],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet {
            publish.retain = false;
        }
    }),
}

defect! {
    "everything-is-retained", "PUBLISH with RETAIN 0 is stored too",
    breaks: ["3.1.1/MQTT-3.3.1-12", "5.0/MQTT-3.3.1-8"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet {
            publish.retain = true;
        }
    }),
}

defect! {
    "an-empty-payload-does-not-clear", "RETAIN 1 with an empty payload leaves the retained message where it is",
    breaks: ["3.1.1/MQTT-3.3.1-10", "5.0/MQTT-3.3.1-6"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet
            && publish.payload.is_empty()
        {
            publish.retain = false;
        }
    }),
}

defect! {
    "clearing-a-topic-clears-the-level-above", "An empty message deletes the retained message of the level above its topic, too",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && publish.retain
            && publish.payload.is_empty()
            && let Some((above, _)) = publish.topic.rsplit_once('/')
        {
            let mut empty = protocol::Publish::new(above, &b""[..]);
            empty.retain = true;
            memory.inputs.push((connection, Input::Received(Packet::Publish(empty))));
        }
        vec![input]
    },
}

defect! {
    "retained-messages-are-hidden-by-dollar-in-any-level", "A wildcard matches no retained message with a level that begins with $, in any position",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    effect: |memory, _, effect| match (&effect, &memory.present) {
        (Effect::Send { packet: Packet::Publish(publish), .. }, Some(Input::Received(Packet::Subscribe(subscribe))))
            if publish.topic.contains("/$") && subscribe.filters.iter().any(|(filter, _)| filter.contains(['+', '#'])) =>
        {
            vec![]
        }
        _ => vec![effect],
    },
}

defect! {
    "retained-messages-do-not-come-back-to-their-publisher", "A new Subscription gets no retained message that its own Client has published",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && publish.retain
        {
            memory.mark(format!("{} {}", memory.client_id(connection), publish.topic));
        }
        vec![input]
    },
    effect: |memory, _, effect| match (&effect, &memory.present) {
        (Effect::Send { connection, packet: Packet::Publish(publish), .. }, Some(Input::Received(Packet::Subscribe(_))))
            if memory.marked(&format!("{} {}", memory.client_id(*connection), publish.topic)) =>
        {
            vec![]
        }
        _ => vec![effect],
    },
}

defect! {
    "retained-messages-have-retain-0", "A retained message that is sent to a new Subscription has RETAIN 0",
    breaks: ["3.1.1/MQTT-3.3.1-8", "5.0/RULE-3.3.1.3-retain-flag-at-subscription"],
    effect: |_, _, effect| change_publish(effect, |publish| publish.retain = false),
}

defect! {
    "retain-is-passed-on", "A message for an established Subscription keeps the RETAIN flag of the publisher",
    breaks: ["3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-12"],
    effect: |memory, _, effect| {
        let retain = memory.present_publish().is_some_and(|publish| publish.retain);
        change_publish(effect, |publish| publish.retain |= retain)
    },
}

defect! {
    "retain-as-published-is-ignored", "With Retain As Published 1 the RETAIN flag is cleared nevertheless",
    breaks: ["5.0/MQTT-3.3.1-13"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Subscribe(subscribe) = packet {
            subscribe.filters.iter_mut().for_each(|(_, options)| options.retain_as_published = false);
        }
    }),
}

defect! {
    "overlapping-subscriptions-set-retain", "A message that matches two Subscriptions with Retain As Published 1 has RETAIN 1, however it was published",
    breaks: ["5.0/MQTT-3.3.1-13"],
    effect: |memory, _, effect| {
        let subscriptions = memory.subscriptions(effect.connection());
        change_publish(effect, |publish| {
            let matching = subscriptions.iter().filter(|(filter, options)| {
                options.retain_as_published && protocol::topic::matches(filter, &publish.topic)
            });
            publish.retain |= matching.count() > 1;
        })
    },
}

macro_rules! retain_handling {
    ($name:literal, $title:literal, $from:ident, $to:ident, [$($id:literal),+]) => {
        defect! {
            $name, $title,
            breaks: [$($id),+],
            input: |_, _, _, input| change_received(input, |packet| {
                if let Packet::Subscribe(subscribe) = packet {
                    for (_, options) in &mut subscribe.filters {
                        if options.retain_handling == RetainHandling::$from {
                            options.retain_handling = RetainHandling::$to;
                        }
                    }
                }
            }),
        }
    };
}

retain_handling!(
    "retain-handling-0-is-taken-for-1",
    "With Retain Handling 0 an existing Subscription gets no retained messages",
    SendAtSubscribe,
    SendIfNew,
    ["5.0/MQTT-3.3.1-9", "5.0/MQTT-3.8.4-4", "3.1.1/MQTT-3.8.4-3"]
);

retain_handling!(
    "retain-handling-1-is-taken-for-0",
    "With Retain Handling 1 an existing Subscription gets retained messages too",
    SendIfNew,
    SendAtSubscribe,
    ["5.0/MQTT-3.3.1-10"]
);

retain_handling!(
    "retain-handling-1-is-taken-for-2",
    "With Retain Handling 1 a new Subscription gets no retained messages",
    SendIfNew,
    DoNotSend,
    ["5.0/MQTT-3.3.1-10"]
);

retain_handling!(
    "retain-handling-2-is-taken-for-0",
    "With Retain Handling 2 retained messages are sent",
    DoNotSend,
    SendAtSubscribe,
    ["5.0/MQTT-3.3.1-11"]
);

defect! {
    "retained-messages-are-sent-twice", "A new Subscription gets each retained message twice, the second time at QoS 0",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. } if publish.retain && !publish.topic.is_empty() => {
            let mut copy = protocol::Publish::new(publish.topic.clone(), publish.payload.clone());
            copy.retain = true;
            let second = send(memory, *connection, Packet::Publish(copy));
            vec![effect, second]
        }
        _ => vec![effect],
    },
}

defect! {
    "retained-messages-go-with-their-session", "Retained messages that a Client has published are deleted when it disconnects",
    breaks: ["3.1.1/MQTT-3.1.2-7", "3.1.1/SHOULD-4.1-keep-retained-messages", "5.0/RULE-4.1-retained-messages-survive-sessions"],
    input: |memory, _, connection, input| match &input {
        Input::Received(packet @ Packet::Publish(publish)) if publish.retain => {
            memory.packets.entry(connection.to_string()).or_default().push(packet.clone());
            vec![input]
        }
        Input::Received(Packet::Disconnect(_)) | Input::Ended => {
            let retained = memory.packets.remove(&connection.to_string()).unwrap_or_default();
            let cleared = retained.into_iter().filter_map(|packet| match packet {
                Packet::Publish(publish) => {
                    let mut empty = protocol::Publish::new(publish.topic, &b""[..]);
                    empty.retain = true;
                    Some(Input::Received(Packet::Publish(empty)))
                }
                _ => None,
            });
            cleared.collect::<Vec<_>>().into_iter().chain([input]).collect()
        }
        _ => vec![input],
    },
}

defect! {
    "retained-messages-lose-their-qos", "A retained message is kept at QoS 0",
    breaks: ["3.1.1/MQTT-3.3.1-5"],
    effect: |memory, _, effect| {
        let subscribing = matches!(memory.present, Some(Input::Received(Packet::Subscribe(_))));
        change_publish(effect, |publish| {
            if publish.retain && subscribing {
                publish.qos = protocol::QoS::AtMostOnce;
                publish.packet_id = None;
            }
        })
    },
}

defect! {
    "retained-messages-come-at-every-connection", "A resumed Session gets the retained messages of its Subscriptions again",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let client = memory.client_id(connection);
        if let Effect::Send { packet: Packet::Publish(publish), .. } = &effect
            && publish.retain
        {
            let mut copy = protocol::Publish::new(publish.topic.clone(), publish.payload.clone());
            copy.retain = true;
            memory.packets.entry(client.to_string()).or_default().push(Packet::Publish(copy));
        } else if let Effect::Send { packet: Packet::Connack(connack), .. } = &effect
            && connack.session_present
        {
            let kept = memory.packets.get(&client.to_string()).cloned().unwrap_or_default();
            let again: Vec<_> = kept.into_iter().map(|packet| send(memory, connection, packet)).collect();
            return [effect].into_iter().chain(again).collect();
        }
        vec![effect]
    },
}

defect! {
    "a-qos-0-message-leaves-what-was-retained", "RETAIN 1 with QoS 0 stores nothing and removes nothing",
    breaks: [
        "3.1.1/MQTT-3.3.1-7", "3.1.1/SHOULD-3.3.1.3-store-qos-0-retained", "5.0/MQTT-3.3.1-5", "5.0/SHOULD-3.3.1.3-store-qos-0-retained"
    ],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet {
            publish.retain &= publish.qos != protocol::QoS::AtMostOnce;
        }
    }),
}

defect! {
    "empty-messages-are-retained", "RETAIN 1 with an empty payload is kept and comes to new Subscriptions as an empty message",
    breaks: ["3.1.1/MQTT-3.3.1-11", "5.0/MQTT-3.3.1-7"],
    input: |memory, _, _, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && publish.retain
            && !publish.topic.is_empty()
        {
            let key = format!("empty {}", publish.topic);
            if publish.payload.is_empty() {
                let mut empty = protocol::Publish::new(publish.topic.clone(), &b""[..]);
                empty.retain = true;
                memory.packets.insert(key, vec![Packet::Publish(empty)]);
            } else {
                memory.packets.remove(&key);
            }
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let Some(Input::Received(Packet::Subscribe(subscribe))) = &memory.present else { return vec![effect] };
        let Effect::Send { packet: Packet::Suback(_), connection, .. } = &effect else { return vec![effect] };
        let wanted = |topic: &str| subscribe.filters.iter().any(|(filter, _)| protocol::topic::matches(filter, topic));
        let empty = memory.packets.values().flatten().filter(|packet| matches!(packet, Packet::Publish(p) if wanted(&p.topic)));
        let empty: Vec<Effect> = empty.map(|packet| send(memory, *connection, packet.clone())).collect();
        [effect].into_iter().chain(empty).collect()
    },
}

defect! {
    "the-level-above-hash-has-nothing-retained", "A new Subscription that ends in '/#' gets no retained message of the level above it",
    breaks: [
        "3.1.1/MQTT-3.3.1-6", "3.1.1/RULE-4.7.1.2-includes-parent-level", "5.0/MQTT-3.3.1-9", "5.0/RULE-4.7.1.2-includes-parent-level"
    ],
    effect: |memory, _, effect| {
        let Some(Input::Received(Packet::Subscribe(subscribe))) = &memory.present else { return vec![effect] };
        let Effect::Send { packet: Packet::Publish(publish), .. } = &effect else { return vec![effect] };
        let is_above = |filter: &str| filter.strip_suffix("/#").is_some_and(|above| protocol::topic::matches(above, &publish.topic));
        if subscribe.filters.iter().all(|(filter, _)| is_above(filter)) { vec![] } else { vec![effect] }
    },
}

defect! {
    "one-retained-message-per-subscription", "A new Subscription gets one retained message, however many it matches",
    breaks: ["3.1.1/RULE-3.8.4-every-matching-retained-message", "5.0/RULE-3.8.4-every-matching-retained-message"],
    input: |memory, _, connection, input| {
        if matches!(&input, Input::Received(Packet::Subscribe(_))) {
            *memory.number(format!("{connection} retained")) = 0;
        }
        vec![input]
    },
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. } if publish.retain => {
            let seen = memory.number(format!("{connection} retained"));
            *seen += 1;
            if *seen > 1 { vec![] } else { vec![effect] }
        }
        _ => vec![effect],
    },
}
