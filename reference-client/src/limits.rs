//! What the Server has announced in CONNACK (5.0 section 3.2.2.3), and whether a packet keeps to it.
//!
//! In 3.1.1 nothing can be announced, and everything is as large as the packet formats allow.

use crate::Refusal;
use protocol::topic::FilterKind;
use protocol::{Packet, Properties, Publish, QoS, Version, encoded_len};

/// The longest packet that a Remaining Length can describe.
const LONGEST_PACKET: u32 = 268_435_460;

/// The limits of one Network Connection. The default is what the absence of each Property means.
#[derive(Debug, Clone)]
pub(crate) struct ServerLimits {
    pub(crate) receive_maximum: u16,
    pub(crate) topic_alias_maximum: u16,
    maximum_qos: QoS,
    retain: bool,
    maximum_packet_size: u32,
    wildcard_subscriptions: bool,
    subscription_identifiers: bool,
    shared_subscriptions: bool,
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits::announced(&Properties::new())
    }
}

impl ServerLimits {
    pub(crate) fn announced(connack: &Properties) -> Self {
        ServerLimits {
            receive_maximum: connack.receive_maximum().unwrap_or(u16::MAX),
            topic_alias_maximum: connack.topic_alias_maximum().unwrap_or(0),
            maximum_qos: connack.maximum_qos().and_then(QoS::from_bits).unwrap_or(QoS::ExactlyOnce),
            retain: connack.retain_available() != Some(0),
            maximum_packet_size: connack.maximum_packet_size().unwrap_or(LONGEST_PACKET),
            wildcard_subscriptions: connack.wildcard_subscription_available() != Some(0),
            subscription_identifiers: connack.subscription_identifier_available() != Some(0),
            shared_subscriptions: connack.shared_subscription_available() != Some(0),
        }
    }

    /// Whether the packet is small enough.
    pub(crate) fn fits(&self, packet: &Packet, version: Version) -> bool {
        catalogue::cite!("5.0/MQTT-3.2.2-15");
        u32::try_from(encoded_len(packet, version)).is_ok_and(|length| length <= self.maximum_packet_size)
    }

    /// Whether this may be published.
    pub(crate) fn permit_publish(&self, publish: &Publish, version: Version) -> Result<(), Refusal> {
        catalogue::cite!("5.0/MQTT-3.2.2-11");
        if publish.qos > self.maximum_qos {
            return Err(Refusal::QoSNotSupported);
        }
        catalogue::cite!("5.0/MQTT-3.2.2-14");
        if publish.retain && !self.retain {
            return Err(Refusal::RetainNotSupported);
        }
        if !self.fits(&Packet::Publish(publish.clone()), version) {
            return Err(Refusal::PacketTooLarge);
        }
        Ok(())
    }

    /// Whether this Topic Filter may be subscribed to (sections 3.2.2.3.11 and .13). Maximum QoS does not limit Subscriptions.
    pub(crate) fn permit_filter(&self, filter: FilterKind<'_>) -> Result<(), Refusal> {
        if !self.wildcard_subscriptions && filter.has_wildcard() {
            return Err(Refusal::WildcardSubscriptionsNotSupported);
        }
        if !self.shared_subscriptions && matches!(filter, FilterKind::Shared { .. }) {
            return Err(Refusal::SharedSubscriptionsNotSupported);
        }
        Ok(())
    }

    /// Whether SUBSCRIBE may have these Properties (section 3.2.2.3.12).
    pub(crate) fn permit_subscription_identifier(&self, properties: &Properties) -> Result<(), Refusal> {
        if !self.subscription_identifiers && properties.subscription_identifiers().next().is_some() {
            return Err(Refusal::SubscriptionIdentifiersNotSupported);
        }
        Ok(())
    }
}
