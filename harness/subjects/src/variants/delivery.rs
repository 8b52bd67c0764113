//! Choices about the way of messages to their subscribers (sections 3.3.4, 3.8.4, 4.4 and 4.6).

use crate::around::{change_packet, send};
use crate::variant;
use protocol::{Packet, Property, PropertyId, Publish, QoS, SubscriptionOptions, Version};
use std::time::Duration;
use transport::{Effect, Input};

variant! {
    "one-copy-for-each-overlapping-subscription", "A message of QoS 0 comes once for each matching Subscription (3.3.5 of 3.1.1, 3.3.4 of 5.0)",
    effect: |memory, _, effect| {
        let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect else { return vec![effect] };
        let filters = memory.subscriptions(*connection);
        let matching: Vec<SubscriptionOptions> =
            filters.iter().filter(|(f, _)| protocol::topic::matches(f, &publish.topic)).map(|(_, o)| *o).collect();
        // Where the copies would have to differ, one will do.
        let alike = matching.windows(2).all(|pair| pair[0].retain_as_published == pair[1].retain_as_published);
        let identifiers: Vec<u32> = publish.properties.subscription_identifiers().collect();
        // Of a Shared Subscription it is one copy more.
        let shared = filters.iter().any(|(filter, _)| filter.starts_with("$share/"));
        let simple = alike
            && !shared
            && (identifiers.is_empty() || identifiers.len() == matching.len())
            && matching.iter().all(|o| !o.no_local)
            && publish.qos == QoS::AtMostOnce;
        if !simple || memory.present_publish().is_none() || publish.topic.is_empty() || matching.len() < 2 {
            return vec![effect];
        }
        (0..matching.len())
            .map(|n| {
                let mut copy = publish.clone();
                copy.properties.remove(PropertyId::SubscriptionIdentifier);
                copy.properties.0.extend(identifiers.get(n).copied().map(Property::SubscriptionIdentifier));
                send(memory, *connection, Packet::Publish(copy))
            })
            .collect()
    },
}

variant! {
    "publish-before-suback", "Messages for a new Subscription come before its SUBACK (3.8.4)",
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Suback(_), .. } => {
            memory.effects.push(effect);
            vec![]
        }
        _ => vec![effect],
    },
}

variant! {
    "subscriptions-are-acknowledged-after-a-moment", "SUBACK and UNSUBACK take half a second, and messages do not wait for them (3.8.4)",
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: Packet::Suback(_) | Packet::Unsuback(_), .. } => {
            memory.later(now + Duration::from_millis(500), effect);
            vec![]
        }
        _ => vec![effect],
    },
}

variant! {
    "repeats-what-is-unacknowledged-in-3.1.1", "PUBLISH of QoS 1 without PUBACK and PUBREL without PUBCOMP come again after three seconds, which 4.4 of 3.1.1 leaves open",
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Puback(ack) | Packet::Pubcomp(ack)) => {
                let id = ack.packet_id;
                memory.forget(|effect| {
                    effect.connection() == connection && matches!(effect, Effect::Send { packet, .. } if packet.packet_id() == Some(id))
                });
            }
            Input::Ended => memory.forget(|effect| effect.connection() == connection),
            _ => {}
        }
        vec![input]
    },
    effect: |memory, now, effect| {
        let connection = effect.connection();
        match &effect {
            Effect::Send { packet: Packet::Publish(publish), version: Version::V311, .. } if publish.qos == QoS::AtLeastOnce => {
                let again = send(memory, connection, Packet::Publish(Publish { dup: true, ..publish.clone() }));
                memory.later(now + Duration::from_secs(3), again);
            }
            Effect::Send { packet: packet @ Packet::Pubrel(_), version: Version::V311, .. } => {
                let again = send(memory, connection, packet.clone());
                memory.later(now + Duration::from_secs(3), again);
            }
            Effect::Close { .. } => memory.forget(|effect| effect.connection() == connection),
            _ => {}
        }
        vec![effect]
    },
}

variant! {
    "packet-identifiers-begin-anywhere", "Packet Identifiers of the Server do not begin with 1 (2.2.1 of 5.0, 2.3.1 of 3.1.1)",
    input: |_, _, _, input| crate::around::change_received(input, |packet| {
        if let Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubcomp(ack) = packet {
            ack.packet_id ^= 0x5A5A;
        }
    }),
    effect: |_, _, effect| change_packet(effect, |packet| match packet {
        Packet::Publish(publish) => publish.packet_id = publish.packet_id.map(|id| id ^ 0x5A5A),
        Packet::Pubrel(ack) => ack.packet_id ^= 0x5A5A,
        _ => {}
    }),
}

variant! {
    "messages-of-qos-0-wait-for-those-who-are-away", "A message of QoS 0 is kept for a Client whose Session is kept (4.1; 3.1.2.4 of 3.1.1)",
    input: |memory, _, _, input| {
        // The copies are plain: they have no RETAIN and no Subscription Identifier, and do not expire.
        if let Input::Received(Packet::Publish(publish)) = &input
            && publish.qos == QoS::AtMostOnce
            && !publish.topic.is_empty()
            && !publish.retain
            && publish.properties.message_expiry_interval().is_none()
            && !publish.topic.starts_with('$')
        {
            let identified = memory.identified.clone();
            memory.keep_for_those_away(publish, |own| {
                let mut matching = own.keys().filter(|f| protocol::topic::matches(f, &publish.topic)).peekable();
                matching.peek().is_some() && matching.all(|filter| !identified.contains(filter))
            });
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let Effect::Send { packet: Packet::Connack(connack), .. } = &effect else { return vec![effect] };
        if connack.reason.0 != 0 {
            return vec![effect];
        }
        let present = connack.session_present;
        let kept = memory.take_kept(connection);
        [effect].into_iter().chain(kept.into_iter().filter(|_| present)).collect()
    },
}

variant! {
    "messages-of-qos-0-take-a-moment", "Messages of QoS 0 are overtaken by those of QoS 1 and 2, for which another order holds (4.6)",
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if publish.qos == QoS::AtMostOnce && publish.properties.topic_alias().is_none() => {
            memory.later(now + Duration::from_millis(100), effect);
            vec![]
        }
        _ => vec![effect],
    },
}

variant! {
    "dollar-topics-are-kept-from-clients", "What a Client publishes to a topic that begins with $ is acknowledged and is delivered to no one (4.7.2)",
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), .. } if publish.topic.starts_with('$') && memory.present_publish().is_some() => vec![],
        _ => vec![effect],
    },
}

variant! {
    "wills-take-a-second", "A Will Message is published a second after it is due; 3.1.2.5 only recommends to be prompt",
    effect: |memory, now, effect| match &effect {
        // One that is to define a Topic Alias cannot let others overtake it.
        Effect::Send { packet: Packet::Publish(publish), .. }
            if matches!(memory.present, Some(Input::Ended)) && publish.properties.topic_alias().is_none() =>
        {
            memory.later(now + Duration::from_secs(1), effect);
            vec![]
        }
        _ => vec![effect],
    },
}

variant! {
    "sends-one-message-at-a-time", "A PUBLISH of QoS 1 or 2 waits for the end of the one before, however large Receive Maximum is (4.9 sets a limit, not a target)",
    input: |_, _, _, input| crate::around::change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            let properties = &mut connect.properties.0;
            // A Receive Maximum that is 0 or stands twice is a fault, which has to stay.
            if properties.iter().filter(|it| matches!(it, Property::ReceiveMaximum(_))).count() < 2
                && !properties.contains(&Property::ReceiveMaximum(0))
            {
                properties.retain(|it| !matches!(it, Property::ReceiveMaximum(_)));
                properties.push(Property::ReceiveMaximum(1));
            }
        }
    }),
}

variant! {
    "payload-format-indicator-0-is-left-out", "Payload Format Indicator 0 is not passed on, since it means the same as its absence (3.3.2.3.2)",
    effect: |_, _, effect| change_packet(effect, |packet| if let Packet::Publish(publish) = packet {
        publish.properties.0.retain(|property| *property != Property::PayloadFormatIndicator(0));
    }),
}
