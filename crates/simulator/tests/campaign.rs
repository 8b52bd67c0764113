//! Whatever is done to a network, in whatever order: it neither fails nor hangs, it stays deterministic, and it keeps the promises of TCP.

mod echo;

use bytes::Bytes;
use echo::Echo;
use simulator::{Direction, Event, Hardship, LinkId, Network, Shut, Simulation, SimulationConfig, Virtual};
use std::collections::BTreeMap;
use std::time::Duration;

/// A plain linear congruential generator (Knuth's MMIX constants): good enough to choose what to do.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn direction(&mut self) -> Direction {
        Direction::BOTH[self.roll(2) as usize]
    }
}

/// What the network is to do next.
fn hardship(dice: &mut Dice, link: LinkId) -> Hardship {
    let server = || "server".to_owned();
    match dice.roll(16) {
        0 => Hardship::Hold(link),
        1 => Hardship::PartitionFrom(link),
        2 => Hardship::PartitionTo(link),
        3 | 4 => Hardship::Release(link),
        5 => Hardship::Latency(Duration::ZERO..Duration::from_millis(dice.roll(50))),
        6 => Hardship::Loss(dice.roll(5) as f64 / 10.0),
        7 => Hardship::CutAfterBytes { link, direction: dice.direction(), bytes: dice.roll(200) },
        8 => Hardship::Reset(link),
        9 => Hardship::HalfOpen(link),
        10 => Hardship::SplitReads(1 + dice.roll(20) as usize),
        11 => Hardship::MergeReads,
        12 => Hardship::SlowReader { link, bytes_per_second: dice.roll(3) * 1000 },
        13 => Hardship::CrashServer(server()),
        14 => Hardship::PowerLoss(server()),
        _ => Hardship::RestartServer(server()),
    }
}

/// Plays with the network and checks, link by link, that what comes back is the beginning of what was sent.
fn play(network: &mut dyn Network, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut links = vec![network.connect("server")];
    let mut sent: BTreeMap<LinkId, Vec<u8>> = BTreeMap::new();
    let mut received: BTreeMap<LinkId, Vec<u8>> = BTreeMap::new();
    let mut over: Vec<LinkId> = Vec::new();
    let mut trace = String::new();
    for round in 0..60u64 {
        let link = links[dice.roll(links.len() as u64) as usize];
        match dice.roll(10) {
            0 => links.push(network.connect("server")),
            1 | 2 => drop(network.apply(hardship(&mut dice, link))),
            3 if dice.roll(4) == 0 => {
                network.shut(link, [Shut::HalfClose, Shut::Close, Shut::Reset][dice.roll(3) as usize]);
            }
            _ => {
                // Upper case, so that it can be told from the words that the Service itself says.
                let length = 1 + dice.roll(300);
                let bytes: Vec<u8> = (0..length).map(|n| b'A' + ((round + n) % 26) as u8).collect();
                sent.entry(link).or_default().extend_from_slice(&bytes);
                network.send(link, Bytes::from(bytes));
            }
        }
        let until = network.now() + Duration::from_millis(dice.roll(400));
        while let Some((link, at, event)) = network.next_event(until) {
            assert!(at <= until && !over.contains(&link), "seed {seed}: {link} {event:?}");
            trace += &format!("{at:?} {link} {event:?}\n");
            match event {
                Event::Connected => {}
                Event::Bytes(bytes) => received.entry(link).or_default().extend_from_slice(&bytes),
                Event::ConnectFailed(_) | Event::EndOfStream | Event::Reset => over.push(link),
            }
        }
    }
    for (link, mut bytes) in received {
        bytes.retain(u8::is_ascii_uppercase);
        let sent = sent.get(&link).map(Vec::as_slice).unwrap_or_default();
        assert!(sent.starts_with(&bytes), "seed {seed}: {link} is no ordered, lossless stream");
    }
    assert_eq!(network.failure(), None, "seed {seed}");
    trace
}

fn simulated(seed: u64) -> String {
    let mut simulation = Simulation::new(SimulationConfig { seed, ..SimulationConfig::default() });
    simulation.server("server", Echo::default);
    play(&mut simulation, seed)
}

#[test]
fn a_simulated_network_survives_any_trouble() {
    for seed in 0..300 {
        assert_eq!(simulated(seed), simulated(seed), "seed {seed}");
    }
}

#[test]
fn a_network_in_virtual_time_survives_any_trouble() {
    for seed in 0..3000 {
        play(&mut Virtual::new(Echo::default), seed);
    }
}
