//! Checks on the reference broker with a behaviour around it, in virtual time and in every configuration.

use protocol::Version;
use std::sync::Arc;
use subjects::around::Behaviour;
use subjects::servers::testbed;
use suite::plan::ScenarioCheck;
use suite::session::Plan;
use tester::testbed::Kind;

/// These checks on that Server in virtual time, in the configurations with these names beside the ordinary one.
#[must_use]
pub fn plan(checks: &[ScenarioCheck], behaviour: Behaviour, configurations: Vec<String>, seed: u64) -> Plan {
    Plan {
        checks: checks.to_vec(),
        versions: Version::ALL.to_vec(),
        kind: Kind::Virtual,
        testbed: Arc::new(move |name: Option<&str>, seed| testbed(Kind::Virtual, behaviour, name, seed)),
        configurations,
        can_restart: true,
        jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        seed,
        timeout_scale: 1.0,
        stop: Arc::default(),
    }
}
