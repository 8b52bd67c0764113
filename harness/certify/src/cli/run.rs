//! `run` and `simulate`: plan, run, write the reports, and say in the exit code what came of it.

use super::hooks::HookArguments;
use super::progress::Progress;
use super::question::Question;
use super::{Failure, NOTHING_RAN, parse_version, print, scenarios};
use crate::shell;
use bytes::Bytes;
use clap::{Args, ValueEnum};
use protocol::Version;
use record::Record;
use record::event::Event;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant, SystemTime};
use subjects::around::Behaviour;
use subjects::embedded::Embedded;
use subjects::{servers, settings};
use suite::configurations;
use suite::plan::ScenarioCheck;
use suite::recording::{self, Heading};
use suite::session::{MakeTestbed, Plan};
use tester::Credentials;
use tester::testbed::{Kind, Live, Resource, WEBSOCKET};
use transport::{Address, Scheme};

/// Which checks run, with what seed, and where the reports go.
#[derive(Debug, Args)]
pub struct Selection {
    /// The versions to test
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',', value_parser = parse_version, default_value = "3.1.1,5.0")]
    spec: Vec<Version>,
    /// Run only the checks whose name contains PATTERN or that test the Requirement PATTERN; may be repeated
    #[arg(long, value_name = "PATTERN")]
    only: Vec<String>,
    /// Run only part M of N of the checks, written hash:M/N; `merge` combines the Records of the parts
    #[arg(long, value_name = "PART", value_parser = parse_partition)]
    partition: Option<Part>,
    /// How many checks run at the same time [default: 64 over sockets, the number of cores in the simulator]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// The seed of the run, decimal or hexadecimal with 0x [default: a new one; 1 in the simulator]
    #[arg(long, value_name = "SEED", value_parser = parse_seed)]
    seed: Option<u64>,
    /// The directory for results.json and the reports
    #[arg(long, short, value_name = "DIR", default_value = "results")]
    output: PathBuf,
    /// Multiply every deadline by FACTOR, at least 1, for a slow machine or network
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_scale)]
    timeout_scale: f64,
    /// Show every check, including those that pass
    #[arg(long, short)]
    verbose: bool,
    /// What is printed: a summary for people, or one JSON object per line for each check as it ends
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    question: Question,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// One part of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// Counted from 1.
    number: u32,
    of: u32,
}

impl Part {
    /// By a hash of its name, so that a check that is added moves no other.
    fn has(self, check: &ScenarioCheck) -> bool {
        tester::seed_of(0, &check.id) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

fn parse_partition(text: &str) -> Result<Part, String> {
    let parts = text.strip_prefix("hash:").and_then(|rest| rest.split_once('/'));
    let part =
        parts.and_then(|(number, of)| Some(Part { number: number.parse().ok()?, of: of.parse().ok()? }));
    part.filter(|part| (1..=part.of).contains(&part.number))
        .ok_or_else(|| "a part is hash:M/N, with M from 1 to N".to_owned())
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The Server to certify, as mqtt://HOST:PORT or ws://HOST:PORT/PATH [default: the embedded reference broker]
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// The name of the Subject in the report
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The version of the Subject in the report
    #[arg(long, value_name = "TEXT")]
    subject_version: Option<String>,
    /// A further listener of the Server in the configuration NAME, which some checks need, as NAME=mqtt://HOST:PORT or
    /// websocket=ws://HOST:PORT/PATH; may be repeated. harness/suite/src/configurations.rs describes each NAME
    #[arg(long, value_name = "NAME=URL", requires = "url")]
    listener: Vec<String>,
    /// User Name for every CONNECT whose scenario sets none; the password comes from --password-file or the environment
    /// variable MQTT_CERTIFY_PASSWORD
    #[arg(long, value_name = "NAME", requires = "url")]
    username: Option<String>,
    /// Read the password from FILE; one trailing line break is ignored
    #[arg(long, value_name = "FILE", requires = "username")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    hooks: HookArguments,
    #[command(flatten)]
    selection: Selection,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// Use bare virtual time instead of the simulated network: faster, and without asynchronous I/O
    #[arg(long)]
    virtual_time: bool,
    #[command(flatten)]
    selection: Selection,
}

fn parse_scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if scale.is_finite() && scale >= 1.0 => Ok(scale),
        Ok(_) => {
            Err("it has to be at least 1: with less patience a Server would be accused of what is only late"
                .to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn parse_seed(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("a seed is a number, decimal or hexadecimal with 0x: {error}"))
}

/// Certifies over sockets.
pub fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    let selection = &arguments.selection;
    #[expect(clippy::disallowed_methods, reason = "a live run is different each time, and its seed says how")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seed = selection
        .seed
        .unwrap_or_else(|| tester::seed_of(u64::from(std::process::id()), &now.as_nanos().to_string()) >> 16);
    let hooks = arguments.hooks.hooks();
    let credentials = credentials(arguments)?;
    let (embedded, make, address, configurations, name, known): (_, _, _, Vec<String>, _, _);
    match &arguments.url {
        Some(url) => {
            let parsed = parse(url).map_err(Failure::usage)?;
            let target = Target::of(&parsed);
            address = parsed.to_string();
            let mut listeners = listeners(&arguments.listener)?;
            if parsed.scheme == Scheme::Ws {
                listeners.entry(WEBSOCKET.to_owned()).or_insert_with(|| target.clone());
            }
            configurations = listeners.keys().cloned().collect();
            let hooks = Arc::new(hooks.clone());
            let repeats = Arc::new(AtomicBool::new(false));
            make = Arc::new(move |name: Option<&str>, _| {
                // The users of a configuration that a check needs are in the check.
                let is_ordinary = name.is_none_or(|name| name == WEBSOCKET);
                let target = name.and_then(|name| listeners.get(name)).unwrap_or(&target);
                let live = Live::new(target.authority.clone()).with_hooks(hooks.clone());
                let live = live.sharing_repeats(repeats.clone());
                let live = live.with_credentials(credentials.clone().filter(|_| is_ordinary));
                Box::new(live.with_resource(target.resource.clone())) as Box<dyn tester::testbed::Testbed>
            }) as MakeTestbed;
            embedded = None;
            name = arguments.name.clone().unwrap_or_else(|| parsed.authority());
            known = if arguments.name.is_some() { "given on the command line" } else { "its address" };
        }
        None => {
            let broker = Embedded::start(
                &configurations::names(),
                Box::new(move |name| settings::reference(name, seed)),
            )
            .map_err(|error| Failure::internal(format!("the embedded broker does not start: {error}")))?;
            let addresses = broker.addresses.clone();
            address = format!("mqtt://{}", broker.address(None).unwrap_or_default());
            make = Arc::new(move |name: Option<&str>, _| {
                let address = addresses.get(&name.map(str::to_owned)).cloned().unwrap_or_default();
                let resource = settings::resource_at(name, &address);
                Box::new(Live::new(address).with_resource(resource)) as Box<dyn tester::testbed::Testbed>
            }) as MakeTestbed;
            embedded = Some(broker);
            configurations = configurations::names();
            name = arguments.name.clone().unwrap_or_else(|| "reference broker".to_owned());
            known = "it is embedded";
        }
    }
    let heading = Heading {
        subject: name,
        subject_version: arguments
            .subject_version
            .clone()
            .or_else(|| embedded.is_some().then(|| env!("CARGO_PKG_VERSION").to_owned())),
        address,
        how_known: known.to_owned(),
        command: command_line(),
        commit: crate::COMMIT.to_owned(),
        rerun: match &arguments.url {
            Some(url) => {
                let who =
                    arguments.username.as_ref().map(|name| format!(" --username {}", shell::word(name)));
                format!("mqtt-certify run {url}{}", who.unwrap_or_default())
            }
            None => "mqtt-certify run".to_owned(),
        },
        filters: selection.only.clone(),
        started: Some(timestamp(now)),
        duration_ms: None,
        interruption: None,
        partition: None,
    };
    let can_restart = hooks.can_restart();
    let ground = Ground { kind: Kind::Live, testbed: make, configurations, can_restart, jobs: 64 };
    let code = certify(selection, ground, seed, heading);
    drop(embedded);
    code
}

/// Where a listener of the Subject is, and how it is reached.
#[derive(Debug, Clone)]
struct Target {
    /// `host:port`.
    authority: String,
    /// What to ask for, if it speaks WebSocket.
    resource: Option<Resource>,
}

impl Target {
    fn of(address: &Address) -> Self {
        let authority = address.authority();
        let path = if address.path.starts_with('/') {
            address.path.clone()
        } else {
            // A request has to begin with one, and a query may stand behind it.
            format!("/{}", address.path)
        };
        let websocket = address.scheme == Scheme::Ws;
        Target { resource: websocket.then(|| Resource { host: authority.clone(), path }), authority }
    }
}

/// Who the Clients are. The password is never taken from the command line, where others could read it.
fn credentials(arguments: &RunArguments) -> Result<Option<Credentials>, Failure> {
    let Some(user_name) = arguments.username.clone() else { return Ok(None) };
    let password = match &arguments.password_file {
        Some(path) => {
            let text = std::fs::read(path)
                .map_err(|error| Failure::usage(format!("--password-file {}: {error}", path.display())))?;
            let text = text.strip_suffix(b"\n").unwrap_or(&text);
            Some(text.strip_suffix(b"\r").unwrap_or(text).to_vec())
        }
        None => std::env::var_os("MQTT_CERTIFY_PASSWORD").map(std::ffi::OsString::into_encoded_bytes),
    };
    let password = password.filter(|password| !password.is_empty()).map(Bytes::from);
    if password.as_ref().is_some_and(|it| it.len() > usize::from(u16::MAX))
        || user_name.len() > usize::from(u16::MAX)
    {
        return Err(Failure::usage("an MQTT User Name or password has at most 65,535 bytes".to_owned()));
    }
    Ok(Some(Credentials { user_name, password }))
}

fn parse(url: &str) -> Result<Address, String> {
    let address = Address::parse(url).map_err(|error| error.to_string())?;
    address.supported_by(&[Scheme::Mqtt, Scheme::Ws]).cloned().map_err(|error| error.to_string())
}

/// The listeners by the names of configurations.
fn listeners(given: &[String]) -> Result<BTreeMap<String, Target>, Failure> {
    let mut listeners = BTreeMap::new();
    for text in given {
        let (name, url) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("--listener {text}: expected NAME=mqtt://HOST:PORT")))?;
        if !configurations::exists(name) {
            let known = configurations::names().join(", ");
            return Err(Failure::usage(format!(
                "--listener {text}: there is no configuration \"{name}\"; the configurations are {known}"
            )));
        }
        let address = parse(url).map_err(|error| Failure::usage(format!("--listener {text}: {error}")))?;
        if name == WEBSOCKET && address.scheme != Scheme::Ws {
            return Err(Failure::usage(format!("--listener {text}: its address must begin with ws://")));
        }
        listeners.insert(name.to_owned(), Target::of(&address));
    }
    Ok(listeners)
}

/// Certifies the reference broker in the simulator.
pub fn simulate(arguments: &SimulateArguments) -> Result<u8, Failure> {
    let selection = &arguments.selection;
    let seed = selection.seed.unwrap_or(1);
    let (kind, address, rerun) = if arguments.virtual_time {
        (Kind::Virtual, "virtual", "mqtt-certify simulate --virtual-time")
    } else {
        (Kind::Simulated, "simulated", "mqtt-certify simulate")
    };
    let make: MakeTestbed =
        Arc::new(move |name: Option<&str>, seed| servers::testbed(kind, Behaviour::NONE, name, seed));
    let mut heading = Heading::of_the_reference(address, rerun, command_line(), crate::COMMIT);
    heading.filters.clone_from(&selection.only);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let ground = Ground {
        kind,
        testbed: make,
        configurations: configurations::names(),
        can_restart: true,
        jobs: cores,
    };
    certify(selection, ground, seed, heading)
}

/// What the checks run on.
struct Ground {
    kind: Kind,
    testbed: MakeTestbed,
    configurations: Vec<String>,
    can_restart: bool,
    /// How many checks run side by side if the user does not say.
    jobs: usize,
}

fn certify(selection: &Selection, ground: Ground, seed: u64, mut heading: Heading) -> Result<u8, Failure> {
    let mut versions = selection.spec.clone();
    versions.sort_unstable();
    versions.dedup();
    let asked = selection.question.read()?;
    let mut checks = select(scenarios()?, &versions, &selection.only);
    if let Some(part) = selection.partition {
        heading.partition = Some(record::Partition {
            parts: vec![part.number],
            of: part.of,
            plan: recording::plan_digest(&checks),
        });
        checks.retain(|check| part.has(check));
    }
    if checks.is_empty() {
        eprintln!("mqtt-certify: no check matches {}", selection.only.join(", "));
        return Ok(NOTHING_RAN);
    }
    let signals = Signals::listen();
    let plan = Plan {
        checks,
        versions,
        kind: ground.kind,
        testbed: ground.testbed,
        configurations: ground.configurations,
        can_restart: ground.can_restart,
        jobs: selection.jobs.unwrap_or(ground.jobs).max(1),
        seed,
        timeout_scale: selection.timeout_scale,
        stop: signals.stop.clone(),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "the run's duration is for people; a simulated Record leaves it out"
    )]
    let began = Instant::now();
    let progress = Progress::start(&plan, &heading, selection.verbose);
    let is_json = selection.format == Format::Json;
    if is_json {
        print(&recording::run_started(&plan, &heading).line());
    }
    let findings = plan.run(&|check, outcome| {
        progress.checked(check, outcome);
        if is_json {
            print(&recording::check_finished(check, outcome).line());
        }
    });
    progress.finish();
    if plan.kind == Kind::Live {
        heading.duration_ms = Some(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    }
    heading.interruption = signals.interruption();
    let mut record = recording::record(&plan, &findings, &heading);
    // A mistake in the waivers must not cost the run its Record.
    let asked_well = asked.put_to(&mut record);
    let code = write(&record, &selection.output, is_json);
    if is_json {
        print(&Event::run_finished(&record).line());
    } else {
        super::ci::tell(asked.ci, &record, &selection.output);
    }
    asked_well.and(code)
}

/// Writes the reports and the summary; gives the exit code of the Record.
///
/// With events on standard output, the summary goes to standard error.
pub fn write(record: &Record, directory: &std::path::Path, is_json: bool) -> Result<u8, Failure> {
    let written = render::write_all(record, directory);
    let print = |text: &str| if is_json { eprint!("{text}") } else { print(text) };
    let (width, colour, ascii) = (super::terminal_width(), super::is_colourful(), super::is_ascii());
    print(&render::terminal::summary(record, width, colour, ascii));
    match written {
        Ok(files) => {
            for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "html" || e == "json")) {
                print(&format!("wrote {}\n", file.display()));
            }
            Ok(record.exit.code)
        }
        Err(error) => Err(super::report::incomplete(error)),
    }
}

/// The checks of these versions whose names or Requirements fit one of the patterns; all if there is none.
fn select(checks: Vec<ScenarioCheck>, versions: &[Version], only: &[String]) -> Vec<ScenarioCheck> {
    checks
        .into_iter()
        .filter(|check| versions.contains(&check.version))
        .filter(|check| {
            only.is_empty()
                || only.iter().any(|pattern| {
                    check.id == *pattern
                        || check.id.contains(pattern.as_str())
                        || check.requirements.iter().any(|id| id.as_str() == pattern)
                })
        })
        .collect()
}

fn command_line() -> String {
    let mut words: Vec<String> = std::env::args().collect();
    if let Some(first) = words.first_mut() {
        "mqtt-certify".clone_into(first);
    }
    words.join(" ")
}

/// RFC 3339, in UTC and whole seconds, from the time since 1970 (days to date after Howard Hinnant's algorithm).
pub fn timestamp(since: Duration) -> String {
    let seconds = since.as_secs();
    let (days, rest) = (i64::try_from(seconds / 86_400).unwrap_or(0), seconds % 86_400);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// SIGINT and SIGTERM: the first stops politely, the second at once.
struct Signals {
    stop: Arc<AtomicBool>,
    which: Arc<AtomicU8>,
}

impl Signals {
    fn listen() -> Self {
        let signals = Signals { stop: Arc::default(), which: Arc::default() };
        let (stop, which) = (signals.stop.clone(), signals.which.clone());
        // Without the thread the signals keep their ordinary meaning.
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                loop {
                    let code = next_signal().await;
                    if stop.swap(true, Ordering::Relaxed) {
                        std::process::exit(i32::from(code));
                    }
                    which.store(code, Ordering::Relaxed);
                    eprintln!("stopping; the report will be written. Repeat the signal to stop immediately");
                }
            });
        });
        signals
    }

    fn interruption(&self) -> Option<record::Interruption> {
        match self.which.load(Ordering::Relaxed) {
            130 => Some(record::Interruption::Interrupted),
            143 => Some(record::Interruption::Terminated),
            _ => None,
        }
    }
}

#[cfg(unix)]
async fn next_signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    }
}

#[cfg(not(unix))]
async fn next_signal() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => 130,
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_the_date_that_everybody_else_computes() {
        assert_eq!(timestamp(Duration::from_secs(0)), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(Duration::from_secs(951_782_399)), "2000-02-28T23:59:59Z");
        assert_eq!(timestamp(Duration::from_secs(951_782_400)), "2000-02-29T00:00:00Z");
        assert_eq!(timestamp(Duration::from_secs(1_795_600_000)), "2026-11-25T09:46:40Z");
    }

    #[test]
    fn deadlines_become_longer_and_never_shorter() {
        assert_eq!(parse_scale("2.5"), Ok(2.5));
        assert!(parse_scale("0.5").is_err());
        assert!(parse_scale("inf").is_err());
        assert!(parse_scale("NaN").is_err());
        assert!(parse_scale("fast").is_err());
    }

    #[test]
    fn a_seed_may_be_written_in_both_ways() {
        assert_eq!(parse_seed("0xff"), Ok(255));
        assert_eq!(parse_seed("255"), Ok(255));
        assert!(parse_seed("ff").is_err());
    }
}
