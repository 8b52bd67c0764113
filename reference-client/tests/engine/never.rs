//! What a Client never does, whatever the Server, the network and the application do.

use crate::script::connack;
use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use protocol::{
    Acknowledgement, Decoder, Disconnect, Limits, Packet, Properties, Property, Publish, QoS, ReasonCode,
    Suback, SubscriptionOptions, Version, encode, encoded_len,
};
use reference_client::{
    Backoff, Client, ClientConfig, Command, ConnectOptions, Effect, Event, Input, Message, Token,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const RECEIVE_MAXIMUM: u16 = 3;
const MAXIMUM_PACKET_SIZE: u32 = 40;

#[derive(Debug, Clone)]
enum Step {
    Connect {
        clean_start: bool,
    },
    Opened,
    Accept {
        session_present: bool,
    },
    Receive(Packet),
    /// A matching answer to what the Client sent last, so that exchanges come to their end.
    Answer,
    End,
    Pass(u64),
    Publish {
        qos: QoS,
        length: usize,
    },
    Subscribe,
    Unsubscribe,
    Acknowledge(u16),
    Disconnect,
}

fn qos() -> impl Strategy<Value = QoS> {
    prop_oneof![Just(QoS::AtMostOnce), Just(QoS::AtLeastOnce), Just(QoS::ExactlyOnce)]
}

fn packet() -> impl Strategy<Value = Packet> {
    let id = 1u16..6; // the decoder lets no 0 through
    let answer = (id.clone(), any::<bool>()).prop_map(|(id, refused)| {
        Acknowledgement::with_reason(
            id,
            if refused { ReasonCode::QUOTA_EXCEEDED } else { ReasonCode::SUCCESS },
        )
    });
    prop_oneof![
        (qos(), id.clone(), any::<bool>()).prop_map(|(qos, id, dup)| {
            let packet_id = (qos != QoS::AtMostOnce).then_some(id);
            Packet::Publish(Publish { qos, dup, packet_id, ..Publish::new("t", "m") })
        }),
        answer.clone().prop_map(Packet::Puback),
        answer.clone().prop_map(Packet::Pubrec),
        answer.clone().prop_map(Packet::Pubrel),
        answer.prop_map(Packet::Pubcomp),
        (id, vec(Just(ReasonCode::SUCCESS), 0..3)).prop_map(|(packet_id, reasons)| {
            Packet::Suback(Suback { packet_id, properties: Properties::new(), reasons })
        }),
        Just(Packet::Pingresp),
        Just(Packet::Pingreq),
        Just(Packet::Disconnect(Disconnect::new(ReasonCode::SERVER_BUSY))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => any::<bool>().prop_map(|clean_start| Step::Connect { clean_start }),
        4 => Just(Step::Opened),
        4 => any::<bool>().prop_map(|session_present| Step::Accept { session_present }),
        4 => packet().prop_map(Step::Receive),
        12 => Just(Step::Answer),
        1 => Just(Step::End),
        1 => (0u64..100).prop_map(Step::Pass),
        12 => (qos(), 0usize..40).prop_map(|(qos, length)| Step::Publish { qos, length }),
        1 => Just(Step::Subscribe),
        1 => Just(Step::Unsubscribe),
        2 => (0u16..6).prop_map(Step::Acknowledge),
        1 => Just(Step::Disconnect),
    ]
}

/// What a Server can see of the Client on the wire, and what it has to hold against it.
struct Observer {
    version: Version,
    decoder: Decoder,
    open: bool,
    first: bool,
    /// Identifiers of SUBSCRIBE and UNSUBSCRIBE packets without an answer on this Network Connection.
    requested: BTreeSet<u16>,
    /// PUBLISH packets on this Network Connection that are not acknowledged.
    unacknowledged: BTreeSet<u16>,
    /// Identifiers of PUBLISH packets, from the first sending to the end of the exchange.
    published: BTreeMap<u16, QoS>,
    /// Identifiers of PUBRELs.
    released: BTreeSet<u16>,
    last: Option<Packet>,
    ended: BTreeSet<Token>,
}

impl Observer {
    fn new(version: Version) -> Self {
        Observer {
            version,
            decoder: Decoder::for_server(Limits::default()),
            open: false,
            first: true,
            requested: BTreeSet::new(),
            published: BTreeMap::new(),
            unacknowledged: BTreeSet::new(),
            released: BTreeSet::new(),
            last: None,
            ended: BTreeSet::new(),
        }
    }

    fn opened(&mut self) {
        self.decoder = Decoder::for_server(Limits::default());
        self.open = true;
        self.first = true;
        self.unacknowledged.clear();
        self.requested.clear();
    }

    fn sent(&mut self, packet: Packet) {
        assert!(self.open, "{packet:?} without a Network Connection");
        assert_eq!(
            self.first,
            matches!(packet, Packet::Connect(_)),
            "CONNECT is the first packet and no other"
        );
        let mut bytes = BytesMut::new();
        encode(&packet, self.version, &mut bytes).expect("the packet has an encoding");
        self.decoder.feed(bytes.freeze());
        let decoded =
            self.decoder.next_packet().expect("the packet is whole").expect("the packet is well-formed");
        assert_eq!(decoded, packet);
        if self.version == Version::V500 && !self.first {
            assert!(encoded_len(&packet, self.version) <= MAXIMUM_PACKET_SIZE as usize, "{packet:?}");
        }
        self.first = false;
        match &packet {
            Packet::Connect(connect) if connect.clean_start => {
                self.published.clear();
                self.released.clear();
            }
            Packet::Publish(publish) => self.publish(publish),
            Packet::Subscribe(_) | Packet::Unsubscribe(_) => {
                let id = packet.packet_id().expect("it has an identifier");
                assert!(!self.published.contains_key(&id) && self.requested.insert(id), "{id} is in use");
            }
            // A PUBREL that answers a PUBREC for nothing belongs to no exchange.
            Packet::Pubrel(pubrel) if self.published.contains_key(&pubrel.packet_id) => {
                self.released.insert(pubrel.packet_id);
            }
            Packet::Disconnect(_) => self.open = false,
            _ => {}
        }
        self.last = Some(packet);
    }

    fn publish(&mut self, publish: &Publish) {
        let Some(id) = publish.packet_id else {
            assert!(!publish.dup, "DUP at QoS 0");
            return;
        };
        assert!(!self.released.contains(&id), "PUBLISH {id} after its PUBREL");
        assert!(!self.requested.contains(&id), "{id} is in use");
        assert_eq!(
            publish.dup,
            self.published.insert(id, publish.qos).is_some(),
            "{id}: new and in use, or repeated and unknown"
        );
        assert!(self.unacknowledged.insert(id), "{id} is repeated on one Network Connection");
        if self.version == Version::V500 {
            assert!(self.unacknowledged.len() <= usize::from(RECEIVE_MAXIMUM), "more than Receive Maximum");
        }
    }

    /// What the Server sends ends exchanges.
    fn received(&mut self, packet: &Packet) {
        match packet {
            // Answers of the wrong kind end nothing but the Network Connection.
            Packet::Puback(answer) if self.awaits(answer.packet_id, QoS::AtLeastOnce) => {
                self.end(answer.packet_id)
            }
            Packet::Pubcomp(answer) if self.released.contains(&answer.packet_id) => {
                self.end(answer.packet_id)
            }
            Packet::Pubrec(answer)
                if answer.reason.is_failure() && self.awaits(answer.packet_id, QoS::ExactlyOnce) =>
            {
                self.end(answer.packet_id);
            }
            Packet::Suback(answer) => drop(self.requested.remove(&answer.packet_id)),
            Packet::Unsuback(answer) => drop(self.requested.remove(&answer.packet_id)),
            _ => {}
        }
    }

    fn awaits(&self, id: u16, qos: QoS) -> bool {
        self.published.get(&id) == Some(&qos) && !self.released.contains(&id)
    }

    fn end(&mut self, id: u16) {
        self.unacknowledged.remove(&id);
        self.released.remove(&id);
        self.published.remove(&id);
    }

    fn answer(&self) -> Option<Packet> {
        match self.last.as_ref()? {
            Packet::Publish(publish) => match publish.qos {
                QoS::AtMostOnce => None,
                QoS::AtLeastOnce => Some(Packet::Puback(Acknowledgement::new(publish.packet_id?))),
                QoS::ExactlyOnce => Some(Packet::Pubrec(Acknowledgement::new(publish.packet_id?))),
            },
            Packet::Pubrel(pubrel) => Some(Packet::Pubcomp(Acknowledgement::new(pubrel.packet_id))),
            Packet::Pubrec(pubrec) => Some(Packet::Pubrel(Acknowledgement::new(pubrec.packet_id))),
            Packet::Subscribe(subscribe) => Some(Packet::Suback(Suback {
                packet_id: subscribe.packet_id,
                properties: Properties::new(),
                reasons: vec![ReasonCode::SUCCESS],
            })),
            Packet::Pingreq => Some(Packet::Pingresp),
            _ => None,
        }
    }

    fn event(&mut self, event: &Event) {
        let token = match event {
            Event::Published { token, .. }
            | Event::Subscribed { token, .. }
            | Event::Unsubscribed { token, .. }
            | Event::Lost { token }
            | Event::CommandRefused { token: Some(token), .. } => *token,
            Event::Connected(connack) if !connack.session_present => {
                // In 5.0 nothing of the Session is left, in 3.1.1 the Client goes on with its part.
                if self.version == Version::V500 {
                    self.published.clear();
                    self.released.clear();
                }
                return;
            }
            _ => return,
        };
        assert!(self.ended.insert(token), "{token:?} ends twice");
    }
}

fn run(version: Version, manual: bool, steps: Vec<Step>) {
    let mut client = Client::new(ClientConfig {
        reconnect: Some(Backoff::default()),
        topic_aliases: 2,
        manual_acknowledgement: manual,
        ..ClientConfig::new(version, "c")
    });
    let mut observer = Observer::new(version);
    let mut now = Duration::ZERO;
    for (number, step) in steps.into_iter().enumerate() {
        let token = Token(number as u64);
        let connected = client.is_connected();
        let input = match step {
            Step::Connect { clean_start } => {
                let properties = match version {
                    Version::V311 => Properties::new(),
                    Version::V500 => Properties::new().with(Property::SessionExpiryInterval(50)),
                };
                let options = ConnectOptions { clean_start, properties, ..ConnectOptions::default() };
                Input::Command(Command::Connect(Box::new(options)))
            }
            Step::Opened => {
                if !observer.open {
                    observer.opened();
                }
                Input::TransportOpened
            }
            Step::Accept { session_present } => {
                let announced = match version {
                    Version::V311 => Properties::new(),
                    Version::V500 => Properties::new()
                        .with(Property::ReceiveMaximum(RECEIVE_MAXIMUM))
                        .with(Property::TopicAliasMaximum(1))
                        .with(Property::MaximumPacketSize(MAXIMUM_PACKET_SIZE)),
                };
                Input::Received(connack(session_present, announced))
            }
            Step::Receive(packet) => Input::Received(packet),
            Step::Answer => match observer.answer() {
                Some(packet) => Input::Received(packet),
                None => continue,
            },
            Step::End => Input::TransportEnded,
            Step::Pass(seconds) => {
                now += Duration::from_secs(seconds);
                // One thing may become due by another, but not for ever.
                for _ in 0..10 {
                    client.handle_deadline(now);
                    drain(&mut client, &mut observer);
                }
                assert!(
                    client.next_deadline().is_none_or(|deadline| deadline > now),
                    "a deadline that never passes"
                );
                continue;
            }
            Step::Publish { qos, length } => Input::Command(Command::Publish {
                token,
                message: Message::new("t", "m".repeat(length), qos),
            }),
            Step::Subscribe => Input::Command(Command::Subscribe {
                token,
                filters: vec![("a".into(), SubscriptionOptions::default())],
                properties: Properties::new(),
            }),
            Step::Unsubscribe => {
                let filters = vec!["a".into()];
                Input::Command(Command::Unsubscribe { token, filters, properties: Properties::new() })
            }
            Step::Acknowledge(packet_id) => {
                Input::Command(Command::Acknowledge { packet_id, reason: ReasonCode::SUCCESS })
            }
            Step::Disconnect => Input::Command(Command::Disconnect(Disconnect::new(ReasonCode::SUCCESS))),
        };
        if let (true, Input::Received(packet)) = (connected, &input) {
            observer.received(packet);
        }
        client.handle(now, input);
        drain(&mut client, &mut observer);
    }
}

fn drain(client: &mut Client, observer: &mut Observer) {
    while let Some(effect) = client.poll_effect() {
        match effect {
            Effect::OpenTransport => observer.open = false,
            Effect::Send(packet) => observer.sent(packet),
            Effect::CloseTransport => observer.open = false,
            Effect::Event(event) => {
                if let Event::Closed { .. } = event {
                    observer.open = false;
                    observer.last = None;
                }
                observer.event(&event);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_sequence_of_inputs_makes_the_client_panic_or_break_a_rule(
        new in any::<bool>(),
        manual in any::<bool>(),
        steps in vec(step(), 0..120),
    ) {
        let version = if new { Version::V500 } else { Version::V311 };
        let beginning = vec![Step::Connect { clean_start: true }, Step::Opened, Step::Accept { session_present: false }];
        run(version, manual, beginning.into_iter().chain(steps).collect());
    }
}
