//! Nothing is found in what a right Server leaves, and each fault that is planted into it is found.
//!
//! The histories come from [`model`], a Server of a few hundred lines that shares nothing with the checker. A fault changes a history in
//! one place in such a way that it is a breach whatever else is in there.

mod faults;
mod model;

use faults::{FAULTS, prologue};
use guarantees::*;
use model::Act;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use protocol::Version;
use std::cell::RefCell;
use std::collections::BTreeMap;

fn acts() -> impl Strategy<Value = Vec<Act>> {
    vec((0u8..12, any::<[u8; 4]>()), 0..60)
}

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V311), Just(Version::V500)]
}

fn config(cases: u32) -> Config {
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        source_file: Some(file!()),
        ..Config::with_cases(cases)
    }
}

#[test]
fn nothing_is_found_in_good_histories() {
    let result = TestRunner::new(config(4000)).run(
        &(version(), any::<bool>(), acts()),
        |(version, separate, acts)| {
            let run = model::run(version, separate, &acts);

            let verdict = judge(&run.history);

            prop_assert!(verdict.findings.is_empty(), "{}\n{}", verdict.findings[0], numbered(&run.history));
            Ok(())
        },
    );
    assert!(result.is_ok(), "{}", result.unwrap_err());
}

#[test]
fn each_planted_fault_is_found() {
    let planted = RefCell::new(BTreeMap::<&str, u32>::new());
    let result = TestRunner::new(config(3000)).run(
        &(version(), any::<bool>(), acts(), any::<u16>()),
        |(version, separate, acts, choice)| {
            for (name, kind, plant) in FAULTS {
                let acts = [prologue(*kind), &acts].concat();
                let mut run = model::run(version, separate, &acts);
                if plant(&mut run, usize::from(choice)).is_none() {
                    continue;
                }
                *planted.borrow_mut().entry(name).or_default() += 1;

                let verdict = judge(&run.history);

                prop_assert!(verdict.count(*kind) > 0, "{name} was not found in\n{}", numbered(&run.history));
            }
            Ok(())
        },
    );
    assert!(result.is_ok(), "{}", result.unwrap_err());
    for (name, _, _) in FAULTS {
        let count = planted.borrow().get(name).copied().unwrap_or(0);
        assert!(count >= 10, "{name} was planted only {count} times");
    }
}

fn numbered(history: &History) -> String {
    history
        .events
        .iter()
        .enumerate()
        .map(|(n, event)| format!("{n} {:?} {:?}\n", event.at, event.what))
        .collect()
}
