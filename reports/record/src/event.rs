//! What a run says to programs while it goes on: one JSON object for each event, one line for each object.
//!
//! The objects are versioned by `v`. The last one, `run-finished`, has what the exit code says; everything else is in the Record, which is written
//! at the end in any case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::encode::json::printable;
use crate::{Check, Exit, Record, RunVerdict, Untrusted, Verdict, Version};

/// The version of the objects.
pub const VERSION: u32 = 1;

/// One line of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Always [`VERSION`].
    pub v: u32,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The plan is made; the first line.
    RunStarted {
        /// The version of the suite.
        suite: String,
        /// The name of the Subject.
        subject: Untrusted,
        /// Its address.
        address: String,
        /// The versions of the protocol.
        specs: Vec<Version>,
        /// The seed, in hexadecimal with `0x`.
        seed: String,
        /// How many checks are planned. Monitors come on top: they are judged at the end.
        checks: usize,
    },
    /// A check came to its end. Checks run side by side, so that the order is not that of the plan.
    CheckFinished {
        /// The name of the check.
        check: String,
        /// What it observed.
        verdict: Verdict,
        /// The statements that it tests.
        requirements: Vec<String>,
        /// How long it took; virtual time in a simulation.
        milliseconds: u64,
        /// Why, for anything but a pass.
        #[serde(default, skip_serializing_if = "Untrusted::is_empty")]
        reason: Untrusted,
    },
    /// The Record is written; the last line.
    RunFinished {
        /// The verdict of the run.
        verdict: RunVerdict,
        /// Why, the weightiest reason first.
        verdict_reasons: Vec<String>,
        /// What the process says to the shell.
        exit: Exit,
        /// SHA-256 of the Record.
        digest: String,
    },
}

impl Event {
    /// The line, with the newline at its end.
    #[must_use]
    pub fn line(self) -> String {
        // No type of an event can fail to serialise: no maps, no foreign impls.
        serde_json::to_string(&Line { v: VERSION, event: self })
            .map_or_else(|_| String::new(), |line| printable(&line) + "\n")
    }

    /// That a check ended.
    #[must_use]
    pub fn check_finished(check: &Check) -> Event {
        Event::CheckFinished {
            check: check.id.clone(),
            verdict: check.verdict,
            requirements: check.requirements.clone(),
            milliseconds: check.milliseconds,
            reason: check.reason.clone(),
        }
    }

    /// That the run ended with this Record.
    #[must_use]
    pub fn run_finished(record: &Record) -> Event {
        Event::RunFinished {
            verdict: record.verdict,
            verdict_reasons: record.verdict_reasons.clone(),
            exit: record.exit.clone(),
            digest: record.digest(),
        }
    }
}
