//! `campaign.json`: everything that a campaign established, as data.
//!
//! A [`Campaign`] is to many generated runs what a Record is to the checks of one. But for [`Campaign::duration_ms`], a campaign in simulated time
//! is a function of its seeds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::encode::json::printable;
use crate::{ReadError, Requirement, Suite, Testbed, Transcript, Untrusted, digest, read};

/// The schema that this crate writes and reads.
pub const SCHEMA: &str = "mqtt-certify/campaign/1";

/// Everything that a campaign established.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Campaign {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Who tested.
    pub suite: Suite,
    /// The Server.
    pub subject: Untrusted,
    /// What carried the workloads out.
    pub driver: Testbed,
    /// The command line that runs the same.
    pub command: String,
    /// Which seeds.
    pub seeds: Seeds,
    /// How many runs were made side by side.
    pub jobs: u64,
    /// How long it took in real time, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// Why there is no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Untrusted>,
    /// What the process says to the shell.
    pub exit_code: u8,
    /// What was found, once for each kind of breach and statement.
    pub signatures: Vec<Signature>,
    /// How many runs prove nothing.
    pub failed_runs: u64,
    /// The first of them.
    pub failures: Vec<FailedRun>,
    /// The failures that were planted, to see whether they are reported.
    pub canary: Vec<Planted>,
    /// What the runs really did.
    pub exercised: Exercised,
}

/// Which seeds were to be run, and how many of them were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seeds {
    /// From this one.
    pub first: u64,
    /// Up to, and without, this one.
    pub end: u64,
    /// Only this part of them, counted from 1.
    pub part: u64,
    /// How many parts there are.
    pub parts: u64,
    /// How many seeds this part has.
    pub planned: u64,
    /// How many of these were run.
    pub run: u64,
    /// Workloads that have failed before, and were run first.
    pub regressions: u64,
}

/// What a campaign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Nothing was found, and the planted failures were.
    NothingFound,
    /// Something was found.
    Found,
    /// The campaign proves nothing.
    NoVerdict,
}

/// A kind of breach of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// The kind of breach, such as `lost`.
    pub kind: String,
    /// The kind in words.
    pub meaning: String,
    /// The statement that is broken.
    pub requirement: Requirement,
    /// It stands on the list of what this Server is known for, with an argument: it decides nothing, and was not made shorter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
    /// In how many runs it was found.
    pub runs: u64,
    /// The seed of the run with the fewest steps.
    pub seed: u64,
    /// How many steps that run has.
    pub steps: u64,
    /// It was found in a workload that has failed before, which has this number in its file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regression: Option<u64>,
    /// What is wrong in that run, as one sentence.
    pub text: Untrusted,
    /// What the shortest workload begins with, in words: version and network.
    pub setting: String,
    /// The fewest steps that show it, in words.
    pub shortest: Vec<Untrusted>,
    /// What happened when these were carried out.
    pub transcript: Transcript,
    /// What was seen first, as text: of a live run, which may not be the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Untrusted>,
    /// How to see it again.
    pub commands: Vec<Command>,
}

/// A command line, and what it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// What it is for.
    pub title: String,
    /// The command line.
    pub line: String,
}

/// A run that proves nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedRun {
    /// Which.
    pub seed: u64,
    /// Why.
    pub reason: Untrusted,
}

/// Failures of one kind that were planted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Planted {
    /// Which.
    pub name: String,
    /// How many were planted.
    pub planted: u64,
    /// How many of them were reported.
    pub reported: u64,
    /// Each has to be reported; otherwise what else happens in a run may excuse one.
    pub each: bool,
}

/// What the runs really did, so that a blind spot shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exercised {
    /// Runs by version of the protocol.
    pub versions: Vec<Count>,
    /// What Clients do.
    pub actions: Vec<Occasions>,
    /// What networks, processes and machines suffer.
    pub hardship: Vec<Occasions>,
    /// How Network Connections ended.
    pub endings: Vec<Count>,
    /// Control Packets of Clients, by type.
    pub sent: Vec<Count>,
    /// Control Packets that Clients got, by type.
    pub received: Vec<Count>,
    /// How much of what a run has.
    pub distributions: Vec<Distribution>,
    /// Network Connections that were cut at a packet.
    pub cuts_at_packets: u64,
    /// Runs that did not come to rest, in which nothing can be called lost.
    pub restless: u64,
    /// Runs that were stopped because too much happened in them.
    pub stopped: u64,
    /// Network Connections that a Client closed because of what it got.
    pub protocol_errors: u64,
}

/// How many there are of something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// How often something was asked for, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Occasions {
    /// What.
    pub name: String,
    /// It happened.
    pub happened: u64,
    /// There was nothing that it could befall or be done with.
    pub idle: u64,
    /// The driver can not bring it about.
    pub not_available: u64,
}

impl Occasions {
    /// How often it was asked for.
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.happened.saturating_add(self.idle).saturating_add(self.not_available)
    }
}

/// How much of something a run has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// Of what, in words that follow a number.
    pub name: String,
    /// Over all runs, rounded down.
    pub average: u64,
    /// The most that a run has.
    pub maximum: u64,
    /// Classes that double, from the first to the last that has runs.
    pub classes: Vec<Class>,
}

/// The runs that have about as much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Class {
    /// At least.
    pub from: u64,
    /// At most.
    pub to: u64,
    /// How many runs.
    pub runs: u64,
}

impl Campaign {
    /// The canonical form: indented, in the order of the types, printable, a newline at the end.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // No type of a Campaign can fail to serialise (no maps, no foreign impls).
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        (printable(&text) + "\n").into_bytes()
    }

    /// Reads a Campaign.
    ///
    /// # Errors
    /// If it is not JSON, not of the schema that this version reads, or a field is wrong; with the path of the field.
    pub fn from_json(bytes: &[u8]) -> Result<Campaign, ReadError> {
        read(bytes, SCHEMA, "campaign.json")
    }

    /// SHA-256 over the canonical form, as lower-case hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.to_json())
    }
}

/// Whether a document says that it is a Campaign, of whatever version.
#[must_use]
pub fn is_campaign(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    serde_json::from_slice::<Head>(bytes).is_ok_and(|head| head.schema.starts_with("mqtt-certify/campaign/"))
}
