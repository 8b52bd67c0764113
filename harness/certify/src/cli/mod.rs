//! The command line of `mqtt-certify`.

mod broker;
mod campaign;
mod ci;
mod diff;
mod expect;
mod explain;
mod export;
mod hooks;
mod housekeeping;
mod known;
mod ledger;
mod list;
mod merge;
mod progress;
mod question;
mod replay;
mod report;
mod run;
mod selftest;
mod stored;
mod waivers;

use clap::{Parser, Subcommand};
use protocol::Version;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once by `--ascii`.
static ASCII: AtomicBool = AtomicBool::new(false);

/// Nothing was selected.
const NOTHING_RAN: u8 = 4;
/// Wrong usage or configuration.
const USAGE: u8 = 2;
/// An error of the suite itself.
const INTERNAL: u8 = 70;
/// The Subject is not there, or not any more.
const NOT_AVAILABLE: u8 = 6;

/// A conformance test suite for MQTT 3.1.1 and 5.0. Start with `run`.
#[derive(Debug, Parser)]
#[command(
    name = "mqtt-certify",
    version = concat!(env!("CARGO_PKG_VERSION"), " (", env!("MQTT_CERTIFY_COMMIT"), ")"),
    max_term_width = 100,
    after_help = "Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 no verdict, \
4 nothing ran, 5 a waiver is stale, 6 the Subject is not available, 70 internal error, 130 and 143 interrupted.\n\n\
A Requirement is one normative statement of one version of the standard, such as 5.0/MQTT-3.12.4-1. The Subject is the Server under test. \
A Defect is a Server with one known fault; a Variant conforms, but chooses differently from the reference broker; a null Server does nothing useful. \
A Record (results.json) is everything that a run established; a waiver is an accepted failure."
)]
struct Arguments {
    /// Write ASCII only; this is the default in the C locale
    #[arg(long, global = true)]
    ascii: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Certify a Server over real sockets; the embedded reference broker if no address is given
    Run(Box<run::RunArguments>),
    /// Certify the reference broker in the simulator: deterministic, no sockets
    Simulate(run::SimulateArguments),
    /// List checks, Requirements, or the Servers of the self-test
    List(list::ListArguments),
    /// Explain a Requirement (what it demands, how it is tested) or a check (its steps)
    Explain(explain::ExplainArguments),
    /// Serve the reference broker, or a deliberately faulty one, on a port
    Broker(broker::BrokerArguments),
    /// Compare the failures of a run with a list of known failures
    Expect(expect::ExpectArguments),
    /// Test the suite itself: every Defect is caught, no Variant is accused, and no null Server passes unexplained
    Selftest(selftest::SelfTestArguments),
    /// Run generated workloads through network faults and restarts, against the reference broker or a live Server
    Campaign(campaign::CampaignArguments),
    /// Show one workload of a campaign: its packets, faults, timers and findings
    Replay(replay::ReplayArguments),
    /// Minimise a failing workload of a campaign and print it
    Shrink(replay::ShrinkArguments),
    /// Show how each Requirement is covered: its checks, the code that cites it, the Defects that prove the checks
    Ledger(ledger::LedgerArguments),
    /// Render the reports of a stored results.json or campaign.json, or compare several Records in a matrix
    Report(report::ReportArguments),
    /// Export the packets of one check: as a capture for Wireshark, or a script that sends them again
    Export(export::ExportArguments),
    /// Compare two runs: what became worse and what became better
    Diff(diff::DiffArguments),
    /// Print the JSON Schema of results.json, of the event stream or of campaign.json
    Schema(housekeeping::SchemaArguments),
    /// Print a completion script for a shell
    Completions(housekeeping::CompletionsArguments),
    /// Print the man page
    Man,
    /// Merge the Records of the shards of a run into one
    Merge(merge::MergeArguments),
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

    fn not_available(text: impl Into<String>) -> Self {
        Failure { code: NOT_AVAILABLE, text: text.into() }
    }
}

/// Parses the command line, does what it says, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    ASCII.store(arguments.ascii, Ordering::Relaxed);
    let done = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Simulate(arguments) => run::simulate(&arguments),
        Command::List(arguments) => list::list(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Broker(arguments) => broker::broker(&arguments),
        Command::Expect(arguments) => expect::expect(&arguments),
        Command::Selftest(arguments) => selftest::selftest(&arguments),
        Command::Campaign(arguments) => campaign::campaign(&arguments),
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Shrink(arguments) => replay::shrink(&arguments),
        Command::Ledger(arguments) => ledger::ledger(&arguments),
        Command::Report(arguments) => report::report(&arguments),
        Command::Export(arguments) => export::export(&arguments),
        Command::Diff(arguments) => diff::diff(&arguments),
        Command::Schema(arguments) => housekeeping::schema(&arguments),
        Command::Completions(arguments) => housekeeping::completions(&arguments),
        Command::Man => housekeeping::man(),
        Command::Merge(arguments) => merge::merge(&arguments),
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
    print_bytes(text.as_bytes());
}

/// The same for a rendering.
fn print_bytes(bytes: &[u8]) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Whether the output should have colours: `NO_COLOR` switches them off, `CLICOLOR_FORCE` on, else it depends on the terminal.
fn is_colourful() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
    if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) {
        return false;
    }
    set("CLICOLOR_FORCE")
        || (std::io::stdout().is_terminal() && std::env::var_os("TERM").is_some_and(|t| t != "dumb"))
}

/// The width of the terminal, or 100 off a terminal.
fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).unwrap_or(100).clamp(40, 200)
}

/// Whether nothing but ASCII may be written: the user says so, or the locale is not UTF-8.
fn is_ascii() -> bool {
    ASCII.load(Ordering::Relaxed)
        || ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .is_some_and(|locale| {
                let locale = locale.to_ascii_lowercase();
                locale == "c" || locale == "posix"
            })
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
fn scenarios() -> Result<Vec<suite::plan::ScenarioCheck>, Failure> {
    suite::plan::checks().map_err(|errors| {
        Failure::internal(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// The parser, for completions and man pages.
#[must_use]
pub fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}
