//! Properties of CONNACK and of acknowledgements (section 2.2.2), and Subscription Identifiers.

use super::{change_packet, change_publish};
use crate::defect;
use protocol::{Packet, Property, PropertyId, Version};

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
    "problem-information-is-sent-unwanted", "User Properties come in acknowledgements although the Client has said that it does not want them",
    breaks: ["5.0/MQTT-3.1.2-29"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| match packet {
            Packet::Puback(_) | Packet::Pubrec(_) | Packet::Pubcomp(_) | Packet::Suback(_) | Packet::Unsuback(_) if v5 => {
                if let Some(properties) = packet.properties_mut() {
                    properties.push(Property::UserProperty(("note".into(), "none asked".into())));
                }
            }
            _ => {}
        })
    },
}

defect! {
    "response-information-unasked", "CONNACK has Response Information although it was not requested",
    breaks: ["5.0/MQTT-3.1.2-28", "5.0/RULE-3.1.2.11.6-absent-means-zero"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && v5
            {
                connack.properties.set(Property::ResponseInformation("reply".into()));
            }
        })
    },
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
    "a-client-may-send-subscription-identifiers", "A Subscription Identifier in a Client's PUBLISH is passed over",
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
