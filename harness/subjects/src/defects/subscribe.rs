//! SUBSCRIBE (section 3.8): what is granted, with which options.

use crate::around::{change_packet, change_publish, change_received, header_length, send};
use crate::defect;
use protocol::{Packet, Properties, PropertyId, QoS, ReasonCode, Suback, Version};
use transport::{Effect, Input};

defect! {
    "only-the-first-filter-counts", "Only the first of several Topic Filters in a SUBSCRIBE is subscribed to",
    breaks: ["3.1.1/MQTT-3.8.4-4", "5.0/MQTT-3.8.4-5"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Subscribe(subscribe)) = &input {
            *memory.number(format!("{connection} {}", subscribe.packet_id)) = subscribe.filters.len() as u64;
        }
        change_received(input, |packet| {
            if let Packet::Subscribe(subscribe) = packet {
                subscribe.filters.truncate(1);
            }
        })
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        change_packet(effect, |packet| {
            if let Packet::Suback(suback) = packet {
                let wanted = *memory.number(format!("{connection} {}", suback.packet_id));
                let first = suback.reasons.first().copied().unwrap_or_default();
                suback.reasons.resize(usize::try_from(wanted).unwrap_or(1), first);
            }
        })
    },
}

defect! {
    "qos-is-not-lowered", "Messages go out at the QoS of the publisher, although less was granted",
    breaks: ["3.1.1/MQTT-3.8.4-6", "5.0/MQTT-3.8.4-8"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Subscribe(subscribe)) = &input {
            let codes = subscribe.filters.iter().map(|(_, options)| ReasonCode(options.qos as u8)).collect();
            let suback = Suback { packet_id: subscribe.packet_id, properties: Properties::new(), reasons: codes };
            memory.packets.insert(format!("{connection} {}", subscribe.packet_id), vec![Packet::Suback(suback)]);
        }
        change_received(input, |packet| {
            if let Packet::Subscribe(subscribe) = packet {
                subscribe.filters.iter_mut().for_each(|(_, options)| options.qos = QoS::ExactlyOnce);
            }
        })
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        change_packet(effect, |packet| {
            if let Packet::Suback(suback) = packet
                && let Some([Packet::Suback(asked)]) = memory.packets.get(&format!("{connection} {}", suback.packet_id)).map(Vec::as_slice)
            {
                for (code, asked) in suback.reasons.iter_mut().zip(&asked.reasons) {
                    if !code.is_failure() {
                        *code = *asked;
                    }
                }
            }
        })
    },
}

defect! {
    "everything-goes-out-at-qos-0", "Messages go out at QoS 0, whatever was granted",
    breaks: ["3.1.1/MQTT-3.8.4-6", "5.0/MQTT-3.8.4-8", "3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-2"],
    effect: |_, _, effect| change_publish(effect, |publish| {
        publish.qos = QoS::AtMostOnce;
        publish.packet_id = None;
        publish.dup = false;
    }),
}

defect! {
    "no-local-is-ignored", "A Client gets its own messages in spite of No Local",
    breaks: ["5.0/MQTT-3.8.3-3"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Subscribe(subscribe) = packet {
            subscribe.filters.iter_mut().for_each(|(_, options)| options.no_local = false);
        }
    }),
}

defect! {
    "subscribing-again-adds-a-subscription", "Subscribing again with the same Topic Filter makes a second Subscription: messages come twice",
    breaks: ["3.1.1/MQTT-3.8.4-3", "5.0/MQTT-3.8.4-3"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Subscribe(subscribe)) = &input {
            for (filter, _) in &subscribe.filters {
                *memory.number(format!("{connection} {filter}")) += 1;
            }
        }
        vec![input]
    },
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Publish(publish), connection, .. } if !publish.retain && !publish.topic.is_empty() => {
            let doubled = memory.subscriptions(*connection).into_iter().any(|(filter, _)| {
                protocol::topic::matches(&filter, &publish.topic) && *memory.number(format!("{connection} {filter}")) > 1
            });
            let copy = protocol::Publish::new(publish.topic.clone(), publish.payload.clone());
            let second = send(memory, *connection, Packet::Publish(copy));
            if doubled { vec![effect, second] } else { vec![effect] }
        }
        _ => vec![effect],
    },
}

defect! {
    "no-local-on-a-share-is-ignored", "A Shared Subscription with No Local 1 is granted as if it were 0",
    breaks: ["5.0/MQTT-3.8.3-4"],
    frame_in: |memory, connection, bytes| {
        let mut frame = bytes.to_vec();
        let v5 = memory.version(connection) == protocol::Version::V500;
        let Some(start) = header_length(&frame).filter(|_| v5 && frame.first() == Some(&0x82)) else { return vec![bytes] };
        // Behind the Packet Identifier and the Properties, whose length is one byte here.
        let Some(length) = frame.get(start + 2).copied() else { return vec![bytes] };
        let mut at = start + 3 + usize::from(length);
        while let Some(&[high, low]) = frame.get(at..at + 2) {
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let shared = frame.get(at + 2..end).is_some_and(|filter| filter.starts_with(b"$share/"));
            match frame.get_mut(end) {
                Some(options) if shared => *options &= !0x04,
                _ => {}
            }
            at = end + 1;
        }
        vec![frame.into()]
    },
}

defect! {
    "empty-subscriptions-are-passed-over", "SUBSCRIBE and UNSUBSCRIBE without Topic Filters are silently ignored",
    breaks: ["3.1.1/MQTT-3.8.3-3", "3.1.1/MQTT-3.10.3-2", "5.0/RULE-3.8.3-no-payload", "5.0/RULE-3.10.3-no-payload"],
    frame_in: |_, _, bytes| {
        let empty = bytes.len() <= 5 && bytes.first().is_some_and(|first| matches!(first >> 4, 8 | 10));
        if empty { vec![] } else { vec![bytes] }
    },
}

defect! {
    "subscription-options-are-masked", "Values of the Subscription Options that do not exist are treated as others",
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
    "several-user-properties-are-not-answered", "SUBSCRIBE and UNSUBSCRIBE with more than one User Property get no answer",
    breaks: ["5.0/RULE-3.8.2.1.3-may-repeat", "5.0/RULE-3.10.2.1.2-may-repeat"],
    input: |_, _, _, input| match &input {
        Input::Received(Packet::Subscribe(protocol::Subscribe { properties, .. }) | Packet::Unsubscribe(protocol::Unsubscribe { properties, .. }))
            if properties.count(PropertyId::UserProperty) > 1 => vec![],
        _ => vec![input],
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
