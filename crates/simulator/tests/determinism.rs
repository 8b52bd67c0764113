//! Same seed, same events, byte for byte: within a process, and against what another process has seen before.

mod echo;

use echo::{Echo, say};
use simulator::{Direction, Hardship, LinkId, Network, Shut, Simulation, SimulationConfig, Virtual};
use std::fmt::Write;
use std::time::Duration;

/// A scenario with a bit of everything, as text.
fn trace(network: &mut dyn Network) -> String {
    let links: Vec<LinkId> = (0..3).map(|_| network.connect("server")).collect();
    let mut trace = String::new();
    let mut run = |network: &mut dyn Network, seconds: u64| {
        let until = network.now() + Duration::from_secs(seconds);
        while let Some((link, at, event)) = network.next_event(until) {
            writeln!(trace, "{:>9.3} {link} {event:?}", at.as_secs_f64()).unwrap();
        }
    };
    let apply = |network: &mut dyn Network, hardship| drop(network.apply(hardship));
    apply(network, Hardship::Loss(0.2));
    for round in 0..5 {
        for &link in &links {
            say(network, link, "a longer text");
            say(network, link, "short");
        }
        run(network, round);
    }
    apply(network, Hardship::SplitReads(3));
    apply(network, Hardship::CutAfterBytes { link: links[0], direction: Direction::ToClient, bytes: 15 });
    apply(network, Hardship::Hold(links[1]));
    for &link in &links {
        say(network, link, "in trouble");
        say(network, link, "and again");
    }
    run(network, 10);
    apply(network, Hardship::Release(links[1]));
    run(network, 10);
    apply(network, Hardship::PowerLoss("server".to_owned()));
    say(network, links[1], "gone?");
    run(network, 10);
    apply(network, Hardship::RestartServer("server".to_owned()));
    let late = network.connect("server");
    say(network, late, "back");
    run(network, 10);
    network.shut(late, Shut::HalfClose);
    run(network, 10);
    trace
}

fn simulated(seed: u64) -> String {
    let mut simulation = Simulation::new(SimulationConfig { seed, ..SimulationConfig::default() });
    simulation.server("server", Echo::default);
    let trace = trace(&mut simulation);
    assert_eq!(simulation.failure(), None);
    trace
}

fn virtual_time(seed: u64) -> String {
    let latency = SimulationConfig::default().latency;
    trace(&mut Virtual::with(seed, latency, 0.0, Echo::default))
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for seed in 0..20 {
        assert_eq!(simulated(seed), simulated(seed));
        assert_eq!(virtual_time(seed), virtual_time(seed));
    }
}

#[test]
fn another_seed_gives_other_events() {
    assert_ne!(simulated(1), simulated(2));
}

#[test]
fn another_process_has_seen_the_same_events() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/determinism.trace");
    let trace = format!("simulated\n{}in virtual time\n{}", simulated(42), virtual_time(42));
    if std::env::var_os("UPDATE_TRACE").is_some() {
        std::fs::write(path, &trace).unwrap();
    }
    assert_eq!(trace, std::fs::read_to_string(path).unwrap());
}
