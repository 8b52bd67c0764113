//! How many histories per second and core, and what a second thread adds.

use campaign::{Driver, Plan, Statistics, Subject, campaign as campaigns, generate};
use reference_broker::{Config, Server};
use std::hint::black_box;
use std::sync::Arc;
use transport::Hosted;

fn reference() -> Subject {
    let config = Arc::new(Config::default());
    Subject::in_memory("reference", move |seed| Box::new(Hosted::new(Server::new(config.clone(), seed))))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at a clock")]
fn measure(name: &str, runs: u64, mut run: impl FnMut(u64)) -> f64 {
    let mut best = 0.0f64;
    for _ in 0..3 {
        let start = std::time::Instant::now();
        run(runs);
        best = best.max(runs as f64 / start.elapsed().as_secs_f64());
    }
    println!("{name:<50} {best:>12.0} per second");
    best
}

fn campaign(driver: Driver, jobs: usize) -> impl FnMut(u64) {
    let subject = reference();
    move |runs| {
        let plan = Plan { jobs, ..Plan::of(driver, 0..runs) };
        black_box(campaigns::run(&plan, &subject, &|_| false));
    }
}

fn main() {
    let (subject, mut statistics) = (reference(), Statistics::default());
    measure("workloads generated", 200_000, |runs| {
        (0..runs).for_each(|seed| drop(black_box(generate::workload(seed))));
    });
    measure("histories in virtual time, without checker", 40_000, |runs| {
        for seed in 0..runs {
            black_box(Driver::Virtual.run(&generate::workload(seed), &subject, &mut statistics, false));
        }
    });
    let one = measure("histories in virtual time, one thread", 40_000, campaign(Driver::Virtual, 1));
    let two = measure("histories in virtual time, two threads", 40_000, campaign(Driver::Virtual, 2));
    println!("{:<50} {:>12.2}", "two threads against one", two / one);
    measure("histories in turmoil, one thread", 500, campaign(Driver::Simulated, 1));
}
