//! One run, shown: what was to be done, what happened, and what is wrong with it.

use crate::Driver;
use crate::driver::Outcome;
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::transcript::Transcript;
use crate::workload::Workload;
use guarantees::{History, Signature, Verdict, What};
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

impl Replay {
    /// A run that is over.
    pub(crate) fn of(workload: &Workload, outcome: Outcome, verdict: Verdict) -> Self {
        Replay {
            workload: workload.clone(),
            transcript: outcome.transcript.unwrap_or_default(),
            history: outcome.history,
            verdict,
            failure: outcome.failure,
        }
    }

    /// Whether something was still under way when it ended.
    fn is_restless(&self) -> bool {
        self.history.events.last().is_some_and(|last| matches!(last.what, What::End { quiescent: false }))
    }

    /// Whether it shows what `wanted` names, or anything if that is `None`.
    fn shows(&self, wanted: Option<Signature>) -> bool {
        self.verdict.findings.iter().any(|f| wanted.is_none_or(|wanted| f.signature() == wanted))
    }
}

/// Carries the workload out, and judges it; a live one several times, until it fails in this way, or in any.
#[must_use]
pub fn replay(workload: &Workload, driver: Driver, subject: &Subject, wanted: Option<Signature>) -> Replay {
    let once = || {
        let outcome = driver.run(workload, subject, &mut Statistics::default(), true);
        let verdict = guarantees::judge(&outcome.history);
        Replay::of(workload, outcome, verdict)
    };
    let mut shown = once();
    for _ in 1..driver.attempts() {
        if shown.shows(wanted) || shown.failure.is_some() {
            break;
        }
        shown = once();
    }
    shown
}

/// Whether the workload fails in this way, in one of the driver's attempts.
#[must_use]
pub fn fails(workload: &Workload, driver: Driver, subject: &Subject, signature: Signature) -> bool {
    let once = || {
        let outcome = driver.run(workload, subject, &mut Statistics::default(), false);
        outcome.failure.is_none()
            && guarantees::judge(&outcome.history).findings.iter().any(|f| f.signature() == signature)
    };
    let is_alone = subject.target().is_none_or(|target| target.restarts(workload));
    if is_alone {
        return (0..driver.attempts()).any(|_| once());
    }
    // Live runs mostly wait, and do not see each other.
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..driver.attempts()).map(|_| scope.spawn(once)).collect();
        threads.into_iter().fold(false, |failed, thread| failed | thread.join().unwrap_or(false))
    })
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.workload)?;
        writeln!(f, "{}", self.transcript.as_str())?;
        if let Some(failure) = &self.failure {
            writeln!(f, "The run proves nothing: {failure}")?;
        } else if self.is_restless() {
            writeln!(f, "The run did not come to rest, so that nothing can be called lost in it.")?;
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
