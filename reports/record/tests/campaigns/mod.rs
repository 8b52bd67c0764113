//! Campaigns for tests: made by hand, so that they do not change with what is generated.

use record::Untrusted;
use record::campaign::{
    Campaign, Class, Command, Conclusion, Count, Distribution, Exercised, FailedRun, Occasions, Planted,
    SCHEMA, Seeds, Signature,
};
use record::{
    Connection, Direction, Event, EventKind, EventMark, Requirement, Suite, Testbed, Transcript, Version,
};

fn counts<const N: usize>(counts: [(&str, u64); N]) -> Vec<Count> {
    counts.map(|(name, count)| Count { name: name.to_owned(), count }).into()
}

fn occasions<const N: usize>(kinds: [(&str, u64, u64, u64); N]) -> Vec<Occasions> {
    kinds
        .map(|(name, happened, idle, not_available)| Occasions {
            name: name.to_owned(),
            happened,
            idle,
            not_available,
        })
        .into()
}

/// Classes that double, the first one from this number on.
fn distribution(name: &str, average: u64, first: u64, runs: &[u64]) -> Distribution {
    let mut from = first;
    let mut classes = Vec::new();
    for &runs in runs {
        classes.push(Class { from, to: (from * 2).saturating_sub(1), runs });
        from = (from * 2).max(1);
    }
    let maximum = classes.last().map_or(0, |class| class.to);
    Distribution { name: name.to_owned(), average, maximum, classes }
}

/// Nothing found, with one kind of hardship that the driver does not have.
pub fn clean() -> Campaign {
    let planted =
        |name: &str, planted, reported, each| Planted { name: name.to_owned(), planted, reported, each };
    Campaign {
        schema: SCHEMA.to_owned(),
        suite: Suite { name: "mqtt-certify".into(), version: "0.1.0".into(), commit: String::new() },
        subject: "reference broker".into(),
        driver: Testbed::Virtual,
        command: "mqtt-certify campaign --seeds 0..10000 --driver virtual".into(),
        seeds: Seeds {
            first: 0,
            end: 10_000,
            part: 1,
            parts: 1,
            planned: 10_000,
            run: 10_000,
            regressions: 2,
        },
        jobs: 2,
        duration_ms: Some(8_250),
        conclusion: Conclusion::NothingFound,
        reason: None,
        exit_code: 0,
        signatures: Vec::new(),
        failed_runs: 0,
        failures: Vec::new(),
        canary: vec![
            planted("messages that nobody published", 61, 61, true),
            planted("second deliveries of QoS 2 messages", 33, 21, false),
            planted("QoS 1 messages that do not arrive", 0, 0, false),
        ],
        exercised: Exercised {
            versions: counts([("3.1.1", 4_032), ("5.0", 5_968)]),
            actions: occasions([
                ("connect", 18_250, 4_310, 0),
                ("publish", 51_100, 2_040, 0),
                ("leave", 0, 0, 0),
            ]),
            hardship: occasions([
                ("cut at a packet", 7_120, 0, 0),
                ("reset", 2_400, 910, 0),
                ("merged reads", 0, 0, 1_380),
                ("clock moved", 0, 12, 0),
            ]),
            endings: counts([("closed by the Client", 9_870), ("reset", 5_030), ("never opened", 0)]),
            sent: counts([("CONNECT", 18_250), ("CONNACK", 0), ("PUBLISH", 51_100), ("AUTH", 0)]),
            received: counts([("CONNECT", 0), ("CONNACK", 18_002), ("PUBLISH", 48_900), ("AUTH", 0)]),
            distributions: vec![
                distribution("steps", 14, 2, &[120, 900, 5_200, 3_700, 80]),
                distribution(
                    "milliseconds of simulated time",
                    61_400,
                    512,
                    &[40, 90, 300, 800, 2_100, 3_900, 1_700, 700, 300, 70],
                ),
            ],
            cuts_at_packets: 3_905,
            restless: 0,
            stopped: 0,
            protocol_errors: 0,
        },
    }
}

fn transcript() -> Transcript {
    let connection = |name: &str, role: &str| Connection { name: name.into(), role: role.into() };
    let event = |number, at_us, connection: &str, direction, kind, summary: &str| Event {
        number,
        at_us,
        connection: connection.into(),
        direction,
        kind,
        summary: Some(summary.into()),
        ..Event::default()
    };
    let packet = |number, at_us, connection: &str, direction, name: &str, summary: &str| Event {
        packet: Some(name.into()),
        ..event(number, at_us, connection, direction, EventKind::Packet, summary)
    };
    let (to, from, none) = (Direction::ToServer, Direction::FromServer, Direction::None);
    let mut events = vec![
        event(1, 0, "", none, EventKind::Note, "step 1: A connects with Clean Start 1"),
        event(2, 0, "A#0", none, EventKind::Note, "is being opened"),
        packet(3, 0, "A#0", to, "CONNECT", "5.0 client=\"A\" clean-start=1 keep-alive=0"),
        packet(4, 1_000, "A#0", from, "CONNACK", "session-present=0 reason=0x00"),
        event(5, 2_000, "", none, EventKind::Hardship, "step 2: the Network Connection of A is reset"),
        packet(6, 4_000, "A#1", from, "PUBLISH", "7 qos=2 dup=0 retain=0 topic=\"a\" \"m0\""),
        packet(7, 9_000, "A#1", from, "PUBLISH", "8 qos=2 dup=0 retain=0 topic=\"a\" \"m0\""),
    ];
    events[5].text = Some("(part of the proof)".into());
    events[6].mark = Some(EventMark::Violation);
    events[6].text = Some("A got the message m0 of QoS 2 twice.".into());
    Transcript {
        connections: vec![connection("A#0", "Client A"), connection("A#1", "Client A")],
        events,
        omitted: 0,
    }
}

/// A breach of the statement with this name.
pub fn signature(kind: &str, meaning: &str, statement: &str) -> Signature {
    let versions = [Version::V311, Version::V5];
    let requirement = Requirement::of_versions(&versions).into_iter().find(|known| known.id == statement);
    Signature {
        kind: kind.into(),
        meaning: meaning.into(),
        requirement: requirement.expect("the catalogue has the statement"),
        known: false,
        runs: 412,
        seed: 77,
        steps: 19,
        regression: None,
        text: "A got the message m0 of QoS 2 twice.".into(),
        setting: "All Clients speak MQTT 5.0, no latency".into(),
        shortest: vec!["A connects with Clean Start 1".into(), "the Network Connection of A is reset".into()],
        transcript: transcript(),
        first_seen: None,
        commands: vec![
            Command {
                title: "Show the run of fewest steps as it was found".into(),
                line: "mqtt-certify replay 77 --driver virtual --defect qos2-twice".into(),
            },
            Command {
                title: "Make it short again".into(),
                line: "mqtt-certify shrink 77 --driver virtual --defect qos2-twice".into(),
            },
        ],
    }
}

/// Something found, and runs that prove nothing.
pub fn found() -> Campaign {
    let mut campaign = clean();
    campaign.subject = "qos2-twice".into();
    campaign.command.push_str(" --defect qos2-twice");
    campaign.conclusion = Conclusion::Found;
    campaign.exit_code = 1;
    campaign.signatures = vec![
        signature(
            "duplicated",
            "A message reached a Client more often than its QoS and the Subscriptions allow.",
            "5.0/MQTT-4.3.3-1",
        ),
        Signature {
            regression: Some(2),
            runs: 3,
            ..signature("dup-flag", "DUP is 0 although the packet is a repeat.", "3.1.1/MQTT-3.3.1-1")
        },
    ];
    campaign.failed_runs = 12;
    campaign.failures = vec![FailedRun { seed: 5, reason: "panicked: index out of bounds".into() }];
    campaign.exercised.restless = 4;
    campaign
}

/// Nothing proved, and everything that a Server can influence holds a nasty string.
pub fn hostile(nasty: &[u8]) -> Campaign {
    let untrusted = || Untrusted::new(nasty);
    let mut campaign = found();
    campaign.subject = untrusted();
    campaign.conclusion = Conclusion::NoVerdict;
    campaign.reason = Some(untrusted());
    campaign.failures[0].reason = untrusted();
    for signature in &mut campaign.signatures {
        signature.text = untrusted();
        signature.first_seen = Some(untrusted());
        signature.shortest = vec![untrusted()];
        for event in &mut signature.transcript.events {
            event.summary = Some(untrusted());
            event.text = Some(untrusted());
        }
    }
    campaign
}
