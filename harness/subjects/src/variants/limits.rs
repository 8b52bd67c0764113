//! Choices about what is offered: section 3.2.2.3, each announced in CONNACK.

use crate::around::{change_packet, change_received};
use crate::variant;
use protocol::{Packet, QoS, Version};

variant! { "maximum-qos-0-only", "Maximum QoS is 0 (3.2.2.3.4)", config: |config| {
    // 3.1.1 knows no such limit.
    config.versions = vec![Version::V500];
    config.maximum_qos = QoS::AtMostOnce;
}, }
variant! { "maximum-qos-1-only", "Maximum QoS is 1 (3.2.2.3.4)", config: |config| {
    config.versions = vec![Version::V500];
    config.maximum_qos = QoS::AtLeastOnce;
}, }
variant! { "speaks-5.0-only", "MQTT 3.1.1 is not accepted", config: |config| config.versions = vec![Version::V500], }
variant! { "speaks-3.1.1-only", "MQTT 5.0 is not accepted", config: |config| config.versions = vec![Version::V311], }
variant! { "retain-is-off", "Retain Available is 0 (3.2.2.3.5)", config: |config| config.retain_available = false, }
variant! { "no-wildcard-subscriptions", "Wildcard Subscription Available is 0 (3.2.2.3.11)", config: |config| config.wildcard_subscriptions_available = false, }
variant! { "no-shared-subscriptions-at-all", "Shared Subscription Available is 0 (3.2.2.3.13)", config: |config| config.shared_subscriptions_available = false, }
variant! { "no-subscription-identifiers-at-all", "Subscription Identifier Available is 0 (3.2.2.3.12)", config: |config| config.subscription_identifiers_available = false, }
variant! { "no-topic-aliases", "Topic Alias Maximum is absent, and the Server uses no Topic Aliases (3.2.2.3.8)", config: |config| {
    config.topic_alias_maximum = 0;
    config.use_topic_aliases = false;
} }
variant! { "topic-aliases-in-only", "The Server accepts Topic Aliases and sends none", config: |config| config.use_topic_aliases = false, }
variant! { "topic-aliases-out-only", "The Server sends Topic Aliases and accepts none", config: |config| config.topic_alias_maximum = 0, }
variant! { "receive-maximum-of-1", "Receive Maximum is 1 (3.2.2.3.3)", config: |config| config.receive_maximum = 1, }
variant! { "receive-maximum-of-3", "Receive Maximum is 3 (3.2.2.3.3)", config: |config| config.receive_maximum = 3, }
variant! { "no-reason-strings", "Failures have no Reason String", config: |config| config.reason_strings = false, }
variant! { "maximum-packet-size-of-4096", "Maximum Packet Size is 4,096 bytes (3.2.2.3.6)", config: |config| config.maximum_packet_size = 4096, }
variant! { "response-information-on-request", "Response Information is returned on request (3.2.2.3.15)", config: |config| config.response_information = Some("reply".to_owned()), }
variant! { "no-enhanced-authentication", "No Authentication Method is known (4.12)", config: |config| config.authentication_methods.clear(), }

variant! {
    "grants-less-than-requested-in-3.1.1", "A Subscription of 3.1.1 is granted QoS 1 at most, and SUBACK says so (3.8.4)",
    input: |memory, _, connection, input| {
        let v3 = memory.version(connection) == Version::V311;
        change_received(input, |packet| {
            if let Packet::Subscribe(subscribe) = packet
                && v3
            {
                subscribe.filters.iter_mut().for_each(|(_, options)| options.qos = options.qos.min(QoS::AtLeastOnce));
            }
        })
    },
}

variant! {
    "grants-qos-0-only", "Every Subscription is granted QoS 0, and SUBACK says so (3.9.3)",
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Subscribe(subscribe) = packet {
            subscribe.filters.iter_mut().for_each(|(_, options)| options.qos = QoS::AtMostOnce);
        }
    }),
}

variant! {
    "announces-what-is-the-default", "CONNACK has every Property that may be left out, at its default (3.2.2.3)",
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            use protocol::Property::{ReceiveMaximum, RetainAvailable, SharedSubscriptionAvailable, SubscriptionIdentifierAvailable, WildcardSubscriptionAvailable};
            let Packet::Connack(connack) = packet else { return };
            if !v5 || connack.reason.0 != 0 {
                return;
            }
            for property in [ReceiveMaximum(u16::MAX), RetainAvailable(1), WildcardSubscriptionAvailable(1), SubscriptionIdentifierAvailable(1), SharedSubscriptionAvailable(1)] {
                if connack.properties.get(property.id()).is_none() {
                    connack.properties.push(property);
                }
            }
        })
    },
}

variant! {
    "grants-qos-1-at-most", "Every Subscription is granted QoS 1 at most, and SUBACK says so (3.9.3)",
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Subscribe(subscribe) = packet {
            subscribe.filters.iter_mut().for_each(|(_, options)| options.qos = options.qos.min(QoS::AtLeastOnce));
        }
    }),
}
