//! Topic Aliases (section 3.3.2.3.4 of 5.0).

use super::patterns::publish_with;
use crate::around::{change_publish, change_received};
use crate::defect;
use protocol::{Packet, Property, Version};
use transport::{Effect, Input};

defect! {
    "aliases-beyond-the-maximum", "Topic Aliases are sent to Clients that accept none",
    breaks: ["5.0/MQTT-3.1.2-26", "5.0/MQTT-3.1.2-27", "5.0/MQTT-3.3.2-11"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_publish(effect, |publish| {
            if v5 && !publish.topic.is_empty() {
                publish.properties.set(Property::TopicAlias(60_000));
            }
        })
    },
}

defect! {
    "aliases-outlive-the-connection", "A Topic Alias of an earlier Network Connection is still understood",
    breaks: ["5.0/MQTT-3.3.2-7"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let Some(alias) = publish.properties.topic_alias() else { return vec![input] };
        let key = format!("{} {alias}", memory.client_id(connection));
        if !publish.topic.is_empty() {
            memory.packets.insert(key, vec![Packet::Publish(publish.clone())]);
            return vec![input];
        }
        let known = memory.packets.get(&key).and_then(|kept| kept.first()).cloned();
        change_received(input, |packet| {
            if let (Packet::Publish(publish), Some(Packet::Publish(kept))) = (packet, known) {
                publish.topic = kept.topic;
            }
        })
    },
}

defect! {
    "the-greatest-alias-is-refused", "A PUBLISH with the greatest Topic Alias that the Server has announced is dropped",
    breaks: ["5.0/MQTT-3.3.2-12"],
    input: |memory, _, connection, input| {
        let maximum = memory.peers.get(&connection).and_then(|p| p.connack.as_ref()?.properties.topic_alias_maximum());
        match &input {
            Input::Received(Packet::Publish(publish))
                if maximum.is_some() && publish.properties.topic_alias() == maximum => vec![],
            _ => vec![input],
        }
    },
}

defect! {
    "an-alias-keeps-its-first-topic", "A Topic Alias cannot be given a new Topic Name",
    breaks: ["5.0/RULE-3.3.2.3.4-may-be-assigned-again"],
    input: |memory, _, connection, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let Some(alias) = publish.properties.topic_alias() else { return vec![input] };
        let key = format!("{connection} {alias}");
        if !publish.topic.is_empty() {
            memory.packets.entry(key).or_insert_with(|| vec![Packet::Publish(publish.clone())]);
            return vec![input];
        }
        let first = memory.packets.get(&key).and_then(|kept| kept.first()).cloned();
        change_received(input, |packet| {
            if let (Packet::Publish(publish), Some(Packet::Publish(first))) = (packet, first) {
                publish.topic = first.topic;
            }
        })
    },
}

defect! {
    "aliases-of-both-directions-are-mixed", "A Topic Alias of a Client stands for the topic that the Server gave the same number",
    breaks: ["5.0/RULE-3.3.2.3.4-independent-directions"],
    input: |memory, _, connection, input| {
        let theirs = match &input {
            Input::Received(Packet::Publish(publish)) if publish.topic.is_empty() => publish
                .properties
                .topic_alias()
                .and_then(|alias| memory.packets.get(&format!("{connection} {alias}"))?.first().cloned()),
            _ => None,
        };
        change_received(input, |packet| {
            if let (Packet::Publish(publish), Some(Packet::Publish(theirs))) = (packet, theirs) {
                publish.topic = theirs.topic;
            }
        })
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: packet @ Packet::Publish(publish), connection, .. } = &effect
            && let Some(alias) = publish.properties.topic_alias()
            && !publish.topic.is_empty()
        {
            memory.packets.insert(format!("{connection} {alias}"), vec![packet.clone()]);
        }
        vec![effect]
    },
}

defect! {
    "the-alias-of-the-publisher-is-passed-on", "The Topic Alias of the publisher goes out to the subscribers",
    breaks: ["5.0/MQTT-3.1.2-27"],
    effect: |memory, _, effect| {
        let alias = memory.present_publish().and_then(|publish| publish.properties.topic_alias());
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_publish(effect, |publish| {
            if let Some(alias) = alias.filter(|_| v5) {
                publish.properties.set(Property::TopicAlias(alias));
            }
        })
    },
}

defect! {
    "topic-alias-0", "PUBLISH goes out with the Topic Alias 0",
    breaks: ["5.0/MQTT-3.3.2-8"],
    effect: |memory, _, effect| publish_with(memory, effect, Property::TopicAlias(0)),
}
