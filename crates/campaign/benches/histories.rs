//! How many histories per second and core.

use campaign::{Statistics, Subject, generate, simulated, virtual_time};
use reference_broker::{Config, Server};
use std::sync::Arc;
use transport::Hosted;

fn reference() -> Subject {
    let config = Arc::new(Config::default());
    Subject::in_memory("reference", move |seed| Box::new(Hosted::new(Server::new(config.clone(), seed))))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at a clock")]
fn measure(name: &str, runs: u32, mut run: impl FnMut(u64)) {
    let mut best = 0.0f64;
    for _ in 0..3 {
        let start = std::time::Instant::now();
        (0..runs).for_each(|seed| run(seed.into()));
        best = best.max(f64::from(runs) / start.elapsed().as_secs_f64());
    }
    println!("{name:<40} {best:>12.0} per second and core");
}

fn main() {
    let (subject, mut statistics) = (reference(), Statistics::default());
    measure("workloads generated", 100_000, |seed| {
        std::hint::black_box(generate::workload(seed));
    });
    measure("histories in virtual time", 20_000, |seed| {
        std::hint::black_box(virtual_time::run(&generate::workload(seed), &subject, &mut statistics, false));
    });
    measure("histories in turmoil", 300, |seed| {
        std::hint::black_box(simulated::run(&generate::workload(seed), &subject, &mut statistics, false));
    });
}
