//! From what a run found to its Record: the only place that knows both.

use crate::plan::{ScenarioCheck, short};
use crate::runner::{Outcome, StepOutcome};
use crate::session::{Findings, Plan};
use catalogue::{Requirement, RequirementId, SpecVersion};
use monitors::{self, Breach, Monitor};
use protocol::{Packet, Role, Version};
use reports::event::Event;
use reports::record as r;
use reports::{Check, Record, Untrusted, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use tester::stop::{Expectation, Expected, Violation};
use tester::testbed::{Kind, Shut};
use tester::{ObservationKind, Transcript, seed_of};

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
    reports::record::digest(names.join("\n").as_bytes())
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
    /// with, and the command line.
    #[must_use]
    pub fn of_the_reference(address: &str, rerun: &str, command: String) -> Self {
        Heading {
            subject: "reference broker".to_owned(),
            subject_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            address: address.to_owned(),
            how_known: "it is embedded".to_owned(),
            command,
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

const fn spec(spec: SpecVersion) -> r::Version {
    match spec {
        SpecVersion::V311 => r::Version::V311,
        SpecVersion::V500 => r::Version::V5,
    }
}

/// This suite.
#[must_use]
pub fn suite() -> r::Suite {
    r::Suite {
        name: "mqtt-certify".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: String::new(),
    }
}

/// The Record of a run, concluded.
#[must_use]
pub fn record(plan: &Plan, findings: &Findings, heading: &Heading) -> Record {
    let transport = match plan.kind {
        Kind::Live => "tcp",
        Kind::Virtual | Kind::Simulated => "simulated",
    };
    let subject = r::Subject {
        name: heading.subject.clone().into(),
        role: r::Role::Server,
        version: heading.subject_version.clone().map(Into::into),
        address: heading.address.clone(),
        transports: vec![transport.to_owned()],
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
    let mut record = Record::new(suite(), subject, run);
    record.requirements = RequirementId::all()
        .map(RequirementId::requirement)
        .filter(|q| plan.versions.iter().any(|v| spec(q.version) == version(*v)))
        .map(requirement)
        .collect();
    for (check, outcome) in plan.checks.iter().zip(&findings.outcomes) {
        record.checks.push(scenario(plan, check, outcome.as_ref(), findings, heading, transport));
    }
    record.checks.extend(monitor_checks(plan, findings, heading, transport));
    record.capabilities = capabilities(findings);
    record.choices = choices(plan, findings);
    let masked = findings.outcomes.iter().flatten().map(|outcome| outcome.transcript.masked).sum();
    if masked > 0 {
        record.redactions.push(r::Redaction { name: "password of the run".to_owned(), times: masked });
    }
    record.conclude();
    record
}

fn requirement(q: &Requirement) -> r::Requirement {
    let level = match q.level {
        catalogue::Level::Must => r::Level::Must,
        catalogue::Level::MustNot => r::Level::MustNot,
        catalogue::Level::Should => r::Level::Should,
        catalogue::Level::ShouldNot => r::Level::ShouldNot,
    };
    let actor = match q.actor {
        catalogue::Actor::Server => r::Actor::Server,
        catalogue::Actor::Client => r::Actor::Client,
        catalogue::Actor::Both => r::Actor::Both,
    };
    let observe = match q.observe {
        catalogue::Observe::ServerWire => r::Observe::ServerWire,
        catalogue::Observe::ClientWire => r::Observe::ClientWire,
        catalogue::Observe::BothWire => r::Observe::BothWire,
        catalogue::Observe::Conditional => r::Observe::Conditional,
        catalogue::Observe::Internal => r::Observe::Internal,
    };
    let mut out = r::Requirement::new(q.name, spec(q.version), level, actor, observe)
        .says(q.section, q.title, q.summary);
    out.note = q.note.map(str::to_owned);
    out.unnumbered = q.ours;
    out
}

fn scenario(
    plan: &Plan,
    check: &ScenarioCheck,
    outcome: Option<&Outcome>,
    findings: &Findings,
    heading: &Heading,
    transport: &str,
) -> Check {
    let kind = if check.malformed.is_some() { r::CheckKind::Malformed } else { r::CheckKind::Scenario };
    let mut out = Check::new(&check.id, &check.title, version(check.version), kind)
        .in_feature(check.feature, &check.rule)
        .tests(check.requirements.iter().map(|id| id.as_str()));
    out.transport = transport.to_owned();
    out.seed = format!("0x{:016x}", seed_of(plan.seed, &check.id));
    out.reproduce.rerun = format!("{} --only {} --seed 0x{:x}", heading.rerun, check.id, plan.seed);
    let Some(outcome) = outcome else {
        let why = findings.unavailable.as_ref().or(findings.cut_short.as_ref());
        return out.observed(Verdict::NotRun, why.map_or("not run", String::as_str));
    };
    out.milliseconds = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
    out.steps = check
        .steps
        .iter()
        .zip(&outcome.steps)
        .map(|(step, outcome)| r::Step {
            keyword: step.keyword.clone(),
            text: step.text.clone(),
            outcome: match outcome {
                StepOutcome::Passed => "passed",
                StepOutcome::Stopped => "failed",
                StepOutcome::Skipped => "skipped",
            }
            .to_owned(),
        })
        .collect();
    out.why_sure = outcome.assurances.iter().map(|a| Untrusted::from(a.as_str())).collect();
    out.choices = outcome
        .choices
        .iter()
        .map(|(question, answer)| Untrusted::from(format!("{question}: {answer}")))
        .collect();
    let mut culprit = None;
    if let Some(violation) = outcome.cause.violation() {
        out = out.differs(violation.expected.to_string(), violation.actual.to_string());
        out.acceptable = vec![violation.expected.to_string()];
        culprit = Some(Culprit::of(violation));
        if outcome.verdict == Verdict::Fail {
            out.signature = Some(format!(
                "{}: {}",
                check.requirements.first().map_or("", |id| id.as_str()),
                violation.signature()
            ));
            // Where the step knows which of the tags is broken, the others are left open.
            out.violated = violation
                .requirement
                .map(|id| id.as_str().to_owned())
                .filter(|id| out.requirements.contains(id))
                .into_iter()
                .collect();
        }
    }
    if check.malformed.is_some() && outcome.verdict == Verdict::Warn {
        // A Server that did not notice the fault has not broken the statement on those that it notices.
        out.requirements.retain(|id| id != "5.0/MQTT-4.13.1-1");
    }
    let interesting = !matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Info);
    if interesting {
        out.transcript = Some(transcript(&outcome.transcript, culprit.as_ref()));
    }
    out.observed(outcome.verdict, outcome.cause.to_string())
}

/// What all transcripts say of one Monitor in one version.
struct Watched<'a> {
    /// How often each Requirement had an occasion.
    occasions: BTreeMap<RequirementId, u64>,
    by_subject: Vec<(&'a ScenarioCheck, &'a Outcome, &'a Breach)>,
    by_us: Option<(&'a ScenarioCheck, &'a Outcome, &'a Breach)>,
}

impl<'a> Watched<'a> {
    fn of(monitor: &'static Monitor, v: Version, plan: &'a Plan, findings: &'a Findings) -> Self {
        let mut out = Watched { occasions: BTreeMap::new(), by_subject: Vec::new(), by_us: None };
        for (scenario, outcome) in plan.checks.iter().zip(&findings.outcomes) {
            let Some(outcome) = outcome else { continue };
            let Some(sighting) = outcome.sightings.iter().find(|s| std::ptr::eq(s.monitor, monitor)) else {
                continue;
            };
            for (id, times) in &sighting.occasions {
                if spec(id.requirement().version) == version(v) {
                    *out.occasions.entry(*id).or_default() += u64::from(*times);
                }
            }
            for breach in sighting.breaches.iter().filter(|b| b.version == v) {
                match breach.by {
                    Role::Server => out.by_subject.push((scenario, outcome, breach)),
                    Role::Client => out.by_us = out.by_us.or(Some((scenario, outcome, breach))),
                }
            }
        }
        out
    }

    fn violated(&self) -> BTreeSet<RequirementId> {
        self.by_subject.iter().flat_map(|(_, _, breach)| breach.requirements.iter().copied()).collect()
    }
}

/// The checks of the Monitors, over all transcripts: for each Monitor and version one for what was broken, or else kept. What was kept beside
/// something broken, and what had no occasion, stand in checks of their own, so that a Requirement never gets the verdict of another.
fn monitor_checks(plan: &Plan, findings: &Findings, heading: &Heading, transport: &str) -> Vec<Check> {
    let mut out = Vec::new();
    for monitor in monitors::all() {
        for v in &plan.versions {
            let mine: BTreeSet<RequirementId> = monitor
                .requirements
                .iter()
                .copied()
                .filter(|id| spec(id.requirement().version) == version(*v))
                .collect();
            let watched = Watched::of(monitor, *v, plan, findings);
            let violated = watched.violated();
            if mine.is_empty() && violated.is_empty() {
                continue;
            }
            let kept: BTreeSet<RequirementId> =
                watched.occasions.keys().copied().filter(|id| !violated.contains(id)).collect();
            let idle: BTreeSet<RequirementId> =
                mine.iter().copied().filter(|id| !violated.contains(id) && !kept.contains(id)).collect();
            let check = |suffix: &str, about: &BTreeSet<RequirementId>| {
                let mut check = Check::new(
                    format!("{}/monitor/{}{suffix}", short(*v), monitor.name),
                    monitor.title,
                    version(*v),
                    r::CheckKind::Monitor,
                )
                .in_feature("monitors", monitor.title)
                .tests(about.iter().map(|id| id.as_str()));
                check.transport = transport.to_owned();
                check.seed = format!("0x{:016x}", plan.seed);
                check.reproduce.rerun = format!("{} --seed 0x{:x}", heading.rerun, plan.seed);
                check
            };
            let occasions: u64 = watched.occasions.values().sum();
            let first = watched.by_subject.first().copied();
            if let Some((scenario, outcome, breach)) = first {
                let text = format!(
                    "{} times, on {occasions} occasions: expected {}; got {} (first in {})",
                    watched.by_subject.len(),
                    breach.expected,
                    breach.actual,
                    scenario.id
                );
                let check =
                    with_evidence(check("", &violated), monitor, scenario, outcome, breach, plan, heading);
                out.push(check.observed(Verdict::Fail, text));
            } else if let Some((scenario, outcome, breach)) = watched.by_us {
                let text = format!("in {} our own Tester broke it unasked: {}", scenario.id, breach.actual);
                let about = breach.requirements.iter().copied().collect();
                let check =
                    with_evidence(check("", &about), monitor, scenario, outcome, breach, plan, heading);
                out.push(check.observed(Verdict::Error, text));
            }
            let free = first.is_none() && watched.by_us.is_none();
            if !kept.is_empty() {
                let suffix = if free { "" } else { "/kept" };
                out.push(
                    check(suffix, &kept).observed(Verdict::Pass, format!("{occasions} occasions, no breach")),
                );
            }
            if !idle.is_empty() {
                let suffix = if free && kept.is_empty() { "" } else { "/no-occasion" };
                out.push(if findings.unavailable.is_some() {
                    check(suffix, &idle).observed(Verdict::NotRun, "the Subject is not available")
                } else {
                    check(suffix, &idle).observed(Verdict::NotExercised, "no occasion arose in this run")
                });
            }
        }
    }
    out
}

/// The check of a Monitor with the first breach.
fn with_evidence(
    mut check: Check,
    monitor: &Monitor,
    scenario: &ScenarioCheck,
    outcome: &Outcome,
    breach: &Breach,
    plan: &Plan,
    heading: &Heading,
) -> Check {
    check.transcript =
        Some(transcript(&outcome.transcript, Some(&Culprit::seen(breach.observation, &breach.expected))));
    check.acceptable = vec![breach.expected.clone()];
    check.signature = Some(format!(
        "{}: {}",
        monitor.name,
        breach.expected.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
    ));
    check.reproduce.rerun = format!("{} --only {} --seed 0x{:x}", heading.rerun, scenario.id, plan.seed);
    check.differs(breach.expected.as_str(), breach.actual.as_str())
}

/// What a transcript shows to be wrong.
struct Culprit<'a> {
    /// The observation that fails, if it is not something missing.
    observation: Option<usize>,
    /// What kind of thing was expected.
    kind: Expectation,
    /// What exactly.
    words: &'a str,
}

impl<'a> Culprit<'a> {
    fn of(violation: &'a Violation) -> Self {
        let Expected { kind, words } = &violation.expected;
        Culprit { observation: violation.observation, kind: *kind, words }
    }

    fn seen(observation: usize, words: &'a str) -> Self {
        Culprit { observation: Some(observation), kind: Expectation::Content, words }
    }
}

/// A transcript as reports have it.
fn transcript(from: &Transcript, culprit: Option<&Culprit<'_>>) -> r::Transcript {
    let mut out = r::Transcript {
        connections: from
            .connections
            .iter()
            .map(|c| {
                let role = if c.witness { reports::reproduce::WITNESS } else { "Client" };
                r::Connection { name: c.label.clone(), role: role.to_owned() }
            })
            .collect(),
        ..r::Transcript::default()
    };
    let mut number = 0u32;
    for (index, o) in from.observations.iter().enumerate() {
        number += 1;
        let connection = from.connections.get(o.connection);
        let mut event = r::Event {
            number,
            at_us: u64::try_from(o.at.as_micros()).unwrap_or(u64::MAX),
            connection: connection.map_or_else(String::new, |c| c.label.clone()),
            ..r::Event::default()
        };
        let version = connection.map(|c| c.version);
        match &o.kind {
            ObservationKind::Opened => event.kind = r::EventKind::Opened,
            ObservationKind::OpenFailed(why) => {
                event.kind = r::EventKind::Note;
                event.text = Some(format!("the Network Connection could not be opened: {why}").into());
            }
            ObservationKind::Sent { bytes, packet, deliberate } => {
                event.direction = r::Direction::ToServer;
                packet_event(&mut event, bytes, packet.as_ref(), version);
                if let Some(text) = deliberate {
                    event.mark = Some(r::EventMark::Deliberate);
                    event.text = Some(text.as_str().into());
                }
            }
            ObservationKind::Received { bytes, packet } => {
                event.direction = r::Direction::FromServer;
                packet_event(&mut event, bytes, Some(packet), version);
            }
            ObservationKind::Undecodable { bytes, error } => {
                event.direction = r::Direction::FromServer;
                packet_event(&mut event, bytes, None, version);
                event.text = Some(error.to_string().into());
            }
            ObservationKind::EndOfStream { rest } => {
                event.direction = r::Direction::FromServer;
                event.kind = r::EventKind::EndOfStream;
                event = event.with_wire(rest);
            }
            ObservationKind::Reset => {
                event.direction = r::Direction::FromServer;
                event.kind = r::EventKind::Reset;
            }
            ObservationKind::Shut(how) => {
                event.direction = r::Direction::ToServer;
                event.kind = match how {
                    Shut::HalfClose => r::EventKind::HalfClosed,
                    Shut::Reset => r::EventKind::Reset,
                    Shut::Close => r::EventKind::ClosedByTester,
                };
            }
            ObservationKind::Quiet(time) => {
                event.kind = r::EventKind::Quiet;
                event.text = Some(format!("for {:.1} s", time.as_secs_f64()).into());
            }
            ObservationKind::Hardship(text) => {
                event.kind = r::EventKind::Hardship;
                event.text = Some(text.as_str().into());
            }
            ObservationKind::Said(text) | ObservationKind::Note(text) => {
                event.kind = r::EventKind::Note;
                event.text = Some(text.as_str().into());
            }
        }
        if culprit.is_some_and(|culprit| culprit.observation == Some(index)) {
            event.mark = Some(r::EventMark::Violation);
        }
        out.events.push(event);
    }
    if let Some(Culprit { observation: None, kind, words }) = culprit {
        // The witness that proves liveness comes after the silence; the missing packet belongs on the lane that was waited on.
        let lane = out
            .events
            .iter()
            .rev()
            .find(|e| e.kind == r::EventKind::Quiet)
            .map(|e| (e.connection.clone(), e.at_us));
        let (connection, at_us) = lane.unwrap_or_default();
        out.events.push(r::Event {
            number: number + 1,
            at_us,
            connection,
            direction: r::Direction::FromServer,
            kind: match kind {
                Expectation::End => r::EventKind::EndOfStream,
                _ => r::EventKind::Packet,
            },
            mark: Some(r::EventMark::ExpectedMissing),
            text: Some((*words).into()),
            ..r::Event::default()
        });
    }
    out
}

fn packet_event(event: &mut r::Event, bytes: &[u8], packet: Option<&Packet>, version: Option<Version>) {
    event.kind = if packet.is_some() { r::EventKind::Packet } else { r::EventKind::Bytes };
    event.packet = packet.map(|p| p.packet_type().name().to_owned());
    // The name of the packet has its own place.
    event.summary = packet.map(|p| {
        let summary = p.summary();
        let rest = summary.strip_prefix(p.packet_type().name()).unwrap_or(&summary).trim_start();
        Untrusted::from(rest)
    });
    event.summary = event.summary.take().filter(|s| !s.is_empty());
    event.fields = decode_fields(bytes, version);
    *event = std::mem::take(event).with_wire(bytes);
}

/// The fields of a packet with their places, for a reader who wants to check us byte by byte.
fn decode_fields(bytes: &[u8], version: Option<Version>) -> Vec<r::Field> {
    let frame = protocol::wire::dissect(bytes, version);
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    frame
        .layout()
        .into_iter()
        .filter(|placed| !matches!(placed.field.value, protocol::wire::Value::Group(_)))
        .map(|placed| r::Field {
            name: placed.field.name.to_owned(),
            offset: narrow(placed.offset),
            length: narrow(placed.length),
            value: placed.text.into(),
            mark: None,
        })
        .collect()
}

fn capabilities(findings: &Findings) -> Vec<r::Capability> {
    let mut out = Vec::new();
    for v in Version::ALL {
        let Some(connack) = findings.capabilities.connacks.get(&v) else {
            if let Some(why) = findings.capabilities.refused.get(&v) {
                out.push(r::Capability {
                    name: format!("MQTT {v}"),
                    version: Some(version(v)),
                    seen: Some(format!("not accepted: {why}").into()),
                    ..r::Capability::default()
                });
            }
            continue;
        };
        out.push(r::Capability {
            name: format!("MQTT {v}"),
            version: Some(version(v)),
            seen: Some("accepted".into()),
            ..r::Capability::default()
        });
        if v != Version::V500 {
            continue;
        }
        let p = &connack.properties;
        let number = |name: &str, value: Option<u32>, absent: &str| r::Capability {
            name: name.to_owned(),
            version: Some(r::Version::V5),
            seen: Some(value.map_or_else(|| format!("absent: {absent}"), |v| v.to_string()).into()),
            ..r::Capability::default()
        };
        out.extend([
            number("Maximum QoS", p.maximum_qos().map(u32::from), "2"),
            number("Retain Available", p.retain_available().map(u32::from), "1"),
            number(
                "Wildcard Subscription Available",
                p.wildcard_subscription_available().map(u32::from),
                "1",
            ),
            number(
                "Subscription Identifier Available",
                p.subscription_identifier_available().map(u32::from),
                "1",
            ),
            number("Shared Subscription Available", p.shared_subscription_available().map(u32::from), "1"),
            number("Receive Maximum", p.receive_maximum().map(u32::from), "65,535"),
            number("Maximum Packet Size", p.maximum_packet_size(), "no limit"),
            number("Topic Alias Maximum", p.topic_alias_maximum().map(u32::from), "0"),
            number("Server Keep Alive", p.server_keep_alive().map(u32::from), "the Client's"),
            number("Session Expiry Interval", p.session_expiry_interval(), "as the Client asked"),
        ]);
    }
    out
}

fn choices(plan: &Plan, findings: &Findings) -> Vec<r::Choice> {
    let mut counted: BTreeMap<(Version, String, String), u64> = BTreeMap::new();
    for (check, outcome) in plan.checks.iter().zip(&findings.outcomes) {
        for (question, answer) in outcome.iter().flat_map(|o| &o.choices) {
            *counted.entry((check.version, question.clone(), answer.clone())).or_default() += 1;
        }
    }
    counted
        .into_iter()
        .map(|((v, name, seen), times)| r::Choice {
            name,
            version: Some(version(v)),
            seen: seen.into(),
            times,
        })
        .collect()
}
