//! PUBLISH from the Server (section 3.3): an Application Message.

use crate::aliases::AliasError;
use crate::connection::ToAcknowledge;
use crate::{Client, Event};
use protocol::{Acknowledgement, Packet, Publish, QoS, ReasonCode, Version, topic};

impl Client {
    pub(crate) fn publish(&mut self, mut publish: Publish) {
        if self.config.version == Version::V500 {
            match self.connection.incoming_aliases.resolve(&mut publish) {
                Ok(()) => {}
                Err(AliasError::OutOfRange) => {
                    return self
                        .protocol_error(ReasonCode::TOPIC_ALIAS_INVALID, "a Topic Alias out of range");
                }
                Err(AliasError::Unknown) => {
                    return self.protocol_error(
                        ReasonCode::PROTOCOL_ERROR,
                        "neither a Topic Name nor a known Topic Alias",
                    );
                }
            }
        }
        if topic::validate_name(&publish.topic, self.config.version).is_err() {
            return self
                .protocol_error(ReasonCode::TOPIC_NAME_INVALID, "the Topic Name is empty or has a wildcard");
        }
        catalogue::cite!("5.0/MQTT-3.3.4-1", "3.1.1/MQTT-3.3.4-1", "5.0/MQTT-4.5.0-2", "3.1.1/MQTT-4.5.0-2");
        match (publish.qos, publish.packet_id) {
            (QoS::AtMostOnce, _) => self.event(Event::Message(publish)),
            (QoS::AtLeastOnce | QoS::ExactlyOnce, None | Some(0)) => {
                self.protocol_error(
                    ReasonCode::PROTOCOL_ERROR,
                    "a PUBLISH above QoS 0 without Packet Identifier",
                );
            }
            (qos @ (QoS::AtLeastOnce | QoS::ExactlyOnce), Some(packet_id)) => {
                if !self.connection.receive_quota.take(packet_id) {
                    return self.protocol_error(
                        ReasonCode::RECEIVE_MAXIMUM_EXCEEDED,
                        "more PUBLISH than Receive Maximum",
                    );
                }
                let automatic = (!self.config.manual_acknowledgement).then_some(ReasonCode::SUCCESS);
                let mut reason = automatic;
                if qos == QoS::ExactlyOnce {
                    catalogue::cite!("5.0/MQTT-4.3.3-10", "3.1.1/MQTT-4.3.3-2");
                    match self.session.received.get(&packet_id) {
                        Some(said) => reason = *said,
                        None => {
                            self.session.received.insert(packet_id, automatic);
                            self.event(Event::Message(publish));
                        }
                    }
                } else {
                    catalogue::cite!("5.0/MQTT-4.3.2-5", "3.1.1/MQTT-4.3.2-2");
                    self.event(Event::Message(publish));
                }
                self.connection.to_acknowledge.push_back(ToAcknowledge { packet_id, qos, reason });
                self.send_acknowledgements();
            }
        }
    }

    /// Sends the acknowledgements that are decided, up to the first that is not: they leave in the order in which the messages came.
    pub(crate) fn send_acknowledgements(&mut self) {
        catalogue::cite!("5.0/MQTT-4.6.0-2", "3.1.1/MQTT-4.6.0-2", "5.0/MQTT-4.6.0-3", "3.1.1/MQTT-4.6.0-3");
        while let Some((ToAcknowledge { packet_id, qos, .. }, reason)) = self
            .connection
            .to_acknowledge
            .front()
            .and_then(|first| first.reason.map(|reason| (first, reason)))
        {
            catalogue::cite!("5.0/MQTT-2.2.1-5", "3.1.1/MQTT-2.3.1-6");
            let (packet_id, qos) = (*packet_id, *qos);
            let acknowledgement = Acknowledgement::with_reason(packet_id, reason);
            self.connection.to_acknowledge.pop_front();
            match qos {
                QoS::AtMostOnce => {}
                QoS::AtLeastOnce => {
                    catalogue::cite!("5.0/MQTT-4.3.2-4", "5.0/MQTT-3.4.2-1");
                    self.connection.receive_quota.give_back(packet_id);
                    self.send(Packet::Puback(acknowledgement));
                }
                QoS::ExactlyOnce => {
                    catalogue::cite!("5.0/MQTT-4.3.3-8", "5.0/MQTT-3.5.2-1");
                    if reason.is_failure() {
                        catalogue::cite!("5.0/MQTT-4.3.3-9");
                        self.session.received.remove(&packet_id);
                        self.connection.receive_quota.give_back(packet_id);
                    }
                    self.send(Packet::Pubrec(acknowledgement));
                }
            }
        }
    }
}
