//! How the verdicts of checks become those of Requirements, of the run, and an exit code.

use record::{
    Actor, CheckKind, Interruption, Level, Observe, Requirement, Run, RunVerdict, Subject, Suite, Version,
    Waiver, WaiverState,
};
use record::{Check, Record, Verdict};

fn statement(id: &str, level: Level) -> Requirement {
    Requirement::new(id, Version::V5, level, Actor::Server, Observe::ServerWire)
}

fn check(id: &str, verdict: Verdict, requirements: &[&str]) -> Check {
    Check::new(id, id, Version::V5, CheckKind::Scenario)
        .tests(requirements.iter().copied())
        .observed(verdict, "because")
}

fn record(requirements: Vec<Requirement>, checks: Vec<Check>) -> Record {
    let run = Run { complete: true, specs: vec![Version::V5], ..Run::default() };
    let mut record = Record::new(Suite::default(), Subject::default(), run);
    record.requirements = requirements;
    record.checks = checks;
    record.conclude();
    record
}

#[test]
fn a_complete_run_that_keeps_what_was_tested_is_conformant() {
    let record = record(
        vec![statement("a", Level::Must), statement("untested", Level::Must)],
        vec![check("1", Verdict::Pass, &["a"])],
    );

    assert_eq!((record.verdict, record.exit.code), (RunVerdict::Conformant, 0));
    assert_eq!(record.requirements[1].verdict, Verdict::Untested);
    assert_eq!((record.musts().tested(), record.musts().applicable), (1, 2));
}

#[test]
fn one_broken_must_makes_it_not_conformant_even_when_filtered() {
    let mut record = record(vec![statement("a", Level::MustNot)], vec![check("1", Verdict::Fail, &["a"])]);
    record.run.filters = vec!["--only 1".into()];
    record.conclude();

    assert_eq!((record.verdict, record.exit.code), (RunVerdict::NotConformant, 1));
}

#[test]
fn a_filtered_or_broken_off_run_can_not_be_conformant() {
    for change in [
        |run: &mut Run| run.filters = vec!["--only 1".into()],
        |run: &mut Run| run.complete = false,
        |run: &mut Run| run.interruption = Some(Interruption::BudgetExhausted),
    ] {
        let mut record = record(vec![statement("a", Level::Must)], vec![check("1", Verdict::Pass, &["a"])]);
        change(&mut record.run);
        record.conclude();
        assert_eq!((record.verdict, record.exit.code), (RunVerdict::NoVerdict, 3));
    }
}

#[test]
fn inconclusive_not_run_and_error_leave_no_verdict_and_are_no_accusation() {
    for verdict in [Verdict::Inconclusive, Verdict::NotRun, Verdict::Error] {
        let record = record(
            vec![statement("a", Level::Must), statement("b", Level::Must)],
            vec![check("1", verdict, &["a"]), check("2", Verdict::Pass, &["a", "b"])],
        );
        assert_eq!((record.verdict, record.exit.code), (RunVerdict::NoVerdict, 3), "{verdict}");
        assert_eq!(record.requirements[0].verdict, verdict);
        assert_eq!(record.requirements[1].verdict, Verdict::Pass);
    }
}

#[test]
fn a_should_that_is_not_followed_is_a_warning_and_never_a_failure() {
    let mut record = record(
        vec![statement("a", Level::Should), statement("b", Level::Must)],
        vec![check("1", Verdict::Fail, &["a"]), check("2", Verdict::Pass, &["b"])],
    );

    assert_eq!(record.checks[0].verdict, Verdict::Warn);
    assert_eq!(record.requirements[0].verdict, Verdict::Warn);
    assert_eq!((record.verdict, record.exit.code), (RunVerdict::Conformant, 0));

    record.run.strict = true;
    record.conclude();
    assert_eq!(record.exit.code, 1);
}

#[test]
fn a_failure_breaks_what_it_names_and_leaves_the_rest_inconclusive() {
    let mut failing = check("1", Verdict::Fail, &["a", "b"]);
    failing.violated = vec!["a".into()];

    let record = record(vec![statement("a", Level::Must), statement("b", Level::Must)], vec![failing]);

    assert_eq!(record.requirements[0].verdict, Verdict::Fail);
    assert_eq!(record.requirements[1].verdict, Verdict::Inconclusive);
}

#[test]
fn a_failure_that_accuses_nobody_is_our_error() {
    let client = Requirement::new("client", Version::V5, Level::Must, Actor::Client, Observe::ClientWire);

    let record = record(
        vec![statement("a", Level::Must), client],
        vec![
            check("1", Verdict::Fail, &[]),
            check("2", Verdict::Fail, &["unknown"]),
            check("3", Verdict::Fail, &["client"]),
            check("4", Verdict::Pass, &["a"]),
        ],
    );

    assert!(record.checks[..3].iter().all(|check| check.verdict == Verdict::Error));
    assert_eq!(record.verdict, RunVerdict::NoVerdict);
    assert_eq!(record.requirements[1].verdict, Verdict::NotApplicable);
    assert!(record.requirements[1].reason.as_deref().unwrap().contains("Client"));
}

#[test]
fn what_holds_vacuously_is_counted_and_is_no_pass() {
    let record = record(
        vec![statement("a", Level::Must), statement("b", Level::Must), statement("c", Level::Must)],
        vec![
            check("1", Verdict::NotExercised, &["a"]),
            check("2", Verdict::Pass, &["b"]),
            check("3", Verdict::NotExercised, &["b"]),
            check("4", Verdict::NotApplicable, &["c"]),
        ],
    );

    let verdicts: Vec<Verdict> = record.requirements.iter().map(|requirement| requirement.verdict).collect();
    assert_eq!(verdicts, [Verdict::NotExercised, Verdict::Pass, Verdict::NotApplicable]);
    assert_eq!(record.requirements[0].reason.as_deref(), Some("because"));
    assert_eq!(record.verdict, RunVerdict::Conformant);
    assert_eq!((record.musts().passed, record.musts().not_exercised), (1, 1));
}

#[test]
fn a_run_that_tested_nothing_has_no_verdict_and_says_so() {
    let nothing = record(vec![statement("a", Level::Must)], vec![]);
    let vacuous = record(vec![statement("a", Level::Must)], vec![check("1", Verdict::NotExercised, &["a"])]);

    assert_eq!((nothing.verdict, nothing.exit.code), (RunVerdict::NoVerdict, 4));
    assert_eq!((vacuous.verdict, vacuous.exit.code), (RunVerdict::NoVerdict, 3));
}

#[test]
fn a_waived_failure_stays_a_failure_and_does_not_count() {
    let mut failing = check("1", Verdict::Fail, &["a"]);
    failing.waived_by = Some("W-1".into());
    let requirements = || vec![statement("a", Level::Must), statement("b", Level::Must)];

    let mut waived = record(requirements(), vec![failing.clone(), check("2", Verdict::Pass, &["b"])]);
    let half = record(requirements(), vec![failing, check("2", Verdict::Fail, &["a"])]);

    assert_eq!((waived.verdict, waived.exit.code), (RunVerdict::ConformantWithWaivers, 0));
    assert_eq!(waived.requirements[0].verdict, Verdict::Fail);
    assert_eq!(waived.musts().waived, 1);
    assert_eq!(half.verdict, RunVerdict::NotConformant);

    waived.waivers = vec![Waiver { state: WaiverState::Stale, ..Waiver::default() }];
    waived.conclude();
    assert_eq!(waived.exit.code, 5);
}

#[test]
fn the_weightiest_reason_decides_the_exit_code() {
    for (interruption, code) in [
        (Interruption::InternalError, 70),
        (Interruption::SubjectUnavailable, 6),
        (Interruption::Interrupted, 130),
        (Interruption::Terminated, 143),
        (Interruption::BudgetExhausted, 1),
    ] {
        let mut record = record(vec![statement("a", Level::Must)], vec![check("1", Verdict::Fail, &["a"])]);
        record.run.interruption = Some(interruption);
        record.conclude();
        assert_eq!(record.exit.code, code);
        assert_eq!(record.verdict, RunVerdict::NotConformant);
    }
}

#[test]
fn concluding_twice_changes_nothing() {
    let mut record = record(
        vec![statement("a", Level::Must), statement("s", Level::Should)],
        vec![
            check("1", Verdict::Fail, &[]),
            check("2", Verdict::Fail, &["s"]),
            check("3", Verdict::Pass, &["a"]),
        ],
    );
    let before = record.clone();
    record.conclude();
    assert_eq!(record, before);
}
