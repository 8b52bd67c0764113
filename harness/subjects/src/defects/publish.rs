//! PUBLISH and its way to the subscribers (section 3.3). Retained messages, Topic Aliases, Subscription Identifiers and the exchanges of each QoS have files
//! of their own.

use super::patterns::sends_bytes;
use crate::around::{Memory, change_publish, change_received, send};
use crate::defect;
use bytes::Bytes;
use protocol::wire::{Frame, dissect};
use protocol::{Packet, PropertyId, QoS, Version};
use transport::{ConnectionId, Effect, Input};

defect! {
    "nothing-is-delivered", "No Application Message is delivered",
    breaks: ["3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1", "3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-2"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Publish(_), .. } => vec![],
        effect => vec![effect],
    },
}

defect! {
    "dup-is-copied-to-subscribers", "The DUP flag of the publisher goes out to the subscribers",
    breaks: ["3.1.1/MQTT-3.3.1-3", "5.0/MQTT-3.3.1-3"],
    effect: |memory, _, effect| {
        let dup = memory.present_publish().is_some_and(|publish| publish.dup);
        change_publish(effect, |publish| publish.dup |= dup && publish.packet_id.is_some())
    },
}

defect! {
    "dup-on-qos-0", "A QoS 0 PUBLISH has DUP 1",
    breaks: ["3.1.1/MQTT-3.3.1-2", "3.1.1/MQTT-4.3.1-1", "5.0/MQTT-3.3.1-2", "5.0/MQTT-4.3.1-1"],
    frame_out: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first().is_some_and(|first| first & 0xF6 == 0x30) {
            frame[0] |= 0x08;
        }
        vec![frame.into()]
    },
}

defect! {
    "payload-is-cut", "The last byte of every payload is lost",
    breaks: ["3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        let length = publish.payload.len().saturating_sub(1);
        publish.payload.truncate(length);
    }),
}

defect! {
    "publishes-to-those-who-did-not-subscribe", "A message goes to every Client that is connected",
    breaks: ["3.1.1/MQTT-3.3.2-3", "5.0/MQTT-3.3.2-3"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && !publish.topic.is_empty()
        {
            let mut copy = protocol::Publish::new(publish.topic.clone(), publish.payload.clone());
            copy.properties = protocol::Properties::new();
            for other in memory.others(connection) {
                if !memory.subscriptions(other).iter().any(|(filter, _)| protocol::topic::matches(filter, &copy.topic)) {
                    let effect = send(memory, other, Packet::Publish(copy.clone()));
                    memory.effects.push(effect);
                }
            }
        }
        vec![input]
    },
}

macro_rules! property_is_lost {
    ($name:literal, $property:ident, $title:literal, $requirement:literal) => {
        defect! {
            $name, $title,
            breaks: [$requirement],
            effect: |_, _, effect| change_publish(effect, |publish| publish.properties.remove(PropertyId::$property)),
        }
    };
}

property_is_lost!(
    "payload-format-is-lost",
    PayloadFormatIndicator,
    "The Payload Format Indicator is not passed on",
    "5.0/MQTT-3.3.2-4"
);

property_is_lost!(
    "response-topic-is-lost",
    ResponseTopic,
    "The Response Topic is not passed on",
    "5.0/MQTT-3.3.2-15"
);

property_is_lost!(
    "correlation-data-is-lost",
    CorrelationData,
    "The Correlation Data is not passed on",
    "5.0/MQTT-3.3.2-16"
);

property_is_lost!(
    "user-properties-are-lost",
    UserProperty,
    "User Properties are not passed on",
    "5.0/MQTT-3.3.2-17"
);

property_is_lost!(
    "content-type-is-lost",
    ContentType,
    "The Content Type is not passed on",
    "5.0/MQTT-3.3.2-20"
);

property_is_lost!(
    "expiry-is-lost",
    MessageExpiryInterval,
    "The Message Expiry Interval is not passed on",
    "5.0/MQTT-3.3.2-6"
);

defect! {
    "user-properties-are-turned-round", "User Properties are passed on in reverse order",
    breaks: ["5.0/MQTT-3.3.2-18"],
    effect: |_, _, effect| change_publish(effect, |publish| publish.properties.0.reverse()),
}

defect! {
    "expiry-is-not-counted-down", "The Message Expiry Interval goes out as it came in, however long the message has waited",
    breaks: ["5.0/MQTT-3.3.2-6"],
    input: |memory, _, _, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && let Some(expiry) = publish.properties.message_expiry_interval()
        {
            *memory.number(format!("{:?}", publish.payload)) = u64::from(expiry);
        }
        vec![input]
    },
    effect: |memory, _, effect| change_publish(effect, |publish| {
        if let Some(expiry) = memory.numbers.get(&format!("{:?}", publish.payload))
            && publish.properties.message_expiry_interval().is_some()
        {
            let expiry = u32::try_from(*expiry).unwrap_or(u32::MAX);
            publish.properties.set(protocol::Property::MessageExpiryInterval(expiry));
        }
    }),
}

defect! {
    "messages-never-expire", "A message is delivered although its Message Expiry Interval is over",
    breaks: ["5.0/MQTT-3.3.2-5", "5.0/RULE-3.3.1.3-expired-retained-message"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet {
            publish.properties.remove(PropertyId::MessageExpiryInterval);
        }
    }),
}

defect! {
    "empty-payloads-are-lost", "A message without payload is not delivered",
    breaks: ["3.1.1/RULE-3.3.3-zero-length-payload", "5.0/RULE-3.3.3-zero-length-payload"],
    effect: |_, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if publish.payload.is_empty() => vec![],
        _ => vec![effect],
    },
}

defect! {
    "payloads-end-at-65535-bytes", "A payload is cut off after 65,535 bytes",
    breaks: ["3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1"],
    effect: |_, _, effect| change_publish(effect, |publish| publish.payload.truncate(65_535)),
}

defect! {
    "payloads-end-at-a-zero-byte", "A payload ends at its first zero byte",
    breaks: ["3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        if let Some(end) = publish.payload.iter().position(|byte| *byte == 0) {
            publish.payload.truncate(end);
        }
    }),
}

defect! {
    "everything-expires", "A message without Message Expiry Interval expires after a second",
    breaks: ["5.0/RULE-3.3.2.3.3-absent-means-no-expiry"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet
            && publish.properties.message_expiry_interval().is_none()
        {
            publish.properties.push(protocol::Property::MessageExpiryInterval(1));
        }
    }),
}

/// The bytes of a 5.0 PUBLISH in which a text of its Properties was spoilt.
fn spoilt(memory: &Memory, connection: ConnectionId, bytes: Bytes, property: u8, byte: u8) -> Vec<Bytes> {
    let is_publish = bytes.first().is_some_and(|first| first >> 4 == 3);
    if !is_publish || memory.version(connection) != Version::V500 {
        return vec![bytes];
    }
    let frame: Frame = dissect(&bytes, Some(Version::V500));
    let text = frame.layout().into_iter().find_map(|placed| {
        let value = bytes.slice(placed.offset..placed.offset + placed.length);
        (value.first() == Some(&property) && value.len() > 3).then_some(placed.offset + 3)
    });
    let mut out = bytes.to_vec();
    if let Some(at) = text {
        out[at] = byte;
    }
    vec![out.into()]
}

sends_bytes! {
    "the-topic-name-is-not-first", "PUBLISH begins with a byte that is no part of a Topic Name",
        ["3.1.1/MQTT-3.3.2-1", "5.0/MQTT-3.3.2-1"],
        |_, _, bytes| {
            let mut frame = bytes.to_vec();
            if frame.first().is_some_and(|first| first >> 4 == 3) && frame[1] < 0x7F {
                frame[1] += 1;
                frame.insert(2, 0xFF);
            }
            vec![frame.into()]
        };
    "response-topic-is-no-text", "The Response Topic is forwarded with a byte that makes it invalid UTF-8",
        ["5.0/MQTT-3.3.2-13"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x08, 0xFF);
    "response-topic-has-a-wildcard", "The Response Topic is forwarded with a wildcard character in it",
        ["5.0/MQTT-3.3.2-14"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x08, b'+');
    "content-type-is-no-text", "The Content Type is forwarded with a byte that makes it invalid UTF-8",
        ["5.0/MQTT-3.3.2-19"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x03, 0xFF);
    "user-property-is-no-text", "The name of a User Property is forwarded with a byte that makes it invalid UTF-8",
        ["5.0/MQTT-1.5.7-1"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x26, 0xFF);
}

defect! {
    "topic-names-with-wildcards-are-passed-on", "A PUBLISH to a Topic Name with wildcards goes to the subscribers",
    breaks: ["3.1.1/MQTT-3.3.2-2", "3.1.1/MQTT-4.7.1-1", "5.0/MQTT-3.3.2-2", "5.0/MQTT-4.7.0-1"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x30) {
            frame.iter_mut().filter(|b| matches!(b, b'+' | b'#')).for_each(|b| *b = b'x');
        }
        vec![frame.into()]
    },
}

defect! {
    "the-highest-qos-does-not-win", "Of overlapping Subscriptions the one with the lowest QoS decides",
    breaks: ["3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-2"],
    effect: |memory, _, effect| {
        let filters = memory.subscriptions(effect.connection());
        change_publish(effect, |publish| {
            let lowest = filters.iter().filter(|(f, _)| protocol::topic::matches(f, &publish.topic)).map(|(_, o)| o.qos).min();
            if lowest == Some(QoS::AtMostOnce) {
                publish.qos = QoS::AtMostOnce;
                publish.packet_id = None;
                publish.dup = false;
            }
        })
    },
}
