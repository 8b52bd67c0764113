//! The limits that CONNACK announces or leaves out, and what the Server then does (section 3.2.2.3 of 5.0).

use crate::around::{Memory, change_packet, change_received};
use crate::defect;
use protocol::{Connack, Packet, Property, PropertyId, QoS, ReasonCode, Version};
use transport::Input;

defect! {
    "qos-2-is-refused-unannounced", "CONNACK has no Maximum QoS, and a PUBLISH of QoS 2 is refused",
    breaks: ["5.0/MQTT-3.2.2-9", "5.0/RULE-3.2.2.3.4-absent-means-2"],
    config: |config| config.maximum_qos = QoS::AtLeastOnce,
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::MaximumQoS);
        }
    }),
}

/// The Maximum QoS that was announced; QoS 2 if none was.
fn maximum_qos(memory: &Memory) -> QoS {
    let announced = memory.peers.values().filter_map(|peer| peer.connack.as_ref()?.properties.maximum_qos());
    announced.min().and_then(QoS::from_bits).unwrap_or(QoS::ExactlyOnce)
}

defect! {
    "subscriptions-above-the-maximum-qos-are-refused", "A SUBSCRIBE with a QoS above Maximum QoS gets a failure",
    breaks: ["5.0/MQTT-3.2.2-10"],
    effect: |memory, _, effect| {
        let maximum = maximum_qos(memory);
        let present = match &memory.present {
            Some(Input::Received(Packet::Subscribe(subscribe))) => subscribe.filters.clone(),
            _ => Vec::new(),
        };
        change_packet(effect, |packet| {
            if let Packet::Suback(suback) = packet {
                for (reason, (_, options)) in suback.reasons.iter_mut().zip(&present) {
                    if options.qos > maximum {
                        *reason = ReasonCode::UNSPECIFIED_ERROR;
                    }
                }
            }
        })
    },
}

defect! {
    "a-will-above-the-maximum-qos-is-lowered", "A Will QoS above Maximum QoS is treated as Maximum QoS",
    breaks: ["5.0/MQTT-3.2.2-12", "5.0/SHOULD-3.2.2.3.4-will-qos-code"],
    input: |memory, _, _, input| {
        let maximum = maximum_qos(memory);
        change_received(input, |packet| {
            if let Packet::Connect(connect) = packet
                && let Some(will) = &mut connect.will
            {
                will.qos = will.qos.min(maximum);
            }
        })
    },
}

/// Whether this Server has announced something to one of its Clients.
fn announced(memory: &Memory, what: impl Fn(&Connack) -> bool) -> bool {
    memory.peers.values().filter_map(|peer| peer.connack.as_ref()).any(what)
}

fn retains_nothing(memory: &Memory) -> bool {
    announced(memory, |connack| connack.properties.retain_available() == Some(0))
}

defect! {
    "will-retain-is-passed-over-where-nothing-is-retained", "Will Retain 1 is accepted although Retain Available is 0",
    breaks: ["5.0/MQTT-3.2.2-13", "5.0/SHOULD-3.2.2.3.5-will-retain-code"],
    input: |memory, _, _, input| {
        let nothing = retains_nothing(memory);
        change_received(input, |packet| {
            if let Packet::Connect(connect) = packet
                && let Some(will) = &mut connect.will
                && nothing
            {
                will.retain = false;
            }
        })
    },
}

defect! {
    "a-publish-above-the-maximum-qos-is-taken", "A PUBLISH with a QoS above Maximum QoS is treated as one of Maximum QoS",
    breaks: ["5.0/RULE-3.2.2.3.4-above-maximum-qos"],
    input: |memory, _, _, input| {
        let maximum = maximum_qos(memory);
        change_received(input, |packet| {
            if let Packet::Publish(publish) = packet {
                publish.qos = publish.qos.min(maximum);
                if publish.qos == QoS::AtMostOnce {
                    publish.packet_id = None;
                }
            }
        })
    },
}

defect! {
    "retain-is-passed-over-where-nothing-is-retained", "A PUBLISH with RETAIN 1 is accepted although Retain Available is 0",
    breaks: ["5.0/RULE-3.2.2.3.5-retain-not-available", "5.0/SHOULD-3.2.2.3.5-retain-code"],
    input: |memory, _, _, input| {
        let nothing = retains_nothing(memory);
        change_received(input, |packet| {
            if let Packet::Publish(publish) = packet {
                publish.retain &= !nothing;
            }
        })
    },
}

defect! {
    "what-is-not-supported-is-an-unspecified-error", "Retain and QoS that are not supported get Reason Code 0x80",
    breaks: ["5.0/SHOULD-3.2.2.3.4-will-qos-code", "5.0/SHOULD-3.2.2.3.5-will-retain-code", "5.0/SHOULD-3.2.2.3.5-retain-code"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(Connack { reason, .. }) | Packet::Disconnect(protocol::Disconnect { reason, .. }) = packet
            && [ReasonCode::RETAIN_NOT_SUPPORTED, ReasonCode::QOS_NOT_SUPPORTED].contains(reason)
        {
            *reason = ReasonCode::UNSPECIFIED_ERROR;
        }
    }),
}

defect! {
    "the-servers-maximum-packet-size-is-not-watched", "Packets above the Server's Maximum Packet Size are accepted",
    breaks: ["5.0/RULE-3.2.2.3.6-packet-too-large"],
    config: |config| config.maximum_packet_size = reference_broker::Config::default().maximum_packet_size,
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && v5
            {
                connack.properties.set(Property::MaximumPacketSize(256));
            }
        })
    },
}

defect! {
    "retain-is-not-available-unannounced", "CONNACK has no Retain Available, and nothing is retained",
    breaks: ["5.0/RULE-3.2.2.3.5-absent-means-available"],
    config: |config| config.retain_available = false,
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::RetainAvailable);
        }
    }),
}

defect! {
    "what-is-not-available-is-not-announced", "CONNACK does not say that wildcards, Subscription Identifiers or Shared Subscriptions are not available",
    breaks: [
        "5.0/RULE-3.2.2.3.11-absent-means-available", "5.0/RULE-3.2.2.3.12-absent-means-available", "5.0/RULE-3.2.2.3.13-absent-means-available"
    ],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::WildcardSubscriptionAvailable);
            connack.properties.remove(PropertyId::SubscriptionIdentifierAvailable);
            connack.properties.remove(PropertyId::SharedSubscriptionAvailable);
        }
    }),
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
