//! Subscription Identifiers (sections 3.8.2.1.2, 3.3.2.3.8 and 3.3.4 of 5.0).

use super::patterns::publish_with;
use crate::around::{change_publish, change_received};
use crate::defect;
use bytes::Bytes;
use protocol::{Packet, Property, PropertyId, Version};

defect! {
    "subscription-identifier-0", "PUBLISH goes out with the Subscription Identifier 0",
    breaks: ["5.0/RULE-3.3.2.3.8-zero"],
    effect: |memory, _, effect| publish_with(memory, effect, Property::SubscriptionIdentifier(0)),
}

defect! {
    "subscription-identifiers-are-lost", "Messages come without Subscription Identifier",
    breaks: ["5.0/MQTT-3.3.4-3", "5.0/MQTT-3.3.4-4"],
    effect: |_, _, effect| change_publish(effect, |publish| publish.properties.remove(PropertyId::SubscriptionIdentifier)),
}

defect! {
    "one-subscription-identifier-only", "A single copy for several Subscriptions has the identifier of one of them",
    breaks: ["5.0/MQTT-3.3.4-4"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        if let Some(first) = publish.properties.get(PropertyId::SubscriptionIdentifier).cloned() {
            publish.properties.set(first);
        }
    }),
}

defect! {
    "equal-subscription-identifiers-come-once", "A message for several Subscriptions with the same identifier carries it once",
    breaks: ["5.0/SHOULD-3.3.4-equal-identifiers-repeat"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        let mut seen = Vec::new();
        publish.properties.0.retain(|property| match property {
            Property::SubscriptionIdentifier(id) if seen.contains(id) => false,
            Property::SubscriptionIdentifier(id) => {
                seen.push(*id);
                true
            }
            _ => true,
        });
    }),
}

defect! {
    "a-client-may-send-subscription-identifiers", "A Subscription Identifier in a Client's PUBLISH is ignored",
    breaks: ["5.0/RULE-3.3.4-subscription-identifier-from-client"],
    frame_in: |memory, connection, bytes| {
        let publish = bytes.first().is_some_and(|first| first >> 4 == 3);
        if !publish || memory.version(connection) != Version::V500 {
            return vec![bytes];
        }
        // For the packets of a Server it is no fault.
        let Ok(mut packet) = protocol::decode(&bytes, Some(Version::V500), protocol::Role::Server) else { return vec![bytes] };
        if let Some(properties) = packet.properties_mut() {
            properties.remove(PropertyId::SubscriptionIdentifier);
        }
        let mut frame = bytes::BytesMut::new();
        match protocol::encode(&packet, Version::V500, &mut frame) {
            Ok(()) => vec![frame.freeze()],
            Err(_) => vec![bytes],
        }
    },
}

defect! {
    "subscription-identifier-0-is-taken", "Subscription Identifier 0 is treated as 1",
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
