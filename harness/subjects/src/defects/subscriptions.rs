//! What a Server may get wrong about Subscriptions beyond SUBACK itself: errors in SUBSCRIBE and UNSUBSCRIBE that it overlooks, Subscription Identifiers,
//! retained messages for new Subscriptions, deliveries under way (sections 3.8 to 3.11; 3.3.4 of 5.0).

use super::{change_packet, change_publish, change_received};
use crate::defect;
use bytes::Bytes;
use protocol::{Packet, Property, PropertyId, Version};
use transport::{Effect, Input};

defect! {
    "empty-subscriptions-are-passed-over", "SUBSCRIBE and UNSUBSCRIBE without Topic Filters are passed over in silence",
    breaks: ["3.1.1/MQTT-3.8.3-3", "3.1.1/MQTT-3.10.3-2", "5.0/RULE-3.8.3-no-payload", "5.0/RULE-3.10.3-no-payload"],
    frame_in: |_, _, bytes| {
        let empty = bytes.len() <= 5 && bytes.first().is_some_and(|first| matches!(first >> 4, 8 | 10));
        if empty { vec![] } else { vec![bytes] }
    },
}

defect! {
    "subscription-options-are-masked", "Values of the Subscription Options that do not exist are taken for others",
    breaks: ["3.1.1/MQTT-3.8.3-4", "5.0/MQTT-3.8.3-5", "5.0/RULE-3.8.3.1-qos-3", "5.0/RULE-3.8.3.1-retain-handling-3", "5.0/RULE-3.8.3.1-reserved-bits"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x82)
            && let Some(options) = frame.last_mut()
        {
            *options &= 0x3F;
            *options &= if *options & 0x03 == 0x03 { 0xFE } else { 0xFF };
            *options &= if *options & 0x30 == 0x30 { 0xCF } else { 0xFF };
        }
        vec![frame.into()]
    },
}

defect! {
    "subscription-identifier-0-is-taken", "Subscription Identifier 0 is taken for 1",
    breaks: ["5.0/RULE-3.8.2.1.2-zero"],
    frame_in: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x82) && frame.get(4..7) == Some(&[2, 0x0B, 0]) {
            frame[6] = 1;
        }
        vec![frame.into()]
    },
}

defect! {
    "the-first-of-two-subscription-identifiers-counts", "Of two Subscription Identifiers in a SUBSCRIBE the first one counts",
    breaks: ["5.0/RULE-3.8.2.1.2-twice"],
    frame_in: |_, _, bytes| {
        let twice = bytes.first() == Some(&0x82) && matches!(bytes.get(4..8), Some([4, 0x0B, _, 0x0B]));
        if !twice {
            return vec![bytes];
        }
        let mut frame = bytes.to_vec();
        frame.drain(7..9);
        frame[1] -= 2;
        frame[4] -= 2;
        vec![Bytes::from(frame)]
    },
}

defect! {
    "invalid-topic-filters-are-granted", "A Topic Filter that is no valid one is replaced by one that is",
    breaks: [
        "3.1.1/MQTT-4.7.1-2", "3.1.1/MQTT-4.7.1-3", "5.0/MQTT-4.7.1-1", "5.0/MQTT-4.7.1-2", "5.0/MQTT-4.8.2-1", "5.0/MQTT-4.8.2-2"
    ],
    input: |memory, _, connection, input| {
        let version = memory.version(connection);
        change_received(input, |packet| {
            let Packet::Subscribe(subscribe) = packet else { return };
            for (filter, _) in &mut subscribe.filters {
                if protocol::topic::validate_filter(filter, version).is_err() {
                    *filter = match filter.strip_prefix("$share//") {
                        Some(rest) => format!("$share/g/{rest}").into(),
                        None => "valid".into(),
                    };
                }
            }
        })
    },
}

defect! {
    "empty-topic-filters-are-granted", "An empty Topic Filter, and one with U+0000, is taken for another",
    breaks: ["3.1.1/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-2", "5.0/MQTT-4.7.3-1", "5.0/MQTT-4.7.3-2"],
    frame_in: |memory, connection, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() != Some(&0x82) || frame.len() < 7 {
            return vec![bytes];
        }
        let at = if memory.version(connection) == Version::V500 { 5 } else { 4 };
        if frame.get(at..at + 2) == Some(&[0, 0]) {
            frame[at + 1] = 1;
            frame.insert(at + 2, b'x');
            frame[1] += 1;
        }
        for byte in frame.iter_mut().skip(at + 2).rev().skip(1) {
            if *byte == 0 {
                *byte = b'x';
            }
        }
        vec![frame.into()]
    },
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

defect! {
    "unsubscribe-forgets-what-is-under-way", "After UNSUBSCRIBE the deliveries under way are forgotten",
    breaks: ["3.1.1/MQTT-3.10.4-3", "5.0/MQTT-3.10.4-3"],
    input: |memory, _, connection, input| match &input {
        Input::Received(Packet::Unsubscribe(_)) => {
            memory.mark(format!("{connection} unsubscribed"));
            vec![input]
        }
        Input::Received(Packet::Pubrec(_)) if memory.marked(&format!("{connection} unsubscribed")) => vec![],
        _ => vec![input],
    },
}

defect! {
    "unsuback-codes-are-turned-round", "The codes of UNSUBACK are in the opposite order",
    breaks: ["5.0/MQTT-3.11.3-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Unsuback(unsuback) = packet {
            unsuback.reasons.reverse();
        }
    }),
}

defect! {
    "suback-and-unsuback-are-wordy", "SUBACK and UNSUBACK explain themselves, whatever the Client's Maximum Packet Size is",
    breaks: ["5.0/MQTT-3.9.2-1", "5.0/MQTT-3.9.2-2", "5.0/MQTT-3.11.2-1", "5.0/MQTT-3.11.2-2"],
    effect: |memory, _, effect| {
        let version = memory.version(effect.connection());
        change_packet(effect, |packet| {
            let (Packet::Suback(protocol::Suback { properties, .. }) | Packet::Unsuback(protocol::Unsuback { properties, .. })) = packet else {
                return;
            };
            if version == Version::V500 {
                properties.set(Property::ReasonString("what is written here does not fit, and is sent nevertheless".into()));
                properties.push(Property::UserProperty(("size".into(), "too large".into())));
            }
        })
    },
}

defect! {
    "several-user-properties-are-not-answered", "SUBSCRIBE and UNSUBSCRIBE with more than one User Property get no answer",
    breaks: ["5.0/RULE-3.8.2.1.3-may-repeat", "5.0/RULE-3.10.2.1.2-may-repeat"],
    input: |_, _, _, input| match &input {
        Input::Received(Packet::Subscribe(protocol::Subscribe { properties, .. }) | Packet::Unsubscribe(protocol::Unsubscribe { properties, .. }))
            if properties.count(PropertyId::UserProperty) > 1 => vec![],
        _ => vec![input],
    },
}

defect! {
    "a-foreign-subscription-identifier-is-added", "Each PUBLISH carries a Subscription Identifier that no Subscription has",
    breaks: ["5.0/RULE-3.3.4-foreign-identifier", "5.0/RULE-3.3.4-share-identifiers", "5.0/MQTT-3.3.4-5"],
    effect: |memory, _, effect| {
        let version = memory.version(effect.connection());
        change_publish(effect, |publish| {
            if version == Version::V500 {
                publish.properties.push(Property::SubscriptionIdentifier(77));
            }
        })
    },
}

defect! {
    "the-first-subscription-identifier-stays", "A replaced Subscription keeps its Subscription Identifier",
    breaks: ["5.0/RULE-3.8.4-new-identifier-replaces-old"],
    input: |memory, _, connection, input| {
        let client = memory.client_id(connection);
        change_received(input, |packet| {
            let Packet::Subscribe(subscribe) = packet else { return };
            let Some((filter, _)) = subscribe.filters.first() else { return };
            let first = memory.numbers.entry(format!("{client} {filter}")).or_default();
            if *first == 0 {
                *first = subscribe.properties.subscription_identifiers().next().unwrap_or_default().into();
            }
            if let Ok(id @ 1..) = u32::try_from(*first) {
                subscribe.properties.set(Property::SubscriptionIdentifier(id));
            }
        })
    },
}

defect! {
    "what-is-not-available-is-granted", "A Server that announces that a feature is not available grants it nevertheless",
    breaks: [
        "3.1.1/MQTT-3.8.3-2", "5.0/RULE-3.2.2.3.11-not-available", "5.0/RULE-3.2.2.3.12-not-available", "5.0/RULE-3.2.2.3.13-not-available"
    ],
    config: |config| {
        config.wildcard_subscriptions_available = true;
        config.subscription_identifiers_available = true;
        config.shared_subscriptions_available = true;
    },
}

defect! {
    "wildcards-are-not-supported-in-3.1.1", "Topic Filters of 3.1.1 with wildcards get a failure",
    breaks: ["3.1.1/SHOULD-3.8.3-wildcards"],
    effect: |memory, _, effect| {
        let wild: Vec<bool> = match &memory.present {
            Some(Input::Received(Packet::Subscribe(s))) => s.filters.iter().map(|(f, _)| f.contains(['+', '#'])).collect(),
            _ => Vec::new(),
        };
        let v3 = memory.version(effect.connection()) == Version::V311;
        change_packet(effect, |packet| {
            let Packet::Suback(suback) = packet else { return };
            for (reason, _) in suback.reasons.iter_mut().zip(&wild).filter(|(_, wild)| v3 && **wild) {
                *reason = protocol::ReasonCode::UNSPECIFIED_ERROR;
            }
        })
    },
}

defect! {
    "wildcards-are-not-answered", "SUBSCRIBE with a wildcard gets no answer, although CONNACK does not say that wildcards are not available",
    breaks: ["5.0/RULE-3.2.2.3.11-absent-means-available"],
    input: |_, _, _, input| match &input {
        Input::Received(Packet::Subscribe(subscribe)) if subscribe.filters.iter().any(|(f, _)| f.contains(['+', '#'])) => vec![],
        _ => vec![input],
    },
}

defect! {
    "unannounced-features-are-refused", "Subscription Identifiers and Shared Subscriptions are refused, although CONNACK does not say that they are not available",
    breaks: ["5.0/RULE-3.2.2.3.12-absent-means-available", "5.0/RULE-3.2.2.3.13-absent-means-available"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Subscribe(subscribe)) = &input {
            let shared = subscribe.filters.iter().any(|(filter, _)| filter.starts_with("$share/"));
            let identifier = subscribe.properties.subscription_identifiers().next().is_some();
            let code = if shared { 0x9E } else if identifier { 0xA1 } else { 0 };
            *memory.number(format!("{connection} {}", subscribe.packet_id)) = code;
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        change_packet(effect, |packet| {
            if let Packet::Suback(suback) = packet
                && let code @ 1.. = *memory.number(format!("{connection} {}", suback.packet_id))
            {
                suback.reasons.fill(protocol::ReasonCode(u8::try_from(code).unwrap_or(0x80)));
            }
        })
    },
}
