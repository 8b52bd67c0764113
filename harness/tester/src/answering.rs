//! What the Tester does of itself when a packet arrives: resolves Topic Aliases, acknowledges as a well-behaved Client (unless told not
//! to), and keeps the packet for the steps.

use super::{Arrival, Tester};
use protocol::{Acknowledgement, Packet, QoS};

impl Tester {
    pub(super) fn take_in(&mut self, name: &str, observation: usize, mut packet: Packet) {
        let at = self.testbed.now();
        let client = self.client(name);
        let answers = client.answers;
        client.unfinished.receives(&packet);
        let mut answer = None;
        match &mut packet {
            Packet::Publish(publish) => {
                if let Some(alias) = publish.properties.topic_alias() {
                    if publish.topic.is_empty() {
                        if let Some(topic) = client.aliases.get(&alias) {
                            publish.topic = topic.clone();
                        }
                    } else {
                        client.aliases.insert(alias, publish.topic.clone());
                    }
                }
                answer = match (publish.qos, publish.packet_id) {
                    (QoS::AtLeastOnce, Some(id)) => Some(Packet::Puback(Acknowledgement::new(id))),
                    (QoS::ExactlyOnce, Some(id)) => Some(Packet::Pubrec(Acknowledgement::new(id))),
                    _ => None,
                };
            }
            Packet::Pubrec(ack) if !ack.reason.is_failure() => {
                answer = Some(Packet::Pubrel(Acknowledgement::new(ack.packet_id)));
            }
            Packet::Pubrel(ack) => answer = Some(Packet::Pubcomp(Acknowledgement::new(ack.packet_id))),
            Packet::Connack(connack) => {
                client.connack = Some(connack.clone());
                client.round_trip = client.connect_sent.map(|sent| at.saturating_sub(sent));
                if let Some(assigned) = connack.properties.assigned_client_identifier() {
                    client.client_id = assigned.to_string();
                }
            }
            _ => {}
        }
        let foreign = match &packet {
            Packet::Publish(publish) => !self.namespace.owns(&publish.topic),
            _ => false,
        };
        self.client(name).inbox.push_back(Arrival { observation, at, packet, foreign });
        if let Some(packet) = answer
            && answers
        {
            // An acknowledgement always has an encoding.
            let _ = self.send(name, packet);
        }
    }
}
