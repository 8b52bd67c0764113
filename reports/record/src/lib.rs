//! `results.json`: everything that a run established, as data. This crate never sees a run, a socket or a clock, and does not know how a Record is shown.
//!
//! The shape is versioned by [`SCHEMA`]. Adding an optional field keeps the version; changing the meaning of one
//! does not. Roles are symmetrical (a Client under test is recorded like a Server), transports are a dimension of
//! every check, and whatever is not applicable carries its reason.
//!
//! The harness fills a Record with checks and calls [`Record::conclude`], which computes the verdicts of the Requirements, of the
//! run, and the exit code; nobody else decides those.

mod about;
mod catalogued;
mod check;
mod conclude;
mod json;
mod requirement;
mod transcript;
mod untrusted;
mod verdict;

pub mod campaign;
pub mod compare;
pub mod diff;
pub mod encode;
pub mod event;
pub mod hostile;
pub mod merge;
pub mod reproduce;
pub mod schema;
pub mod waive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use about::{
    Baseline, Capability, Choice, Exit, Gate, Interruption, Partition, Redaction, Role, Run, SelfTest,
    Subject, Suite, Testbed, Waiver, WaiverState,
};
pub use campaign::Campaign;
pub use check::{Check, CheckKind, Reproduce, Step, Version};
pub use conclude::Tally;
pub use conclude::count;
pub(crate) use json::read;
pub use json::{ReadError, digest};
pub use requirement::{Actor, Level, Observe, Requirement};
pub use transcript::hexadecimal;
pub use transcript::{Connection, Direction, Event, EventKind, EventMark, Field, FieldMark, Transcript};
pub use untrusted::Untrusted;
pub use verdict::{RunVerdict, Verdict};

/// The schema that this crate writes and reads.
pub const SCHEMA: &str = "mqtt-certify/record/1";

/// Everything that a run established.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Who tested.
    pub suite: Suite,
    /// Who was tested.
    pub subject: Subject,
    /// The verdict on the whole run.
    pub verdict: RunVerdict,
    /// Why it is that verdict, one sentence each, the weightiest first.
    pub verdict_reasons: Vec<String>,
    /// What the process says to the shell, and why.
    pub exit: Exit,
    /// How the run was made.
    pub run: Run,
    /// Every statement of the selected versions, tested or not, in the order of the standard.
    pub requirements: Vec<Requirement>,
    /// Every check of the selected versions, run or not.
    pub checks: Vec<Check>,
    /// What the Subject declares and what was seen of it.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Where the standard leaves a choice: what the Subject chose.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// How the suite did against its own Defects and Variants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selftest: Option<SelfTest>,
    /// Failures that were agreed to be lived with.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// The earlier run that this one is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Which secret values were masked, and how often.
    #[serde(default)]
    pub redactions: Vec<Redaction>,
}

impl Record {
    /// An empty Record: no verdict, because nothing ran.
    #[must_use]
    pub fn new(suite: Suite, subject: Subject, run: Run) -> Record {
        Record {
            schema: SCHEMA.to_owned(),
            suite,
            subject,
            verdict: RunVerdict::NoVerdict,
            verdict_reasons: Vec::new(),
            exit: Exit::default(),
            run,
            requirements: Vec::new(),
            checks: Vec::new(),
            capabilities: Vec::new(),
            choices: Vec::new(),
            selftest: None,
            waivers: Vec::new(),
            baseline: None,
            redactions: Vec::new(),
        }
    }

    /// The Requirement with this name, such as `5.0/MQTT-3.3.1-1`.
    #[must_use]
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// The check with this name.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// The versions of the protocol that were selected: `MQTT 3.1.1 and 5.0`.
    #[must_use]
    pub fn specs(&self) -> String {
        let numbers: Vec<&str> = self.run.specs.iter().map(|version| version.number()).collect();
        if numbers.is_empty() { "MQTT".to_owned() } else { format!("MQTT {}", numbers.join(" and ")) }
    }

    /// `600 of 600 checks ran, no filters`, or what is missing.
    #[must_use]
    pub fn completeness(&self) -> String {
        let not_run = self.checks.iter().filter(|check| check.verdict == Verdict::NotRun).count();
        let mut text = format!("{} of {} checks ran", self.checks.len() - not_run, self.checks.len());
        if self.run.filters.is_empty() {
            text.push_str(", no filters");
        } else {
            text.push_str(&format!(", filtered by {}", self.run.filters.join(", ")));
        }
        if let Some(partition) = &self.run.partition {
            text.push_str(&format!(", {} of {} shards", partition.parts.len(), partition.of));
        }
        if !self.run.complete {
            text.push_str(", not complete");
        }
        text
    }
}
