//! How many scenarios a second the suite runs in virtual time and in the simulated network, on one core.

use reference_broker::{Config, Server};
use std::time::Instant;
use suite::{plan, runner};
use tester::seed_of;
use tester::testbed::{InProcess, Testbed, in_process::BoxedService};
use transport::Hosted;

fn service(seed: u64) -> BoxedService {
    Box::new(Hosted::new(Server::new(Config::default(), seed)))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn measure(name: &str, rounds: usize, make: impl Fn(u64) -> Box<dyn Testbed>) {
    let checks: Vec<_> =
        plan::scenarios().unwrap_or_default().into_iter().filter(|c| c.configuration.is_none()).collect();
    let began = Instant::now();
    let mut ran = 0u32;
    for round in 0..rounds {
        for check in &checks {
            let seed = seed_of(round as u64, &check.id);
            let conditions = runner::Conditions { version: check.version, seed, timeout_scale: 1.0 };
            std::hint::black_box(futures::executor::block_on(runner::run(check, make(seed), conditions)));
            ran += 1;
        }
    }
    println!(
        "{name:<28} {ran:>7} scenarios  {:>9.0} scenarios/s",
        f64::from(ran) / began.elapsed().as_secs_f64()
    );
}

fn main() {
    measure("scenarios in virtual time", 20, |seed| {
        Box::new(InProcess::virtual_time(seed, move || service(seed)))
    });
    measure("scenarios over turmoil", 4, |seed| Box::new(InProcess::simulated(seed, move || service(seed))));
}
