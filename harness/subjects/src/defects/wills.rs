//! Will Messages (sections 3.1.2.5 to 3.1.2.7 and 3.1.3.2).

use super::patterns::passes_over;
use crate::around::{Memory, change_received};
use crate::defect;
use protocol::{Packet, Property, Publish, QoS, Version, Will};
use std::time::Duration;
use transport::{Effect, Input};

defect! {
    "wills-are-forgotten", "No Will Message is ever published",
    breaks: ["3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-7", "5.0/MQTT-3.1.2-8"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.will = None;
        }
    }),
}

defect! {
    "will-after-disconnect", "The Will Message is published although the Client has sent DISCONNECT",
    breaks: ["3.1.1/MQTT-3.14.4-3", "3.1.1/MQTT-3.1.2-10", "5.0/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8"],
    input: |_, _, _, input| match input {
        Input::Received(Packet::Disconnect(_)) => vec![Input::Ended],
        input => vec![input],
    },
}

defect! {
    "will-at-qos-0", "Will Messages have QoS 0, whatever the Will QoS is",
    breaks: ["3.1.1/MQTT-3.1.2-9"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.qos = QoS::AtMostOnce;
        }
    }),
}

defect! {
    "will-is-never-retained", "Will Retain is ignored",
    breaks: ["3.1.1/MQTT-3.1.2-17", "5.0/MQTT-3.1.2-15"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.retain = false;
        }
    }),
}

defect! {
    "will-is-always-retained", "Every Will Message is retained",
    breaks: ["3.1.1/MQTT-3.1.2-16", "5.0/MQTT-3.1.2-14"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.retain = true;
        }
    }),
}

defect! {
    "will-delay-is-ignored", "The Will Message is published at once, whatever the Will Delay Interval is",
    breaks: ["5.0/MQTT-3.1.3-9"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.properties.remove(protocol::PropertyId::WillDelayInterval);
        }
    }),
}

defect! {
    "an-old-will-stands-in-for-none", "A Client that connects without a Will has that of its earlier Network Connection",
    breaks: ["3.1.1/MQTT-3.1.2-12", "3.1.1/MQTT-3.1.2-10", "5.0/MQTT-3.1.2-10"],
    input: |memory, _, _, input| {
        let earlier = memory.packets.entry("wills".to_owned()).or_default().clone();
        if let Input::Received(packet @ Packet::Connect(connect)) = &input
            && connect.will.is_some()
        {
            memory.packets.entry("wills".to_owned()).or_default().push(packet.clone());
        }
        change_received(input, |packet| {
            if let Packet::Connect(connect) = packet
                && connect.will.is_none()
            {
                let own = |packet: &Packet| match packet {
                    Packet::Connect(earlier) if earlier.client_id == connect.client_id => earlier.will.clone(),
                    _ => None,
                };
                connect.will = earlier.iter().rev().find_map(own);
            }
        })
    },
}

/// The CONNECT with its Will changed, if it has one.
fn change_will(input: Input, change: impl FnOnce(Version, &mut Will)) -> Vec<Input> {
    change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            change(connect.version, will);
        }
    })
}

defect! {
    "will-user-properties-are-turned-round", "The User Properties of a Will are published in reverse order",
    breaks: ["5.0/MQTT-3.1.3-10"],
    input: |_, _, _, input| change_will(input, |_, will| will.properties.0.reverse()),
}

defect! {
    "wills-wait-for-the-end-of-the-session", "Without Will Delay Interval the Will is published when the Session ends",
    breaks: ["5.0/RULE-3.1.3.2.2-absent-means-no-delay", "5.0/MQTT-3.1.2-8"],
    input: |_, _, _, input| change_will(input, |version, will| {
        if version == Version::V500 && will.properties.will_delay_interval().is_none() {
            will.properties.set(Property::WillDelayInterval(u32::MAX));
        }
    }),
}

defect! {
    "wills-expire", "A Will without Message Expiry Interval is published with one",
    breaks: ["5.0/RULE-3.1.3.2.4-absent-means-no-expiry"],
    input: |_, _, _, input| change_will(input, |version, will| {
        if version == Version::V500 && will.properties.message_expiry_interval().is_none() {
            will.properties.push(Property::MessageExpiryInterval(3600));
        }
    }),
}

defect! {
    "the-length-of-a-will-is-published", "The two length bytes in front of a Will are treated as a part of its payload",
    breaks: ["3.1.1/RULE-3.1.3.3-length-is-not-payload", "5.0/RULE-3.1.3.4-length-is-not-payload"],
    input: |_, _, _, input| change_will(input, |_, will| {
        let length = u16::try_from(will.payload.len()).unwrap_or(u16::MAX);
        will.payload = length.to_be_bytes().into_iter().chain(will.payload.iter().copied()).collect();
    }),
}

/// Whether a message is the Will of somebody, as it stands in the CONNECT.
fn is_will(memory: &Memory, publish: &Publish) -> bool {
    let mut wills = memory.peers.values().filter_map(|peer| peer.connect.as_ref()?.will.as_ref());
    memory.present_publish().is_none()
        && wills.any(|will| will.topic == publish.topic && will.payload == publish.payload)
}

defect! {
    "wills-are-lost-at-takeover", "A Client that is taken over has no Will published",
    breaks: ["3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8", "5.0/RULE-3.1.4-will-at-takeover"],
    effect: |memory, _, effect| {
        let connecting = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        match &effect {
            Effect::Send { packet: Packet::Publish(publish), .. } if connecting && is_will(memory, publish) => vec![],
            _ => vec![effect],
        }
    },
}

defect! {
    "wills-take-an-hour", "A Will Message is published an hour after it is due",
    breaks: ["3.1.1/SHOULD-3.1.2.5-will-promptly", "5.0/SHOULD-3.1.2.5-will-promptly"],
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if is_will(memory, publish) => {
            memory.later(now + Duration::from_secs(3600), effect);
            vec![]
        }
        _ => vec![effect],
    },
}

passes_over! {
    "will-delay-interval-twice-goes-unnoticed", "CONNECT with Will Delay Interval twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.2-twice"],
        ["5.0/RULE-3.1.3.2.2-twice"];
    "payload-format-indicator-of-the-will-twice-goes-unnoticed", "CONNECT with Payload Format Indicator of the will twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.3-twice"],
        ["5.0/RULE-3.1.3.2.3-twice"];
    "message-expiry-interval-of-the-will-twice-goes-unnoticed", "CONNECT with Message Expiry Interval of the will twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.4-twice"],
        ["5.0/RULE-3.1.3.2.4-twice"];
    "content-type-of-the-will-twice-goes-unnoticed", "CONNECT with Content Type of the will twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.5-twice"],
        ["5.0/RULE-3.1.3.2.5-twice"];
    "response-topic-of-the-will-twice-goes-unnoticed", "CONNECT with Response Topic of the will twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.6-twice"],
        ["5.0/RULE-3.1.3.2.6-twice"];
    "correlation-data-of-the-will-twice-goes-unnoticed", "CONNECT with Correlation Data of the will twice goes unnoticed",
        ["5.0/RULE-3.1.3.2.7-twice"],
        ["5.0/RULE-3.1.3.2.7-twice"];
}
