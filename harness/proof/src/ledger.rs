//! The ledger: one line for each Requirement, which says how the suite accounts for it. All of it is computed.
//!
//! A line has the checks and Monitors that are about the Requirement, the files that cite it, whether a citation was executed while the
//! suite ran on the reference broker, the Defects that break it and were caught by a check about it, and the verdict on the reference broker. Losing
//! any of it shows as a difference to the committed ledger. Deliberately not here: judgement of what is enough; a test says that (`tests/ledger.rs`).

use crate::everything;
use crate::selftest::SelfTestReport;
use catalogue::{Actor, Observe, RequirementId, SpecVersion, executed};
use monitors;
use record::{Record, Verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use subjects::around::Behaviour;
use suite::configurations;
use suite::plan::ScenarioCheck;
use suite::recording::{self, Heading};

/// A place in the code of the reference implementations that names a Requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// The Requirement.
    pub id: &'static str,
    /// The file, from the top of the repository.
    pub file: &'static str,
    /// The line, from 1.
    pub line: usize,
}

include!(concat!(env!("OUT_DIR"), "/citations.rs"));

/// The places that cite a Requirement.
pub fn cited(id: &str) -> impl Iterator<Item = &'static Citation> {
    CITATIONS.iter().filter(move |citation| citation.id == id)
}

/// How one Requirement is accounted for.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The Requirement.
    pub id: &'static str,
    /// Whether its breach by a Server can be seen on the wire: of a Server always, under a condition, or not.
    pub visible: Visible,
    /// The verdict on the reference broker.
    pub verdict: Verdict,
    /// How many scenarios and malformed packets are about it.
    pub checks: usize,
    /// The Monitors that are about it.
    pub monitors: Vec<&'static str>,
    /// The files that cite it.
    pub cited: Vec<&'static str>,
    /// Whether a citation was executed while the suite ran on the reference broker.
    pub executed: bool,
    /// The Defects that break it and that a check about it caught.
    pub killed_by: Vec<&'static str>,
}

/// From where a breach by a Server can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visible {
    /// On the wire.
    Wire,
    /// On the wire, of a Server that is configured for it.
    Conditional,
    /// Not from outside.
    Internal,
    /// It binds Clients only.
    Client,
}

impl Visible {
    fn of(id: RequirementId) -> Self {
        let q = id.requirement();
        match (q.actor, q.observe) {
            (Actor::Client, _) | (_, Observe::ClientWire) => Visible::Client,
            (_, Observe::ServerWire | Observe::BothWire) => Visible::Wire,
            (_, Observe::Conditional) => Visible::Conditional,
            (_, Observe::Internal) => Visible::Internal,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Visible::Wire => "wire",
            Visible::Conditional => "conditional",
            Visible::Internal => "internal",
            Visible::Client => "client",
        }
    }
}

/// Runs all checks on the reference broker in virtual time. Citations that are executed meanwhile are marked (`catalogue::executed`).
#[must_use]
pub fn reference_record(checks: &[ScenarioCheck], seed: u64) -> Record {
    executed::reset();
    let plan = everything::plan(checks, Behaviour::NONE, configurations::names(), seed);
    let command = "mqtt-certify simulate --virtual-time";
    let heading = Heading::of_the_reference("virtual", command, command.to_owned(), "unknown");
    recording::record(&plan, &plan.run(&|_, _| {}), &heading)
}

/// One line for each Requirement, in the order of the standards. `executed` are those whose citations ran.
#[must_use]
pub fn lines(
    checks: &[ScenarioCheck],
    record: &Record,
    executed: &BTreeSet<RequirementId>,
    selftest: &SelfTestReport,
) -> Vec<Line> {
    let verdicts: BTreeMap<&str, Verdict> =
        record.requirements.iter().map(|q| (q.id.as_str(), q.verdict)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in checks.iter().flat_map(|check| &check.requirements) {
        *counts.entry(id.as_str()).or_default() += 1;
    }
    RequirementId::all()
        .map(|id| {
            let name = id.as_str();
            let mut files: Vec<&'static str> = cited(name).map(|citation| citation.file).collect();
            files.dedup();
            Line {
                id: name,
                visible: Visible::of(id),
                verdict: verdicts.get(name).copied().unwrap_or(Verdict::Untested),
                checks: counts.get(name).copied().unwrap_or(0),
                monitors: monitors::all()
                    .into_iter()
                    .filter(|monitor| monitor.requirements.contains(&id))
                    .map(|monitor| monitor.name)
                    .collect(),
                cited: files,
                executed: executed.contains(&id),
                killed_by: selftest
                    .defects
                    .iter()
                    .filter(|defect| defect.breaks.contains(&name) && !defect.missed.contains(&name))
                    .map(|defect| defect.name)
                    .collect(),
            }
        })
        .collect()
}

/// The ledger as text.
#[must_use]
pub fn text(lines: &[Line]) -> String {
    // Writing to a String cannot fail.
    let mut out = String::from(
        "# How the suite accounts for each statement. Computed by `mqtt-certify ledger`; `UPDATE=1 cargo test -p proof --test ledger` writes it.\n\
         # name | visible of a Server | verdict on the reference broker | checks + Monitors | citation executed | killed by | cited in\n",
    );
    for version in [SpecVersion::V311, SpecVersion::V500] {
        out.push('\n');
        for line in summary(lines, version) {
            let _ = writeln!(out, "# {line}");
        }
        for line in lines.iter().filter(|line| of_version(line, version)) {
            let killers = match line.killed_by.as_slice() {
                [] => "-".to_owned(),
                [one] => (*one).to_owned(),
                [first, second] => format!("{first}, {second}"),
                [first, second, others @ ..] => format!("{first}, {second} and {} more", others.len()),
            };
            let _ = writeln!(
                out,
                "{} | {} | {} | {} + {} | {} | {} | {}",
                line.id,
                line.visible.word(),
                line.verdict.word(),
                line.checks,
                line.monitors.len(),
                if line.executed { "yes" } else { "no" },
                killers,
                if line.cited.is_empty() { "-".to_owned() } else { line.cited.join(", ") },
            );
        }
    }
    out
}

fn of_version(line: &Line, version: SpecVersion) -> bool {
    RequirementId::parse(line.id).is_some_and(|id| id.requirement().version == version)
}

/// The sums of one version, over the statements that have a number in the standard and then over those that have a name of ours.
#[must_use]
pub fn summary(lines: &[Line], version: SpecVersion) -> Vec<String> {
    let mut out = Vec::new();
    for (kind, ours) in [("numbered statements", false), ("rules without a number", true)] {
        let mine: Vec<&Line> = lines
            .iter()
            .filter(|line| of_version(line, version))
            .filter(|line| RequirementId::parse(line.id).is_some_and(|id| id.requirement().ours == ours))
            .collect();
        for (what, visible) in [("visible on the wire", Visible::Wire), ("conditional", Visible::Conditional)]
        {
            let these: Vec<&&Line> = mine.iter().filter(|line| line.visible == visible).collect();
            let judged = these.iter().filter(|line| is_judged(line.verdict)).count();
            let killed = these.iter().filter(|line| !line.killed_by.is_empty()).count();
            out.push(format!(
                "{version} {kind} that bind a Server, {what}: {judged} of {} with a verdict, {killed} killed by a Defect",
                these.len()
            ));
        }
    }
    out
}

/// Whether a verdict comes from what the Subject sent.
#[must_use]
pub const fn is_judged(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::Fail | Verdict::Warn | Verdict::Info)
}
