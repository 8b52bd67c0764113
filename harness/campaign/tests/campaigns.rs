//! Campaigns over the reference find nothing, over faulty Servers they do; and what they find becomes short.

mod faults;

use campaign::{Conclusion, Driver, Plan, Report, Subject, campaign as campaigns, fails, replay, shrink};

const SEEDS: u64 = 2_000;

fn run(plan: &Plan, subject: &Subject) -> Report {
    campaigns::run(plan, subject, &|_| false)
}

/// What was found, with the run that shows it, for whoever has to find out who errs.
fn explain(report: &Report, subject: &Subject) -> String {
    let mut text = format!("{:?}, canary {:?}\n", report.conclusion, report.canary);
    for failure in &report.failures {
        text += &format!("seed {}: {}\n", failure.seed, failure.reason);
    }
    for found in &report.found {
        let holds = |candidate: &_| fails(candidate, report.driver, subject, found.key());
        let shortest = shrink(found.workload(), holds);
        text += &format!("==== {} in {} runs\n", found.signature, found.runs);
        text += &replay(&shortest, report.driver, subject, None).to_string();
    }
    text
}

#[test]
fn a_campaign_over_the_reference_finds_nothing_but_the_canary() {
    let subject = faults::reference();

    let report = run(&Plan::of(Driver::Virtual, 0..SEEDS), &subject);

    assert_eq!(report.conclusion, Conclusion::NothingFound, "{}", explain(&report, &subject));
    assert_eq!(report.runs, SEEDS);
}

#[test]
fn a_campaign_in_turmoil_finds_nothing_but_the_canary() {
    let subject = faults::reference();

    let report = run(&Plan::of(Driver::Simulated, 0..100), &subject);

    assert_eq!(report.conclusion, Conclusion::NothingFound, "{}", explain(&report, &subject));
}

#[test]
fn faulty_servers_are_found_and_their_failures_become_short() {
    for (subject, kinds) in faults::all() {
        let report = run(&Plan::of(Driver::Virtual, 0..SEEDS), &subject);

        assert_eq!(report.conclusion, Conclusion::Found, "{}", subject.name());
        let found = report.found.iter().find(|found| kinds.contains(&found.key().kind));
        let found = found.unwrap_or_else(|| panic!("{}: {:?}", subject.name(), report.found));
        let holds = |candidate: &_| fails(candidate, Driver::Virtual, &subject, found.key());
        let shortest = shrink(found.workload(), holds);
        let text = replay(&shortest, Driver::Virtual, &subject, None).to_string();
        println!("==== {}\n{text}", subject.name());
        assert!(holds(&shortest), "{}", subject.name());
        assert!(shortest.steps.len() <= 10, "{}: {text}", subject.name());
    }
}

#[test]
fn the_number_of_threads_and_partitions_does_not_change_what_is_found() {
    let (subject, _) = faults::all().remove(0);
    let plan = Plan::of(Driver::Virtual, 5..905);

    let alone = run(&plan, &subject);
    let together = run(&Plan { jobs: 3, ..plan.clone() }, &subject);
    let parts: Vec<Report> =
        (1..=3).map(|part| run(&Plan { partition: (part, 3), ..plan.clone() }, &subject)).collect();

    assert_eq!(serde_json::to_string(&alone).unwrap(), serde_json::to_string(&together).unwrap());
    assert_eq!(parts.iter().map(|part| part.runs).sum::<u64>(), alone.runs);
    let runs = |report: &Report| report.found.iter().map(|found| found.runs).sum::<u64>();
    assert_eq!(parts.iter().map(runs).sum::<u64>(), runs(&alone));
}

#[test]
fn a_regression_is_run_first_and_read_back_from_its_file() {
    use campaign::regressions::{self, Regression};
    let (subject, _) = faults::all().remove(0);
    let first = run(&Plan::of(Driver::Virtual, 0..SEEDS), &subject);
    let found = &first.found[0];
    let regression =
        Regression::new(found.signature.clone(), subject.name(), Driver::Virtual, found.workload().clone());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("regressions.json");

    regressions::write(&path, std::slice::from_ref(&regression)).unwrap();
    let read = regressions::read(&path).unwrap();
    let again = run(&Plan { regressions: read.clone(), ..Plan::of(Driver::Virtual, 0..0) }, &subject);

    assert_eq!(read, [regression]);
    assert!(again.found.iter().any(|again| again.key() == found.key() && again.regression == Some(1)));
    assert!(matches!(again.conclusion, Conclusion::None(_)), "no seeds, no canary, no verdict");
    assert!(regressions::read(&directory.path().join("none.json")).unwrap().is_empty());
    std::fs::write(&path, "[{\"seed\": 1, \"colour\": 2}]").unwrap();
    assert!(regressions::read(&path).unwrap_err().to_string().contains("colour"));
}

#[test]
fn a_server_that_panics_proves_nothing() {
    let subject = Subject::in_memory("panics", |_| panic!("on purpose"));

    let report = run(&Plan::of(Driver::Virtual, 0..20), &subject);

    assert!(matches!(report.conclusion, Conclusion::None(_)));
    assert_eq!((report.failed_runs, report.failures.len()), (20, 10));
}
