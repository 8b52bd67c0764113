//! `mqtt-certify`.

use harness::{plan, record, runner, session, testbed};
use protocol::Version;
use std::sync::Arc;

fn main() {
    runner::quiet_step_panics();
    let checks = match plan::scenarios() {
        Ok(checks) => checks,
        Err(errors) => {
            for error in errors {
                eprintln!("{error}");
            }
            std::process::exit(70);
        }
    };
    let address = std::env::args().nth(1).unwrap_or_default();
    let only = std::env::args().nth(2).unwrap_or_default();
    let checks: Vec<_> = checks.into_iter().filter(|c| c.id.contains(&only)).collect();
    let seed = std::process::id() as u64 * 7_919_131;
    let make: session::MakeTestbed = Arc::new(move |_, _| Box::new(testbed::Live::new(address.clone())));
    let plan = session::Plan {
        checks,
        versions: Version::ALL.to_vec(),
        kind: testbed::Kind::Live,
        testbed: make,
        configurations: vec![],
        jobs: 64,
        seed,
        timeout_scale: 1.0,
        stop: Arc::default(),
    };
    let findings =
        plan.run(&|check, outcome| println!("{:?} {} {}", outcome.verdict, check.id, outcome.reason));
    let heading = record::Heading {
        subject: "x".into(),
        subject_version: None,
        address: "x".into(),
        how_known: "x".into(),
        command: "x".into(),
        rerun: "x".into(),
        filters: vec![],
        started: None,
        duration_ms: None,
        interruption: None,
    };
    let record = record::record(&plan, &findings, &heading);
    println!("{:?} {:?}", record.verdict, record.verdict_reasons);
    for c in record.checks.iter().filter(|c| c.kind == reports::record::CheckKind::Monitor) {
        println!("{:?} {} {:?}", c.verdict, c.id, c.reason);
    }
}
