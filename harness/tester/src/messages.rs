//! What the application behind a Client has got: the messages, over all Network Connections of its Session, without the repetitions that the protocol
//! removes (sections 4.3.3 and 4.4).

use super::{ObservationKind, Tester, Transcript};
use bytes::Bytes;
use bytestring::ByteString;
use protocol::{Packet, PacketId, QoS};
use std::collections::{BTreeMap, BTreeSet};

/// A message as the application gets it.
#[derive(Debug, Clone)]
pub struct Message {
    /// The Topic Name as it stands on the wire.
    pub topic: ByteString,
    /// The payload.
    pub payload: Bytes,
    /// The QoS of its delivery.
    pub qos: QoS,
    /// The observation in which it came.
    pub observation: usize,
}

impl Tester {
    /// The messages that the Client's application has got so far.
    #[must_use]
    pub fn messages(&self, name: &str) -> Vec<Message> {
        messages(&self.transcript, name)
    }
}

/// A QoS 2 PUBLISH whose Packet Identifier is still in use is a repetition until PUBREL; everything else is a message of its own.
fn messages(transcript: &Transcript, name: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut open: BTreeSet<PacketId> = BTreeSet::new();
    let mut aliases: BTreeMap<(usize, u16), ByteString> = BTreeMap::new();
    for (index, observation) in transcript.observations.iter().enumerate() {
        let connection = observation.connection;
        if transcript.connections.get(connection).is_none_or(|c| c.client != name) {
            continue;
        }
        match &observation.kind {
            ObservationKind::Received { packet: Packet::Connack(connack), .. }
                if !connack.session_present =>
            {
                open.clear();
            }
            ObservationKind::Received { packet: Packet::Pubrel(ack), .. } => {
                open.remove(&ack.packet_id);
            }
            ObservationKind::Sent { packet: Some(Packet::Pubrec(ack)), .. } if ack.reason.is_failure() => {
                open.remove(&ack.packet_id);
            }
            ObservationKind::Received { packet: Packet::Publish(publish), .. } => {
                let mut topic = publish.topic.clone();
                if let Some(alias) = publish.properties.topic_alias() {
                    if topic.is_empty() {
                        topic = aliases.get(&(connection, alias)).cloned().unwrap_or_default();
                    } else {
                        aliases.insert((connection, alias), topic.clone());
                    }
                }
                let repeated =
                    publish.qos == QoS::ExactlyOnce && publish.packet_id.is_some_and(|id| !open.insert(id));
                if !repeated {
                    messages.push(Message {
                        topic,
                        payload: publish.payload.clone(),
                        qos: publish.qos,
                        observation: index,
                    });
                }
            }
            _ => {}
        }
    }
    messages
}
