//! What durability costs: acknowledged messages per second with and without a store, by how many messages a stimulus brings.
//!
//! `cargo bench -p reference-broker --bench durable`. Sockets are not measured; the file is in the directory for temporary files, so the figures are
//! those of its disk.

use bytes::{Bytes, BytesMut};
use protocol::{
    Connect, Packet, Properties, Property, Publish, QoS, Subscribe, SubscriptionOptions, Time, Version,
    encode,
};
use reference_broker::store::{Memory, Redb};
use reference_broker::{Config, Durable, Server};
use std::time::{Duration, Instant};
use transport::{ConnectionId, Hosted, Output, Service, Stimulus};

const BUDGET: Duration = Duration::from_secs(2);

fn encoded(packets: &[Packet]) -> Bytes {
    let mut bytes = BytesMut::new();
    for packet in packets {
        encode(packet, Version::V500, &mut bytes).expect("packets of the benchmark have an encoding");
    }
    bytes.freeze()
}

fn hand_in(service: &mut impl Service, id: u64, bytes: Bytes) -> usize {
    service.handle(Time::ZERO, ConnectionId(id), Stimulus::Bytes(bytes));
    std::iter::from_fn(|| service.poll_output()).filter(|output| matches!(output, Output::Bytes(..))).count()
}

fn connect(service: &mut impl Service, id: u64, name: &'static str) {
    let properties = Properties::new().with(Property::SessionExpiryInterval(u32::MAX));
    let connect = Connect { properties, clean_start: false, ..Connect::new(Version::V500, name) };
    service.handle(Time::ZERO, ConnectionId(id), Stimulus::Opened);
    hand_in(service, id, encoded(&[Packet::Connect(Box::new(connect))]));
}

/// Messages of QoS 1 that a Session without Network Connection is to get, so that each has to be kept.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn measure(name: &str, service: &mut impl Service, batch: u16) {
    connect(service, 1, "subscriber");
    let filters = vec![("bench".into(), SubscriptionOptions::at(QoS::AtLeastOnce))];
    let subscribe = Subscribe { packet_id: 1, properties: Properties::new(), filters };
    hand_in(service, 1, encoded(&[Packet::Subscribe(subscribe)]));
    service.handle(Time::ZERO, ConnectionId(1), Stimulus::EndOfStream);
    connect(service, 2, "publisher");
    let publish = Publish { qos: QoS::AtLeastOnce, ..Publish::new("bench", &[b'x'; 64][..]) };
    let packets: Vec<Packet> =
        (1..=batch).map(|id| Packet::Publish(Publish { packet_id: Some(id), ..publish.clone() })).collect();
    let bytes = encoded(&packets);

    let (began, mut acknowledged) = (Instant::now(), 0);
    while began.elapsed() < BUDGET && acknowledged < 500_000 {
        acknowledged += hand_in(service, 2, bytes.clone());
    }
    let rate = acknowledged as f64 / began.elapsed().as_secs_f64();
    println!("{name:<10} {batch:>3} at a time  {rate:>10.0} messages/s");
}

fn config() -> Config {
    let mut config = Config::default();
    config.limits.queued_messages = 1_000_000;
    config.limits.queued_bytes = 1 << 30;
    config
}

fn main() {
    for batch in [1, 16, 64] {
        measure("no store", &mut Hosted::new(Server::new(config(), 1)), batch);
        measure("memory", &mut Durable::open(config(), 1, Memory::new()).expect("it is empty"), batch);
        let directory = tempfile::TempDir::new().expect("there is room for a directory");
        let store = Redb::open(&directory.path().join("bench.store")).expect("it is made");
        measure("redb", &mut Durable::open(config(), 1, store).expect("it is empty"), batch);
    }
}
