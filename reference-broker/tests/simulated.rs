//! The same Server with the same store in both simulated networks: the power goes, and what was acknowledged is there afterwards.

use bytes::BytesMut;
use disk::Disk;
use protocol::{
    Connect, Decoder, Limits, Packet, Properties, Property, Publish, QoS, Subscribe, SubscriptionOptions,
    Time, Version, encode,
};
use reference_broker::store::{Memory, Redb, Store};
use reference_broker::{Config, Durable, Server};
use simulator::{Event, Hardship, LinkId, Network, Shut, Simulation, SimulationConfig, Virtual};

const SERVER: &str = "server";

/// A Client on a Network Connection.
struct Client {
    link: LinkId,
    decoder: Decoder,
}

impl Client {
    fn connect(network: &mut dyn Network, name: &'static str) -> (Self, Vec<Packet>) {
        let link = network.connect(SERVER);
        let mut client = Client { link, decoder: Decoder::for_client(Version::V500, Limits::default()) };
        let properties = Properties::new().with(Property::SessionExpiryInterval(60));
        let connect = Connect { clean_start: false, properties, ..Connect::new(Version::V500, name) };
        let answer = client.say(network, &Packet::Connect(Box::new(connect)));
        (client, answer)
    }

    /// Sends a packet and takes in all that comes within a second.
    fn say(&mut self, network: &mut dyn Network, packet: &Packet) -> Vec<Packet> {
        let mut bytes = BytesMut::new();
        encode(packet, Version::V500, &mut bytes).expect("it can be encoded");
        network.send(self.link, bytes.freeze());
        let until = network.now() + Time::from_secs(1);
        let mut packets = Vec::new();
        while let Some((link, _, event)) = network.next_event(until) {
            if let (true, Event::Bytes(bytes)) = (link == self.link, event) {
                self.decoder.feed(bytes);
                while let Some(packet) = self.decoder.next_packet() {
                    packets.push(packet.expect("the Server sends packets"));
                }
            }
        }
        packets
    }
}

/// A message that waits for a Client is acknowledged; then the power goes. Returns what the Client finds `later`: whether there is its Session, and
/// what comes after CONNACK.
fn lose_power(network: &mut dyn Network, power_goes: impl Fn(), later: Time) -> (bool, Vec<Packet>) {
    let (mut subscriber, _) = Client::connect(network, "subscriber");
    let filters = vec![("t".into(), SubscriptionOptions::at(QoS::AtLeastOnce))];
    let suback = subscriber
        .say(network, &Packet::Subscribe(Subscribe { packet_id: 1, properties: Properties::new(), filters }));
    assert!(matches!(&suback[..], [Packet::Suback(_)]), "{suback:?}");
    network.shut(subscriber.link, Shut::Close);
    let (mut publisher, _) = Client::connect(network, "publisher");
    let publish = Publish { qos: QoS::AtLeastOnce, packet_id: Some(1), ..Publish::new("t", "kept") };
    let puback = publisher.say(network, &Packet::Publish(publish));
    assert!(matches!(&puback[..], [Packet::Puback(_)]), "{puback:?}");

    power_goes();
    network.apply(Hardship::PowerLoss(SERVER.to_owned())).expect("it can happen here");
    let until = network.now() + later;
    while network.next_event(until).is_some() {}
    network.apply(Hardship::RestartServer(SERVER.to_owned())).expect("it can happen here");
    let (_, mut seen) = Client::connect(network, "subscriber");
    let Packet::Connack(connack) = seen.remove(0) else { panic!("no CONNACK but {seen:?}") };
    (connack.session_present, seen)
}

fn server(store: impl Store) -> Durable<Server, impl Store> {
    Durable::open(Config::default(), 1, store).expect("the store is in order")
}

/// A Server on a disk that forgets what was not synced.
fn on_disk(disk: &Disk) -> impl Fn() -> Durable<Server, Redb> + use<> {
    let disk = disk.clone();
    move || {
        disk.restore_power();
        let store = Redb::open_on("on the simulated disk", disk.clone()).expect("the store is in order");
        Durable::open(Config::default(), 1, store).expect("the store is in order")
    }
}

fn assert_kept((present, seen): (bool, Vec<Packet>)) {
    assert!(present);
    let kept = seen.iter().any(|packet| matches!(packet, Packet::Publish(p) if &p.payload[..] == b"kept"));
    assert!(kept, "{seen:?}");
}

#[test]
fn in_virtual_time_a_power_loss_takes_nothing_that_was_acknowledged() {
    let disk = Disk::new(1);
    let mut network = Virtual::new(on_disk(&disk));

    let found = lose_power(&mut network, || disk.lose_power_at(disk.operations()), Time::from_secs(5));

    assert_kept(found);
}

#[test]
fn in_turmoil_a_power_loss_takes_nothing_that_was_acknowledged() {
    let disk = Disk::new(1);
    let mut network = Simulation::new(SimulationConfig::default());
    network.server(SERVER, on_disk(&disk));

    let found = lose_power(&mut network, || disk.lose_power_at(disk.operations()), Time::from_secs(5));

    assert_eq!(network.failure(), None);
    assert_kept(found);
}

#[test]
fn a_store_in_memory_keeps_as_much() {
    let store = Memory::new();
    let mut network = Virtual::new(move || server(store.clone()));

    let found = lose_power(&mut network, || {}, Time::from_secs(5));

    assert_kept(found);
}

#[test]
fn a_session_expires_while_the_machine_is_without_power() {
    let disk = Disk::new(1);
    let mut network = Virtual::new(on_disk(&disk));

    let (present, seen) =
        lose_power(&mut network, || disk.lose_power_at(disk.operations()), Time::from_secs(100));

    assert!(!present);
    assert!(seen.is_empty(), "{seen:?}");
}
