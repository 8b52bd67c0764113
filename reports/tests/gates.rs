//! What the exit code answers: whether the Subject conforms, or whether it became worse.

mod records;

use reports::compare::compare;
use reports::diff::Diff;
use reports::record::{Gate, Version};
use reports::{Record, Verdict};

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

#[test]
fn every_rendering_of_a_comparison_names_what_changed_and_that_the_suite_did() {
    let before = records::small();
    let mut now = changed(PING, Verdict::Fail);
    now.suite.version = "0.2.0".into();
    now.run.specs = vec![Version::V5];
    let diff = Diff::new(&before, &now);

    for text in [diff.text(100, false), diff.markdown(), diff.json(), diff.html()] {
        for part in [PING, "0.2.0", "5.0/MQTT-3.12.4-1"] {
            assert!(text.contains(part) || text.contains(&part.replace('.', "\\.")), "{part} in {text}");
        }
    }
    assert!(diff.text(100, true).is_ascii());
    let parsed: serde_json::Value = serde_json::from_str(&diff.json()).unwrap();
    assert_eq!(parsed["transitions"]["broken"][0]["check"], PING);
    assert_eq!(parsed["exit"]["code"], 1);
}

#[test]
fn a_comparison_keeps_its_elements_and_its_lines_whatever_a_subject_sends() {
    let count = |html: &str| {
        scraper::Html::parse_document(html).tree.nodes().filter(|node| node.value().is_element()).count()
    };
    let make = |nasty: &[u8]| {
        let (mut before, mut now) = (records::hostile(nasty), records::hostile(nasty));
        before.checks[3].verdict = Verdict::Pass;
        now.checks[3].verdict = Verdict::Fail;
        now.checks[3].reason = reports::Untrusted::new(nasty);
        (before, now)
    };
    let (before, now) = make(b"harmless");
    let diff = Diff::new(&before, &now);
    let (expected, lines) = (count(&diff.html()), diff.text(100, false).lines().count());
    for nasty in reports::hostile::corpus().into_iter().filter(|nasty| !nasty.trim_ascii().is_empty()) {
        let (before, now) = make(&nasty);
        let diff = Diff::new(&before, &now);

        assert_eq!(count(&diff.html()), expected, "{:?}", reports::Untrusted::new(nasty.clone()));
        let text = diff.text(100, false);
        assert_eq!(text.lines().count(), lines, "{:?}", reports::Untrusted::new(nasty.clone()));
        assert!(!text.contains('\x1b') && !text.contains('\r'));
    }
}
