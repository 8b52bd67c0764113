//! The proof of the suite, made once for both of its tests: the self-test, and `ledger.txt`, which says how each statement is accounted for.
//!
//! `UPDATE=1 cargo test -p proof --test ledger` writes the ledger anew. This file has a process of its own, because it asks which citations were executed
//! while the suite ran on the reference broker alone.

use catalogue::executed;
use proof::ledger::{self, Line, Visible};
use proof::selftest::{self, SelfTestReport};
use record::Verdict;
use std::path::Path;
use std::sync::LazyLock;
use suite::plan;

struct Proof {
    lines: Vec<Line>,
    report: SelfTestReport,
}

static PROOF: LazyLock<Proof> = LazyLock::new(|| {
    let checks = plan::checks().unwrap_or_else(|errors| panic!("{errors:?}"));
    let record = ledger::reference_record(&checks, 1);
    let executed = executed::all_marked().collect();
    let report = selftest::selftest(&checks, 1, None).unwrap_or_else(|error| panic!("{error}"));
    Proof { lines: ledger::lines(&checks, &record, &executed, &report), report }
});

#[test]
fn every_defect_is_caught_and_every_variant_spared() {
    let report = &PROOF.report;

    let missed: Vec<_> = report.defects.iter().filter(|d| !d.caught).map(|d| (d.name, &d.missed)).collect();
    let accused: Vec<_> = report.variants.iter().filter(|v| !v.fails.is_empty()).collect();
    let unexplained: Vec<_> =
        report.null_servers.iter().filter(|n| !n.unexplained.is_empty() || !n.stale.is_empty()).collect();
    assert!(
        report.holds(),
        "{}\nnot caught: {missed:?}\naccused: {accused:#?}\nunexplained: {unexplained:#?}",
        report.score
    );
}

#[test]
fn the_committed_ledger_is_what_the_suite_does() {
    let text = ledger::text(&PROOF.lines);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> = text.lines().filter(|line| !committed.lines().any(|c| c == *line)).collect();
    assert!(
        committed == text,
        "the ledger has changed; write it anew with UPDATE=1 if that is meant:\n{}",
        changed.join("\n")
    );
}

#[test]
fn no_statement_is_judged_by_checks_that_no_defect_can_fail() {
    let unproved: Vec<&str> = PROOF
        .lines
        .iter()
        .filter(|line| line.visible != Visible::Client && line.verdict == Verdict::Pass)
        .filter(|line| line.killed_by.is_empty())
        .map(|line| line.id)
        .collect();

    assert!(unproved.is_empty(), "passed on the reference broker, and killed by nobody: {unproved:#?}");
}
