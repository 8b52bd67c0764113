//! An Application Message while the Server has it (section 1.2; Message Expiry Interval: 3.3.2.3.3 of 5.0).

use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Properties, Property, QoS, Time};

/// An Application Message that the Server has taken over.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) topic: ByteString,
    pub(crate) payload: Bytes,
    pub(crate) qos: QoS,
    /// The Properties that go to subscribers as they came: without Topic Alias and Message Expiry Interval.
    pub(crate) properties: Properties,
    /// The Message Expiry Interval, in seconds, and when it began.
    pub(crate) expiry: Option<(u32, Time)>,
    /// The Client Identifier of the publisher, for No Local.
    pub(crate) publisher: ByteString,
}

impl Message {
    /// Splits received Properties: those that only concern the packet or its timing are taken out, and the others stay as they are, in order.
    pub(crate) fn new(
        topic: ByteString,
        payload: Bytes,
        qos: QoS,
        mut properties: Properties,
        publisher: ByteString,
        now: Time,
    ) -> Self {
        // Payload Format Indicator, Response Topic, Correlation Data, Content Type and User Properties are unaltered.
        cite!("5.0/MQTT-3.3.2-4", "5.0/MQTT-3.3.2-15", "5.0/MQTT-3.3.2-16", "5.0/MQTT-3.3.2-20");
        cite!("5.0/MQTT-3.3.2-17", "5.0/MQTT-3.3.2-18");
        let mut expiry = None;
        properties.0.retain(|property| match property {
            Property::MessageExpiryInterval(seconds) => {
                expiry = Some((*seconds, now));
                false
            }
            Property::TopicAlias(_) | Property::WillDelayInterval(_) => false,
            _ => true,
        });
        Message { topic, payload, qos, properties, expiry, publisher }
    }

    /// Whether the Message Expiry Interval has passed.
    pub(crate) fn is_expired(&self, now: Time) -> bool {
        self.expiry
            .is_some_and(|(seconds, received)| now.saturating_sub(received).as_secs() >= u64::from(seconds))
    }

    /// The Message Expiry Interval to send: what was received less the time spent here.
    pub(crate) fn remaining_expiry(&self, now: Time) -> Option<u32> {
        cite!("5.0/MQTT-3.3.2-6");
        self.expiry.map(|(seconds, received)| {
            let waited = now.saturating_sub(received).as_secs();
            seconds.saturating_sub(u32::try_from(waited).unwrap_or(u32::MAX))
        })
    }

    /// Roughly the memory that the message takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        let properties: usize = self
            .properties
            .iter()
            .map(|property| match property {
                Property::ContentType(text) | Property::ResponseTopic(text) => text.len(),
                Property::CorrelationData(data) => data.len(),
                Property::UserProperty((name, value)) => name.len() + value.len(),
                _ => 0,
            })
            .sum();
        128 + self.topic.len() + self.payload.len() + properties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_counts_whatever_a_client_can_make_long() {
        let properties = Properties::new()
            .with(Property::PayloadFormatIndicator(1))
            .with(Property::ContentType("12".into()))
            .with(Property::ResponseTopic("123".into()))
            .with(Property::CorrelationData(Bytes::from_static(b"12345")))
            .with(Property::UserProperty(("1234567".into(), "12345678901".into())));
        let (topic, payload) = ("1234567890123".into(), Bytes::from_static(b"12345678901234567"));
        let publisher = ByteString::new();

        let message = Message::new(topic, payload, QoS::AtMostOnce, properties, publisher, Time::ZERO);

        assert_eq!(message.size(), 128 + 13 + 17 + 2 + 3 + 5 + 7 + 11);
    }
}
