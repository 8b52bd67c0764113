//! PUBLISH from a Client (sections 3.3, 4.3; answers PUBACK and PUBREC: 3.4, 3.5).

use crate::alias::AliasError;
use crate::journal::Key;
use crate::message::Message;
use crate::server::Server;
use crate::violation::Violation;
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::validate_name;
use protocol::{Packet, PacketId, PropertyId, Publish, QoS, ReasonCode, Time, Version};
use std::sync::Arc;
use transport::ConnectionId;

/// What becomes of an Application Message that a Client has published: a Reason Code, and a text if it is a failure.
type Outcome = (ReasonCode, Option<&'static str>);

impl Server {
    pub(crate) fn receive_publish(
        &mut self,
        now: Time,
        id: ConnectionId,
        mut publish: Publish,
    ) -> Result<(), Violation> {
        publish.topic = self.topic_of(id, &publish)?;
        if publish.qos > self.config.maximum_qos {
            cite!("5.0/MQTT-3.2.2-11");
            return Err(Violation::new(ReasonCode::QOS_NOT_SUPPORTED, "the QoS is above the Maximum QoS"));
        }
        if publish.retain && !self.config.retain_available {
            cite!("5.0/MQTT-3.2.2-14");
            return Err(Violation::new(
                ReasonCode::RETAIN_NOT_SUPPORTED,
                "retained messages are not supported",
            ));
        }
        // The answer follows the QoS.
        cite!("5.0/MQTT-3.3.4-1", "3.1.1/MQTT-3.3.4-1");
        match (publish.qos, publish.packet_id) {
            (QoS::AtMostOnce, _) => {
                self.take_message(now, id, publish);
                Ok(())
            }
            (QoS::AtLeastOnce, Some(packet_id)) => self.receive_at_least_once(now, id, packet_id, publish),
            (QoS::ExactlyOnce, Some(packet_id)) => self.receive_exactly_once(now, id, packet_id, publish),
            (QoS::AtLeastOnce | QoS::ExactlyOnce, None) => {
                Err(Violation::protocol_error("a PUBLISH above QoS 0 without Packet Identifier"))
            }
        }
    }

    /// The Topic Name of the PUBLISH, by its alias if need be.
    fn topic_of(&mut self, id: ConnectionId, publish: &Publish) -> Result<ByteString, Violation> {
        let topic = match (publish.properties.topic_alias(), self.connected(id)) {
            (Some(alias), Some(connected)) => {
                connected.received_aliases.resolve(alias, &publish.topic).map_err(|error| match error {
                    AliasError::Invalid => {
                        Violation::new(ReasonCode::TOPIC_ALIAS_INVALID, "the Topic Alias is out of range")
                    }
                    AliasError::Unknown => Violation::protocol_error("the Topic Alias stands for nothing"),
                })?
            }
            (_, _) => publish.topic.clone(),
        };
        if publish.properties.get(PropertyId::SubscriptionIdentifier).is_some() {
            cite!("5.0/MQTT-3.3.4-6");
            return Err(Violation::protocol_error("a Client's PUBLISH with a Subscription Identifier"));
        }
        if topic.is_empty() {
            return Err(Violation::protocol_error("neither Topic Name nor Topic Alias"));
        }
        if validate_name(&topic, Version::V500).is_err() {
            return Err(Violation::new(ReasonCode::TOPIC_NAME_INVALID, "the Topic Name is not valid"));
        }
        Ok(topic)
    }

    /// QoS 1. Each PUBLISH is a new message: PUBACK follows at once, so its Packet Identifier is free again.
    fn receive_at_least_once(
        &mut self,
        now: Time,
        id: ConnectionId,
        packet_id: PacketId,
        publish: Publish,
    ) -> Result<(), Violation> {
        self.take_receive_quota(id)?;
        let in_use =
            self.session_of(id).is_some_and(|(_, session)| session.received.contains_key(&packet_id));
        let is_5 = self.connected(id).is_some_and(|connected| connected.version == Version::V500);
        let (reason, text) = if in_use && is_5 {
            (ReasonCode::PACKET_IDENTIFIER_IN_USE, Some("a QoS 2 message has this Packet Identifier"))
        } else {
            self.take_message(now, id, publish)
        };
        self.check_taken_over(id, reason)?;
        cite!("5.0/MQTT-4.3.2-4", "5.0/MQTT-4.3.2-5", "3.1.1/MQTT-4.3.2-2");
        self.give_back_receive_quota(id);
        self.acknowledge(id, Packet::Puback, packet_id, reason, text);
        Ok(())
    }

    /// QoS 2. The message is taken over now; until PUBREL its Packet Identifier tells repetitions.
    fn receive_exactly_once(
        &mut self,
        now: Time,
        id: ConnectionId,
        packet_id: PacketId,
        publish: Publish,
    ) -> Result<(), Violation> {
        let Some((_, session)) = self.session_of(id) else { return Ok(()) };
        if let Some(last) = session.received.get_mut(&packet_id) {
            cite!("5.0/MQTT-4.3.3-10", "3.1.1/MQTT-4.3.3-2");
            // The first repetition on a new Network Connection counts there.
            if last.replace(id) != Some(id) {
                self.take_receive_quota(id)?;
            }
            self.acknowledge(id, Packet::Pubrec, packet_id, ReasonCode::SUCCESS, None);
            return Ok(());
        }
        self.take_receive_quota(id)?;
        let (reason, text) = self.take_message(now, id, publish);
        self.check_taken_over(id, reason)?;
        if reason.is_failure()
            && self.connected(id).is_some_and(|connected| connected.version == Version::V500)
        {
            cite!("5.0/MQTT-4.3.3-9");
            self.give_back_receive_quota(id);
        } else if let Some((session_id, session)) = self.session_of(id) {
            session.received.insert(packet_id, Some(id));
            self.journal.touch(Key::Received(session_id, packet_id));
        }
        cite!("5.0/MQTT-4.3.3-8", "3.1.1/MQTT-4.3.3-2");
        self.acknowledge(id, Packet::Pubrec, packet_id, reason, text);
        Ok(())
    }

    fn take_receive_quota(&mut self, id: ConnectionId) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.3.4-7");
        match self.connected(id).is_none_or(|connected| connected.receive_quota.take()) {
            true => Ok(()),
            false => Err(Violation::new(
                ReasonCode::RECEIVE_MAXIMUM_EXCEEDED,
                "more PUBLISH packets than the Receive Maximum",
            )),
        }
    }

    /// 5.0 says in the acknowledgement that a message is not taken over. 3.1.1 cannot: if the Client may publish it but there is no room, the
    /// Network Connection ends without an acknowledgement.
    fn check_taken_over(&mut self, id: ConnectionId, reason: ReasonCode) -> Result<(), Violation> {
        let version = self.connected(id).map(|connected| connected.version);
        if version == Some(Version::V311) && reason == ReasonCode::QUOTA_EXCEEDED {
            cite!("3.1.1/MQTT-4.8.0-2");
            return Err(Violation::new(reason, "there is no room for the message"));
        }
        Ok(())
    }

    /// Takes an Application Message over, or not: for all subscribers or for none.
    fn take_message(&mut self, now: Time, id: ConnectionId, publish: Publish) -> Outcome {
        let Some(connected) = self.connected(id) else { return (ReasonCode::UNSPECIFIED_ERROR, None) };
        if !connected.permissions.may_publish(&publish.topic) {
            cite!("3.1.1/MQTT-3.3.5-2");
            return (ReasonCode::NOT_AUTHORIZED, Some("publishing to this topic is not authorized"));
        }
        let publisher = connected.client_id.clone();
        let Publish { qos, retain, topic, payload, properties, .. } = publish;
        let message = Arc::new(Message::new(topic, payload, qos, properties, publisher, now));
        let deliveries = self.find_subscribers(&message, retain);
        let sure = qos > QoS::AtMostOnce;
        if sure && !self.have_room(now, &deliveries) {
            return (ReasonCode::QUOTA_EXCEEDED, Some("a subscriber has no room for the message"));
        }
        if retain {
            let has_room =
                message.payload.is_empty() || self.retained.has_room(&message.topic, now, &mut self.journal);
            if has_room {
                self.retained.store(&message, &mut self.journal);
            } else if sure {
                return (ReasonCode::QUOTA_EXCEEDED, Some("there is no room for another retained message"));
            }
        } else {
            cite!("5.0/MQTT-3.3.1-8", "3.1.1/MQTT-3.3.1-12");
        }
        let matched = !deliveries.is_empty();
        self.deliver_all(now, deliveries);
        (if matched { ReasonCode::SUCCESS } else { ReasonCode::NO_MATCHING_SUBSCRIBERS }, None)
    }
}
