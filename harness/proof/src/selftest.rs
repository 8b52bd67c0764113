//! The suite proves itself, in virtual time: for every Defect there is a check that catches it, for every Variant none that accuses it, and a Server that
//! does nothing passes nothing.
//!
//! A Defect is caught if for each Requirement that it breaks a check that is about it says fail, and says pass about the reference broker. Deliberately not
//! here: the Servers themselves (`defects`, `variants`).
//!
//! Where a breach weighs no more than a warning (a SHOULD, or a fault that 5.0 lets the Server overlook), the warning is the catch.

mod null;
mod report;

pub use null::Arguments;
pub use report::{Accusation, DefectResult, NullServerResult, Score, SelfTestReport, VariantResult};

use crate::everything;
use catalogue::{Level, RequirementId};
use protocol::Role;
use record::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use subjects::around::Behaviour;
use subjects::defects::{self, Defect};
use subjects::null_servers;
use subjects::servers;
use subjects::settings;
use subjects::variants::{self, Variant};
use suite::configurations;
use suite::plan::ScenarioCheck;
use suite::runner::{self, Conditions, Outcome};
use tester::seed_of;
use tester::testbed::{InProcess, Kind, Testbed};

/// Runs the self-test on everything whose name contains `only`.
///
/// # Errors
/// If the committed arguments for the yes-server cannot be read.
pub fn selftest(checks: &[ScenarioCheck], seed: u64, only: Option<&str>) -> Result<SelfTestReport, String> {
    let arguments = Arguments::committed()?;
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
    let defects: Vec<&'static Defect> = defects::all().into_iter().filter(|d| wanted(d.name)).collect();
    let reference: Vec<Kills> =
        in_parallel(checks.len(), |index| kills(&run_on(&checks[index], seed, Behaviour::NONE)));
    let sound = |index: usize| reference[index].passes;
    let defects =
        in_parallel(defects.len(), |index| try_defect(defects[index], checks, &reference, &sound, seed));
    let variants = variants::all()
        .into_iter()
        .filter(|v| wanted(v.name))
        .map(|variant| try_variant(variant, checks, seed))
        .collect();
    let null_servers = null_servers::ALL
        .iter()
        .filter(|n| wanted(n.name))
        .map(|server| {
            let verdicts: Vec<Verdict> = in_parallel(checks.len(), |index| {
                let check = &checks[index];
                let seed = seed_of(seed, &check.id);
                let resource = settings::resource(check.configuration.as_deref());
                let testbed = InProcess::virtual_time(seed, server.make).with_resource(resource);
                run_in(check, seed, Box::new(testbed)).verdict
            });
            arguments.judge(server.name, checks, &verdicts)
        })
        .collect();
    Ok(SelfTestReport::new(seed, defects, variants, null_servers))
}

/// What says fail in one run of one check, by the Requirements that the verdict is about.
#[derive(Debug)]
struct Kills {
    /// Whether the scenario itself passes.
    passes: bool,
    /// Whether the scenario itself fails.
    fails: bool,
    /// The Requirements that its verdict is about.
    charged: Vec<RequirementId>,
    /// Whether it only warns, which counts where a warning is all that there can be.
    warns: bool,
    /// Monitors that saw a breach by the Server, with the Requirements that they accuse it of.
    monitors: BTreeMap<&'static str, BTreeSet<RequirementId>>,
}

fn kills(outcome: &Outcome) -> Kills {
    let mut monitors: BTreeMap<&'static str, BTreeSet<RequirementId>> = BTreeMap::new();
    for sighting in &outcome.sightings {
        for breach in sighting.breaches.iter().filter(|b| b.by == Role::Server) {
            let accused = monitors.entry(sighting.monitor.name).or_default();
            accused.extend(breach.requirements.iter().copied());
        }
    }
    Kills {
        passes: outcome.verdict == Verdict::Pass,
        fails: outcome.verdict == Verdict::Fail,
        charged: outcome.charged.clone(),
        warns: outcome.verdict == Verdict::Warn,
        monitors,
    }
}

/// Runs a check on the reference broker with this behaviour around it, in virtual time.
fn run_on(check: &ScenarioCheck, seed: u64, behaviour: Behaviour) -> Outcome {
    let seed = seed_of(seed, &check.id);
    run_in(check, seed, servers::testbed(Kind::Virtual, behaviour, check.configuration.as_deref(), seed))
}

fn run_in(check: &ScenarioCheck, seed: u64, testbed: Box<dyn Testbed>) -> Outcome {
    let conditions = Conditions { version: check.version, seed, timeout_scale: 1.0 };
    futures::executor::block_on(runner::run(check, testbed, conditions))
}

fn try_defect(
    defect: &Defect,
    checks: &[ScenarioCheck],
    reference: &[Kills],
    sound: &dyn Fn(usize) -> bool,
    seed: u64,
) -> DefectResult {
    let about = |check: &ScenarioCheck| check.requirements.iter().any(|id| defect.breaks.contains(id));
    let behaviour = defect.behaviour;
    let run = |index: usize| kills(&run_on(&checks[index], seed, behaviour));
    let mut by = BTreeSet::new();
    let mut killed: BTreeSet<RequirementId> = BTreeSet::new();
    let mut note = |index: usize, kills: &Kills| {
        let check = &checks[index];
        let speaks_of = |id: &&RequirementId| {
            defect.breaks.contains(id) && (kills.fails || kills.warns && may_warn(**id))
        };
        let hits: Vec<RequirementId> = kills.charged.iter().filter(speaks_of).copied().collect();
        if sound(index) && !hits.is_empty() {
            by.insert(check.id.clone());
            killed.extend(hits);
        }
        for (monitor, accused) in &kills.monitors {
            let hits: Vec<_> = accused.iter().filter(|id| defect.breaks.contains(id)).collect();
            if !hits.is_empty() && !reference[index].monitors.contains_key(monitor) {
                by.insert(format!("monitor {monitor}"));
                killed.extend(hits);
            }
        }
        defect.breaks.iter().all(|id| killed.contains(id))
    };
    let (related, others): (Vec<usize>, Vec<usize>) =
        (0..checks.len()).partition(|index| about(&checks[*index]));
    let (packets, scenarios): (Vec<usize>, Vec<usize>) =
        related.into_iter().partition(|index| checks[*index].malformed.is_some());
    let mut all_killed = false;
    for index in scenarios {
        all_killed = note(index, &run(index));
    }
    // There are thousands of malformed packets, and a Monitor may see in any transcript what no scenario is about: both are tried for what is left.
    for index in packets.into_iter().chain(others) {
        if all_killed {
            break;
        }
        all_killed = note(index, &run(index));
    }
    let missed = defect.breaks.iter().filter(|id| !killed.contains(*id)).map(|id| id.as_str()).collect();
    DefectResult {
        name: defect.name,
        breaks: defect.breaks.iter().map(|id| id.as_str()).collect(),
        caught: all_killed,
        by: by.into_iter().collect(),
        missed,
    }
}

/// Whether a warning is the whole weight that a breach of this Requirement has: recommendations, and faults which 5.0 leaves to the Server to notice
/// (section 4.13).
fn may_warn(id: RequirementId) -> bool {
    matches!(id.requirement().level, Level::Should | Level::ShouldNot) || id.as_str().starts_with("5.0/RULE-")
}

fn try_variant(variant: &'static Variant, checks: &[ScenarioCheck], seed: u64) -> VariantResult {
    let behaviour = variant.behaviour;
    // A Variant that changes the configuration runs in the ordinary one only; the others run in all of them.
    let configurations = if behaviour.config.is_some() { Vec::new() } else { configurations::names() };
    let plan = everything::plan(checks, behaviour, configurations, seed);
    let findings = plan.run(&|_, _| {});
    let mut fails = Vec::new();
    let mut passed = 0;
    if let Some(why) = findings.unavailable {
        fails.push(Accusation { check: "probe".to_owned(), reason: why });
    }
    for (check, outcome) in checks.iter().zip(&findings.outcomes) {
        let Some(outcome) = outcome else { continue };
        match outcome.verdict {
            Verdict::Fail | Verdict::Error => {
                fails.push(Accusation { check: check.id.clone(), reason: outcome.cause.to_string() });
            }
            Verdict::Pass => passed += 1,
            _ => {}
        }
        for sighting in &outcome.sightings {
            if let Some(breach) = sighting.breaches.first() {
                fails.push(Accusation {
                    check: format!("monitor {} in {}", sighting.monitor.name, check.id),
                    reason: format!("expected {}; got {}", breach.expected, breach.actual),
                });
            }
        }
    }
    VariantResult { name: variant.name, passed, fails }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Does `count` pieces of work on all cores, and gives the results in order.
pub(crate) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(index);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, result);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect()
}
