//! How fast the engine is: whole scenarios per second in virtual time, and messages per second from packet to packet.
//!
//! `cargo bench -p reference-broker`. Sockets are not measured here.

use protocol::{
    Acknowledgement, Connect, Packet, Publish, QoS, Subscribe, SubscriptionOptions, Time, Version,
};
use reference_broker::{Config, Server};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use transport::{ConnectionId, Effect, Engine, Input};

fn receive(server: &mut Server, connection: u64, packet: Packet) {
    server.handle(Time::ZERO, ConnectionId(connection), Input::Received(packet));
}

fn connect(server: &mut Server, connection: u64, name: &'static str) {
    server.handle(Time::ZERO, ConnectionId(connection), Input::Opened);
    receive(server, connection, Packet::Connect(Box::new(Connect::new(Version::V500, name))));
}

fn subscribe(server: &mut Server, connection: u64, filter: &'static str, qos: QoS) {
    let filters = vec![(filter.into(), SubscriptionOptions::at(qos))];
    let properties = protocol::Properties::new();
    receive(server, connection, Packet::Subscribe(Subscribe { packet_id: 1, properties, filters }));
}

/// Plays the Clients' half of all handshakes, until nothing is left to do.
fn settle(server: &mut Server) -> usize {
    let mut effects = 0;
    while let Some(effect) = server.poll_effect() {
        effects += 1;
        let Effect::Send { connection, packet, .. } = effect else { continue };
        let answer = match (&packet, packet.packet_id()) {
            (Packet::Publish(p), Some(id)) if p.qos == QoS::AtLeastOnce => {
                Packet::Puback(Acknowledgement::new(id))
            }
            (Packet::Publish(_), Some(id)) => Packet::Pubrec(Acknowledgement::new(id)),
            (Packet::Pubrec(_), Some(id)) => Packet::Pubrel(Acknowledgement::new(id)),
            (Packet::Pubrel(_), Some(id)) => Packet::Pubcomp(Acknowledgement::new(id)),
            _ => continue,
        };
        receive(server, connection.0, answer);
    }
    effects
}

fn publish(server: &mut Server, connection: u64, qos: QoS, packet_id: u16) {
    let packet_id = (qos > QoS::AtMostOnce).then_some(packet_id);
    let publish = Publish { qos, packet_id, ..Publish::new("sport/tennis/score", &b"fifteen love"[..]) };
    receive(server, connection, Packet::Publish(publish));
}

fn scenario(config: &Arc<Config>) -> usize {
    let mut server = Server::new(Arc::clone(config), 1);
    connect(&mut server, 1, "publisher");
    connect(&mut server, 2, "subscriber");
    subscribe(&mut server, 2, "sport/+/score", QoS::ExactlyOnce);
    (1..=3).for_each(|id| publish(&mut server, 1, QoS::ExactlyOnce, id));
    settle(&mut server)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn measure(name: &str, rounds: u32, mut work: impl FnMut()) {
    (0..rounds / 10).for_each(|_| work());
    let start = Instant::now();
    (0..rounds).for_each(|_| work());
    let each = start.elapsed().as_secs_f64() / f64::from(rounds);
    println!("{name:<48} {:>10.0} /s {:>10.2} µs", 1.0 / each, each * 1e6);
}

fn main() {
    let config = Arc::new(Config::default());
    measure("scenario: two Clients, three QoS 2 messages", 100_000, || {
        black_box(scenario(&config));
    });
    for qos in QoS::ALL {
        let mut server = Server::new(Arc::clone(&config), 1);
        connect(&mut server, 1, "publisher");
        connect(&mut server, 2, "subscriber");
        subscribe(&mut server, 2, "sport/+/score", QoS::ExactlyOnce);
        measure(&format!("message at QoS {qos}, both handshakes"), 300_000, || {
            publish(&mut server, 1, qos, 1);
            black_box(settle(&mut server));
        });
    }
}
