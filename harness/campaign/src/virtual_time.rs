//! The fast driver: a workload in virtual time, straight on the Service, without streams and tasks.

use crate::driver::{Ground, Outcome, Run};
use crate::statistics::Statistics;
use crate::subject::{Clocked, Subject};
use crate::workload::Workload;
use simulator::{Sighting, Virtual};
use std::time::Duration;

impl Ground for Virtual<Clocked> {
    fn poll_sighting(&mut self) -> Option<(Duration, Sighting)> {
        Virtual::poll_sighting(self)
    }
}

/// Carries the workload out; what it did is added to the statistics.
#[must_use]
pub fn run(workload: &Workload, subject: &Subject, statistics: &mut Statistics, transcript: bool) -> Outcome {
    let Some(machine) = subject.machine(workload.seed) else {
        return Outcome::nothing(workload, format!("{} is live, and not to be simulated", subject.name()));
    };
    let factory = machine.clone();
    let latency = milliseconds(workload.latency.0)..milliseconds(workload.latency.1);
    let network = Virtual::with(workload.seed, latency, 0.0, move || factory.start()).watching_the_server();
    Run::new(network, machine, workload, statistics, transcript).carry_out()
}

pub(crate) fn milliseconds(number: u16) -> Duration {
    Duration::from_millis(number.into())
}
