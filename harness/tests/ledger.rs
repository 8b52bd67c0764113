//! `ledger.txt`: how the suite accounts for each statement, computed and compared with the committed file.
//!
//! `UPDATE=1 cargo test -p harness --test ledger` writes it anew. This test has a process of its own, because it asks which citations were executed.

use catalogue::executed;
use harness::ledger::{self, Visible};
use harness::{plan, runner, selftest};
use reports::Verdict;
use std::path::Path;

#[test]
fn the_committed_ledger_is_what_the_suite_does() {
    runner::quiet_step_panics();
    let checks = plan::checks().unwrap_or_else(|errors| panic!("{errors:?}"));

    let record = ledger::reference_record(&checks, 1);
    let executed = executed::all_marked().collect();
    let report = selftest::selftest(&checks, 1, None).unwrap_or_else(|error| panic!("{error}"));
    let lines = ledger::lines(&checks, &record, &executed, &report);
    let text = ledger::text(&lines);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ledger.txt");
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
    // A statement that nothing can break has been judged by a check that cannot fail.
    let unproved: Vec<&str> = lines
        .iter()
        .filter(|line| line.visible != Visible::Client && line.verdict == Verdict::Pass)
        .filter(|line| line.killed_by.is_empty())
        .map(|line| line.id)
        .collect();
    eprintln!("passed but killed by nobody: {unproved:#?}");
}
