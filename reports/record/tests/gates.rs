//! What the exit code answers: whether the Subject conforms, or whether it became worse.

mod records;

use record::compare::compare;
use record::diff::Diff;
use record::{Gate, Record, Verdict};

fn changed(id: &str, verdict: Verdict) -> Record {
    let mut record = records::small();
    record.checks.iter_mut().find(|check| check.id == id).unwrap().verdict = verdict;
    record.conclude();
    record
}

fn asked(before: &Record, mut now: Record) -> Record {
    now.run.gate = Gate::NoRegression;
    now.baseline = Some(compare(before, &now));
    now.conclude();
    now
}

const PING: &str = "5.0/tcp/ping/answered";

#[test]
fn failures_that_were_there_before_are_no_regression() {
    let before = records::small();

    let now = asked(&before, before.clone());

    assert_eq!(before.exit.code, 1);
    assert_eq!(now.exit.code, 0, "{:?}", now.exit);
    assert_eq!(Diff::new(&before, &before).exit().0, 0);
}

#[test]
fn a_new_failure_and_a_withdrawn_capability_are_regressions() {
    let before = records::small();
    for verdict in [Verdict::Fail, Verdict::NotApplicable] {
        let now = asked(&before, changed(PING, verdict));

        assert_eq!(now.exit.code, 1, "{:?}", now.exit);
        assert_eq!(Diff::new(&before, &now).exit().0, 1);
    }
}

#[test]
fn a_waived_new_failure_is_no_regression() {
    let before = records::small();
    let mut now = changed(PING, Verdict::Fail);
    now.checks.iter_mut().find(|check| check.id == PING).unwrap().waived_by = Some("W-1".into());

    assert_eq!(asked(&before, now.clone()).exit.code, 0);
    assert_eq!(Diff::new(&before, &now).exit().0, 0);
}

#[test]
fn what_lost_its_verdict_leaves_the_question_open() {
    let before = records::small();
    for verdict in [Verdict::Inconclusive, Verdict::Error, Verdict::NotRun, Verdict::NotExercised] {
        let now = asked(&before, changed(PING, verdict));

        assert_eq!(now.exit.code, 3, "{verdict}: {:?}", now.exit);
        assert_eq!(Diff::new(&before, &now).exit().0, 3, "{verdict}");
    }
    let mut filtered = before.clone();
    filtered.run.filters = vec!["ping".into()];
    assert_eq!(asked(&before, filtered.clone()).exit.code, 3);
    assert_eq!(Diff::new(&before, &filtered).exit().0, 3);
}

#[test]
fn a_gate_without_a_baseline_answers_nothing() {
    let mut record = records::small();
    record.run.gate = Gate::NoRegression;
    record.conclude();

    assert_eq!(record.exit.code, 3, "{:?}", record.exit);
}
