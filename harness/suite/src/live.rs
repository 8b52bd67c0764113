//! A run on a live Server: many checks side by side first, and what is in doubt again alone.
//!
//! Checks that run side by side can disturb each other through a Server that mixes its Clients up, or that stops for a while. So a fail is charged when it
//! has happened again alone, on names of its own; of checks that fail in one and the same way one is run again for all, and each of them if that one does
//! not fail again. What was under way while the Server did not keep pace ([`pulse`](crate::pulse)) counts for nothing and is run again.

use crate::capabilities;
use crate::cause::Cause;
use crate::plan::ScenarioCheck;
use crate::pulse::{Handle, Pace, Pulse};
use crate::runner::Outcome;
use crate::session::{Findings, Plan, RESTART, refusals};
use futures::StreamExt as _;
use protocol::{Role, Version};
use record::Verdict;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tester::stop::without_values;

/// After this many checks in a row that could not reach the Server, it is asked whether it is still there.
const DOUBTFUL: usize = 8;
/// So much time of checks at most goes into running fails again. A Server that fails in more ways than fit is charged with the rest as it was seen.
const BUDGET: Duration = Duration::from_secs(60);
/// The same for checks that came to no verdict, which accuse nobody anyway.
const BUDGET_WITHOUT_VERDICT: Duration = Duration::from_secs(20);
const SAME_WAY: &str = "a check that fails in the same way was run again alone, with the same result";
const NO_TIME: &str = "the check was not run again: other checks had used up the time for that";
/// A check is run so often at most until the Server keeps pace meanwhile.
const ATTEMPTS: usize = 3;

/// What is known while the run goes on.
struct Course<'a> {
    plan: &'a Plan,
    capabilities: &'a capabilities::Capabilities,
    pulse: Option<Handle>,
    unreachable: Cell<usize>,
    gone: OnceCell<String>,
}

impl Plan {
    /// Runs it all on a live Server. `told` hears of each check as its verdict is settled.
    pub(crate) async fn run_live(&self, told: &(dyn Fn(&ScenarioCheck, &Outcome) + Sync)) -> Findings {
        let make = || (self.testbed)(None, self.seed);
        let capabilities = capabilities::probe(&make, &self.versions, self.seed, self.timeout_scale).await;
        if let Some(findings) = self.unavailable(&capabilities) {
            return findings;
        }
        let spoken = self.versions.iter().copied().find(|version| capabilities.speaks(*version));
        let pulse = spoken.map(|version: Version| {
            Pulse::start(self.testbed.clone(), version, !self.seed, self.timeout_scale)
        });
        let mut course = Course {
            plan: self,
            capabilities: &capabilities,
            pulse,
            unreachable: Cell::new(0),
            gone: OnceCell::new(),
        };
        let mut outcomes: Vec<Option<Outcome>> = self.checks.iter().map(|_| None).collect();
        // What ends the Server would end it for the others too.
        let (ending, together): (Vec<usize>, Vec<usize>) =
            (0..self.checks.len()).partition(|index| self.checks[*index].needs.contains(RESTART));
        let mut doubts = Vec::new();
        let mut pending = together;
        for attempt in 1..=ATTEMPTS {
            let course = &course;
            let mut running = futures::stream::iter(std::mem::take(&mut pending))
                .map(|index| async move { (index, course.one(index).await) })
                .buffer_unordered(self.jobs.max(1));
            while let Some((index, ran)) = running.next().await {
                let Some((outcome, pace)) = ran else { continue };
                match pace {
                    Pace::Steady if !is_doubtful(&outcome) => told(&self.checks[index], &outcome),
                    Pace::Stalled(_) | Pace::Restarted if attempt < ATTEMPTS => pending.push(index),
                    _ => doubts.push((index, pace)),
                }
                outcomes[index] = Some(outcome);
            }
            // What happens again in the same order is the same for everybody who looks at it.
            pending.sort_unstable();
        }
        doubts.sort_unstable_by_key(|(index, _)| *index);
        course.settle(&doubts, &mut outcomes, told).await;
        // Its Network Connection would end with the Server, which is what these checks are for.
        course.pulse = None;
        for index in ending {
            if let Some((outcome, _)) = course.one(index).await {
                told(&self.checks[index], &outcome);
                outcomes[index] = Some(outcome);
            }
        }
        let cut_short = course
            .gone
            .into_inner()
            .map(|why| format!("the Subject is gone: {why}"))
            .or_else(|| self.stop.load(Ordering::Relaxed).then(|| "interrupted".to_owned()));
        Findings { capabilities, outcomes, cut_short, unavailable: None }
    }
}

/// Whether the outcome accuses somebody, or failed to come to a verdict.
fn is_doubtful(outcome: &Outcome) -> bool {
    matches!(outcome.verdict, Verdict::Fail | Verdict::Inconclusive)
}

/// Whether anything in the outcome could be owed to a Server that did not keep pace.
fn is_clean(outcome: &Outcome) -> bool {
    let accused = outcome.sightings.iter().flat_map(|s| &s.breaches).any(|breach| breach.by == Role::Server);
    !accused && matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Info)
}

/// Checks of which one stands for all: they have one version, and fail about the same statement in the same way.
fn group(check: &ScenarioCheck, outcome: &Outcome) -> (Version, Verdict, String, String) {
    let about = check.requirements.first().map_or("", |id| id.as_str());
    let way = match outcome.cause.violation() {
        Some(violation) => violation.signature(),
        None => without_values(&outcome.cause.to_string()),
    };
    (check.version, outcome.verdict, about.to_owned(), way)
}

impl Course<'_> {
    fn is_over(&self) -> bool {
        self.plan.stop.load(Ordering::Relaxed) || self.gone.get().is_some()
    }

    /// Runs a check, and says whether the Server kept pace meanwhile. `None` if the run is over.
    async fn one(&self, index: usize) -> Option<(Outcome, Pace)> {
        if self.is_over() {
            return None;
        }
        let check = &self.plan.checks[index];
        let mark = self.pulse.as_ref().map_or(0, |pulse| pulse.mark());
        let outcome = self.plan.one(check, self.capabilities).await;
        let pace = match &self.pulse {
            Some(pulse) if !is_clean(&outcome) => pulse.since(mark, &self.plan.stop).await,
            _ => Pace::Steady,
        };
        if pace == Pace::Gone && !self.plan.stop.load(Ordering::Relaxed) {
            // Whichever check learns it first has said it.
            let _ = self.gone.set("it does not answer any more".to_owned());
        }
        if outcome.cause.is_unreachable() {
            self.unreachable.set(self.unreachable.get() + 1);
            if self.unreachable.get() >= DOUBTFUL {
                self.ask_again(index).await;
            }
        } else if outcome.verdict == Verdict::Pass {
            self.unreachable.set(0);
        }
        Some((outcome, pace))
    }

    async fn ask_again(&self, index: usize) {
        let make = || (self.plan.testbed)(None, self.plan.seed);
        let seed = self.plan.seed ^ index as u64;
        let again = capabilities::probe(&make, &self.plan.versions, seed, 1.0).await;
        if again.connacks.is_empty() {
            let _ = self.gone.set(refusals(&again));
        }
        self.unreachable.set(0);
    }

    /// Runs what is in doubt again, one after the other.
    async fn settle(
        &self,
        doubts: &[(usize, Pace)],
        outcomes: &mut [Option<Outcome>],
        told: &(dyn Fn(&ScenarioCheck, &Outcome) + Sync),
    ) {
        let mut confirmed: BTreeMap<(Version, Verdict, String, String), bool> = BTreeMap::new();
        let mut spent: BTreeMap<Verdict, Duration> = BTreeMap::new();
        for (index, pace) in doubts {
            let check = &self.plan.checks[*index];
            let Some(first) = outcomes[*index].take() else { continue };
            let settled = if *pace != Pace::Steady {
                self.instead_of(*index, first, *pace).await
            } else {
                let group = group(check, &first);
                let verdict = first.verdict;
                let budget = if verdict == Verdict::Fail { BUDGET } else { BUDGET_WITHOUT_VERDICT };
                let spent = spent.entry(verdict).or_default();
                match confirmed.get(&group) {
                    Some(true) => with_assurance(first, SAME_WAY),
                    _ if *spent >= budget => with_assurance(first, NO_TIME),
                    _ => {
                        let settled = self.again(*index, first).await;
                        *spent += settled.took;
                        confirmed.insert(group, settled.verdict == verdict);
                        settled
                    }
                }
            };
            told(check, &settled);
            outcomes[*index] = Some(settled);
        }
    }

    /// Runs a check alone until the Server keeps pace meanwhile; `None` if the run is over before.
    async fn steadily(&self, index: usize) -> Option<Result<Outcome, (Outcome, Pace)>> {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match self.one(index).await? {
                (outcome, Pace::Steady) => return Some(Ok(outcome)),
                unsteady => last = Some(unsteady),
            }
        }
        last.map(Err)
    }

    /// For a check during which the Server did not keep pace: what it says when it does.
    async fn instead_of(&self, index: usize, first: Outcome, pace: Pace) -> Outcome {
        match self.steadily(index).await {
            None => stalled(first, pace),
            Some(Err((outcome, pace))) => stalled(outcome, pace),
            Some(Ok(second)) if second.verdict == Verdict::Fail => self.again(index, second).await,
            Some(Ok(second)) => second,
        }
    }

    /// For a check that failed or came to no verdict: the same if it does so again alone.
    async fn again(&self, index: usize, first: Outcome) -> Outcome {
        let second = match self.steadily(index).await {
            // An accusation that could not be confirmed before the end of the run is none.
            None if first.verdict == Verdict::Fail => return unsteady(first.cause.clone(), 1, 1, first),
            None => return first,
            Some(Err((outcome, pace))) => return stalled(outcome, pace),
            Some(Ok(second)) => second,
        };
        match (first.verdict, second.verdict) {
            (Verdict::Fail, Verdict::Fail) => {
                with_assurance(second, "the check was run again alone, and failed again")
            }
            (Verdict::Fail, _) | (_, Verdict::Fail) => match self.steadily(index).await {
                Some(Ok(third)) if second.verdict == Verdict::Fail && third.verdict == Verdict::Fail => {
                    with_assurance(third, "the check failed twice when it was run alone")
                }
                Some(Ok(third)) => {
                    let outcomes = [first.verdict, second.verdict, third.verdict];
                    let failed = outcomes.iter().filter(|verdict| **verdict == Verdict::Fail).count();
                    let kept = if first.verdict == Verdict::Fail { first } else { second };
                    unsteady(kept.cause.clone(), u32::try_from(failed).unwrap_or(u32::MAX), 3, kept)
                }
                Some(Err((outcome, pace))) => stalled(outcome, pace),
                None => unsteady(first.cause.clone(), 1, 2, first),
            },
            _ => second,
        }
    }
}

fn with_assurance(mut outcome: Outcome, words: &str) -> Outcome {
    outcome.assurances.push(words.to_owned());
    outcome
}

fn stalled(outcome: Outcome, pace: Pace) -> Outcome {
    Outcome { verdict: Verdict::Inconclusive, cause: Cause::Stalled(pace), sightings: Vec::new(), ..outcome }
}

fn unsteady(first: Cause, failed: u32, runs: u32, outcome: Outcome) -> Outcome {
    let cause = Cause::Unsteady { first: Box::new(first), failed, runs };
    Outcome { verdict: Verdict::Inconclusive, cause, ..outcome }
}
