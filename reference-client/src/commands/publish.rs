//! The Publish command (section 3.3).

use super::properties;
use crate::connection::Phase;
use crate::sending::first_publish;
use crate::{Client, Event, Message, Refusal, Token};
use protocol::{PropertyId, PropertyPlace, QoS, topic};

impl Client {
    pub(crate) fn command_publish(&mut self, token: Token, message: Message) -> Result<(), Refusal> {
        catalogue::cite!("5.0/MQTT-3.3.2-2", "3.1.1/MQTT-3.3.2-2");
        topic::validate_name(&message.topic, self.config.version).map_err(|_| Refusal::InvalidTopicName)?;
        properties::check(&message.properties, PropertyPlace::Publish, self.config.version)?;
        catalogue::cite!("5.0/MQTT-3.3.4-6");
        let not_ours = [PropertyId::SubscriptionIdentifier, PropertyId::TopicAlias];
        if not_ours.iter().any(|id| message.properties.get(*id).is_some()) {
            return Err(Refusal::InvalidProperty);
        }
        match message.qos {
            QoS::AtMostOnce => self.publish_at_most_once(token, message),
            QoS::AtLeastOnce | QoS::ExactlyOnce => self.publish_acknowledged(token, message),
        }
    }

    fn publish_at_most_once(&mut self, token: Token, message: Message) -> Result<(), Refusal> {
        if self.phase != Phase::Connected {
            return Err(Refusal::NotConnected);
        }
        catalogue::cite!("5.0/MQTT-4.3.1-1", "3.1.1/MQTT-4.3.1-1");
        let publish = first_publish(message, 0);
        self.connection.limits.permit_publish(&publish, self.config.version)?;
        // A message of QoS 0 does not wait for the Receive Maximum.
        catalogue::cite!("5.0/MQTT-3.3.4-8", "5.0/MQTT-4.9.0-3");
        self.send_publish(publish);
        self.event(Event::Published { token, acknowledgement: None });
        Ok(())
    }

    fn publish_acknowledged(&mut self, token: Token, message: Message) -> Result<(), Refusal> {
        if self.waiting.len() >= self.config.maximum_waiting {
            return Err(Refusal::TooManyWaiting);
        }
        self.waiting.push_back((token, message));
        self.send_waiting();
        Ok(())
    }
}
