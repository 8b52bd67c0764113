//! From what a campaign established to the [`Campaign`] of the reports, of which its page is made.

use crate::shell;
use ::campaign as run;
use guarantees::{Finding, Kind, Signature};
use protocol::PacketType;
use record::campaign::{
    self as r, Campaign, Class, Command, Conclusion, Count, Distribution, Exercised, FailedRun, Planted,
    Seeds,
};
use record::{Connection, Direction, Event, EventKind, EventMark, Testbed};
use record::{Transcript, Untrusted};
use run::regressions::Regression;
use run::schedule::Toward;
use run::statistics::Occasions;
use run::transcript::{Entry, Payload, What};
use run::workload::Step;
use run::{Driver, Replay, Report, Workload};
use simulator::LinkId;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use suite::recording::suite;

/// Entries of a transcript that are kept whatever they are; beyond them only what proves something is.
const ENTRIES: usize = 400;

/// What the report cannot know.
#[derive(Debug)]
pub struct Heading<'a> {
    /// The rest of a command line that runs on the same Server.
    pub place: &'a str,
    /// Seconds after which it was to stop, if there were any.
    pub budget: Option<Duration>,
    /// The file with what is known of this Server.
    pub known: Option<&'a Path>,
    /// How many threads.
    pub jobs: usize,
    /// How many known failures were run first.
    pub regressions: usize,
    /// How long it took.
    pub took: Duration,
    /// What the process says to the shell.
    pub exit_code: u8,
    /// Where the files go.
    pub directory: &'a Path,
}

/// A finding with the fewest steps that show it.
#[derive(Debug)]
pub struct Shortest {
    /// The workload, for the file of regressions.
    pub regression: Regression,
    /// What happens when it is carried out.
    pub shown: Replay,
    /// It is known of this Server, and as long as it was found.
    pub is_known: bool,
}

/// The Campaign; `shortest` has an item for each finding of the report.
#[must_use]
pub fn campaign(report: &Report, shortest: &[Shortest], heading: &Heading<'_>) -> Campaign {
    let (conclusion, reason) = match &report.conclusion {
        run::Conclusion::NothingFound => (Conclusion::NothingFound, None),
        run::Conclusion::Found => (Conclusion::Found, None),
        run::Conclusion::None(reason) => (Conclusion::NoVerdict, Some(reason.as_str().into())),
    };
    let failed = |failure: &run::campaign::Failure| FailedRun {
        seed: failure.seed,
        reason: failure.reason.as_str().into(),
    };
    Campaign {
        schema: r::SCHEMA.to_owned(),
        suite: suite(crate::COMMIT),
        subject: report.subject.as_str().into(),
        driver: testbed(report.driver),
        command: command(report, heading),
        seeds: Seeds {
            first: report.first_seed,
            end: report.end_seed,
            part: report.partition.0,
            parts: report.partition.1,
            planned: report.planned,
            run: report.runs,
            regressions: heading.regressions as u64,
        },
        jobs: heading.jobs as u64,
        duration_ms: Some(u64::try_from(heading.took.as_millis()).unwrap_or(u64::MAX)),
        conclusion,
        reason,
        exit_code: heading.exit_code,
        signatures: report
            .found
            .iter()
            .zip(shortest)
            .map(|(found, shortest)| signature(found, shortest, heading))
            .collect(),
        failed_runs: report.failed_runs,
        failures: report.failures.iter().map(failed).collect(),
        canary: canary(report),
        exercised: exercised(report),
    }
}

const fn testbed(driver: Driver) -> Testbed {
    match driver {
        Driver::Virtual => Testbed::Virtual,
        Driver::Simulated => Testbed::Simulated,
        Driver::Live => Testbed::Live,
    }
}

fn command(report: &Report, heading: &Heading<'_>) -> String {
    let (part, parts) = report.partition;
    let mut line = format!("mqtt-certify campaign --seeds {}..{}", report.first_seed, report.end_seed);
    if parts > 1 {
        line.push_str(&format!(" --partition {part}/{parts}"));
    }
    if let Some(budget) = heading.budget {
        line.push_str(&format!(" --budget {}s", budget.as_secs()));
    }
    if heading.jobs > 1 {
        line.push_str(&format!(" --jobs {}", heading.jobs));
    }
    if let Some(known) = heading.known {
        line.push_str(&format!(" --known {}", shell::word(&known.to_string_lossy())));
    }
    format!("{line} {}", heading.place)
}

fn signature(found: &run::Found, shortest: &Shortest, heading: &Heading<'_>) -> r::Signature {
    let key = found.key();
    let workload = &shortest.shown.workload;
    r::Signature {
        kind: key.kind.name().to_owned(),
        meaning: key.kind.meaning().to_owned(),
        requirement: key.requirement.requirement().into(),
        known: shortest.is_known,
        runs: found.runs,
        seed: found.seed,
        steps: found.steps as u64,
        regression: found.regression.map(|number| number as u64),
        text: found.text.as_str().into(),
        setting: setting(workload),
        shortest: workload.steps.iter().map(|step| step.to_string().into()).collect(),
        transcript: transcript(&shortest.shown, key),
        first_seen: found.evidence.as_deref().map(Untrusted::from),
        commands: commands(found, heading),
    }
}

fn setting(workload: &Workload) -> String {
    let (from, below) = workload.latency;
    let latency = if below == 0 { "no latency".to_owned() } else { format!("latency {from} to {below} ms") };
    format!("All Clients speak MQTT {}, {latency}", workload.version)
}

fn commands(found: &run::Found, heading: &Heading<'_>) -> Vec<Command> {
    let place = heading.place;
    let file = shell::word(&heading.directory.join("regressions.json").to_string_lossy());
    let command = |title: &str, line: String| Command { title: title.to_owned(), line };
    let mut commands = vec![command(
        "Show the minimised workload of each finding: packets, faults, timers",
        format!("mqtt-certify replay {file} {place}"),
    )];
    if found.regression.is_none() {
        commands.extend([
            command(
                "Show the run with the fewest steps, as it was found",
                format!("mqtt-certify replay {} {place}", found.seed),
            ),
            command("Minimise it again", format!("mqtt-certify shrink {} {place}", found.seed)),
        ]);
    }
    commands
}

/// What happened, with the packets that prove the breach marked.
fn transcript(shown: &Replay, key: Signature) -> Transcript {
    let finding = shown.verdict.findings.iter().find(|finding| finding.signature() == key);
    let proof: BTreeSet<usize> = finding.iter().flat_map(|finding| finding.events.iter().copied()).collect();
    let entries = shown.transcript.entries();
    let proves = |entry: &Entry| entry.events.iter().any(|event| proof.contains(event));
    let culprit = finding
        .filter(|finding| !finding.kind.is_absence())
        .and_then(|finding| culprit(finding.kind, entries, proves));
    let mut out = Transcript::default();
    for (place, entry) in entries.iter().enumerate() {
        let proves = proves(entry);
        if place >= ENTRIES && !proves {
            out.omitted += 1;
            continue;
        }
        let mut event = event(&mut out.connections, entry);
        event.number = u32::try_from(place + 1).unwrap_or(u32::MAX);
        match finding {
            Some(finding) if culprit == Some(place) => {
                event.mark = Some(EventMark::Violation);
                event.text = Some(finding.text.as_str().into());
            }
            Some(_) if proves => event.text = Some("(part of the proof)".into()),
            _ => {}
        }
        out.events.push(event);
    }
    if let Some(finding) = finding.filter(|finding| finding.kind.is_absence()) {
        out.events.push(missing(finding, entries));
    }
    out
}

/// The packet of the Server that is wrong, which is the last one of its type in the proof; else whatever completes the proof.
fn culprit(kind: Kind, entries: &[Entry], proves: impl Fn(&Entry) -> bool) -> Option<usize> {
    let wrong = if kind == Kind::SessionPresent { PacketType::Connack } else { PacketType::Publish };
    let is_of_the_server = |entry: &Entry| matches!(&entry.what, What::Packet { toward: Toward::Client, packet, .. } if packet.packet_type() == wrong);
    let last =
        |wanted: &dyn Fn(&Entry) -> bool| entries.iter().rposition(|entry| proves(entry) && wanted(entry));
    last(&is_of_the_server).or_else(|| last(&|_| true))
}

/// What had to come, at the end of everything.
fn missing(finding: &Finding, entries: &[Entry]) -> Event {
    let of_the_client = entries.iter().rev().find_map(|entry| match &entry.what {
        What::Packet { client, link, .. }
            if finding.client.is_some_and(|index| usize::from(index.0) == client.index()) =>
        {
            Some(connection(client, *link))
        }
        _ => None,
    });
    Event {
        number: u32::try_from(entries.len() + 1).unwrap_or(u32::MAX),
        at_us: entries.last().map_or(0, |last| microseconds(last.at)),
        direction: if of_the_client.is_some() { Direction::FromServer } else { Direction::None },
        connection: of_the_client.unwrap_or_default(),
        packet: Some("PUBLISH".to_owned()),
        kind: EventKind::Packet,
        mark: Some(EventMark::ExpectedMissing),
        text: Some(finding.text.as_str().into()),
        ..Event::default()
    }
}

fn event(connections: &mut Vec<Connection>, entry: &Entry) -> Event {
    let mut of = |client: &run::workload::ClientName, link: LinkId| {
        let name = connection(client, link);
        if !connections.iter().any(|known| known.name == name) {
            connections.push(Connection { name: name.clone(), role: format!("Client {client}") });
        }
        name
    };
    let mut event = Event { at_us: microseconds(entry.at), ..Event::default() };
    match &entry.what {
        What::Step(number, step) => {
            event.kind = if matches!(step, Step::Suffers(_)) { EventKind::Hardship } else { EventKind::Note };
            event.summary = Some(format!("step {number}: {step}").into());
        }
        What::Packet { client, link, toward, packet } => {
            event.connection = of(client, *link);
            event.direction = match toward {
                Toward::Server => Direction::ToServer,
                Toward::Client => Direction::FromServer,
            };
            event.kind = EventKind::Packet;
            let name = packet.packet_type().name();
            let summary = format!("{packet}{}", Payload(packet));
            event.summary =
                Some(Untrusted::from(summary.strip_prefix(name).unwrap_or(&summary).trim_start()));
            event.summary = event.summary.filter(|summary| !summary.is_empty());
            event.packet = Some(name.to_owned());
        }
        What::Connection { client, link, text } => {
            event.connection = of(client, *link);
            event.summary = Some(text.as_str().into());
        }
        What::Note(text) => event.summary = Some(text.as_str().into()),
    }
    event
}

fn connection(client: &run::workload::ClientName, link: LinkId) -> String {
    format!("{client}#{}", link.0)
}

fn microseconds(at: Duration) -> u64 {
    u64::try_from(at.as_micros()).unwrap_or(u64::MAX)
}

fn canary(report: &Report) -> Vec<Planted> {
    let canary = &report.canary;
    [
        ("phantom messages (that no Client published)", canary.strangers, true),
        ("duplicates of QoS 2 messages", canary.repeated, false),
        ("lost QoS 1 messages", canary.missing, false),
    ]
    .map(|(name, planted, each)| Planted {
        name: name.to_owned(),
        planted: planted.planted,
        reported: planted.reported,
        each,
    })
    .into()
}

fn exercised(report: &Report) -> Exercised {
    let statistics = &report.statistics;
    let packets = |(packet, count): (PacketType, u64)| Count { name: packet.name().to_owned(), count };
    let counts = |(name, count): (&str, u64)| Count { name: name.to_owned(), count };
    let time = match testbed(report.driver) {
        Testbed::Live => "milliseconds",
        Testbed::Virtual | Testbed::Simulated => "milliseconds of simulated time",
    };
    Exercised {
        versions: ["3.1.1", "5.0"].into_iter().zip(statistics.versions).map(counts).collect(),
        actions: statistics.actions().map(occasions).collect(),
        hardship: statistics.hardships().map(occasions).collect(),
        endings: statistics.endings().map(counts).collect(),
        sent: statistics.sent().map(packets).collect(),
        received: statistics.received().map(packets).collect(),
        distributions: [
            ("steps", &statistics.steps),
            ("Network Connections", &statistics.connections),
            ("Application Messages that were published", &statistics.messages),
            ("PUBLISH packets that arrived", &statistics.deliveries),
            ("Control Packets", &statistics.packets),
            (time, &statistics.milliseconds),
        ]
        .map(|(name, values)| distribution(name, values))
        .into(),
        cuts_at_packets: statistics.cuts(),
        restless: statistics.restless,
        stopped: statistics.stopped,
        protocol_errors: statistics.protocol_errors,
    }
}

fn occasions((name, occasions): (&str, Occasions)) -> r::Occasions {
    r::Occasions {
        name: name.to_owned(),
        happened: occasions.done,
        idle: occasions.idle,
        not_available: occasions.not_supported,
    }
}

fn distribution(name: &str, values: &run::statistics::Distribution) -> Distribution {
    let class = |(from, runs): (u64, u64)| Class { from, to: (from * 2).saturating_sub(1), runs };
    Distribution {
        name: name.to_owned(),
        average: values.average(),
        maximum: values.maximum(),
        classes: values.classes().into_iter().map(class).collect(),
    }
}
