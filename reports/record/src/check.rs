//! One check: what was tried, what was seen, and how to see it again.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::transcript::Transcript;
use super::untrusted::Untrusted;
use super::verdict::Verdict;

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Version {
    /// MQTT 3.1.1.
    #[serde(rename = "3.1.1")]
    V311,
    /// MQTT 5.0.
    #[serde(rename = "5.0")]
    V5,
}

impl Version {
    /// `3.1.1` or `5.0`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Version::V311 => "3.1.1",
            Version::V5 => "5.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

/// Where a check comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// A scenario of a feature file.
    Scenario,
    /// A Monitor, which watches every Transcript.
    Monitor,
    /// A case built from the packet grammar with one fault in it.
    Malformed,
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Given, When, Then, And, But.
    pub keyword: String,
    /// The sentence.
    pub text: String,
    /// `passed`, `failed`, `skipped`, …
    pub outcome: String,
}

/// How to see it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reproduce {
    /// The command that runs just this check again.
    pub rerun: String,
    /// The command that shows the recorded exchange again, offline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<String>,
    /// A line that needs nothing but bash; where it is absent, [`crate::Record::conclude`] makes one if the stimulus
    /// is a fixed row of bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<String>,
}

/// One check and what it observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Stable and unique in a Record, such as `5.0/tcp/publish/redelivery-sets-dup`.
    pub id: String,
    /// What it tries, in a few words.
    pub title: String,
    /// The feature that it belongs to.
    pub feature: String,
    /// The rule within the feature.
    pub rule: String,
    /// The version of the protocol it speaks.
    pub version: Version,
    /// How the bytes travelled: `tcp`, `websocket`, `simulated` (in this process, without WebSocket) or `simulated websocket`.
    pub transport: String,
    /// Where the Subject was reached: `HOST:PORT`, and behind it the resource of a WebSocket; in this process the name of the simulated host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where it comes from.
    pub kind: CheckKind,
    /// What was observed.
    pub verdict: Verdict,
    /// The statements that it tests, with their versions.
    pub requirements: Vec<String>,
    /// Which of `requirements` a failure breaks; empty means all of them. The others are then inconclusive, because
    /// the check ended before it came to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violated: Vec<String>,
    /// How long it took; virtual time in a simulation.
    pub milliseconds: u64,
    /// Its own seed, in hexadecimal with `0x`.
    pub seed: String,
    /// One sentence: subject, observation, obligation; or why there is no verdict.
    pub reason: Untrusted,
    /// The kind of deviation, the same for the same cause: `publish.dup expected 1 got 0`. Groups findings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Every outcome that would have been accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptable: Vec<String>,
    /// What had to be there, at the level of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Untrusted>,
    /// What was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Untrusted>,
    /// Preconditions that held, and the proof that the Subject was alive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why_sure: Vec<Untrusted>,
    /// Which legal outcome was seen, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Untrusted>,
    /// The steps of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Transcript>,
    /// How to see it again.
    pub reproduce: Reproduce,
    /// The waiver that covers the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<String>,
    /// What each attempt came to, if there was more than one and they differ. `verdict` is then the worst of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Verdict>,
}

impl Check {
    /// A check that has not run.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, version: Version, kind: CheckKind) -> Check {
        Check {
            id: id.into(),
            title: title.into(),
            feature: String::new(),
            rule: String::new(),
            version,
            transport: "tcp".to_owned(),
            address: None,
            kind,
            verdict: Verdict::NotRun,
            requirements: Vec::new(),
            violated: Vec::new(),
            milliseconds: 0,
            seed: String::new(),
            reason: Untrusted::default(),
            signature: None,
            acceptable: Vec::new(),
            expected: None,
            actual: None,
            why_sure: Vec::new(),
            choices: Vec::new(),
            steps: Vec::new(),
            transcript: None,
            reproduce: Reproduce::default(),
            waived_by: None,
            attempts: Vec::new(),
        }
    }

    /// `1 of 2` when attempts differ: how many of them came to the verdict that counts.
    #[must_use]
    pub fn intermittent(&self) -> Option<(usize, usize)> {
        let same = self.attempts.iter().filter(|verdict| **verdict == self.verdict).count();
        (same < self.attempts.len()).then_some((same, self.attempts.len()))
    }

    /// With its place among the features.
    #[must_use]
    pub fn in_feature(mut self, feature: impl Into<String>, rule: impl Into<String>) -> Check {
        self.feature = feature.into();
        self.rule = rule.into();
        self
    }

    /// With the statements that it tests.
    #[must_use]
    pub fn tests<I: Into<String>>(mut self, requirements: impl IntoIterator<Item = I>) -> Check {
        self.requirements = requirements.into_iter().map(Into::into).collect();
        self
    }

    /// With what was observed, and why.
    #[must_use]
    pub fn observed(mut self, verdict: Verdict, reason: impl Into<Untrusted>) -> Check {
        self.verdict = verdict;
        self.reason = reason.into();
        self
    }

    /// With expected against actual.
    #[must_use]
    pub fn differs(mut self, expected: impl Into<Untrusted>, actual: impl Into<Untrusted>) -> Check {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    /// With the observations.
    #[must_use]
    pub fn with_transcript(mut self, transcript: Transcript) -> Check {
        self.transcript = Some(transcript);
        self
    }
}
