//! PUBLISH from a Client (sections 3.3, 4.3; answers PUBACK and PUBREC: 3.4, 3.5).

use crate::alias::AliasError;
use crate::client::ConnectedClient;
use crate::journal::Key;
use crate::message::Message;
use crate::server::Server;
use crate::session_id::SessionId;
use crate::violation::Violation;
use catalogue::cite;
use protocol::topic::validate_name;
use protocol::{Packet, PacketId, Properties, PropertyId, Publish, QoS, ReasonCode, Time, Version};
use std::sync::Arc;

/// What becomes of an Application Message that a Client has published: a Reason Code, and a text if it is a failure.
type Outcome = (ReasonCode, Option<&'static str>);

/// The packet that answers a PUBLISH.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// None, for QoS 0.
    Nothing,
    Puback(PacketId),
    Pubrec(PacketId),
}

/// A PUBLISH that its Client was allowed to send, with a message that the Server has not had yet.
#[derive(Debug)]
pub(crate) struct Arrival {
    message: Arc<Message>,
    retain: bool,
    answer: Answer,
}

impl ConnectedClient<'_> {
    /// What concerns the Client itself. Returns the message that subscribers have to get; `None` if the PUBLISH is answered already.
    pub(crate) fn receive_publish(&mut self, mut publish: Publish) -> Result<Option<Arrival>, Violation> {
        if publish.dup && publish.qos == QoS::AtMostOnce {
            cite!("5.0/MQTT-3.3.1-2", "3.1.1/MQTT-3.3.1-2");
            return Err(Violation::protocol_error("DUP is 1 although the QoS is 0"));
        }
        self.resolve_topic(&mut publish)?;
        check_response_topic(&publish.properties)?;
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
        let answer = match (publish.qos, publish.packet_id) {
            (QoS::AtMostOnce, _) => Answer::Nothing,
            (QoS::AtLeastOnce, Some(packet_id)) => Answer::Puback(packet_id),
            (QoS::ExactlyOnce, Some(packet_id)) => Answer::Pubrec(packet_id),
            (QoS::AtLeastOnce | QoS::ExactlyOnce, None) => {
                return Err(Violation::protocol_error("a PUBLISH above QoS 0 without Packet Identifier"));
            }
        };
        if self.is_repetition(answer)? {
            return Ok(None);
        }
        if let Answer::Puback(packet_id) = answer
            && self.connected.version == Version::V500
            && self.session.received.contains_key(&packet_id)
        {
            let text = "a QoS 2 message has this Packet Identifier";
            self.answer_publish(answer, (ReasonCode::PACKET_IDENTIFIER_IN_USE, Some(text)))?;
            return Ok(None);
        }
        if !self.connected.permissions.may_publish(&publish.topic) {
            cite!("3.1.1/MQTT-3.3.5-2");
            let text = "publishing to this topic is not authorized";
            self.answer_publish(answer, (ReasonCode::NOT_AUTHORIZED, Some(text)))?;
            return Ok(None);
        }
        let Publish { qos, retain, topic, payload, properties, .. } = publish;
        let publisher = self.session.client_id.clone();
        let message = Arc::new(Message::new(topic, payload, qos, properties, publisher, self.now));
        Ok(Some(Arrival { message, retain, answer }))
    }

    /// Puts the Topic Name in its place, by its alias if need be.
    fn resolve_topic(&mut self, publish: &mut Publish) -> Result<(), Violation> {
        if let Some(alias) = publish.properties.topic_alias() {
            let aliases = &mut self.connected.received_aliases;
            publish.topic = aliases.resolve(alias, &publish.topic).map_err(|error| match error {
                AliasError::Invalid => {
                    Violation::new(ReasonCode::TOPIC_ALIAS_INVALID, "the Topic Alias is out of range")
                }
                AliasError::Unknown => Violation::protocol_error("the Topic Alias stands for nothing"),
            })?;
        }
        if publish.properties.get(PropertyId::SubscriptionIdentifier).is_some() {
            cite!("5.0/MQTT-3.3.4-6");
            return Err(Violation::protocol_error("a Client's PUBLISH with a Subscription Identifier"));
        }
        if publish.topic.is_empty() {
            return Err(Violation::protocol_error("neither Topic Name nor Topic Alias"));
        }
        if validate_name(&publish.topic, Version::V500).is_err() {
            return Err(Violation::new(ReasonCode::TOPIC_NAME_INVALID, "the Topic Name is not valid"));
        }
        Ok(())
    }

    /// Counts the PUBLISH against the receive quota. Returns whether it repeats a QoS 2 message, which it then answers: until PUBREL the Packet
    /// Identifier tells repetitions. Each PUBLISH at QoS 1 is a new message: PUBACK follows at once, so its Packet Identifier is free again.
    fn is_repetition(&mut self, answer: Answer) -> Result<bool, Violation> {
        match answer {
            Answer::Nothing => Ok(false),
            Answer::Puback(_) => self.take_receive_quota().map(|()| false),
            Answer::Pubrec(packet_id) => {
                let Some(last) = self.session.received.get_mut(&packet_id) else {
                    return self.take_receive_quota().map(|()| false);
                };
                cite!("5.0/MQTT-4.3.3-10", "3.1.1/MQTT-4.3.3-2");
                // The first repetition on a new Network Connection counts there.
                if last.replace(self.connected.id) != Some(self.connected.id) {
                    self.take_receive_quota()?;
                }
                self.acknowledge(Packet::Pubrec, packet_id, ReasonCode::SUCCESS, None);
                Ok(true)
            }
        }
    }

    fn take_receive_quota(&mut self) -> Result<(), Violation> {
        cite!("5.0/MQTT-3.3.4-7");
        match self.connected.receive_quota.take() {
            true => Ok(()),
            false => Err(Violation::new(
                ReasonCode::RECEIVE_MAXIMUM_EXCEEDED,
                "more PUBLISH packets than the Receive Maximum",
            )),
        }
    }

    /// Tells the Client what has become of its message.
    fn answer_publish(&mut self, answer: Answer, (reason, text): Outcome) -> Result<(), Violation> {
        let is_3 = self.connected.version == Version::V311;
        // 5.0 says in the acknowledgement that a message is not taken over. 3.1.1 cannot: if the Client may publish it but there is no room, the
        // Network Connection ends without an acknowledgement.
        if is_3 && reason == ReasonCode::QUOTA_EXCEEDED {
            cite!("3.1.1/MQTT-4.8.0-2");
            return Err(Violation::new(reason, "there is no room for the message"));
        }
        match answer {
            Answer::Nothing => {}
            Answer::Puback(packet_id) => {
                cite!("5.0/MQTT-4.3.2-4", "5.0/MQTT-4.3.2-5", "3.1.1/MQTT-4.3.2-2");
                self.connected.receive_quota.give_back();
                self.acknowledge(Packet::Puback, packet_id, reason, text);
            }
            Answer::Pubrec(packet_id) => {
                if reason.is_failure() && !is_3 {
                    cite!("5.0/MQTT-4.3.3-9");
                    self.connected.receive_quota.give_back();
                } else {
                    // The message is taken over; until PUBREL its Packet Identifier tells repetitions.
                    self.session.received.insert(packet_id, Some(self.connected.id));
                    self.journal.touch(Key::Received(self.session.id, packet_id));
                }
                cite!("5.0/MQTT-4.3.3-8", "3.1.1/MQTT-4.3.3-2");
                self.acknowledge(Packet::Pubrec, packet_id, reason, text);
            }
        }
        Ok(())
    }
}

/// Whether the Response Topic, if there is one, is a Topic Name. The decoder has looked for wildcard characters.
pub(super) fn check_response_topic(properties: &Properties) -> Result<(), Violation> {
    cite!("5.0/MQTT-4.7.3-1");
    match properties.response_topic().is_none_or(|topic| validate_name(&topic, Version::V500).is_ok()) {
        true => Ok(()),
        false => Err(Violation::protocol_error("the Response Topic is no Topic Name")),
    }
}

impl Server {
    /// Distributes the message of a Client, and answers its PUBLISH.
    pub(crate) fn distribute(
        &mut self,
        now: Time,
        publisher: SessionId,
        arrival: Arrival,
    ) -> Result<(), Violation> {
        let answer = arrival.answer;
        let outcome = self.take_message(now, arrival);
        if matches!(answer, Answer::Nothing) {
            return Ok(());
        }
        // Once more, because the publisher may be a subscriber, too. It is still there: a delivery ends no Network Connection.
        let client = self
            .clients
            .get_mut(publisher)
            .and_then(|client| client.connected(now, &self.config, &mut self.journal, &mut self.outbox));
        client.map_or(Ok(()), |mut client| client.answer_publish(answer, outcome))
    }

    /// Takes an Application Message over, or not: for all subscribers or for none.
    fn take_message(&mut self, now: Time, arrival: Arrival) -> Outcome {
        let Arrival { message, retain, .. } = arrival;
        let deliveries = self.find_subscribers(&message, retain);
        let sure = message.qos > QoS::AtMostOnce;
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
