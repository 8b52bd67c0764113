//! Every scenario on the reference broker in the simulated network, each as a test of its own: `cargo test --test scenarios NAME` runs those whose
//! name contains NAME, and test runners that list tests first can do so.

use protocol::Role;
use reports::Verdict;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use subjects::{around::Behaviour, servers};
use suite::{plan, runner};
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

/// What the command line of a test binary may say, as far as it matters here.
#[derive(Default)]
struct Arguments {
    filters: Vec<String>,
    skip: Vec<String>,
    exact: bool,
    list: bool,
    ignored: bool,
}

fn arguments() -> Arguments {
    let mut out = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--exact" => out.exact = true,
            "--list" => out.list = true,
            "--ignored" => out.ignored = true,
            "--skip" => out.skip.extend(words.next()),
            "--format" | "--test-threads" | "--color" | "--logfile" => drop(words.next()),
            flag if flag.starts_with('-') => {}
            filter => out.filters.push(filter.to_owned()),
        }
    }
    out
}

fn main() -> ExitCode {
    runner::quiet_step_panics();
    let arguments = arguments();
    let checks = match plan::scenarios() {
        Ok(checks) => checks,
        Err(errors) => {
            for error in &errors {
                println!("{error}");
            }
            println!(
                "\ntest result: FAILED. 0 passed; {} failed; 0 ignored; 0 measured; 0 filtered out",
                errors.len()
            );
            return ExitCode::FAILURE;
        }
    };
    let total = checks.len();
    let matches = |name: &str, pattern: &String| {
        if arguments.exact { name == pattern } else { name.contains(pattern.as_str()) }
    };
    let selected: Vec<_> = checks
        .into_iter()
        .filter(|c| arguments.filters.is_empty() || arguments.filters.iter().any(|f| matches(&c.id, f)))
        .filter(|c| !arguments.skip.iter().any(|f| matches(&c.id, f)))
        .filter(|_| !arguments.ignored)
        .collect();
    if arguments.list {
        for check in &selected {
            println!("{}: test", check.id);
        }
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", selected.len());
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(check) = selected.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let seed = seed_of(SEED, &check.id);
                    let conditions = runner::Conditions { version: check.version, seed, timeout_scale: 1.0 };
                    let name = check.configuration.as_deref();
                    let testbed = servers::testbed(Kind::Simulated, Behaviour::NONE, name, seed);
                    let outcome = futures::executor::block_on(runner::run(check, testbed, conditions));
                    let mut complaints = Vec::new();
                    let excused = EXCUSED
                        .iter()
                        .any(|(name, verdict, _)| check.id.ends_with(name) && outcome.verdict == *verdict);
                    if !excused && !matches!(outcome.verdict, Verdict::Pass | Verdict::Info) {
                        complaints.push(format!("{:?}: {}", outcome.verdict, outcome.reason));
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
                    println!("test {} ... {}", check.id, if complaints.is_empty() { "ok" } else { "FAILED" });
                    if !complaints.is_empty()
                        && let Ok(mut failures) = failures.lock()
                    {
                        failures.push(format!(
                            "{}\n    {}\n    mqtt-certify simulate --only {} --seed 0x{SEED:x}",
                            check.id,
                            complaints.join("\n    "),
                            check.id
                        ));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failures.sort();
    if !failures.is_empty() {
        println!("\nfailures:\n");
        for failure in &failures {
            println!("{failure}\n");
        }
    }
    let passed = selected.len() - failures.len();
    let word = if failures.is_empty() { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {passed} passed; {} failed; 0 ignored; 0 measured; {} filtered out",
        failures.len(),
        total - selected.len()
    );
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
