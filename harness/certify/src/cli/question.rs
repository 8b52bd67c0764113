//! What the exit code of a run, of a merge and of a report answers, and against what.

use super::ci::Ci;
use super::waivers::{self, Agreed};
use super::{Failure, stored};
use clap::{Args, ValueEnum};
use record::Gate;
use record::Record;
use record::compare::compare;
use std::path::PathBuf;

/// What is asked of a Record.
#[derive(Debug, Args)]
pub struct Question {
    /// What the exit code answers: does the Subject conform, or is it worse than the baseline?
    #[arg(long, value_enum, value_name = "GATE")]
    gate: Option<GateName>,
    /// An earlier results.json (or its directory) to compare with
    #[arg(long, value_name = "RECORD")]
    baseline: Option<PathBuf>,
    /// Count a SHOULD that is not followed as a failure in the exit code
    #[arg(long)]
    strict: bool,
    /// Accepted failures (waivers), each with a reason, an owner and an expiry date
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// CI system to annotate
    #[arg(long, value_enum, value_name = "SERVER", default_value_t)]
    ci: Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GateName {
    /// Exit code 1 unless every tested MUST statement is kept
    Conformant,
    /// Exit code 1 if a check fails or no longer applies, and did not in the baseline
    NoRegression,
}

/// The same with its files read, which happens before a run overwrites them.
pub struct Asked {
    gate: Option<Gate>,
    baseline: Option<Record>,
    strict: bool,
    waivers: Option<Agreed>,
    /// Whom to tell of the answer.
    pub ci: Ci,
}

impl Question {
    /// Reads the files.
    pub fn read(&self) -> Result<Asked, Failure> {
        let gate = self.gate.map(|gate| match gate {
            GateName::Conformant => Gate::Conformant,
            GateName::NoRegression => Gate::NoRegression,
        });
        if gate == Some(Gate::NoRegression) && self.baseline.is_none() {
            return Err(Failure::usage("--gate no-regression needs --baseline RECORD"));
        }
        let baseline = self.baseline.as_deref().map(stored::read).transpose()?;
        let waivers = self.waivers.as_deref().map(waivers::read).transpose()?;
        Ok(Asked { gate, baseline, strict: self.strict, waivers, ci: self.ci })
    }
}

impl Asked {
    /// Whether anything was asked at all.
    pub fn is_any(&self) -> bool {
        self.has_gate() || self.baseline.is_some()
    }

    /// Whether the exit code of a rendering is to answer anything at all.
    pub fn has_gate(&self) -> bool {
        self.gate.is_some() || self.strict || self.waivers.is_some()
    }

    /// Puts the question to a Record, which then has its answer in `exit`.
    pub fn put_to(&self, record: &mut Record) -> Result<(), Failure> {
        if let Some(gate) = self.gate {
            record.run.gate = gate;
        }
        record.run.strict |= self.strict;
        record.conclude();
        if let Some(agreed) = &self.waivers {
            let done = record.waive(&agreed.waivers, &today(), agreed.limit);
            done.map_err(|error| Failure::usage(error.to_string()))?;
        }
        if let Some(baseline) = &self.baseline {
            record.baseline = Some(compare(baseline, record));
            record.conclude();
        }
        Ok(())
    }
}

/// The day, by which waivers expire.
#[expect(clippy::disallowed_methods, reason = "whether a waiver has expired depends on the day")]
fn today() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let timestamp = super::run::timestamp(now);
    timestamp.get(..10).unwrap_or_default().to_owned()
}
