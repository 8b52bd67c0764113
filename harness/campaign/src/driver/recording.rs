//! Packets of the Clients, and how each gets into the history.

use super::client::Asked;
use super::{Ground, Run};
use crate::payload;
use crate::schedule::Toward;
use crate::workload::ClientName;
use bytes::Bytes;
use guarantees::history::NEVER_EXPIRES;
use guarantees::{
    Acknowledgement, Announced, ClientIndex, ConnectionIndex, Ending, Filter, MessageId, TopicIndex, What,
    Will,
};
use protocol::{Connack, Connect, Packet, Publish, QoS, ReasonCode, Version, encode};
use reference_client::Input;
use simulator::{Hardship, LinkId};

/// The name of a Network Connection in the history.
pub(super) const fn connection(link: LinkId) -> ConnectionIndex {
    ConnectionIndex(link.0)
}

/// The name of a Client in the history.
pub(super) const fn client_index(client: ClientName) -> ClientIndex {
    ClientIndex(client.index() as u16)
}

impl<N: Ground> Run<'_, N> {
    /// The Client hands a packet to the network.
    pub(super) fn send(&mut self, client: ClientName, packet: Packet) {
        let Some(id) = self.player(client).link else { return };
        self.packets += 1;
        self.statistics.sent[packet.packet_type() as usize] += 1;
        if let Some(transcript) = &mut self.transcript {
            transcript.packet(self.network.now(), client, id, Toward::Server, &packet);
        }
        self.record_sent(client, id, &packet);
        let cut = self.player(client).is_cut_at(Toward::Server, packet.packet_type());
        let packet = match &self.links[id.0 as usize].names {
            Some(names) => names.of_client(packet),
            None => packet,
        };
        // A packet of the Client always has an encoding: payloads and filters are short.
        if encode(&packet, self.workload.version, &mut self.scratch).is_ok() {
            let bytes = self.scratch.split().freeze();
            self.links[id.0 as usize].sent += bytes.len() as u64;
            if cut != Some(false) {
                self.network.send(id, bytes);
            }
        }
        if let Some(after) = cut {
            self.statistics.cuts += 1;
            let when = if after { "after" } else { "before" };
            self.note_of(client, id, format_args!("is cut {when} it"));
            // The Client sees it when the reset arrives.
            let _ = self.network.apply(Hardship::Reset(id));
        }
    }

    /// Bytes have arrived at the Client.
    pub(super) fn receive(&mut self, client: ClientName, id: LinkId, bytes: Bytes) {
        self.player(client).decoder.feed(bytes);
        while self.player(client).link == Some(id) {
            match self.player(client).decoder.next_packet() {
                None => return,
                Some(Err(error)) => return self.feed(client, Input::Malformed(error)),
                Some(Ok(packet)) => self.receive_packet(client, id, packet),
            }
        }
    }

    fn receive_packet(&mut self, client: ClientName, id: LinkId, packet: Packet) {
        let packet = match &self.links[id.0 as usize].names {
            Some(names) => names.of_server(packet),
            None => packet,
        };
        let cut = self.player(client).is_cut_at(Toward::Client, packet.packet_type());
        if let Some(after) = cut {
            self.statistics.cuts += 1;
            let when = if after { "after" } else { "before" };
            self.note_of(client, id, format_args!("is cut {when} {}", packet.packet_type()));
        }
        if cut != Some(false) {
            self.packets += 1;
            self.statistics.received[packet.packet_type() as usize] += 1;
            self.activity += u32::from(packet != Packet::Pingresp);
            if let Some(transcript) = &mut self.transcript {
                transcript.packet(self.network.now(), client, id, Toward::Client, &packet);
            }
            self.record_received(client, id, &packet);
            self.feed(client, Input::Received(packet));
        }
        if cut.is_some() {
            let _ = self.network.apply(Hardship::Reset(id));
            self.lose(client, id, Some(Ending::Reset));
        }
    }

    fn record_sent(&mut self, client: ClientName, id: LinkId, packet: &Packet) {
        let connection = connection(id);
        let what = match packet {
            Packet::Connect(connect) => {
                self.links[id.0 as usize].is_recorded = true;
                self.connect_of(client, connection, connect)
            }
            Packet::Publish(publish) => self.publish_of(client, connection, publish),
            Packet::Puback(ack) => {
                acknowledged(connection, ack.packet_id, Acknowledgement::Puback, ack.reason)
            }
            Packet::Pubrec(ack) => {
                acknowledged(connection, ack.packet_id, Acknowledgement::Pubrec, ack.reason)
            }
            Packet::Pubcomp(ack) => {
                acknowledged(connection, ack.packet_id, Acknowledgement::Pubcomp, ack.reason)
            }
            Packet::Subscribe(subscribe) => {
                let request = self.new_request();
                self.player(client).requests.push((subscribe.packet_id, request));
                let identifier = subscribe.properties.subscription_identifiers().next();
                let filters = subscribe.filters.iter().map(|(filter, options)| Filter {
                    filter: (&**filter).into(),
                    qos: options.qos,
                    no_local: options.no_local,
                    retain_as_published: options.retain_as_published,
                    retain_handling: options.retain_handling,
                    identifier,
                });
                What::Subscribe {
                    client: client_index(client),
                    connection,
                    request,
                    filters: filters.collect(),
                }
            }
            Packet::Unsubscribe(unsubscribe) => {
                let request = self.new_request();
                self.player(client).requests.push((unsubscribe.packet_id, request));
                let filters = unsubscribe.filters.iter().map(|filter| (&**filter).into()).collect();
                What::Unsubscribe { client: client_index(client), connection, request, filters }
            }
            Packet::Pingreq => {
                self.player(client).pings += 1;
                What::Ping { connection }
            }
            Packet::Disconnect(disconnect) => What::Disconnect {
                connection,
                reason: disconnect.reason,
                session_expiry: disconnect.properties.session_expiry_interval(),
            },
            Packet::Pubrel(_)
            | Packet::Connack(_)
            | Packet::Suback(_)
            | Packet::Unsuback(_)
            | Packet::Pingresp
            | Packet::Auth(_) => return,
        };
        self.push(what);
    }

    fn connect_of(&mut self, client: ClientName, connection: ConnectionIndex, connect: &Connect) -> What {
        let session_expiry = match connect.version {
            Version::V311 if connect.clean_start => 0,
            Version::V311 => NEVER_EXPIRES,
            Version::V500 => connect.properties.session_expiry_interval().unwrap_or(0),
        };
        let messages = self.messages;
        let topics = &mut self.history.topics;
        let will = connect.will.as_ref().and_then(|will| {
            Some(Will {
                message: payload::read(&will.payload, messages)?,
                topic: topics.index_of(&will.topic),
                qos: will.qos,
                retain: will.retain,
                delay: will.properties.will_delay_interval().unwrap_or(0),
                expiry: will.properties.message_expiry_interval(),
            })
        });
        let player = self.player(client);
        player.asked = Asked { session_expiry, keep_alive: connect.keep_alive };
        player.may_have_session |= session_expiry > 0;
        What::Connect {
            client: client_index(client),
            connection,
            clean_start: connect.clean_start,
            session_expiry,
            will,
            receive_maximum: connect.properties.receive_maximum().unwrap_or(u16::MAX),
            keep_alive: connect.keep_alive,
        }
    }

    fn publish_of(&mut self, client: ClientName, connection: ConnectionIndex, publish: &Publish) -> What {
        let empty = publish.payload.is_empty();
        let messages = self.messages;
        let player = self.player(client);
        let message = if !empty {
            payload::read(&publish.payload, messages)
        } else {
            let known = publish.packet_id.filter(|_| publish.dup);
            known.and_then(|id| player.acknowledged(id, false)).or_else(|| player.next_unsent(publish.qos))
        };
        // The Client sends what the workload has given to it, and nothing else.
        let message = message.unwrap_or(MessageId(u32::MAX));
        if let Some(id) = publish.packet_id {
            player.acknowledged(id, true);
            player.outgoing.push((id, message));
        }
        What::Publish {
            client: client_index(client),
            connection,
            message,
            topic: self.history.topics.index_of(&publish.topic),
            qos: publish.qos,
            retain: publish.retain,
            empty,
            expiry: publish.properties.message_expiry_interval(),
            dup: publish.dup,
        }
    }

    fn record_received(&mut self, client: ClientName, id: LinkId, packet: &Packet) {
        let connection = connection(id);
        let what = match packet {
            Packet::Connack(connack) => Some(self.connack_of(client, connection, connack)),
            Packet::Publish(publish) => Some(self.delivery_of(client, connection, publish)),
            Packet::Puback(ack) => self
                .player(client)
                .acknowledged(ack.packet_id, true)
                .map(|message| What::Accepted { connection, message, reason: ack.reason }),
            Packet::Pubrec(ack) => self
                .player(client)
                .acknowledged(ack.packet_id, ack.reason.is_failure())
                .map(|message| What::Accepted { connection, message, reason: ack.reason }),
            Packet::Pubcomp(ack) => self
                .player(client)
                .acknowledged(ack.packet_id, true)
                .map(|message| What::Completed { connection, message }),
            Packet::Suback(suback) => self
                .player(client)
                .answered(suback.packet_id)
                .map(|request| What::Subscribed { request, reasons: suback.reasons.clone() }),
            Packet::Unsuback(unsuback) => self
                .player(client)
                .answered(unsuback.packet_id)
                .map(|request| What::Unsubscribed { request, reasons: unsuback.reasons.clone() }),
            Packet::Pingresp => {
                // One that nobody asked for proves nothing.
                let player = self.player(client);
                (player.pings > 0).then(|| {
                    player.pings -= 1;
                    What::Pong { connection }
                })
            }
            Packet::Connect(_)
            | Packet::Pubrel(_)
            | Packet::Subscribe(_)
            | Packet::Unsubscribe(_)
            | Packet::Pingreq
            | Packet::Disconnect(_)
            | Packet::Auth(_) => None,
        };
        if let Some(what) = what {
            self.push(what);
        }
    }

    fn connack_of(&mut self, client: ClientName, connection: ConnectionIndex, connack: &Connack) -> What {
        if connack.reason != ReasonCode::SUCCESS {
            return What::Refused { connection, reason: connack.reason };
        }
        let announced = &connack.properties;
        self.history.server = Announced {
            maximum_qos: announced.maximum_qos().and_then(QoS::from_bits).unwrap_or(QoS::ExactlyOnce),
            retain_available: announced.retain_available() != Some(0),
            shared_subscription_available: announced.shared_subscription_available() != Some(0),
            subscription_identifiers_available: announced.subscription_identifier_available() != Some(0),
        };
        let asked = self.player(client).asked;
        What::Connected {
            connection,
            session_present: connack.session_present,
            session_expiry: announced.session_expiry_interval().unwrap_or(asked.session_expiry),
            keep_alive: announced.server_keep_alive().unwrap_or(asked.keep_alive),
        }
    }

    fn delivery_of(&mut self, client: ClientName, connection: ConnectionIndex, publish: &Publish) -> What {
        self.deliveries += 1;
        let message = payload::read(&publish.payload, self.messages);
        if let Some(message) = message {
            self.player(client).sentinels.retain(|awaited| *awaited != message);
        }
        What::Delivered {
            client: client_index(client),
            connection,
            message,
            empty: publish.payload.is_empty(),
            topic: self.topic_of(client, publish),
            qos: publish.qos,
            dup: publish.dup,
            retain: publish.retain,
            packet_identifier: publish.packet_id.unwrap_or(0),
            subscription_identifiers: publish.properties.subscription_identifiers().collect(),
            expiry: publish.properties.message_expiry_interval(),
        }
    }

    /// The Topic Name, which a Topic Alias may stand for (5.0 section 3.3.2.3.4).
    fn topic_of(&mut self, client: ClientName, publish: &Publish) -> TopicIndex {
        let Some(alias) = publish.properties.topic_alias() else {
            return self.history.topics.index_of(&publish.topic);
        };
        let known =
            self.player(client).aliases.iter().find(|(other, _)| *other == alias).map(|known| known.1);
        match known {
            Some(topic) if publish.topic.is_empty() => topic,
            Some(_) | None => {
                let topic = self.history.topics.index_of(&publish.topic);
                let aliases = &mut self.player(client).aliases;
                aliases.retain(|(other, _)| *other != alias);
                aliases.push((alias, topic));
                topic
            }
        }
    }
}

fn acknowledged(
    connection: ConnectionIndex,
    packet_identifier: u16,
    with: Acknowledgement,
    reason: ReasonCode,
) -> What {
    What::Acknowledged { connection, packet_identifier, with, reason }
}
