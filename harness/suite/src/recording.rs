//! From what a run found to its Record: the only place that knows both.

mod capabilities;
mod monitors;
mod packet;
mod scenario;
mod transcript;

use crate::plan::ScenarioCheck;
use crate::runner::Outcome;
use crate::session::{Findings, Plan};
use protocol::Version;
use record as r;
use record::Record;
use record::event::Event;
use std::collections::BTreeSet;
use tester::testbed::{Kind, Transport};

/// What the Record says of the run beside its findings.
#[derive(Debug, Clone)]
pub struct Heading {
    /// The Subject's name.
    pub subject: String,
    /// Its version, if known.
    pub subject_version: Option<String>,
    /// `HOST:PORT`, `simulated` or `virtual`.
    pub address: String,
    /// How its name is known.
    pub how_known: String,
    /// The command line.
    pub command: String,
    /// The commit that the suite is built of.
    pub commit: String,
    /// What the command to run one check again begins with.
    pub rerun: String,
    /// Filters that left checks out.
    pub filters: Vec<String>,
    /// When the run started (RFC 3339), for a live run.
    pub started: Option<String>,
    /// How long it took in milliseconds, for a live run.
    pub duration_ms: Option<u64>,
    /// What ended it before its time, if a signal did.
    pub interruption: Option<r::Interruption>,
    /// Which part of the plan is run, if it is divided.
    pub partition: Option<r::Partition>,
}

/// SHA-256 over the names of all checks of a plan, which tells whether two shards are of the same plan.
#[must_use]
pub fn plan_digest(checks: &[ScenarioCheck]) -> String {
    let mut names: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    names.sort_unstable();
    record::digest(names.join("\n").as_bytes())
}

/// The first event of a run.
#[must_use]
pub fn run_started(plan: &Plan, heading: &Heading) -> Event {
    Event::RunStarted {
        suite: env!("CARGO_PKG_VERSION").to_owned(),
        subject: heading.subject.as_str().into(),
        address: heading.address.clone(),
        specs: plan.versions.iter().map(|v| version(*v)).collect(),
        seed: format!("0x{:016x}", plan.seed),
        checks: plan.checks.len(),
    }
}

/// The event that a check has ended.
#[must_use]
pub fn check_finished(check: &ScenarioCheck, outcome: &Outcome) -> Event {
    Event::CheckFinished {
        check: check.id.clone(),
        verdict: outcome.verdict,
        requirements: check.requirements.iter().map(|id| id.as_str().to_owned()).collect(),
        milliseconds: u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX),
        reason: outcome.cause.to_string().into(),
    }
}

impl Heading {
    /// For a run of everything on the reference broker in this process: where it is (`simulated` or `virtual`), what the command to run one check again begins
    /// with, the command line, and the commit that the suite is built of.
    #[must_use]
    pub fn of_the_reference(address: &str, rerun: &str, command: String, commit: &str) -> Self {
        Heading {
            subject: "reference broker".to_owned(),
            subject_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            address: address.to_owned(),
            how_known: "it is embedded".to_owned(),
            command,
            commit: commit.to_owned(),
            rerun: rerun.to_owned(),
            filters: Vec::new(),
            started: None,
            duration_ms: None,
            interruption: None,
            partition: None,
        }
    }
}

const fn version(version: Version) -> r::Version {
    match version {
        Version::V311 => r::Version::V311,
        Version::V500 => r::Version::V5,
    }
}

/// How the bytes travelled, as a Record has it.
const fn transport(kind: Kind, transport: Transport) -> &'static str {
    match (kind, transport) {
        (Kind::Live, Transport::Tcp) => "tcp",
        (Kind::Live, Transport::WebSocket) => "websocket",
        (Kind::Virtual | Kind::Simulated, Transport::Tcp) => "simulated",
        (Kind::Virtual | Kind::Simulated, Transport::WebSocket) => "simulated websocket",
    }
}

/// This suite, built of this commit.
#[must_use]
pub fn suite(commit: &str) -> r::Suite {
    r::Suite {
        name: "mqtt-certify".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: commit.to_owned(),
    }
}

/// The Record of a run, concluded.
#[must_use]
pub fn record(plan: &Plan, findings: &Findings, heading: &Heading) -> Record {
    let places = findings.outcomes.iter().flatten().filter_map(|outcome| outcome.place.as_ref());
    let mut transports: BTreeSet<&str> = places.map(|place| transport(plan.kind, place.transport)).collect();
    if transports.is_empty() {
        transports.insert(transport(plan.kind, Transport::Tcp));
    }
    let subject = r::Subject {
        name: heading.subject.clone().into(),
        role: r::Role::Server,
        version: heading.subject_version.clone().map(Into::into),
        address: heading.address.clone(),
        transports: transports.into_iter().map(str::to_owned).collect(),
        how_known: heading.how_known.clone(),
    };
    let live = plan.kind == Kind::Live;
    let round_trip = findings
        .outcomes
        .iter()
        .flatten()
        .filter_map(|o| o.round_trip)
        .chain(findings.capabilities.round_trip)
        .max();
    let run = r::Run {
        started: heading.started.clone(),
        duration_ms: heading.duration_ms,
        seed: format!("0x{:016x}", plan.seed),
        command: heading.command.clone(),
        testbed: match plan.kind {
            Kind::Virtual => r::Testbed::Virtual,
            Kind::Simulated => r::Testbed::Simulated,
            Kind::Live => r::Testbed::Live,
        },
        specs: plan.versions.iter().map(|v| version(*v)).collect(),
        filters: heading.filters.clone(),
        complete: findings.cut_short.is_none() && findings.unavailable.is_none(),
        jobs: u32::try_from(if live { plan.jobs } else { 1 }).unwrap_or(u32::MAX),
        round_trip_us: round_trip.filter(|_| live).map(|d| u64::try_from(d.as_micros()).unwrap_or(u64::MAX)),
        platform: live.then(|| format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        strict: false,
        interruption: heading
            .interruption
            .or_else(|| findings.unavailable.is_some().then_some(r::Interruption::SubjectUnavailable)),
        cut_short: findings.unavailable.as_ref().or(findings.cut_short.as_ref()).cloned(),
        partition: heading.partition.clone(),
        gate: r::Gate::default(),
    };
    let mut record = Record::new(suite(&heading.commit), subject, run);
    record.requirements = r::Requirement::of_versions(&record.run.specs);
    for (check, outcome) in plan.checks.iter().zip(&findings.outcomes) {
        record.checks.push(scenario::scenario(plan, check, outcome.as_ref(), findings, heading));
    }
    record.checks.extend(monitors::monitor_checks(plan, findings, heading));
    record.capabilities = capabilities::capabilities(findings);
    record.choices = capabilities::choices(plan, findings);
    let masked = findings.outcomes.iter().flatten().map(|outcome| outcome.transcript.masked).sum();
    if masked > 0 {
        record.redactions.push(r::Redaction { name: "password of the run".to_owned(), times: masked });
    }
    record.conclude();
    record
}
