//! `campaign`: many generated workloads with hardship, judged by the history checker.

use super::hooks::HookArguments;
use super::report::{incomplete, tell};
use super::{Failure, NOT_AVAILABLE, known, print};
use crate::campaign_record::{self, Heading, Shortest};
use campaign::live::{Keeps, Target};
use campaign::regressions::{self, Regression};
use campaign::{
    Conclusion, Driver, Found, Plan, Report, Subject, Workload, campaign as campaigns, fails, replay, shrink,
    shrink_within,
};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use reference_broker::{Config, Server};
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use subjects::servers;
use subjects::{around, names, null_servers};
use transport::{Address, Hosted, Scheme};

/// The exit code if nothing was proved.
pub(super) const NO_VERDICT: u8 = 3;

/// How many shorter workloads are tried for a finding of a live campaign; `shrink` tries more.
const LIVE_CALLS: u32 = 60;
/// How many `shrink` tries.
pub(super) const PATIENT_LIVE_CALLS: u32 = 400;

/// Over which ends of its process a Server promises to keep what it has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Over {
    /// An orderly end, by --hook-stop
    Stop,
    /// An abrupt end, by --hook-kill
    Kill,
}

/// Which Server, and in which network.
#[derive(Debug, Args)]
pub struct Where {
    /// How workloads are carried out: virtual (bare virtual time, fast), simulated (a simulated network), or live (sockets to --url).
    ///
    /// In live workloads intervals expire within seconds, and the judge allows clocks to differ by two seconds. Each run uses topics and Client
    /// Identifiers of its own, and clears its Sessions and retained messages; runs that end the Server (with hooks) come last, one at a time. A live run
    /// cannot be repeated exactly: its recorded packets are the evidence, and shrink and replay try several times
    #[arg(long, value_name = "DRIVER", default_value = "virtual", value_parser = parse_driver)]
    pub(super) driver: Driver,
    /// Test the reference broker with this Defect or Variant, or this null Server, instead of the plain reference broker
    #[arg(long, value_name = "NAME")]
    pub(super) defect: Option<String>,
    /// Give the reference broker a store on a simulated disk; what it has acknowledged must survive restarts and power loss
    #[arg(long)]
    pub(super) durable: bool,
    /// The live Server, as mqtt://HOST:PORT
    #[arg(long, value_name = "URL", conflicts_with_all = ["defect", "durable"])]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) hooks: HookArguments,
    /// Which interruptions the live Server's acknowledged Sessions and messages must survive; after the others it may have kept or
    /// lost anything
    #[arg(long, value_name = "ENDS", value_enum, value_delimiter = ',', requires = "url")]
    pub(super) keeps: Vec<Over>,
}

/// Arguments of `campaign`.
#[derive(Debug, Args)]
pub struct CampaignArguments {
    /// The seeds, from A up to but not including B
    #[arg(long, value_name = "A..B", default_value = "0..10000", value_parser = parse_seeds)]
    seeds: Range<u64>,
    /// Stop after this time, for example 90s, 10m or 2h
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    budget: Option<Duration>,
    /// Run only part I of N of the seeds
    #[arg(long, value_name = "I/N", default_value = "1/1", value_parser = parse_partition)]
    partition: (u64, u64),
    #[command(flatten)]
    place: Where,
    /// How many runs at the same time, one thread each; 32 suit one core with --driver live, whose runs spend most of their time waiting
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// The directory for campaign.json, campaign.html and the replays. A regressions.json that is there is run first, and added to
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// A list of known findings of this Server, each with an argument from the standard: only others affect the exit code
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
}

fn parse_driver(text: &str) -> Result<Driver, String> {
    if text.contains("://") {
        return Err(format!("a live Server is given as --driver live --url {text}"));
    }
    text.parse()
}

fn parse_seeds(text: &str) -> Result<Range<u64>, String> {
    let parsed = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    parsed.filter(|seeds| !seeds.is_empty()).ok_or_else(|| "seeds are A..B, with A less than B".to_owned())
}

fn parse_partition(text: &str) -> Result<(u64, u64), String> {
    let parsed = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    parsed
        .filter(|(part, of)| (1..=*of).contains(part))
        .ok_or_else(|| "a partition is I/N, with I from 1 to N".to_owned())
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len() - usize::from(text.ends_with(['s', 'm', 'h'])));
    let seconds: u64 = number.parse().map_err(|_| "a time is a number with s, m or h".to_owned())?;
    let factor = match unit {
        "h" => 3600,
        "m" => 60,
        _ => 1,
    };
    Ok(Duration::from_secs(seconds.saturating_mul(factor)))
}

impl Where {
    /// The live Server, which has to be there.
    fn live(&self) -> Result<Subject, Failure> {
        let url =
            self.url.as_ref().ok_or_else(|| Failure::usage("--driver live needs --url mqtt://HOST:PORT"))?;
        let address = Address::parse(url).map_err(|error| Failure::usage(error.to_string()))?;
        let address =
            address.supported_by(&[Scheme::Mqtt]).map_err(|error| Failure::usage(error.to_string()))?;
        let keeps = Keeps {
            over_stop: self.keeps.contains(&Over::Stop),
            over_kill: self.keeps.contains(&Over::Kill),
        };
        let target = Target::new(address.authority(), self.hooks.hooks(), keeps, nonce());
        target
            .reach()
            .map_err(|why| Failure::not_available(format!("the Server cannot be reached: {why}")))?;
        Ok(Subject::live(&address.to_string(), target))
    }

    /// The Server.
    pub(super) fn subject(&self) -> Result<Subject, Failure> {
        match (self.driver, &self.url) {
            (Driver::Live, _) => return self.live(),
            (_, Some(_)) => return Err(Failure::usage("--url needs --driver live")),
            (_, None) => {}
        }
        if self.durable {
            let behaviour = match &self.defect {
                None => around::Behaviour::NONE,
                Some(name) => names::behaviour(name).ok_or_else(|| Failure::usage(names::unknown(name)))?,
            };
            let name = self.defect.as_deref().unwrap_or("reference broker with a store");
            return Ok(servers::durable_subject(name, behaviour));
        }
        let Some(name) = &self.defect else {
            let config = Arc::new(Config::default());
            return Ok(Subject::in_memory("reference broker", move |seed| {
                Box::new(Hosted::new(Server::new(config.clone(), seed)))
            }));
        };
        if let Some(behaviour) = names::behaviour(name) {
            return Ok(servers::subject(name, behaviour));
        }
        let null = null_servers::ALL.iter().find(|it| it.name == name);
        let null = null.ok_or_else(|| Failure::usage(names::unknown(name)))?;
        Ok(Subject::in_memory(name, move |_| (null.make)()))
    }

    /// The rest of a command line that runs the same.
    pub(super) fn command(&self) -> String {
        let defect = self.defect.as_ref().map_or(String::new(), |name| format!(" --defect {name}"));
        let durable = if self.durable { " --durable" } else { "" };
        let url = self.url.as_ref().map_or(String::new(), |url| format!(" --url {url}"));
        let hooks = self.hooks.command();
        let keeps: Vec<_> = self.keeps.iter().filter_map(ValueEnum::to_possible_value).collect();
        let keeps: Vec<&str> = keeps.iter().map(clap::builder::PossibleValue::get_name).collect();
        let keeps = if keeps.is_empty() { String::new() } else { format!(" --keeps {}", keeps.join(",")) };
        format!("--driver {}{defect}{durable}{url}{hooks}{keeps}", self.driver)
    }
}

/// A number that no other process has had, for the names of live runs.
fn nonce() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "names that were never there before")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    tester::seed_of(u64::from(std::process::id()), &now.as_nanos().to_string())
}

/// Runs it. 0 only if no breach was found, but for known ones, and the canary passed.
#[expect(clippy::disallowed_methods, reason = "the budget and the rate are of real time")]
pub fn campaign(arguments: &CampaignArguments) -> Result<u8, Failure> {
    let subject = arguments.place.subject()?;
    let argued = known::read(arguments.known.as_deref())?;
    let file = arguments.output.as_ref().map(|directory| directory.join("regressions.json"));
    let known = match &file {
        Some(file) => regressions::read(file).map_err(|error| Failure::usage(error.to_string()))?,
        None => Vec::new(),
    };
    let plan = Plan {
        driver: arguments.place.driver,
        seeds: arguments.seeds.clone(),
        partition: arguments.partition,
        jobs: arguments.jobs,
        regressions: known.iter().filter(|known| known.subject == subject.name()).cloned().collect(),
    };
    let bar = std::io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::new(plan.count());
        if let Ok(style) = ProgressStyle::with_template(" {bar:30} {pos}/{len} {per_sec} {eta} left") {
            bar.set_style(style);
        }
        bar
    });
    let start = Instant::now();
    let report = campaigns::run(&plan, &subject, &|done| {
        if let Some(bar) = &bar {
            bar.set_position(done);
        }
        arguments.budget.is_some_and(|budget| start.elapsed() >= budget)
    });
    let took = start.elapsed();
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let found = shortest(&report, &subject, &argued);
    let new = found.iter().filter(|shortest| !shortest.is_known).count();
    let mut shown = text(&report, took);
    shown += &text_of_found(&report, &found, &arguments.place, new);
    print(&shown);
    let is_gone = subject.target().is_some_and(|target| target.gone().is_some());
    let exit_code = match report.conclusion {
        Conclusion::NothingFound => 0,
        Conclusion::Found => u8::from(new > 0),
        Conclusion::None(_) if is_gone => NOT_AVAILABLE,
        Conclusion::None(_) => NO_VERDICT,
    };
    if let Some(directory) = &arguments.output {
        let heading = Heading {
            place: &arguments.place.command(),
            budget: arguments.budget,
            known: arguments.known.as_deref(),
            jobs: arguments.jobs,
            regressions: plan.regressions.len(),
            took,
            exit_code,
            directory,
        };
        let campaign = campaign_record::campaign(&report, &found, &heading);
        let written = render::campaign::write(&campaign, directory).map_err(incomplete)?;
        write(directory, known, &report, &found)?;
        tell(&written);
    }
    Ok(exit_code)
}

/// Each finding as short as it gets, and shown.
fn shortest(report: &Report, subject: &Subject, argued: &[known::Known]) -> Vec<Shortest> {
    let driver = report.driver;
    let again = |found: &Found| {
        let is_known = argued.iter().any(|known| known.signature == found.signature);
        let workload = if is_known { found.workload().clone() } else { shorter(found, driver, subject) };
        let shown = replay(&workload, driver, subject, Some(found.key()));
        let regression = Regression::new(found.signature.clone(), subject.name(), driver, workload);
        Shortest { regression, shown, is_known }
    };
    report.found.iter().map(again).collect()
}

/// A finding of a live run that does not happen again stays as it is.
fn shorter(found: &Found, driver: Driver, subject: &Subject) -> Workload {
    let holds = |candidate: &_| fails(candidate, driver, subject, found.key());
    if driver == Driver::Live && !holds(found.workload()) {
        return found.workload().clone();
    }
    shortened(found.workload(), driver, LIVE_CALLS, holds)
}

/// A workload as short as it gets; by a live Server within so many calls, each of which takes seconds.
pub(super) fn shortened(
    workload: &Workload,
    driver: Driver,
    live_calls: u32,
    holds: impl FnMut(&Workload) -> bool,
) -> Workload {
    match driver {
        Driver::Virtual | Driver::Simulated => shrink(workload, holds),
        Driver::Live => shrink_within(workload, live_calls, holds),
    }
}

fn text(report: &Report, took: Duration) -> String {
    let seconds = took.as_secs_f64().max(0.001);
    let (canary, statistics) = (&report.canary, &report.statistics);
    // Writing to a String cannot fail.
    let mut out = String::new();
    let _ = writeln!(
        out,
        "subject   {}, {} driver, seeds {}..{}, part {} of {}",
        report.subject,
        report.driver,
        report.first_seed,
        report.end_seed,
        report.partition.0,
        report.partition.1
    );
    let rate = report.runs as f64 / seconds;
    let _ = writeln!(
        out,
        "runs      {} of {} in {seconds:.1} s, {rate:.0} per second",
        report.runs, report.planned
    );
    let _ = writeln!(
        out,
        "each      {} steps, {} connections, {} messages, {} packets, {} seconds on average",
        statistics.steps.average(),
        statistics.connections.average(),
        statistics.messages.average(),
        statistics.packets.average(),
        statistics.milliseconds.average() / 1000
    );
    let _ = writeln!(
        out,
        "canary    detected {}/{} planted phantom messages, {}/{} duplicates, {}/{} lost messages; something else may excuse the last two kinds",
        canary.strangers.reported,
        canary.strangers.planted,
        canary.repeated.reported,
        canary.repeated.planted,
        canary.missing.reported,
        canary.missing.planted
    );
    if statistics.restless + statistics.protocol_errors > 0 {
        let _ = writeln!(
            out,
            "notice    {} runs did not settle; Clients closed on a protocol error {} times",
            statistics.restless, statistics.protocol_errors
        );
    }
    let absent: Vec<String> = statistics
        .hardships()
        .filter(|(_, occasions)| occasions.not_supported > 0)
        .map(|(kind, occasions)| format!("{kind} ({})", occasions.not_supported))
        .collect();
    if !absent.is_empty() {
        let _ = writeln!(out, "skipped   not supported by this driver: {}", absent.join(", "));
    }
    for failure in &report.failures {
        let _ = writeln!(out, "failed    seed {}: {}", failure.seed, failure.reason);
    }
    out
}

/// What was found, what of it is new, and what it comes to.
fn text_of_found(report: &Report, shortest: &[Shortest], place: &Where, new: usize) -> String {
    let mut out = String::new();
    for (found, shortest) in report.found.iter().zip(shortest) {
        if shortest.is_known {
            let _ = writeln!(out, "known     {} in {} runs: {}", found.signature, found.runs, found.text);
            continue;
        }
        let _ = writeln!(out, "FOUND     {} in {} runs: {}", found.signature, found.runs, found.text);
        for line in &shortest.regression.words {
            let _ = writeln!(out, "          {line}");
        }
        let _ = writeln!(out, "          mqtt-certify shrink {} {}", found.seed, place.command());
    }
    let _ = match &report.conclusion {
        Conclusion::NothingFound => writeln!(out, "no breach found, and the canary passed"),
        Conclusion::Found if new == 0 => {
            writeln!(out, "only known breaches found, and the canary passed")
        }
        Conclusion::Found => writeln!(out, "{new} kinds of breach found"),
        Conclusion::None(reason) => writeln!(out, "no verdict: {reason}"),
    };
    out
}

/// The replays, and the regressions with those that are new.
fn write(
    directory: &Path,
    mut known: Vec<Regression>,
    report: &Report,
    shortest: &[Shortest],
) -> Result<(), Failure> {
    let internal =
        |error: &dyn std::fmt::Display| Failure::internal(format!("{}: {error}", directory.display()));
    for (found, Shortest { regression, shown, .. }) in report.found.iter().zip(shortest) {
        let name: String =
            regression.signature.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let mut text = shown.to_string();
        if let Some(evidence) = &found.evidence {
            // A live run is not the same twice.
            text += &format!("\nThe run in which it was first found:\n\n{evidence}");
        }
        std::fs::write(directory.join(name + ".txt"), text).map_err(|error| internal(&error))?;
        // The shorter one stays.
        known.retain(|other| {
            (&other.signature, &other.subject) != (&regression.signature, &regression.subject)
        });
        known.push(regression.clone());
    }
    if !known.is_empty() {
        regressions::write(&directory.join("regressions.json"), &known).map_err(|error| internal(&error))?;
    }
    Ok(())
}
