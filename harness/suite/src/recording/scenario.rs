//! What a Record says of the check of one scenario.

use super::transcript::{Culprit, transcript};
use super::{Heading, transport, version};
use crate::plan::ScenarioCheck;
use crate::runner::{Outcome, StepOutcome};
use crate::session::{Findings, Plan};
use record as r;
use record::{Check, Untrusted, Verdict};
use tester::seed_of;
use tester::testbed::{Transport, WEBSOCKET};

/// The check of a scenario; `outcome` is `None` if it was not run.
pub(super) fn scenario(
    plan: &Plan,
    check: &ScenarioCheck,
    outcome: Option<&Outcome>,
    findings: &Findings,
    heading: &Heading,
) -> Check {
    let kind = if check.malformed.is_some() { r::CheckKind::Malformed } else { r::CheckKind::Scenario };
    let mut out = Check::new(&check.id, &check.title, version(check.version), kind)
        .in_feature(check.feature, &check.rule)
        .tests(check.requirements.iter().map(|id| id.as_str()));
    let asked = match check.configuration.as_deref() {
        Some(WEBSOCKET) => Transport::WebSocket,
        _ => Transport::Tcp,
    };
    let place = outcome.and_then(|outcome| outcome.place.as_ref());
    out.transport = transport(plan.kind, place.map_or(asked, |place| place.transport)).to_owned();
    out.address = place.map(|place| place.address.clone());
    out.seed = format!("0x{:016x}", seed_of(plan.seed, &check.id));
    out.reproduce.rerun = format!("{} --only {} --seed 0x{:x}", heading.rerun, check.id, plan.seed);
    let Some(outcome) = outcome else {
        let why = findings.unavailable.as_ref().or(findings.cut_short.as_ref());
        return out.observed(Verdict::NotRun, why.map_or("not run", String::as_str));
    };
    out.milliseconds = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
    out.steps = check
        .steps
        .iter()
        .zip(&outcome.steps)
        .map(|(step, outcome)| r::Step {
            keyword: step.keyword.clone(),
            text: step.text.clone(),
            outcome: match outcome {
                StepOutcome::Passed => "passed",
                StepOutcome::Stopped => "failed",
                StepOutcome::Skipped => "skipped",
            }
            .to_owned(),
        })
        .collect();
    out.why_sure = outcome.assurances.iter().map(|a| Untrusted::from(a.as_str())).collect();
    out.choices = outcome
        .choices
        .iter()
        .map(|(question, answer)| Untrusted::from(format!("{question}: {answer}")))
        .collect();
    let mut culprit = None;
    if let Some(violation) = outcome.cause.violation() {
        out = out.differs(violation.expected.to_string(), violation.actual.to_string());
        out.acceptable = vec![violation.expected.to_string()];
        culprit = Some(Culprit::of(violation));
        if outcome.verdict == Verdict::Fail {
            out.signature = Some(format!(
                "{}: {}",
                outcome.charged.first().map_or("", |id| id.as_str()),
                violation.signature()
            ));
            // Where the step says which of the tags is broken, the others are left open.
            if outcome.charged.len() < check.requirements.len() {
                out.violated = outcome.charged.iter().map(|id| id.as_str().to_owned()).collect();
            }
        }
    }
    if check.malformed.is_some() && outcome.verdict == Verdict::Warn {
        // A Server that did not notice the fault has not broken the statement on those that it notices.
        out.requirements.retain(|id| id != "5.0/MQTT-4.13.1-1");
    }
    let interesting = !matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Info);
    if interesting {
        out.transcript = Some(transcript(&outcome.transcript, culprit.as_ref()));
    }
    out.observed(outcome.verdict, outcome.cause.to_string())
}
