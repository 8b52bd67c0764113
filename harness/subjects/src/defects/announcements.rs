//! What CONNACK announces or leaves out, and what the Server then does (section 3.2.2.3 of 5.0).

use super::{Memory, change_packet, change_received};
use crate::defect;
use protocol::{Connack, Packet, Property, PropertyId, QoS, ReasonCode, Version};
use transport::{Effect, Input};

/// Whether this Server has announced something to one of its Clients.
fn announced(memory: &Memory, what: impl Fn(&Connack) -> bool) -> bool {
    memory.peers.values().filter_map(|peer| peer.connack.as_ref()).any(what)
}

/// The Maximum QoS that was announced; QoS 2 if none was.
fn maximum_qos(memory: &Memory) -> QoS {
    let announced = memory.peers.values().filter_map(|peer| peer.connack.as_ref()?.properties.maximum_qos());
    announced.min().and_then(QoS::from_bits).unwrap_or(QoS::ExactlyOnce)
}

fn retains_nothing(memory: &Memory) -> bool {
    announced(memory, |connack| connack.properties.retain_available() == Some(0))
}

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
    "a-will-above-the-maximum-qos-is-lowered", "A Will QoS above Maximum QoS is taken for Maximum QoS",
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
    "a-publish-above-the-maximum-qos-is-taken", "A PUBLISH with a QoS above Maximum QoS is taken for one of Maximum QoS",
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
    "retain-is-passed-over-where-nothing-is-retained", "A PUBLISH with RETAIN 1 is taken although Retain Available is 0",
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
    "the-servers-maximum-packet-size-is-not-watched", "Packets above the Server's Maximum Packet Size are taken",
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
    "sessions-end-sooner-than-was-told", "Sessions end with their Network Connection, and CONNACK does not say so",
    breaks: ["5.0/RULE-3.2.2.3.2-changed-interval-is-told", "5.0/RULE-3.1.2.11.2-never-expires"],
    config: |config| config.session_expiry_maximum = 0,
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "endless-sessions-end-at-once", "Session Expiry Interval 0xFFFFFFFF is taken for 0",
    breaks: ["5.0/RULE-3.1.2.11.2-never-expires", "5.0/MQTT-3.1.2-23"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && connect.version == Version::V500
            && connect.properties.session_expiry_interval() == Some(u32::MAX)
        {
            connect.properties.set(Property::SessionExpiryInterval(0));
        }
    }),
    effect: |_, _, effect| match effect {
        Effect::Send { connection, version, packet: Packet::Connack(mut connack) } => {
            connack.properties.remove(PropertyId::SessionExpiryInterval);
            vec![Effect::Send { connection, version, packet: Packet::Connack(connack) }]
        }
        effect => vec![effect],
    },
}
