//! Runs one check on one Testbed and says what came of it.
//!
//! A check accuses only of what it is about: if what was seen breaks a statement that is none of its tags (bytes that are not a packet, say), the check is
//! *inconclusive*, and the Monitor of that statement says *fail*.

use crate::cause::Cause;
use crate::malformed::{self, Case, Demand};
use crate::plan::{PlannedStep, ScenarioCheck, StepClass};
use crate::world::World;
use catalogue::RequirementId;
use futures::FutureExt as _;
use monitors::{self, Sighting};
use protocol::Version;
use record::Verdict;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tester::stop::{Stop, Violation};
use tester::testbed::{Kind, Place, Testbed};
use tester::{Namespace, Tester, Transcript};

/// What became of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// It did or found what it says.
    Passed,
    /// It stopped the scenario.
    Stopped,
    /// The scenario had stopped before.
    Skipped,
}

/// What came of one check.
#[derive(Debug)]
pub struct Outcome {
    /// The verdict of its own steps. Monitors have their own.
    pub verdict: Verdict,
    /// Why.
    pub cause: Cause,
    /// The Requirements that the verdict is about: of a fail, those that it breaks.
    pub charged: Vec<RequirementId>,
    /// Where the Subject was reached; `None` if nobody tried.
    pub place: Option<Place>,
    /// One for each step.
    pub steps: Vec<StepOutcome>,
    /// What was observed.
    pub transcript: Transcript,
    /// Which of several legal outcomes were seen.
    pub choices: Vec<(String, String)>,
    /// What makes us sure.
    pub assurances: Vec<String>,
    /// What the Monitors saw.
    pub sightings: Vec<Sighting>,
    /// How long it took on the clock of the Testbed.
    pub took: Duration,
    /// The longest round trip that was measured.
    pub round_trip: Option<Duration>,
}

/// What a check is run with.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// The version that is spoken.
    pub version: Version,
    /// The check's own seed.
    pub seed: u64,
    /// Multiplies every patience.
    pub timeout_scale: f64,
}

/// Runs a scenario.
pub async fn run(check: &ScenarioCheck, testbed: Box<dyn Testbed>, conditions: Conditions) -> Outcome {
    // A Server that lives on remembers an earlier run with the same seed: its retained messages must not be met again.
    let number = match testbed.kind() {
        Kind::Live => tester::seed_of(conditions.seed, &moment()),
        Kind::Virtual | Kind::Simulated => conditions.seed,
    };
    let mut tester = Tester::new(testbed, conditions.version, Namespace::new(number));
    tester.timeout_scale = conditions.timeout_scale;
    if let Some(case) = &check.malformed {
        return run_malformed(case, &check.requirements, tester).await;
    }
    let mut world = World::new(tester);
    let mut steps = vec![StepOutcome::Skipped; check.steps.len()];
    let mut stopped = None;
    for (index, step) in check.steps.iter().enumerate() {
        match take(step, &mut world).await {
            None => steps[index] = StepOutcome::Passed,
            Some(stop) => {
                steps[index] = StepOutcome::Stopped;
                stopped = Some((index, stop));
                break;
            }
        }
    }
    let warnings = std::mem::take(&mut world.warnings);
    let Some(tester) = world.into_tester() else { unreachable!("the World was made with a Tester") };
    let mut charged = check.requirements.clone();
    let (verdict, cause) = match stopped {
        None if warnings.is_empty() => (Verdict::Pass, Cause::Fulfilled),
        None => (Verdict::Warn, Cause::Warnings(warnings)),
        Some((index, stop)) => {
            let step = &check.steps[index];
            let about = if step.about.is_empty() { &check.requirements } else { &step.about };
            charged = charges(&stop, about, &check.requirements);
            conclude(step.class, stop, &check.requirements)
        }
    };
    Outcome { charged, ..conclude_with_monitors(tester, verdict, cause, steps) }
}

/// What a violation breaks of what the check is about: what it says itself, or else what the step is about.
fn charges(stop: &Stop, step: &[RequirementId], check: &[RequirementId]) -> Vec<RequirementId> {
    match stop {
        Stop::Violation(Violation { requirement: Some(id), .. }) if check.contains(id) => vec![*id],
        _ => step.to_vec(),
    }
}

/// Runs a case from the packet grammar.
async fn run_malformed(case: &Case, about: &[RequirementId], mut tester: Tester) -> Outcome {
    let played = malformed::play(case, &mut tester).await;
    let charged = match &played {
        Err(stop) => charges(stop, about, about),
        Ok(()) => about.to_vec(),
    };
    let (verdict, cause) = match played {
        Ok(()) if case.demand == Demand::Open => (Verdict::Info, Cause::LeftOpen),
        Ok(()) => (Verdict::Pass, Cause::Fulfilled),
        Err(stop) => conclude(StepClass::Judgement, stop, about),
    };
    Outcome { charged, ..conclude_with_monitors(tester, verdict, cause, Vec::new()) }
}

/// Now, as a text that no other run has.
#[expect(clippy::disallowed_methods, reason = "only names on a live Server depend on it")]
fn moment() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("{} {}", std::process::id(), now.as_nanos())
}

/// Ends a check: the Monitors look at the transcript.
pub fn conclude_with_monitors(
    tester: Tester,
    verdict: Verdict,
    cause: Cause,
    steps: Vec<StepOutcome>,
) -> Outcome {
    let (verdict, cause) = match tester.testbed.failure() {
        Some(why) => (Verdict::Error, Cause::Testbed(why)),
        None if verdict == Verdict::Fail && !is_of_the_subject(&cause, &tester.transcript) => {
            let text = format!("the evidence is an event of our own: {cause}");
            (Verdict::Error, Cause::Stopped(Stop::Error(text)))
        }
        None => (verdict, cause),
    };
    let took = tester.testbed.now();
    let round_trip = tester.clients().filter_map(|c| c.round_trip).max();
    let sightings = monitors::watch(&tester.transcript);
    Outcome {
        verdict,
        cause,
        charged: Vec::new(),
        place: Some(tester.testbed.place()),
        steps,
        sightings,
        took,
        round_trip,
        choices: tester.choices,
        assurances: tester.assurances,
        transcript: tester.transcript,
    }
}

/// Whether what a fail points at, if it points at anything, is something that the Subject did.
fn is_of_the_subject(cause: &Cause, transcript: &Transcript) -> bool {
    let Some(index) = cause.violation().and_then(|violation| violation.observation) else { return true };
    transcript.observations.get(index).is_some_and(|o| o.kind.is_of_the_subject())
}

/// Runs one step; what stopped it, if anything did.
async fn take(step: &PlannedStep, world: &mut World) -> Option<Stop> {
    let payload = AssertUnwindSafe(step.run(world)).catch_unwind().await.err()?;
    Some(match payload.downcast::<Stop>() {
        Ok(stop) => *stop,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("a panic without words");
            Stop::Error(format!("the step \"{}\" panicked: {text}", step.text))
        }
    })
}

/// Only a Then may say fail, and only about what its check is about: the Monitor of another statement that is seen to be broken accuses, and what this
/// check is about was not seen.
#[must_use]
pub fn conclude(class: StepClass, stop: Stop, about: &[RequirementId]) -> (Verdict, Cause) {
    match stop {
        Stop::Violation(violation) => match (class, violation.requirement) {
            (StepClass::Stimulus, _) => (Verdict::Inconclusive, Cause::Precondition(violation)),
            (StepClass::Judgement, Some(broken)) if !about.contains(&broken) => {
                (Verdict::Inconclusive, Cause::Elsewhere { broken, violation })
            }
            (StepClass::Judgement, _) => (Verdict::Fail, Cause::Stopped(Stop::Violation(violation))),
        },
        stop => {
            let verdict = match &stop {
                Stop::Violation(_) | Stop::Inconclusive(_) => Verdict::Inconclusive,
                Stop::NotApplicable(_) => Verdict::NotApplicable,
                Stop::NotExercised(_) => Verdict::NotExercised,
                Stop::Warning(_) => Verdict::Warn,
                Stop::Error(_) => Verdict::Error,
            };
            (verdict, Cause::Stopped(stop))
        }
    }
}
