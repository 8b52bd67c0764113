//! The thorough driver: the same workload in turmoil, through [`Simulation`], where the Server is served by the asynchronous code that also
//! serves it on real sockets. The Server's end cannot be looked at there.

use crate::driver::{Ground, Outcome, Run, SERVER};
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::virtual_time::milliseconds;
use crate::workload::Workload;
use simulator::{Simulation, SimulationConfig};

impl Ground for Simulation {}

/// Carries the workload out; what it did is added to the statistics.
#[must_use]
pub fn run(workload: &Workload, subject: &Subject, statistics: &mut Statistics, transcript: bool) -> Outcome {
    let Some(machine) = subject.machine(workload.seed) else {
        return Outcome::nothing(workload, format!("{} is live, and not to be simulated", subject.name()));
    };
    let factory = machine.clone();
    let mut network = Simulation::new(SimulationConfig {
        seed: workload.seed,
        latency: milliseconds(workload.latency.0)..milliseconds(workload.latency.1),
        ..SimulationConfig::default()
    });
    network.server(SERVER, move || factory.start());
    Run::new(network, machine, workload, statistics, transcript).carry_out()
}
