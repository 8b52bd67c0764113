//! Topic Aliases (section 3.3.2.3.4).

use super::change_publish;
use crate::defect;
use protocol::{Packet, Property, Version};
use transport::Input;

defect! {
    "aliases-beyond-the-maximum", "Topic Aliases are used towards Clients that take none",
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
        super::change_received(input, |packet| {
            if let (Packet::Publish(publish), Some(Packet::Publish(kept))) = (packet, known) {
                publish.topic = kept.topic;
            }
        })
    },
}
