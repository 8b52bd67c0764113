//! Runs one check on one Testbed and says what came of it.
//!
//! A check accuses only of what it is about: if what was seen breaks a statement that is none of its tags (bytes that are not a packet, say), the check is
//! *inconclusive*, and the Monitor of that statement says *fail*.

use crate::malformed::{self, Case, Demand};
use crate::plan::{PlannedStep, ScenarioCheck, StepClass};
use crate::world::World;
use futures::FutureExt as _;
use monitors::{self, Sighting};
use protocol::Version;
use reports::Verdict;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tester::testbed::{Kind, Testbed};
use tester::verdict::{Stop, Stopped, Violation};
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
    /// Why, for anything but a pass.
    pub reason: String,
    /// The details of a fail.
    pub violation: Option<Violation>,
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
        return run_malformed(case, tester).await;
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
    let (verdict, reason, violation) = match stopped {
        None if warnings.is_empty() => (Verdict::Pass, String::new(), None),
        None => (Verdict::Warn, warnings.join("; "), None),
        Some((index, stop)) => conclude(check.steps[index].class, stop),
    };
    let (verdict, reason) = match violation.as_ref().and_then(|it| it.requirement) {
        // The Monitor of that statement accuses; what this check is about was not seen.
        Some(other) if verdict == Verdict::Fail && !check.requirements.contains(&other) => {
            (Verdict::Inconclusive, format!("{other} is broken, which is judged elsewhere: {reason}"))
        }
        _ => (verdict, reason),
    };
    conclude_with_monitors(tester, verdict, reason, violation, steps)
}

/// Runs a case from the packet grammar.
async fn run_malformed(case: &Case, mut tester: Tester) -> Outcome {
    let played = malformed::play(case, &mut tester).await;
    let (verdict, reason, violation) = match played {
        Ok(()) if case.demand == Demand::Open => {
            let text = "the standard does not say what a Server does with this fault; its choice is recorded";
            (Verdict::Info, text.to_owned(), None)
        }
        Ok(()) => (Verdict::Pass, String::new(), None),
        Err(stop) => conclude(StepClass::Judgement, stop),
    };
    conclude_with_monitors(tester, verdict, reason, violation, Vec::new())
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
    reason: String,
    violation: Option<Violation>,
    steps: Vec<StepOutcome>,
) -> Outcome {
    let (verdict, reason, violation) = match tester.testbed.failure() {
        Some(why) => (Verdict::Error, format!("the Testbed has failed: {why}"), None),
        None => (verdict, reason, violation),
    };
    let took = tester.testbed.now();
    let round_trip = tester.clients().filter_map(|c| c.round_trip).max();
    let sightings = monitors::watch(&tester.transcript);
    Outcome {
        verdict,
        reason,
        violation,
        steps,
        sightings,
        took,
        round_trip,
        choices: tester.choices,
        assurances: tester.assurances,
        transcript: tester.transcript,
    }
}

/// Runs one step; what stopped it, if anything did.
async fn take(step: &PlannedStep, world: &mut World) -> Option<Stop> {
    let _ = Stopped::take();
    match AssertUnwindSafe(step.run(world)).catch_unwind().await {
        Ok(()) => None,
        Err(panic) => Some(Stopped::take().unwrap_or_else(|| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("a panic without words");
            Stop::Error(format!("the step \"{}\" panicked: {text}", step.text))
        })),
    }
}

/// Only a Then may say fail.
fn conclude(class: StepClass, stop: Stop) -> (Verdict, String, Option<Violation>) {
    match (stop, class) {
        (Stop::Violation(violation), StepClass::Judgement) => {
            (Verdict::Fail, violation.text.clone(), Some(violation))
        }
        (Stop::Violation(violation), StepClass::Stimulus) => {
            let text = format!("the situation to test did not come about: {}", violation.text);
            (Verdict::Inconclusive, text, Some(violation))
        }
        (Stop::Inconclusive(text), _) => (Verdict::Inconclusive, text, None),
        (Stop::NotApplicable(text), _) => (Verdict::NotApplicable, text, None),
        (Stop::NotExercised(text), _) => (Verdict::NotExercised, text, None),
        (Stop::Warning(text), _) => (Verdict::Warn, text, None),
        (Stop::Error(text), _) => (Verdict::Error, text, None),
    }
}

/// Makes panics of steps silent: they carry a [`Stop`] or are reported as errors of the suite. Panics elsewhere keep their voice.
pub fn quiet_step_panics() {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let of_a_step = info.location().is_some_and(|l| l.file().contains("steps/"));
        if !of_a_step {
            earlier(info);
        }
    }));
}
