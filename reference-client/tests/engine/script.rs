//! A Client with a script in the place of the Server. What the Client sends goes through the encoder and the strict decoder of a Server.

use bytes::BytesMut;
use protocol::{
    Acknowledgement, Connack, Connect, Decoder, Disconnect, Limits, Packet, Properties, Property, Publish,
    QoS, ReasonCode, Version, encode,
};
use reference_client::{
    Client, ClientConfig, Closure, Command, ConnectOptions, Effect, Event, Input, Message, Token,
};
use std::time::Duration;

/// A Client, its clock and its Server.
pub struct Script {
    pub client: Client,
    pub now: Duration,
    version: Version,
    decoder: Decoder,
}

/// What came of one input.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub sent: Vec<Packet>,
    pub events: Vec<Event>,
    pub opened: bool,
    pub closed: bool,
}

impl Outcome {
    /// The only packet that was sent.
    #[track_caller]
    pub fn packet(&self) -> &Packet {
        assert_eq!(self.sent.len(), 1, "{self:?}");
        &self.sent[0]
    }

    /// Why the Network Connection was closed.
    pub fn closure(&self) -> Option<&Closure> {
        self.events.iter().find_map(|event| match event {
            Event::Closed { why, .. } => Some(why),
            _ => None,
        })
    }

    /// The Reason Code of the DISCONNECT that was the last packet.
    pub fn disconnect(&self) -> Option<ReasonCode> {
        match self.sent.last() {
            Some(Packet::Disconnect(disconnect)) => Some(disconnect.reason),
            _ => None,
        }
    }

    /// The PUBLISH packets that were sent, as (Packet Identifier, DUP).
    pub fn publishes(&self) -> Vec<(u16, bool)> {
        self.sent
            .iter()
            .filter_map(|packet| match packet {
                Packet::Publish(publish) => Some((publish.packet_id.unwrap_or(0), publish.dup)),
                _ => None,
            })
            .collect()
    }
}

impl Script {
    pub fn with(config: ClientConfig) -> Self {
        let version = config.version;
        Script {
            client: Client::new(config),
            now: Duration::ZERO,
            version,
            decoder: Decoder::for_server(Limits::default()),
        }
    }

    pub fn new(version: Version) -> Self {
        Script::with(ClientConfig::new(version, "c"))
    }

    /// A Client of this version that is connected, with a Session that lasts.
    pub fn connected(version: Version) -> Self {
        Script::connected_with(ClientConfig::new(version, "c"), Properties::new())
    }

    /// The same, where the Server announces this.
    pub fn connected_with(config: ClientConfig, announced: Properties) -> Self {
        let mut script = Script::with(config);
        let options = lasting(script.version);
        script.connect(options, connack(false, announced));
        script
    }

    pub fn input(&mut self, input: Input) -> Outcome {
        self.client.handle(self.now, input);
        self.outcome()
    }

    pub fn command(&mut self, command: Command) -> Outcome {
        self.input(Input::Command(command))
    }

    pub fn receive(&mut self, packet: Packet) -> Outcome {
        self.input(Input::Received(packet))
    }

    /// Lets time pass, and the Client do what becomes due, each thing at its time.
    pub fn pass(&mut self, time: Duration) -> Outcome {
        let end = self.now + time;
        let mut outcome = Outcome::default();
        while let Some(deadline) = self.client.next_deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline.max(self.now);
            self.client.handle_deadline(self.now);
            let next = self.outcome();
            outcome.sent.extend(next.sent);
            outcome.events.extend(next.events);
            outcome.opened |= next.opened;
            outcome.closed |= next.closed;
        }
        self.now = end;
        outcome
    }

    /// Sends CONNECT.
    pub fn open(&mut self, options: ConnectOptions) -> Connect {
        let outcome = self.command(Command::Connect(Box::new(options)));
        assert!(outcome.opened, "{outcome:?}");
        self.opened()
    }

    /// The Network Connection is open. Returns the CONNECT.
    pub fn opened(&mut self) -> Connect {
        self.decoder = Decoder::for_server(Limits::default());
        match self.input(Input::TransportOpened).sent.first() {
            Some(Packet::Connect(connect)) => (**connect).clone(),
            other => panic!("no CONNECT but {other:?}"),
        }
    }

    /// Connects, and lets the Server answer this.
    pub fn connect(&mut self, options: ConnectOptions, answer: Packet) -> Outcome {
        self.open(options);
        self.receive(answer)
    }

    /// Loses the Network Connection and connects again with the same Session.
    pub fn resume(&mut self, announced: Properties) -> Outcome {
        self.input(Input::TransportEnded);
        self.connect(ConnectOptions { clean_start: false, ..lasting(self.version) }, connack(true, announced))
    }

    pub fn publish(&mut self, token: u64, qos: QoS) -> Outcome {
        self.command(Command::Publish { token: Token(token), message: Message::new("t", "m", qos) })
    }

    fn outcome(&mut self) -> Outcome {
        let mut outcome = Outcome::default();
        while let Some(effect) = self.client.poll_effect() {
            match effect {
                Effect::OpenTransport => outcome.opened = true,
                Effect::Send(packet) => {
                    assert!(!outcome.closed, "{packet:?} is sent after the close");
                    self.check(&packet);
                    outcome.sent.push(packet);
                }
                Effect::CloseTransport => outcome.closed = true,
                Effect::Event(event) => outcome.events.push(event),
            }
        }
        outcome
    }

    /// A Server would take the packet in.
    fn check(&mut self, packet: &Packet) {
        let mut bytes = BytesMut::new();
        encode(packet, self.version, &mut bytes).expect("the packet has an encoding");
        self.decoder.feed(bytes.freeze());
        let decoded =
            self.decoder.next_packet().expect("the packet is whole").expect("the packet is well-formed");
        assert_eq!(decoded, *packet);
    }
}

/// A CONNECT whose Session outlives its Network Connection.
pub fn lasting(version: Version) -> ConnectOptions {
    match version {
        Version::V311 => ConnectOptions { clean_start: false, ..ConnectOptions::default() },
        Version::V500 => ConnectOptions {
            properties: Properties::new().with(Property::SessionExpiryInterval(100)),
            ..ConnectOptions::default()
        },
    }
}

pub fn connack(session_present: bool, properties: Properties) -> Packet {
    Packet::Connack(Connack { session_present, reason: ReasonCode::SUCCESS, properties })
}

pub fn publish(qos: QoS, packet_id: u16) -> Packet {
    let packet_id = (qos != QoS::AtMostOnce).then_some(packet_id);
    Packet::Publish(Publish { qos, packet_id, ..Publish::new("t", "m") })
}

pub fn acknowledgement(packet_id: u16) -> Acknowledgement {
    Acknowledgement::new(packet_id)
}

pub fn refusal(packet_id: u16) -> Acknowledgement {
    Acknowledgement::with_reason(packet_id, ReasonCode::NOT_AUTHORIZED)
}

pub fn disconnect() -> Command {
    Command::Disconnect(Disconnect::new(ReasonCode::SUCCESS))
}
