//! The Client and the reference Server in a bare virtual-time loop: every Network Connection is cut at every point.
//!
//! What is asked here is what the two together promise to applications: QoS 2 exactly once, QoS 1 at least once, in order.

use bytes::{Bytes, BytesMut};
use protocol::{Decoder, Limits, Properties, Property, QoS, SubscriptionOptions, Time, Version, encode};
use reference_broker::{Config, Server};
use reference_client::{
    Backoff, Client, ClientConfig, Closure, Command, ConnectOptions, Effect, Event, Input, Message, Token,
};
use std::collections::VecDeque;
use transport::{ConnectionId, Hosted, Output, Service, Stimulus};

const PUBLISHER: usize = 0;
const SUBSCRIBER: usize = 1;
const MESSAGES: u64 = 4;

/// What becomes of one delivery, counted over both Network Connections and both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    /// The number of the delivery.
    at: usize,
    /// Whether the packet still arrives.
    arrives: bool,
}

struct Network {
    id: ConnectionId,
    decoder: Decoder,
    to_server: VecDeque<Bytes>,
    to_client: VecDeque<Bytes>,
}

struct World {
    server: Hosted<Server>,
    clients: [Client; 2],
    networks: [Option<Network>; 2],
    version: Version,
    now: Time,
    connections: u64,
    deliveries: usize,
    cuts: Vec<Cut>,
    received: Vec<String>,
    published: Vec<Token>,
    closures: Vec<Closure>,
}

impl World {
    fn new(version: Version, config: Config, receive_maximum: Option<u16>, cuts: Vec<Cut>) -> Self {
        let client = |name: &'static str| {
            Client::new(ClientConfig {
                reconnect: Some(Backoff::default()),
                topic_aliases: 1,
                ..ClientConfig::new(version, name)
            })
        };
        let mut world = World {
            server: Hosted::new(Server::new(config, 0)),
            clients: [client("publisher"), client("subscriber")],
            networks: [None, None],
            version,
            now: Time::ZERO,
            connections: 0,
            deliveries: 0,
            cuts: Vec::new(),
            received: Vec::new(),
            published: Vec::new(),
            closures: Vec::new(),
        };
        for client in [SUBSCRIBER, PUBLISHER] {
            world.command(client, Command::Connect(Box::new(options(version, receive_maximum))));
        }
        let filters = vec![("t".into(), SubscriptionOptions::at(QoS::ExactlyOnce))];
        world.settle();
        world.command(
            SUBSCRIBER,
            Command::Subscribe { token: Token(0), filters, properties: Properties::new() },
        );
        world.settle();
        world.cuts = cuts;
        world.deliveries = 0;
        world
    }

    fn command(&mut self, client: usize, command: Command) {
        self.clients[client].handle(self.now, Input::Command(command));
        self.perform(client);
    }

    /// Publishes all messages at once, and lets the world run until nothing is left to do.
    fn publish(&mut self, qos: QoS) {
        for number in 1..=MESSAGES {
            let message = Message::new("t", number.to_string(), qos);
            self.command(PUBLISHER, Command::Publish { token: Token(number), message });
        }
        self.settle();
    }

    /// Delivers what is on its way; lets time pass only where a Client waits to come back.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.deliver() {
                continue;
            }
            let waiting = self.clients.iter().filter(|client| !client.is_connected());
            let Some(next) = waiting.filter_map(Client::next_deadline).min() else { return };
            self.now = self.now.max(next);
            for client in [PUBLISHER, SUBSCRIBER] {
                self.clients[client].handle_deadline(self.now);
                self.perform(client);
            }
        }
        panic!("the world does not come to rest: {:?}", self.closures);
    }

    /// Delivers one packet, in an order in which both directions of both Network Connections take turns.
    fn deliver(&mut self) -> bool {
        for turn in 0..4 {
            let which = (self.deliveries + turn) % 4;
            let client = which / 2;
            let Some(network) = &mut self.networks[client] else { continue };
            let upwards = which.is_multiple_of(2);
            let bytes = if upwards { network.to_server.pop_front() } else { network.to_client.pop_front() };
            let Some(bytes) = bytes else { continue };
            let cut = self.cuts.iter().find(|cut| cut.at == self.deliveries).copied();
            self.deliveries += 1;
            if cut.is_none_or(|cut| cut.arrives) {
                if upwards {
                    self.arrive_at_server(client, bytes)
                } else {
                    self.arrive_at_client(client, bytes)
                }
            }
            if cut.is_some() {
                self.cut(client);
            }
            return true;
        }
        false
    }

    fn arrive_at_server(&mut self, client: usize, bytes: Bytes) {
        let Some(network) = &self.networks[client] else { return };
        self.server.handle(self.now, network.id, Stimulus::Bytes(bytes));
        self.outputs();
    }

    fn arrive_at_client(&mut self, client: usize, bytes: Bytes) {
        let Some(network) = &mut self.networks[client] else { return };
        network.decoder.feed(bytes);
        let Some(network) = &mut self.networks[client] else { return };
        let packet = network
            .decoder
            .next_packet()
            .expect("one packet at a time")
            .expect("the Server's packets are well-formed");
        self.clients[client].handle(self.now, Input::Received(packet));
        self.perform(client);
    }

    fn cut(&mut self, client: usize) {
        let Some(network) = self.networks[client].take() else { return };
        self.server.handle(self.now, network.id, Stimulus::Reset);
        self.outputs();
        self.clients[client].handle(self.now, Input::TransportEnded);
        self.perform(client);
    }

    fn outputs(&mut self) {
        while let Some(output) = self.server.poll_output() {
            match output {
                Output::Bytes(id, bytes) => {
                    for network in self.networks.iter_mut().flatten().filter(|network| network.id == id) {
                        network.to_client.push_back(bytes.clone());
                    }
                }
                Output::Close(id) => {
                    let of =
                        self.networks.iter().position(|network| network.as_ref().is_some_and(|n| n.id == id));
                    assert!(of.is_none(), "the Server closes the Network Connection of client {of:?}");
                }
            }
        }
    }

    fn perform(&mut self, client: usize) {
        while let Some(effect) = self.clients[client].poll_effect() {
            match effect {
                Effect::OpenTransport => {
                    self.connections += 1;
                    let id = ConnectionId(self.connections);
                    let decoder = Decoder::for_client(self.version, Limits::default());
                    let (to_server, to_client) = (VecDeque::new(), VecDeque::new());
                    self.networks[client] = Some(Network { id, decoder, to_server, to_client });
                    self.server.handle(self.now, id, Stimulus::Opened);
                    self.clients[client].handle(self.now, Input::TransportOpened);
                }
                Effect::Send(packet) => {
                    let mut bytes = BytesMut::new();
                    encode(&packet, self.version, &mut bytes).expect("the packet has an encoding");
                    let network =
                        self.networks[client].as_mut().expect("a packet needs a Network Connection");
                    network.to_server.push_back(bytes.freeze());
                }
                Effect::CloseTransport => {
                    panic!("client {client} closes: {:?}", self.clients[client].poll_effect())
                }
                Effect::Event(event) => match event {
                    Event::Message(publish) => {
                        self.received.push(String::from_utf8_lossy(&publish.payload).into_owned());
                    }
                    Event::Published { token, .. } => self.published.push(token),
                    Event::Closed { why, .. } => self.closures.push(why),
                    Event::Connected(_) | Event::Subscribed { .. } => {}
                    other => panic!("client {client}: {other:?}"),
                },
            }
        }
    }

    /// What came, each message at the place where it came first.
    fn first_copies(&self) -> Vec<String> {
        let mut first: Vec<String> = Vec::new();
        for message in &self.received {
            if !first.contains(message) {
                first.push(message.clone());
            }
        }
        first
    }
}

/// A Session that outlives its Network Connections, and no Keep Alive.
fn options(version: Version, receive_maximum: Option<u16>) -> ConnectOptions {
    let options = ConnectOptions { keep_alive: 0, ..ConnectOptions::default() };
    match version {
        Version::V311 => ConnectOptions { clean_start: false, ..options },
        Version::V500 => {
            let mut properties = Properties::new().with(Property::SessionExpiryInterval(u32::MAX));
            properties.push(Property::TopicAliasMaximum(1));
            properties.0.extend(receive_maximum.map(Property::ReceiveMaximum));
            ConnectOptions { properties, ..options }
        }
    }
}

fn expected() -> Vec<String> {
    (1..=MESSAGES).map(|number| number.to_string()).collect()
}

/// Both ways to cut at each delivery of an undisturbed run.
fn cuts(version: Version, config: &Config, receive_maximum: Option<u16>, qos: QoS) -> Vec<Cut> {
    let mut undisturbed = World::new(version, config.clone(), receive_maximum, Vec::new());
    undisturbed.publish(qos);
    assert_eq!(undisturbed.received, expected(), "each message once and in order");
    (0..undisturbed.deliveries).flat_map(|at| [true, false].map(|arrives| Cut { at, arrives })).collect()
}

/// Runs with these cuts, and checks what the QoS promises.
fn check(version: Version, config: &Config, receive_maximum: Option<u16>, qos: QoS, cuts: Vec<Cut>) {
    let case = format!("{version}, QoS {qos}, {cuts:?}");
    let number = cuts.len();
    let mut world = World::new(version, config.clone(), receive_maximum, cuts);

    world.publish(qos);

    match qos {
        QoS::AtMostOnce => {
            assert!(world.received.is_sorted() && world.received == world.first_copies(), "{case}")
        }
        QoS::AtLeastOnce => assert_eq!(world.first_copies(), expected(), "{case}"),
        QoS::ExactlyOnce => assert_eq!(world.received, expected(), "{case}"),
    }
    if qos != QoS::AtMostOnce {
        let mut published = world.published.clone();
        published.sort_unstable();
        assert_eq!(published, (1..=MESSAGES).map(Token).collect::<Vec<_>>(), "{case}");
        assert_eq!(world.clients[PUBLISHER].unacknowledged(), 0, "{case}");
    }
    assert!(
        world.closures.len() <= number && world.closures.iter().all(|why| *why == Closure::NetworkEnded),
        "{case}"
    );
}

#[test]
fn a_cut_at_any_point_breaks_no_promise() {
    for version in Version::ALL {
        for qos in QoS::ALL {
            for cut in cuts(version, &Config::default(), None, qos) {
                check(version, &Config::default(), None, qos, vec![cut]);
            }
        }
    }
}

#[test]
fn two_cuts_at_any_two_points_break_no_promise() {
    for version in Version::ALL {
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let first = cuts(version, &Config::default(), None, qos);
            for one in &first {
                // After the first cut there is more to deliver than before.
                for at in one.at + 1..first.len() / 2 + 12 {
                    check(
                        version,
                        &Config::default(),
                        None,
                        qos,
                        vec![*one, Cut { at, arrives: at.is_multiple_of(2) }],
                    );
                }
            }
        }
    }
}

#[test]
fn a_cut_at_any_point_breaks_no_promise_where_only_one_message_may_be_in_flight() {
    let config = Config { receive_maximum: 1, ..Config::default() };
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        for cut in cuts(Version::V500, &config, Some(1), qos) {
            check(Version::V500, &config, Some(1), qos, vec![cut]);
        }
    }
}
