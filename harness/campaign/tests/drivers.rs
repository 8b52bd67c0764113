//! Both drivers carry workloads out to the end, and do the same twice.

use campaign::{Driver, Statistics, Subject, generate, simulated, virtual_time};
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

/// What another process prints of the same runs.
fn digests() -> String {
    let subject = reference();
    let digest = |driver: Driver, seed: u64| {
        let workload = generate::workload(seed);
        let outcome = driver.run(&workload, &subject, &mut Statistics::default(), true);
        outcome.transcript.unwrap().digest()
    };
    let runs =
        (0..300).map(|seed| (Driver::Virtual, seed)).chain((0..40).map(|seed| (Driver::Simulated, seed)));
    runs.map(|(driver, seed)| format!("{driver} {seed} {:016x}\n", digest(driver, seed))).collect()
}

const ASKED: &str = "CAMPAIGN_DIGESTS";

#[test]
fn another_process_has_seen_the_same() {
    if std::env::var_os(ASKED).is_some() {
        return println!("<<{}>>", digests());
    }

    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "another_process_has_seen_the_same", "--nocapture"])
        .env(ASKED, "1")
        .output()
        .unwrap();

    let text = String::from_utf8(output.stdout).unwrap();
    let theirs = text.split_once("<<").unwrap().1.split_once(">>").unwrap().0;
    assert_eq!(theirs, digests());
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
