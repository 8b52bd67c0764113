//! Who tested whom, how, and what was declared, chosen, waived and masked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Version;
use super::untrusted::Untrusted;
use super::verdict::RunVerdict;

/// Who tested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suite {
    /// `mqtt-certify`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit that it was built from; empty when unknown.
    #[serde(default)]
    pub commit: String,
}

/// What the Subject is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A Server.
    #[default]
    Server,
    /// A Client.
    Client,
}

impl Role {
    /// As in the standard.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Server => "Server",
            Role::Client => "Client",
        }
    }
}

/// Who was tested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Its name.
    pub name: Untrusted,
    /// What it is.
    pub role: Role,
    /// Its version, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Untrusted>,
    /// `HOST:PORT`, or `simulated`.
    pub address: String,
    /// The transports over which it was tested.
    pub transports: Vec<String>,
    /// How name and version are known: `command line`, `$SYS`, `subject.yaml`, …
    pub how_known: String,
}

/// Where a run took place.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Testbed {
    /// A bare virtual-time loop over the engines.
    Virtual,
    /// The simulated network.
    Simulated,
    /// Real sockets.
    #[default]
    Live,
}

impl Testbed {
    /// The name in `results.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Testbed::Virtual => "virtual",
            Testbed::Simulated => "simulated",
            Testbed::Live => "live",
        }
    }
}

/// What ended a run before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Interruption {
    /// The suite itself broke: results are not trustworthy.
    InternalError,
    /// The Subject could not be reached before the first check.
    SubjectUnavailable,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The budget was used up.
    BudgetExhausted,
}

/// What the exit code answers.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Whether the Subject conforms.
    #[default]
    Conformant,
    /// Whether it became worse than the baseline.
    NoRegression,
}

impl Gate {
    /// Whether it is the ordinary question.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        *self == Gate::Conformant
    }
}

/// A part of a plan, which one of several processes runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Partition {
    /// Which parts are in this Record, counted from 1, in order. One until shards are merged.
    pub parts: Vec<u32>,
    /// How many parts there are.
    pub of: u32,
    /// SHA-256 over the names of all checks of the plan, as hexadecimal digits: only parts of one plan belong together.
    pub plan: String,
}

impl Partition {
    /// The parts that are not in this Record, counted from 1.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        (1..=self.of).filter(|part| !self.parts.contains(part)).collect()
    }
}

/// How a run was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// When it started (RFC 3339); absent in a simulation, whose Record is a function of the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// How long it took; absent in a simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// The seed, in hexadecimal with `0x`.
    pub seed: String,
    /// The command line, secrets masked.
    pub command: String,
    /// Where.
    pub testbed: Testbed,
    /// The versions of the protocol that were selected.
    pub specs: Vec<Version>,
    /// Filters that left checks out; with any, a run can not be conformant.
    #[serde(default)]
    pub filters: Vec<String>,
    /// Whether everything that was planned came to an end.
    pub complete: bool,
    /// How many checks ran side by side.
    pub jobs: u32,
    /// The measured round trip, from which the deadlines derive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip_us: Option<u64>,
    /// Operating system and architecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// A SHOULD that is not followed counts in the exit code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// What ended it before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interruption: Option<Interruption>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_short: Option<String>,
    /// Which part of the plan was run, if it was divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// What the exit code answers.
    #[serde(default, skip_serializing_if = "Gate::is_conformant")]
    pub gate: Gate,
}

/// What the process says to the shell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exit {
    /// 0, 1, 3, 4, 5, 6, 70, 130 or 143.
    pub code: u8,
    /// Why, the weightiest first.
    pub reasons: Vec<String>,
}

/// A capability: declared against seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capability {
    /// The standard's name for it: `Maximum QoS`, `Shared Subscription Available`, …
    pub name: String,
    /// The version of the protocol that it was seen with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// What the Subject's description says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Untrusted>,
    /// What was seen, such as in CONNACK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Untrusted>,
    /// Whether the two contradict each other.
    #[serde(default)]
    pub mismatch: bool,
}

/// A freedom of the standard and what the Subject does with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// What is free.
    pub name: String,
    /// The version of the protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// What was chosen.
    pub seen: Untrusted,
    /// In how many checks.
    pub times: u64,
}

/// How the suite did against Servers that are wrong on purpose, and against Servers that are right in unusual ways.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SelfTest {
    /// Named misbehaviours.
    pub defects: u32,
    /// How many of them a check found.
    pub caught: u32,
    /// Conforming implementations that choose differently.
    pub variants: u32,
    /// How many of them were not accused.
    pub spared: u32,
    /// Servers that do nothing right, such as one that acknowledges everything and delivers nothing.
    #[serde(default)]
    pub null_servers: u32,
    /// How many of them pass nothing but what they really keep.
    #[serde(default)]
    pub null_servers_caught: u32,
}

impl SelfTest {
    /// Whether the suite proved itself without exception.
    #[must_use]
    pub const fn is_perfect(&self) -> bool {
        self.caught == self.defects
            && self.spared == self.variants
            && self.null_servers_caught == self.null_servers
    }
}

/// What a waiver is worth in this run.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// It covers a failure.
    #[default]
    InForce,
    /// What it covers passed, or failed in another way.
    Stale,
    /// Its time is over: what it covers counts.
    Expired,
}

/// A failure that was agreed to be lived with for a while.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Its name.
    pub id: String,
    /// The patterns of the checks that it is for.
    pub checks: Vec<String>,
    /// The signature that the failure must have.
    pub signature: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is tracked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Since when (`YYYY-MM-DD`).
    pub added: String,
    /// Until when (`YYYY-MM-DD`).
    pub expires: String,
    /// Days that are left; negative when expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// What it is worth.
    pub state: WaiverState,
    /// The checks that it covered.
    #[serde(default)]
    pub matched: Vec<String>,
}

/// The earlier run that this one is compared with: by transitions, never by totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    /// The suite of that run.
    pub suite: Suite,
    /// The Subject of that run.
    pub subject: Subject,
    /// The verdict of that run.
    pub verdict: RunVerdict,
    /// Failing now, not then.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Failing then, passing now.
    #[serde(default)]
    pub fixed: Vec<String>,
    /// Failing then and now.
    #[serde(default)]
    pub still_broken: Vec<String>,
    /// Judged then, inconclusive now.
    #[serde(default)]
    pub newly_inconclusive: Vec<String>,
    /// Judged then, not applicable now: a capability was withdrawn.
    #[serde(default)]
    pub became_not_applicable: Vec<String>,
    /// A SHOULD that was followed then, and is not now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newly_warned: Vec<String>,
    /// Judged then; now not run, or its occasion did not arise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_longer_judged: Vec<String>,
    /// Not there then.
    #[serde(default)]
    pub added: Vec<String>,
    /// Not there now.
    #[serde(default)]
    pub removed: Vec<String>,
}

/// A secret that was masked wherever it stood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redaction {
    /// Which one, by its name.
    pub name: String,
    /// How often it was masked.
    pub times: u64,
}
