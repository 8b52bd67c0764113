//! The command line of `mqtt-certify`.

mod broker;
mod expect;
mod explain;
mod ledger;
mod list;
mod progress;
mod report;
mod run;
mod selftest;

use clap::{Parser, Subcommand};
use protocol::Version;
use std::process::ExitCode;

/// Nothing was selected.
const NOTHING_RAN: u8 = 4;
/// Wrong usage or configuration.
const USAGE: u8 = 2;
/// An error of the suite itself.
const INTERNAL: u8 = 70;

/// A conformance test suite for MQTT 3.1.1 and 5.0.
#[derive(Debug, Parser)]
#[command(
    name = "mqtt-certify",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 no verdict, \
4 nothing ran, 6 the Subject is not available, 70 internal error, 130 and 143 interrupted."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Certify a Server over real sockets; the embedded reference broker if no address is given
    Run(run::RunArguments),
    /// Certify the reference broker in the simulator: deterministic, no sockets
    Simulate(run::SimulateArguments),
    /// List Requirements, or checks
    List(list::ListArguments),
    /// Explain a Requirement or a check
    Explain(explain::ExplainArguments),
    /// Run the reference broker, or a deliberately faulty one
    Broker(broker::BrokerArguments),
    /// Compare a run with a list of what is known to fail
    Expect(expect::ExpectArguments),
    /// Prove the suite itself: it catches every Defect, spares every Variant, and passes no null server
    Selftest(selftest::SelfTestArguments),
    /// Show how the suite accounts for each Requirement: checks, citations, Defects, verdict on the reference broker
    Ledger(ledger::LedgerArguments),
    /// Render reports again from a results.json
    Report(report::ReportArguments),
}

/// What a command has to say when it cannot do its work.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    fn usage(text: impl Into<String>) -> Self {
        Failure { code: USAGE, text: text.into() }
    }

    fn internal(text: impl Into<String>) -> Self {
        Failure { code: INTERNAL, text: text.into() }
    }
}

/// Parses the command line, does what it says, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    crate::runner::quiet_step_panics();
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Simulate(arguments) => run::simulate(&arguments),
        Command::List(arguments) => list::list(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Broker(arguments) => broker::broker(&arguments),
        Command::Expect(arguments) => expect::expect(&arguments),
        Command::Selftest(arguments) => selftest::selftest(&arguments),
        Command::Ledger(arguments) => ledger::ledger(&arguments),
        Command::Report(arguments) => report::report(&arguments),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("mqtt-certify: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}

/// Writes to standard output. A reader that has gone away, as `head` does, is no failure.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A version as the command line has it.
fn parse_version(text: &str) -> Result<Version, String> {
    match text {
        "3.1.1" | "v3" | "v311" => Ok(Version::V311),
        "5.0" | "5" | "v5" => Ok(Version::V500),
        _ => Err("a version is 3.1.1 or 5.0".to_owned()),
    }
}

/// All scenarios, or an internal error that lists what is wrong with the features.
fn scenarios() -> Result<Vec<crate::plan::ScenarioCheck>, Failure> {
    crate::plan::checks().map_err(|errors| {
        Failure::internal(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// The parser, for completions and man pages.
#[must_use]
pub fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}
