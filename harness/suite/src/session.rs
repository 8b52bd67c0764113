//! A whole run: probes the Subject, runs the selected checks, and survives whatever the Subject does meanwhile.

use crate::capabilities::{self, Capabilities};
use crate::cause::{Cause, Lack};
use crate::plan::ScenarioCheck;
use crate::runner::{self, Conditions, Outcome, StepOutcome};
use protocol::Version;
use record::Verdict;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tester::seed_of;
use tester::testbed::{Kind, Testbed, WEBSOCKET};

/// Makes the Testbed for one check: from the name of a configuration of the Server (`None` is the ordinary one) and the seed of the check.
pub type MakeTestbed = Arc<dyn Fn(Option<&str>, u64) -> Box<dyn Testbed> + Send + Sync>;

/// What is run on what.
#[derive(Clone)]
pub struct Plan {
    /// The checks, in order.
    pub checks: Vec<ScenarioCheck>,
    /// The versions that were selected.
    pub versions: Vec<Version>,
    /// The kind of Testbed that `testbed` makes.
    pub kind: Kind,
    /// Makes Testbeds.
    pub testbed: MakeTestbed,
    /// Names of Server configurations that this Subject can be given.
    pub configurations: Vec<String>,
    /// Whether the Server can be ended and started again.
    pub can_restart: bool,
    /// How many checks run side by side.
    pub jobs: usize,
    /// The seed of the run.
    pub seed: u64,
    /// Multiplies every patience.
    pub timeout_scale: f64,
    /// Set from outside to stop politely.
    pub stop: Arc<AtomicBool>,
}

/// What a run found.
pub struct Findings {
    /// What the Subject offers.
    pub capabilities: Capabilities,
    /// One for each check of the plan, in the same order; `None` if it was not run.
    pub outcomes: Vec<Option<Outcome>>,
    /// Why the rest was not run, if the run ended early.
    pub cut_short: Option<String>,
    /// Whether the Subject could not be reached at all.
    pub unavailable: Option<String>,
}

/// What a check needs that ends the Server under test.
pub(crate) const RESTART: &str = "restart";

impl Plan {
    /// Runs it all. `told` hears of each check as it ends.
    #[must_use]
    pub fn run(&self, told: &(dyn Fn(&ScenarioCheck, &Outcome) + Sync)) -> Findings {
        match self.kind {
            Kind::Live => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                match runtime {
                    Ok(runtime) => tokio::task::LocalSet::new().block_on(&runtime, self.run_live(told)),
                    Err(error) => Findings {
                        capabilities: Capabilities::default(),
                        outcomes: self.checks.iter().map(|_| None).collect(),
                        cut_short: Some(format!("no runtime for sockets: {error}")),
                        unavailable: None,
                    },
                }
            }
            Kind::Virtual | Kind::Simulated => self.run_in_process(told),
        }
    }

    fn run_in_process(&self, told: &(dyn Fn(&ScenarioCheck, &Outcome) + Sync)) -> Findings {
        let make = || (self.testbed)(None, self.seed);
        let probing = capabilities::probe(&make, &self.versions, self.seed, self.timeout_scale);
        let capabilities = futures::executor::block_on(probing);
        if let Some(findings) = self.unavailable(&capabilities) {
            return findings;
        }
        let outcomes: Mutex<Vec<Option<Outcome>>> = Mutex::new(self.checks.iter().map(|_| None).collect());
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                scope.spawn(|| {
                    while !self.stop.load(Ordering::Relaxed) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(check) = self.checks.get(index) else { break };
                        let outcome = futures::executor::block_on(self.one(check, &capabilities));
                        told(check, &outcome);
                        if let Ok(mut outcomes) = outcomes.lock() {
                            outcomes[index] = Some(outcome);
                        }
                    }
                });
            }
        });
        let cut_short = self.stop.load(Ordering::Relaxed).then(|| "interrupted".to_owned());
        let outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Findings { capabilities, outcomes, cut_short, unavailable: None }
    }

    pub(crate) fn unavailable(&self, capabilities: &Capabilities) -> Option<Findings> {
        capabilities.connacks.is_empty().then(|| Findings {
            capabilities: capabilities.clone(),
            outcomes: self.checks.iter().map(|_| None).collect(),
            cut_short: None,
            unavailable: Some(refusals(capabilities)),
        })
    }

    pub(crate) async fn one(&self, check: &ScenarioCheck, capabilities: &Capabilities) -> Outcome {
        if let Some(name) = &check.configuration
            && !self.configurations.contains(name)
        {
            return lacking(check, Lack::Listener(name.clone()));
        }
        if check.needs.contains(RESTART) && !self.can_restart {
            return lacking(check, Lack::Hooks);
        }
        let seed = seed_of(self.seed, &check.id);
        // A configuration of its own has capabilities of its own, which the scenario is written for; but another transport changes nothing of what is offered.
        if check.configuration.as_deref().is_none_or(|name| name == WEBSOCKET)
            && let Some(objection) = capabilities.objection(check)
        {
            return lacking(check, Lack::Capability(objection));
        }
        let conditions = Conditions { version: check.version, seed, timeout_scale: self.timeout_scale };
        runner::run(check, (self.testbed)(check.configuration.as_deref(), seed), conditions).await
    }
}

pub(crate) fn refusals(capabilities: &Capabilities) -> String {
    capabilities
        .refused
        .iter()
        .map(|(version, why)| format!("MQTT {version}: {why}"))
        .collect::<Vec<_>>()
        .join("; ")
}

fn lacking(check: &ScenarioCheck, lack: Lack) -> Outcome {
    Outcome {
        verdict: Verdict::NotApplicable,
        cause: Cause::Lacking(lack),
        charged: Vec::new(),
        place: None,
        steps: vec![StepOutcome::Skipped; check.steps.len()],
        transcript: tester::Transcript::default(),
        choices: Vec::new(),
        assurances: Vec::new(),
        sightings: Vec::new(),
        took: std::time::Duration::ZERO,
        round_trip: None,
    }
}
