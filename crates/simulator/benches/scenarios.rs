//! How many scenarios per second and core: three Network Connections and thirty exchanges with a Service that sends back what it gets, then a
//! second of silence.

use bytes::Bytes;
use simulator::{Event, Network, Simulation, SimulationConfig, Virtual};
use std::collections::VecDeque;
use std::time::Duration;
use transport::{ConnectionId, Output, Service, Stimulus};

#[derive(Default)]
struct Echo(VecDeque<Output>);

impl Service for Echo {
    fn handle(&mut self, _now: Duration, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Bytes(bytes) => self.0.push_back(Output::Bytes(connection, bytes)),
            Stimulus::EndOfStream => self.0.push_back(Output::Close(connection)),
            Stimulus::Opened | Stimulus::Reset => {}
        }
    }
    fn handle_deadline(&mut self, _now: Duration) {}
    fn poll_output(&mut self) -> Option<Output> {
        self.0.pop_front()
    }
    fn next_deadline(&self) -> Option<Duration> {
        None
    }
    fn gather(&mut self, _gathering: bool) {}
    fn failure(&self) -> Option<&str> {
        None
    }
}

fn scenario(network: &mut dyn Network) {
    let packet = Bytes::from_static(b"a packet of thirty-two bytes.....");
    let limit = Duration::from_secs(60);
    for _ in 0..3 {
        network.connect("server");
    }
    let mut received = 0;
    while let Some((link, _, event)) = network.next_event(limit) {
        match event {
            Event::Connected => network.send(link, packet.clone()),
            Event::Bytes(_) => {
                received += 1;
                if received == 30 {
                    break;
                }
                network.send(link, packet.clone());
            }
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(received, 30);
    while network.next_event(network.now() + Duration::from_secs(1)).is_some() {}
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at a clock")]
fn measure(name: &str, runs: u32, mut run: impl FnMut(u64)) {
    let mut best = 0.0f64;
    for _ in 0..3 {
        let start = std::time::Instant::now();
        (0..runs).for_each(|seed| run(seed.into()));
        best = best.max(f64::from(runs) / start.elapsed().as_secs_f64());
    }
    println!("{name:<24} {best:>12.0} scenarios/s");
}

fn main() {
    measure("simulated (turmoil)", 1000, |seed| {
        let mut simulation = Simulation::new(SimulationConfig { seed, ..SimulationConfig::default() });
        simulation.server("server", Echo::default);
        scenario(&mut simulation);
        assert_eq!(simulation.failure(), None);
    });
    measure("in virtual time", 100_000, |_| scenario(&mut Virtual::new(Echo::default)));
}
