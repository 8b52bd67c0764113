//! One run, shown: what was to be done, what happened, and what is wrong with it.

use crate::Driver;
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::transcript::Transcript;
use crate::workload::Workload;
use guarantees::{History, Signature, Verdict};
use std::fmt;

/// A run with its verdict.
#[derive(Debug)]
pub struct Replay {
    /// What was to be done.
    pub workload: Workload,
    /// What happened: packets, hardship and timers.
    pub transcript: Transcript,
    /// The same for the judge.
    pub history: History,
    /// What is wrong.
    pub verdict: Verdict,
    /// Why it proves nothing, if it does not.
    pub failure: Option<String>,
}

/// Carries the workload out, and judges it.
#[must_use]
pub fn replay(workload: &Workload, driver: Driver, subject: &Subject) -> Replay {
    let outcome = driver.run(workload, subject, &mut Statistics::default(), true);
    let verdict = guarantees::judge(&outcome.history);
    Replay {
        workload: workload.clone(),
        transcript: outcome.transcript.unwrap_or_default(),
        history: outcome.history,
        verdict,
        failure: outcome.failure,
    }
}

/// Whether the workload fails in this way.
#[must_use]
pub fn fails(workload: &Workload, driver: Driver, subject: &Subject, signature: Signature) -> bool {
    let outcome = driver.run(workload, subject, &mut Statistics::default(), false);
    outcome.failure.is_none()
        && guarantees::judge(&outcome.history).findings.iter().any(|f| f.signature() == signature)
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.workload)?;
        writeln!(f, "{}", self.transcript.as_str())?;
        if let Some(failure) = &self.failure {
            writeln!(f, "The run proves nothing: {failure}")?;
        }
        if self.verdict.findings.is_empty() {
            return writeln!(f, "Nothing is wrong.");
        }
        for finding in &self.verdict.findings {
            writeln!(f, "{}: {}", finding.signature(), finding.text)?;
            for event in finding.events.iter().filter_map(|place| self.history.events.get(*place)) {
                let (seconds, milliseconds) = (event.at.as_secs(), event.at.subsec_millis());
                writeln!(f, "{seconds:>9}.{milliseconds:03}   {:?}", event.what)?;
            }
        }
        Ok(())
    }
}
