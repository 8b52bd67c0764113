//! Many seeds, one verdict.
//!
//! Regressions come first, then the seeds, on as many threads as are wanted. Of each signature the cheapest run is kept: the one of fewest
//! steps, and of these the lowest seed; so the result does not depend on the number of threads. Time is the caller's: it says when to stop.

use crate::canary::Canary;
use crate::regressions::Regression;
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::workload::Workload;
use crate::{Driver, Replay};
use guarantees::Signature;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many seeds a thread takes at a time where a run takes microseconds.
const PORTION: u64 = 64;
/// If more than one of so many live runs do not come to rest, the campaign has not seen enough.
const FEW_OF: u64 = 4;
/// How many runs that prove nothing are told of; all are counted.
const MOST_FAILURES: usize = 10;

/// What a campaign is to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which driver carries the workloads out.
    pub driver: Driver,
    /// Which seeds.
    pub seeds: Range<u64>,
    /// Which part of the seeds: the first of `(1, 3)` takes every third seed, beginning with the first.
    pub partition: (u64, u64),
    /// How many threads; at least one.
    pub jobs: usize,
    /// What has failed before.
    pub regressions: Vec<Regression>,
}

impl Plan {
    /// All of these seeds on one thread, without regressions.
    #[must_use]
    pub fn of(driver: Driver, seeds: Range<u64>) -> Self {
        Plan { driver, seeds, partition: (1, 1), jobs: 1, regressions: Vec::new() }
    }

    /// How many seeds the partition has.
    #[must_use]
    pub fn count(&self) -> u64 {
        let (part, parts) = self.partition;
        let all = self.seeds.end.saturating_sub(self.seeds.start);
        let parts = parts.max(1);
        (all + parts).saturating_sub(part.clamp(1, parts)) / parts
    }

    fn seed(&self, place: u64) -> u64 {
        let (part, parts) = self.partition;
        let parts = parts.max(1);
        self.seeds.start + place * parts + part.clamp(1, parts) - 1
    }
}

/// What was found, once for each signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The class and the Requirement.
    pub signature: String,
    /// The seed of the cheapest run.
    pub seed: u64,
    /// How many steps its workload has.
    pub steps: usize,
    /// Runs with this signature.
    pub runs: u64,
    /// It was found in a regression, which the file has under this number, from 1.
    pub regression: Option<usize>,
    /// The first finding of the cheapest run, as one sentence.
    pub text: String,
    /// The cheapest run, shown: of a live one alone, which may not be the same again.
    #[serde(skip)]
    pub evidence: Option<String>,
    #[serde(skip)]
    pub(crate) key: Signature,
    #[serde(skip)]
    pub(crate) workload: Workload,
}

impl Found {
    /// The signature, as the checker has it.
    #[must_use]
    pub fn key(&self) -> Signature {
        self.key
    }

    /// The workload of the cheapest run.
    #[must_use]
    pub fn workload(&self) -> &Workload {
        &self.workload
    }
}

/// A run that proves nothing: a host of the network failed, or the Server panicked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Failure {
    /// Which.
    pub seed: u64,
    /// Why.
    pub reason: String,
}

/// What a campaign says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Nothing was found, and the canary was.
    NothingFound,
    /// Something was found.
    Found,
    /// The campaign proves nothing.
    None(String),
}

/// Everything that a campaign established.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The Server.
    pub subject: String,
    /// The driver.
    pub driver: Driver,
    /// From this seed.
    pub first_seed: u64,
    /// Up to, and without, this one.
    pub end_seed: u64,
    /// Which part.
    pub partition: (u64, u64),
    /// How many seeds were to be run.
    pub planned: u64,
    /// How many were.
    pub runs: u64,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// What was found, by signature.
    pub found: Vec<Found>,
    /// How many runs prove nothing.
    pub failed_runs: u64,
    /// The first of them.
    pub failures: Vec<Failure>,
    /// The failures that were planted.
    pub canary: Canary,
    /// What the workloads really did.
    pub statistics: Statistics,
}

/// The share of one thread, and the sum of all.
#[derive(Default)]
struct Tally {
    runs: u64,
    found: BTreeMap<Signature, Found>,
    failed_runs: u64,
    failures: Vec<Failure>,
    canary: Canary,
    statistics: Statistics,
}

/// Runs the campaign. `stop` is asked now and then whether to end early, and told how many seeds are done.
///
/// # Panics
/// If a thread does, which would be an error of this crate: runs that panic are caught.
pub fn run(plan: &Plan, subject: &Subject, stop: &(dyn Fn(u64) -> bool + Sync)) -> Report {
    let mut sum = Tally::default();
    for (n, regression) in plan.regressions.iter().enumerate() {
        sum.run(regression.workload(), plan.driver, subject, Some(n + 1), false);
    }
    let done = AtomicU64::new(0);
    // A live run that ends the Server has it for itself, after all others.
    sum.merge(side_by_side(plan, plan.jobs.max(1), subject, &done, stop, false));
    if subject.target().is_some() {
        sum.merge(side_by_side(plan, 1, subject, &done, stop, true));
    }
    stop(done.load(Ordering::Relaxed));
    sum.report(plan, subject)
}

/// Runs those seeds that end a live Server, or those that do not, on so many threads.
fn side_by_side(
    plan: &Plan,
    jobs: usize,
    subject: &Subject,
    done: &AtomicU64,
    stop: &(dyn Fn(u64) -> bool + Sync),
    restarting: bool,
) -> Tally {
    let next = AtomicU64::new(0);
    let portion = if subject.target().is_some() { 1 } else { PORTION };
    let is_over = || {
        subject.target().is_some_and(|target| target.gone().is_some()) || stop(done.load(Ordering::Relaxed))
    };
    let work = || {
        let mut tally = Tally::default();
        loop {
            let first = next.fetch_add(portion, Ordering::Relaxed);
            if first >= plan.count() || is_over() {
                return tally;
            }
            for place in first..(first + portion).min(plan.count()) {
                let workload = plan.driver.workload(plan.seed(place));
                if subject.target().is_some_and(|target| target.restarts(&workload)) != restarting {
                    continue;
                }
                tally.run(workload, plan.driver, subject, None, Canary::sits_at(place));
                tally.runs += 1;
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let mut sum = Tally::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(tally) => sum.merge(tally),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    sum
}

impl Tally {
    fn run(
        &mut self,
        workload: Workload,
        driver: Driver,
        subject: &Subject,
        regression: Option<usize>,
        plants: bool,
    ) {
        let statistics = &mut self.statistics;
        let is_live = driver == Driver::Live;
        let run = AssertUnwindSafe(|| driver.run(&workload, subject, statistics, is_live));
        let outcome = match catch_unwind(run) {
            Ok(outcome) => outcome,
            Err(panic) => return self.fail(workload.seed, reason_of(panic.as_ref())),
        };
        if let Some(reason) = outcome.failure {
            return self.fail(workload.seed, reason);
        }
        let verdict = guarantees::judge(&outcome.history);
        if plants {
            self.canary.plant(&outcome.history, &verdict);
        }
        if verdict.findings.is_empty() {
            return;
        }
        let shown = Replay::of(&workload, outcome, verdict);
        self.take_in(&shown, regression, is_live.then(|| shown.to_string()));
    }

    fn fail(&mut self, seed: u64, reason: String) {
        self.failed_runs += 1;
        self.failures.push(Failure { seed, reason });
        self.keep_few_failures();
    }

    fn keep_few_failures(&mut self) {
        self.failures.sort_unstable();
        self.failures.truncate(MOST_FAILURES);
    }

    fn take_in(&mut self, shown: &Replay, regression: Option<usize>, evidence: Option<String>) {
        let workload = &shown.workload;
        let mut seen: Vec<Signature> = Vec::new();
        for finding in &shown.verdict.findings {
            let key = finding.signature();
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            self.keep(Found {
                signature: key.to_string(),
                seed: workload.seed,
                steps: workload.steps.len(),
                runs: 1,
                regression,
                text: finding.text.clone(),
                evidence: evidence.clone(),
                key,
                workload: workload.clone(),
            });
        }
    }

    fn keep(&mut self, found: Found) {
        match self.found.get_mut(&found.key) {
            None => {
                self.found.insert(found.key, found);
            }
            Some(known) => {
                known.runs += found.runs;
                if (found.steps, found.seed) < (known.steps, known.seed) {
                    *known = Found { runs: known.runs, ..found };
                }
            }
        }
    }

    fn merge(&mut self, other: Tally) {
        self.runs += other.runs;
        self.failed_runs += other.failed_runs;
        self.failures.extend(other.failures);
        self.keep_few_failures();
        self.canary.merge(&other.canary);
        self.statistics.merge(&other.statistics);
        other.found.into_values().for_each(|found| self.keep(found));
    }

    fn report(self, plan: &Plan, subject: &Subject) -> Report {
        let conclusion = if let Some(reason) = self.canary.silence() {
            Conclusion::None(reason)
        } else if !self.found.is_empty() {
            Conclusion::Found
        } else if self.failed_runs > 0 {
            Conclusion::None(format!("{} runs failed, and prove nothing", self.failed_runs))
        } else if plan.driver == Driver::Live && self.statistics.restless * FEW_OF > self.runs {
            Conclusion::None(format!(
                "{} of {} runs did not come to rest, and nothing can be called lost in them",
                self.statistics.restless, self.runs
            ))
        } else {
            Conclusion::NothingFound
        };
        Report {
            subject: subject.name().to_owned(),
            driver: plan.driver,
            first_seed: plan.seeds.start,
            end_seed: plan.seeds.end,
            partition: plan.partition,
            planned: plan.count(),
            runs: self.runs,
            conclusion,
            found: self.found.into_values().collect(),
            failed_runs: self.failed_runs,
            failures: self.failures,
            canary: self.canary,
            statistics: self.statistics,
        }
    }
}

fn reason_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.unwrap_or_else(|| "without a message".to_owned()))
}
