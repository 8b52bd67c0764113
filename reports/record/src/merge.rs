//! Records of parts of one plan become one Record.
//!
//! Refused when they are not parts of one plan: another suite, another Subject, another seed. A check that several of them ran keeps every
//! outcome and counts as the worst, never as the last. Monitors watch every part, so what they saw is put together by statement.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Check, CheckKind, Record, Verdict, count};

/// Why Records do not belong together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is no Record to merge")]
    Nothing,
    /// Two Records differ in something that has to be the same.
    #[error(
        "the Records do not belong together: the {what} of number 1 is {first}, that of number {number} is {other}"
    )]
    Different {
        /// What differs.
        what: &'static str,
        /// Its value in the first Record.
        first: String,
        /// Which Record differs, counted from 1.
        number: usize,
        /// Its value there.
        other: String,
    },
    /// There are not as many shards as announced.
    #[error("{expected} shards are expected, and the Records are of {found}")]
    Shards {
        /// As announced.
        expected: u32,
        /// As the Records say.
        found: u32,
    },
}

/// Puts the Records together and concludes. `shards` is how many parts the plan has, if the caller knows.
///
/// # Errors
/// If they are not parts of one plan.
pub fn merge(records: &[Record], shards: Option<u32>) -> Result<Record, MergeError> {
    let Some(first) = records.first() else { return Err(MergeError::Nothing) };
    for (index, record) in records.iter().enumerate().skip(1) {
        if let Some((what, of_first, other)) = difference(first, record) {
            return Err(MergeError::Different { what, first: of_first, number: index + 1, other });
        }
    }
    let found = first.run.partition.as_ref().map_or(1, |partition| partition.of);
    if let Some(expected) = shards
        && expected != found
    {
        return Err(MergeError::Shards { expected, found });
    }
    let mut merged = first.clone();
    merged.checks = scenarios(records);
    merged.checks.extend(monitors(records));
    if let Some(partition) = &mut merged.run.partition {
        let parts: BTreeSet<u32> = records
            .iter()
            .filter_map(|record| record.run.partition.as_ref())
            .flat_map(|partition| partition.parts.iter().copied())
            .collect();
        partition.parts = parts.into_iter().collect();
    }
    merged.run.complete = records.iter().all(|record| record.run.complete);
    merged.run.interruption = records.iter().filter_map(|record| record.run.interruption).min();
    merged.run.cut_short = records.iter().find_map(|record| record.run.cut_short.clone());
    merged.run.duration_ms = records.iter().filter_map(|record| record.run.duration_ms).max();
    merged.run.started = records.iter().filter_map(|record| record.run.started.clone()).min();
    merged.run.round_trip_us = records.iter().filter_map(|record| record.run.round_trip_us).max();
    let commands: BTreeSet<&str> = records.iter().map(|record| record.run.command.as_str()).collect();
    merged.run.command = commands.into_iter().collect::<Vec<_>>().join(" ; ");
    merge_choices(&mut merged, &records[1..]);
    for capability in records[1..].iter().flat_map(|record| &record.capabilities) {
        if !merged.capabilities.contains(capability) {
            merged.capabilities.push(capability.clone());
        }
    }
    merged.baseline = None;
    merged.conclude();
    Ok(merged)
}

/// What has to be the same and is not.
fn difference(first: &Record, other: &Record) -> Option<(&'static str, String, String)> {
    let lossy = |bytes: &[u8]| crate::encode::terminal::text(bytes);
    let plan = |record: &Record| {
        record.run.partition.as_ref().map_or_else(
            || "not divided".to_owned(),
            |partition| format!("{} in {}", partition.plan, count(partition.of as usize, "shard")),
        )
    };
    let traits = |record: &Record| {
        [
            ("suite", format!("{} {} {}", record.suite.name, record.suite.version, record.suite.commit)),
            ("Subject", lossy(record.subject.name.as_bytes())),
            (
                "Subject's version",
                record.subject.version.as_ref().map_or("unknown".to_owned(), |v| lossy(v.as_bytes())),
            ),
            ("role", record.subject.role.word().to_owned()),
            ("Testbed", record.run.testbed.name().to_owned()),
            ("selection of versions", record.specs()),
            (
                "filter",
                if record.run.filters.is_empty() { "none".to_owned() } else { record.run.filters.join(", ") },
            ),
            ("plan", plan(record)),
        ]
    };
    traits(first)
        .into_iter()
        .zip(traits(other))
        .find(|((_, a), (_, b))| a != b)
        .map(|((what, a), (_, b))| (what, a, b))
}

/// Every scenario once, in the order of the first Record that has it.
fn scenarios(records: &[Record]) -> Vec<Check> {
    let mut order: Vec<&str> = Vec::new();
    let mut all: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in records.iter().flat_map(|record| &record.checks) {
        if check.kind != CheckKind::Monitor {
            let same = all.entry(&check.id).or_default();
            if same.is_empty() {
                order.push(&check.id);
            }
            same.push(check);
        }
    }
    order.into_iter().map(|id| one_of(&all[id])).collect()
}

/// One check of several attempts: the worst of those that ran, with every outcome.
fn one_of(attempts: &[&Check]) -> Check {
    let ran: Vec<&Check> =
        attempts.iter().copied().filter(|check| check.verdict != Verdict::NotRun).collect();
    let mut verdicts = Vec::new();
    for check in &ran {
        if check.attempts.is_empty() {
            verdicts.push(check.verdict);
        } else {
            verdicts.extend(&check.attempts);
        }
    }
    let worst = ran.iter().min_by_key(|check| check.verdict).or(attempts.first());
    // `attempts` is never empty: it was made by pushing.
    let Some(worst) = worst else { unreachable!("a check without an attempt") };
    let mut check = (*worst).clone();
    check.attempts = if verdicts.windows(2).any(|pair| pair[0] != pair[1]) { verdicts } else { Vec::new() };
    check
}

/// The Monitors' checks: for each Monitor one for what was broken, one for what was kept, one for what had no occasion, as a whole run has them.
fn monitors(records: &[Record]) -> Vec<Check> {
    let mut order: Vec<&str> = Vec::new();
    let mut all: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in records.iter().flat_map(|record| &record.checks) {
        if check.kind == CheckKind::Monitor {
            let same = all.entry(monitor(&check.id)).or_default();
            if same.is_empty() {
                order.push(monitor(&check.id));
            }
            same.push(check);
        }
    }
    let mut out = Vec::new();
    for name in order {
        let checks = &all[name];
        let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
        for check in checks {
            for id in &check.requirements {
                let known = verdicts.entry(id).or_insert(check.verdict);
                *known = better_known(*known, check.verdict);
            }
        }
        let mut levels: Vec<Verdict> = verdicts.values().copied().collect();
        levels.sort();
        levels.dedup();
        for (index, level) in levels.iter().enumerate() {
            let Some(model) = checks.iter().find(|check| check.verdict == *level) else { continue };
            let mut check = (*model).clone();
            check.requirements = verdicts
                .iter()
                .filter(|(_, verdict)| *verdict == level)
                .map(|(id, _)| (*id).to_owned())
                .collect();
            check.violated.clear();
            check.id = match (index, level) {
                (0, _) => name.to_owned(),
                (_, Verdict::Pass) => format!("{name}/kept"),
                (_, Verdict::NotExercised) => format!("{name}/no-occasion"),
                (_, other) => format!("{name}/{}", other.name()),
            };
            out.push(check);
        }
    }
    out
}

/// The name of a Monitor's check without what tells its parts apart.
fn monitor(id: &str) -> &str {
    id.strip_suffix("/kept").or_else(|| id.strip_suffix("/no-occasion")).unwrap_or(id)
}

/// Of two verdicts on a statement, from two parts of a run: a breach outweighs, and anything seen outweighs that there was nothing to see.
fn better_known(a: Verdict, b: Verdict) -> Verdict {
    let idle = |verdict| matches!(verdict, Verdict::NotRun | Verdict::NotExercised | Verdict::NotApplicable);
    match (idle(a), idle(b)) {
        (true, false) => b,
        (false, true) => a,
        _ => a.worst(b),
    }
}

fn merge_choices(merged: &mut Record, others: &[Record]) {
    for choice in others.iter().flat_map(|record| &record.choices) {
        let known = merged.choices.iter_mut().find(|known| {
            known.name == choice.name && known.version == choice.version && known.seen == choice.seen
        });
        match known {
            Some(known) => known.times += choice.times,
            None => merged.choices.push(choice.clone()),
        }
    }
}
