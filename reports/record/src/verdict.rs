//! What was observed, kept apart from how it counts.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a check observed, or what follows from its checks for a Requirement.
///
/// The order is "how bad it is to overlook", the worst first, so that the worst of several is their minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// An outcome that the statement forbids was seen, with evidence.
    Fail,
    /// Our own fault: a panic, a bad fixture, a Tester that broke the standard unasked. Never counts against the Subject.
    Error,
    /// No verdict possible: the preamble was not reached, or nothing proved that the Subject was alive.
    Inconclusive,
    /// Filtered out, another shard's, or the budget was used up.
    NotRun,
    /// A SHOULD was not followed; still conformant.
    Warn,
    /// An outcome that the statement allows was seen.
    Pass,
    /// The statement leaves a choice, and the choice is recorded.
    Info,
    /// The situation that the statement speaks of did not arise, so that it holds vacuously. Never a pass.
    NotExercised,
    /// Binds something that this Subject is not or does not offer; the reason says what.
    NotApplicable,
    /// A Requirement without a check. Not for checks.
    Untested,
    /// A Requirement that no test can reach; the reason says why. Not for checks.
    Untestable,
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Verdict; 11] = [
        Verdict::Fail,
        Verdict::Error,
        Verdict::Inconclusive,
        Verdict::NotRun,
        Verdict::Warn,
        Verdict::Pass,
        Verdict::Info,
        Verdict::NotExercised,
        Verdict::NotApplicable,
        Verdict::Untested,
        Verdict::Untestable,
    ];

    /// The worse of two.
    #[must_use]
    pub fn worst(self, other: Verdict) -> Verdict {
        self.min(other)
    }

    /// The word that every report uses, in capitals only where it has to be seen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Fail => "FAIL",
            Verdict::Error => "harness error",
            Verdict::Inconclusive => "inconclusive",
            Verdict::NotRun => "not run",
            Verdict::Warn => "warn",
            Verdict::Pass => "pass",
            Verdict::Info => "info",
            Verdict::NotExercised => "not exercised",
            Verdict::NotApplicable => "n/a",
            Verdict::Untested => "untested",
            Verdict::Untestable => "untestable",
        }
    }

    /// The glyph that stands before the word, never alone.
    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Verdict::Fail => "✗",
            Verdict::Error => "⚠",
            Verdict::Inconclusive => "?",
            Verdict::NotRun => "·",
            Verdict::Warn => "!",
            Verdict::Pass => "✓",
            Verdict::Info => "i",
            Verdict::NotExercised => "○",
            Verdict::NotApplicable => "–",
            Verdict::Untested => "□",
            Verdict::Untestable => "∅",
        }
    }

    /// The name in `results.json`, in class names and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Error => "error",
            Verdict::Inconclusive => "inconclusive",
            Verdict::NotRun => "not-run",
            Verdict::Warn => "warn",
            Verdict::Pass => "pass",
            Verdict::Info => "info",
            Verdict::NotExercised => "not-exercised",
            Verdict::NotApplicable => "not-applicable",
            Verdict::Untested => "untested",
            Verdict::Untestable => "untestable",
        }
    }

    /// Whether a packet of the Subject was judged, be it well or badly.
    #[must_use]
    pub const fn is_observed(self) -> bool {
        matches!(self, Verdict::Fail | Verdict::Warn | Verdict::Pass | Verdict::Info)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The verdict on a run: exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunVerdict {
    /// The run is complete, and every applicable MUST statement that was tested passed; no waivers in force.
    Conformant,
    /// The same, with failing checks that live waivers cover.
    ConformantWithWaivers,
    /// At least one unwaived failure of a MUST statement, even if the run is partial.
    NotConformant,
    /// No such failure, but something that is needed is inconclusive, not run or a harness error.
    NoVerdict,
}

impl RunVerdict {
    /// As it stands at the head of a report.
    #[must_use]
    pub const fn headline(self) -> &'static str {
        match self {
            RunVerdict::Conformant => "CONFORMANT",
            RunVerdict::ConformantWithWaivers => "CONFORMANT WITH WAIVERS",
            RunVerdict::NotConformant => "NOT CONFORMANT",
            RunVerdict::NoVerdict => "NO VERDICT",
        }
    }

    /// The name in `results.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RunVerdict::Conformant => "conformant",
            RunVerdict::ConformantWithWaivers => "conformant-with-waivers",
            RunVerdict::NotConformant => "not-conformant",
            RunVerdict::NoVerdict => "no-verdict",
        }
    }
}

impl fmt::Display for RunVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
