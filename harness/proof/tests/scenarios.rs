//! Every scenario on the reference broker in the simulated network, each as a test of its own: `cargo test -p proof --test scenarios NAME` runs those
//! whose name contains NAME. A run of all of them also fails if something is excused that need not be.

use libtest_mimic::{Arguments, Trial};
use protocol::Role;
use record::Verdict;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use subjects::{around::Behaviour, servers};
use suite::plan::{self, ScenarioCheck};
use suite::runner;
use tester::seed_of;
use tester::testbed::Kind;

/// The seed of the run. Another one must give the same verdicts, but not the same transcripts.
const SEED: u64 = 1;

/// What the reference does not pass, and why that is right.
const EXCUSED: [(&str, Verdict, &str); 2] = [
    (
        "/4.7-topics/a-message-on-dollart_x-does-not-reach-another-client",
        Verdict::Warn,
        "4.7.2 recommends to keep Clients off such topics, and the reference leaves it to access control",
    ),
    (
        "/4.9-flow-control/one-message-of-qos-2-too-many-closes-the-network-connection",
        Verdict::NotApplicable,
        "the Receive Maximum of the ordinary configuration is too high to be exceeded",
    ),
];

/// Which of [`EXCUSED`] have excused something.
static USED: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Runs one scenario and says what is wrong with what came of it.
fn complaints(check: &ScenarioCheck) -> Vec<String> {
    let seed = seed_of(SEED, &check.id);
    let conditions = runner::Conditions { version: check.version, seed, timeout_scale: 1.0 };
    let name = check.configuration.as_deref();
    let testbed = servers::testbed(Kind::Simulated, Behaviour::NONE, name, seed);
    let outcome = futures::executor::block_on(runner::run(check, testbed, conditions));
    let mut complaints = Vec::new();
    let excuse =
        EXCUSED.iter().position(|(name, verdict, _)| check.id.ends_with(name) && outcome.verdict == *verdict);
    if let Some(excuse) = excuse {
        USED.lock().unwrap_or_else(PoisonError::into_inner).insert(excuse);
    } else if !matches!(outcome.verdict, Verdict::Pass | Verdict::Info) {
        complaints.push(format!("{:?}: {}", outcome.verdict, outcome.cause));
    }
    for sighting in &outcome.sightings {
        for breach in &sighting.breaches {
            let who = if breach.by == Role::Server { "the Server" } else { "our own Tester" };
            complaints.push(format!(
                "monitor {}: {who}: expected {}; got {}",
                sighting.monitor.name, breach.expected, breach.actual
            ));
        }
    }
    complaints
}

/// A scenario as a test.
fn trial(check: ScenarioCheck) -> Trial {
    Trial::test(check.id.clone(), move || {
        let complaints = complaints(&check);
        if complaints.is_empty() {
            return Ok(());
        }
        let again = format!("mqtt-certify simulate --only {} --seed 0x{SEED:x}", check.id);
        Err(format!("{}\n{again}", complaints.join("\n")).into())
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match plan::scenarios() {
        Ok(checks) => checks.into_iter().map(trial).collect(),
        Err(errors) => {
            let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
            vec![Trial::test("the features are a plan", move || Err(text.join("\n").into()))]
        }
    };
    let conclusion = libtest_mimic::run(&arguments, trials);
    let is_whole = !arguments.list && conclusion.num_filtered_out == 0 && conclusion.num_ignored == 0;
    let used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    let stale = EXCUSED.iter().enumerate().filter(|(index, _)| is_whole && !used.contains(index));
    let mut code = conclusion.exit_code();
    for (_, (name, verdict, _)) in stale {
        println!("error: no check needs to be excused for {name} with {verdict:?} any more");
        code = ExitCode::FAILURE;
    }
    code
}
