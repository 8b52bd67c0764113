//! Both drivers carry workloads out to the end, and do the same twice.

use campaign::{Statistics, Subject, generate, simulated, virtual_time};
use guarantees::What;
use reference_broker::{Config, Server};
use std::sync::Arc;
use transport::Hosted;

fn reference() -> Subject {
    let config = Arc::new(Config::default());
    Subject::in_memory("reference", move |seed| Box::new(Hosted::new(Server::new(config.clone(), seed))))
}

#[test]
fn runs_on_the_reference_come_to_rest_and_exercise_everything() {
    let (subject, mut statistics) = (reference(), Statistics::default());

    for seed in 0..2_000 {
        let outcome = virtual_time::run(&generate::workload(seed), &subject, &mut statistics, false);
        assert_eq!(outcome.failure, None, "seed {seed}");
        let end = outcome.history.events.last().map(|event| &event.what);
        assert_eq!(end, Some(&What::End { quiescent: true }), "seed {seed}");
    }

    println!("{}", serde_json::to_string_pretty(&statistics).unwrap());
    assert_eq!((statistics.restless, statistics.stopped, statistics.protocol_errors), (0, 0, 0));
}

#[test]
fn the_same_workload_gives_the_same_transcript_twice() {
    let subject = reference();
    for seed in 0..40 {
        let workload = generate::workload(seed);
        let virtually = || virtual_time::run(&workload, &subject, &mut Statistics::default(), true);
        assert_eq!(virtually().transcript, virtually().transcript, "seed {seed}");
        let simulated = || simulated::run(&workload, &subject, &mut Statistics::default(), true);
        assert_eq!(simulated().transcript, simulated().transcript, "seed {seed}");
    }
}
