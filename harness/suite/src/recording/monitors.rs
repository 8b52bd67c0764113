//! What a Record says of what the Monitors saw.

use super::transcript::{Culprit, transcript};
use super::{Heading, transport, version};
use crate::plan::{ScenarioCheck, short};
use crate::runner::Outcome;
use crate::session::{Findings, Plan};
use ::monitors::{Breach, Monitor};
use catalogue::RequirementId;
use protocol::{Role, Version};
use record as r;
use record::{Check, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use tester::testbed::Transport;

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
                if r::Version::from(id.requirement().version) == version(v) {
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
pub(super) fn monitor_checks(plan: &Plan, findings: &Findings, heading: &Heading) -> Vec<Check> {
    let mut out = Vec::new();
    for monitor in ::monitors::all() {
        for v in &plan.versions {
            let mine: BTreeSet<RequirementId> = monitor
                .requirements
                .iter()
                .copied()
                .filter(|id| r::Version::from(id.requirement().version) == version(*v))
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
                check.transport = transport(plan.kind, Transport::Tcp).to_owned();
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
    if let Some(place) = &outcome.place {
        check.transport = transport(plan.kind, place.transport).to_owned();
        check.address = Some(place.address.clone());
    }
    check.acceptable = vec![breach.expected.clone()];
    check.signature = Some(format!(
        "{}: {}",
        monitor.name,
        breach.expected.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
    ));
    check.reproduce.rerun = format!("{} --only {} --seed 0x{:x}", heading.rerun, scenario.id, plan.seed);
    check.differs(breach.expected.as_str(), breach.actual.as_str())
}
