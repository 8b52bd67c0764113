//! Fixed Records for tests, the benchmark and the sample page.

#![allow(dead_code, reason = "each user needs some of them")]

use record::{
    Capability, Check, CheckKind, Choice, Connection, Direction, Event, EventKind, EventMark, Field,
    FieldMark, Record, Redaction, Reproduce, Requirement, Role, Run, SelfTest, Step, Subject, Suite, Testbed,
    Transcript, Untrusted, Verdict, Version, Waiver, WaiverState,
};

/// A live run of both versions against a broker, with nothing in it.
fn empty(name: &str) -> Record {
    let suite = Suite { name: "mqtt-certify".into(), version: "0.1.0".into(), commit: "0123abc".into() };
    let subject = Subject {
        name: name.into(),
        role: Role::Server,
        version: Some("2.0.11".into()),
        address: "127.0.0.1:1883".into(),
        transports: vec!["tcp".into()],
        how_known: "command line".into(),
    };
    let run = Run {
        started: Some("2026-10-08T09:30:00Z".into()),
        duration_ms: Some(6_321),
        seed: "0x5eed7f3a".into(),
        command: "mqtt-certify run mqtt://127.0.0.1:1883 --name mosquitto".into(),
        testbed: Testbed::Live,
        specs: vec![Version::V311, Version::V5],
        filters: vec![],
        complete: true,
        jobs: 64,
        round_trip_us: Some(412),
        platform: Some("linux x86_64".into()),
        ..Run::default()
    };
    Record::new(suite, subject, run)
}

fn scenario(id: &str, title: &str, version: Version, requirements: &[&str]) -> Check {
    let mut check = Check::new(id, title, version, CheckKind::Scenario).tests(requirements.iter().copied());
    check.milliseconds = 4;
    check.seed = "0x5eed7f3a".into();
    check.reproduce = Reproduce {
        rerun: format!("mqtt-certify run mqtt://127.0.0.1:1883 --only {id} --seed 0x5eed7f3a"),
        replay: None,
        shell: None,
    };
    check
}

fn event(number: u32, at_us: u64, connection: &str, direction: Direction, kind: EventKind) -> Event {
    Event { number, at_us, connection: connection.into(), direction, kind, ..Event::default() }
}

fn packet(
    number: u32,
    at_us: u64,
    connection: &str,
    direction: Direction,
    name: &str,
    summary: &str,
    wire: &[u8],
) -> Event {
    let mut event = event(number, at_us, connection, direction, EventKind::Packet).with_wire(wire);
    event.packet = Some(name.into());
    event.summary = Some(summary.into());
    event
}

fn field(name: &str, offset: u32, length: u32, value: &str) -> Field {
    Field { name: name.into(), offset, length, value: value.into(), mark: None }
}

/// A PUBLISH re-delivered without DUP after the Session was resumed.
pub fn redelivery() -> Check {
    let mut check = scenario(
        "5.0/tcp/session/redelivery-sets-dup",
        "A PUBLISH that is sent again has DUP set",
        Version::V5,
        &["5.0/MQTT-3.3.1-1", "5.0/MQTT-4.4.0-1"],
    )
    .in_feature("4.04 Message delivery retry", "What is sent again says so")
    .observed(
        Verdict::Fail,
        "The Server sent PUBLISH 7 again with DUP=0 after the Session was resumed; DUP=1 is required.",
    )
    .differs("fixed header flags: DUP 1 (1010)", "fixed header flags: DUP 0 (0010)");
    check.violated = vec!["5.0/MQTT-3.3.1-1".into()];
    check.signature = Some("publish.dup expected 1 got 0".into());
    check.acceptable = vec![
        "PUBLISH 7 with DUP=1, the same payload and the same Packet Identifier".into(),
        "Session Present 0 in CONNACK: the Session was lost, and nothing has to be sent again".into(),
    ];
    check.why_sure = vec![
        "Packet 9 (CONNACK) says Session Present 1, so the Session was resumed.".into(),
        "Packet 5 has the same Packet Identifier and payload and was never acknowledged.".into(),
    ];
    check.steps = vec![
        Step {
            keyword: "Given".into(),
            text: "a Session with an unacknowledged QoS 1 message".into(),
            outcome: "passed".into(),
        },
        Step {
            keyword: "When".into(),
            text: "the Client resumes the Session".into(),
            outcome: "passed".into(),
        },
        Step {
            keyword: "Then".into(),
            text: "the message comes again with DUP set".into(),
            outcome: "failed".into(),
        },
    ];
    let publish = [0x32, 0x09, 0x00, 0x03, b'a', b'/', b'b', 0x00, 0x07, 0x00, b'h'];
    let connect =
        [0x10, 0x15, 0, 4, b'M', b'Q', b'T', b'T', 5, 0, 0, 60, 5, 0x11, 0, 0, 1, 44, 0, 3, b's', b'-', b'A'];
    let mut events = vec![
        event(1, 0, "A", Direction::ToServer, EventKind::Opened),
        packet(
            2,
            100,
            "A",
            Direction::ToServer,
            "CONNECT",
            "clean_start=0 session_expiry=300 client_id=\"s-A\"",
            &connect,
        ),
        packet(
            3,
            900,
            "A",
            Direction::FromServer,
            "CONNACK",
            "session_present=0 reason=0x00",
            &[0x20, 3, 0, 0, 0],
        ),
        packet(
            4,
            1_800,
            "B",
            Direction::ToServer,
            "PUBLISH",
            "1 qos=1 topic=\"a/b\"",
            &[0x32, 9, 0, 3, b'a', b'/', b'b', 0, 1, 0, b'h'],
        ),
        packet(5, 4_200, "A", Direction::FromServer, "PUBLISH", "7 qos=1 dup=0 topic=\"a/b\"", &publish),
        event(6, 4_300, "A", Direction::ToServer, EventKind::ClosedByTester),
        event(7, 5_000, "", Direction::None, EventKind::Timer),
        packet(8, 105_000, "A2", Direction::ToServer, "CONNECT", "clean_start=0", &connect),
        packet(
            9,
            105_800,
            "A2",
            Direction::FromServer,
            "CONNACK",
            "session_present=1 reason=0x00",
            &[0x20, 3, 1, 0, 0],
        ),
        packet(10, 106_000, "A2", Direction::FromServer, "PUBLISH", "7 qos=1 dup=0 topic=\"a/b\"", &publish),
    ];
    events[6].text = Some("waits until the Server has noticed the close".into());
    events[9].mark = Some(EventMark::Violation);
    events[9].text = Some("DUP must be 1".into());
    events[9].fields = vec![
        field("Packet type", 0, 1, "PUBLISH"),
        Field { mark: Some(FieldMark::Fault), ..field("DUP", 0, 1, "0") },
        field("QoS", 0, 1, "1"),
        field("Remaining Length", 1, 1, "9"),
        field("Topic Name", 2, 5, "a/b"),
        field("Packet Identifier", 7, 2, "7"),
        field("Property Length", 9, 1, "0"),
        field("Payload", 10, 1, "h"),
    ];
    let connections =
        ["A", "B", "A2"].map(|name| Connection { name: name.into(), role: "subscriber".into() });
    check.with_transcript(Transcript { connections: connections.into(), events, omitted: 0 })
}

/// A second CONNECT that the Server answers instead of closing: the missing event is marked.
pub fn second_connect() -> Check {
    let mut check = scenario(
        "3.1.1/tcp/connect/second-connect",
        "A second CONNECT closes the Network Connection",
        Version::V311,
        &["3.1.1/MQTT-3.1.0-2"],
    )
    .in_feature("3.01 CONNECT", "One CONNECT for each Network Connection")
    .observed(Verdict::Fail, "The Server answered a second CONNECT with CONNACK and kept the Network Connection; it must close it.")
    .differs("the Network Connection closed by the Server", "CONNACK, then PINGRESP: the Network Connection is open");
    check.signature = Some("connection.close expected after second CONNECT".into());
    check.acceptable = vec!["The Server closes or resets the Network Connection.".into()];
    check.why_sure = vec!["PINGREQ on the same Network Connection was answered 3 ms later.".into()];
    let connect = [0x10, 0x0F, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 60, 0, 3, b'a', b'b', b'c'];
    let mut events = vec![
        packet(1, 0, "A", Direction::ToServer, "CONNECT", "clean_session=1 client_id=\"abc\"", &connect),
        packet(2, 800, "A", Direction::FromServer, "CONNACK", "session_present=0 code=0", &[0x20, 2, 0, 0]),
        packet(3, 900, "A", Direction::ToServer, "CONNECT", "clean_session=1 client_id=\"abc\"", &connect),
        packet(4, 1_700, "A", Direction::FromServer, "CONNACK", "session_present=0 code=0", &[0x20, 2, 0, 0]),
        packet(5, 1_800, "A", Direction::ToServer, "PINGREQ", "", &[0xC0, 0]),
        packet(6, 4_800, "A", Direction::FromServer, "PINGRESP", "", &[0xD0, 0]),
        event(7, 254_800, "A", Direction::FromServer, EventKind::EndOfStream),
    ];
    events[2].mark = Some(EventMark::Deliberate);
    events[2].text = Some("a second CONNECT".into());
    events[6].mark = Some(EventMark::ExpectedMissing);
    events[6].text = Some("within 250 ms".into());
    check.with_transcript(Transcript {
        connections: vec![Connection { name: "A".into(), role: "client".into() }],
        events,
        omitted: 0,
    })
}

/// A few checks of every kind, over the real catalogue.
pub fn sample() -> Record {
    let mut record = empty("mosquitto");
    record.requirements = Requirement::of_versions(&[Version::V311, Version::V5]);
    let should = record
        .requirements
        .iter()
        .find(|requirement| requirement.level.is_should() && requirement.binds(Role::Server));
    let should = should.map_or(String::new(), |requirement| requirement.id.clone());
    record.checks = vec![redelivery(), second_connect()];
    let mut twin = redelivery();
    twin.id = "5.0/tcp/session/redelivery-sets-dup-qos2".into();
    twin.title = "A QoS 2 PUBLISH that is sent again has DUP set".into();
    record.checks.push(twin);
    record.checks.push(
        scenario(
            "5.0/tcp/keepalive/one-and-a-half",
            "Silence for one and a half Keep Alive periods closes",
            Version::V5,
            &["5.0/MQTT-3.1.2-22"],
        )
        .observed(Verdict::Inconclusive, "No proof that the Server was alive: it paused for 1.8 s."),
    );
    record.checks.push(
        scenario("5.0/tcp/should/first", "A recommendation is followed", Version::V5, &[&should])
            .observed(Verdict::Warn, "The recommendation was not followed."),
    );
    record.checks.push(
        scenario(
            "5.0/tcp/shared/one-member",
            "One member of a share gets the message",
            Version::V5,
            &["5.0/MQTT-4.8.2-4"],
        )
        .observed(Verdict::NotApplicable, "CONNACK says Shared Subscription Available 0."),
    );
    record.checks.push(
        scenario(
            "5.0/tcp/alias/kept",
            "A Topic Alias ends with the Network Connection",
            Version::V5,
            &["5.0/MQTT-3.3.2-7"],
        )
        .observed(Verdict::NotExercised, "The Server sent no Topic Alias."),
    );
    let judged: Vec<(String, Version)> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.binds(Role::Server) && requirement.section.starts_with("3."))
        .map(|requirement| (requirement.id.clone(), requirement.version))
        .collect();
    for (index, (id, version)) in judged.iter().enumerate().filter(|(index, _)| index % 3 != 0) {
        if record.checks.iter().any(|check| check.requirements.contains(id)) {
            continue;
        }
        let mut check = scenario(
            &format!("{version}/tcp/kept/{index:03}"),
            &format!("{id} is kept"),
            *version,
            &[id.as_str()],
        )
        .observed(Verdict::Pass, "");
        if index % 7 == 0 {
            check.choices = vec!["closed without a packet".into()];
        }
        record.checks.push(check);
    }
    record.capabilities = vec![
        Capability {
            name: "Maximum QoS".into(),
            version: Some(Version::V5),
            declared: Some("2".into()),
            seen: Some("2".into()),
            mismatch: false,
        },
        Capability {
            name: "Shared Subscription Available".into(),
            version: Some(Version::V5),
            declared: Some("1".into()),
            seen: Some("0".into()),
            mismatch: true,
        },
        Capability {
            name: "Receive Maximum".into(),
            version: Some(Version::V5),
            declared: None,
            seen: Some("20".into()),
            mismatch: false,
        },
    ];
    record.choices = vec![Choice {
        name: "Malformed Packet".into(),
        version: Some(Version::V5),
        seen: "DISCONNECT 0x81, then close".into(),
        times: 41,
    }];
    record.selftest = Some(SelfTest {
        defects: 350,
        caught: 350,
        variants: 40,
        spared: 40,
        null_servers: 4,
        null_servers_caught: 4,
    });
    record.redactions = vec![Redaction { name: "password of `default`".into(), times: 12 }];
    record.conclude();
    record
}

/// A small Record with fixed statements, for snapshots that do not change when the catalogue does.
pub fn small() -> Record {
    use record::{Actor, Level, Observe};
    let mut record = empty("mosquitto");
    let statement = |id: &str, version, level, section: &str, title: &str, summary: &str| {
        Requirement::new(id, version, level, Actor::Server, Observe::ServerWire).says(section, title, summary)
    };
    record.requirements = vec![
        statement(
            "3.1.1/MQTT-3.1.0-2",
            Version::V311,
            Level::Must,
            "3.1",
            "CONNECT",
            "A second CONNECT on a Network Connection closes it.",
        ),
        statement(
            "5.0/MQTT-3.1.2-22",
            Version::V5,
            Level::Must,
            "3.1.2.10",
            "Keep Alive",
            "Silence for one and a half Keep Alive periods closes the Network Connection.",
        ),
        statement(
            "5.0/MQTT-3.3.1-1",
            Version::V5,
            Level::Must,
            "3.3.1.1",
            "DUP",
            "DUP is 1 when a PUBLISH is sent again.",
        ),
        statement(
            "5.0/MQTT-3.12.4-1",
            Version::V5,
            Level::Must,
            "3.12.4",
            "PINGREQ Actions",
            "PINGREQ is answered with PINGRESP.",
        ),
        statement(
            "5.0/MQTT-4.4.0-1",
            Version::V5,
            Level::Must,
            "4.4",
            "Message delivery retry",
            "What was not acknowledged is sent again when the Session is resumed.",
        ),
        statement(
            "5.0/MQTT-4.8.2-4",
            Version::V5,
            Level::Must,
            "4.8.2",
            "Shared Subscriptions",
            "One member of a share gets a message.",
        ),
        statement(
            "5.0/SHOULD-4.7.2-a",
            Version::V5,
            Level::Should,
            "4.7.2",
            "Topics beginning with $",
            "Clients are kept off topics that begin with $.",
        ),
        statement(
            "5.0/MQTT-3.3.2-7",
            Version::V5,
            Level::MustNot,
            "3.3.2.3.4",
            "Topic Alias",
            "Topic Aliases do not outlive the Network Connection.",
        ),
        statement(
            "5.0/MQTT-4.13.1-1",
            Version::V5,
            Level::Must,
            "4.13.1",
            "Malformed Packet",
            "A Malformed Packet closes the Network Connection.",
        ),
    ];
    record.requirements.push(
        Requirement::new("5.0/MQTT-3.1.2-16", Version::V5, Level::Must, Actor::Client, Observe::ClientWire)
            .says("3.1.2.8", "User Name Flag", "Without the flag there is no User Name."),
    );
    record.requirements.push(
        Requirement::new("5.0/MQTT-4.1.0-1", Version::V5, Level::MustNot, Actor::Both, Observe::Internal)
            .says(
                "4.1.1",
                "Storing Session State",
                "Session State is kept while the Network Connection is open.",
            ),
    );
    record.checks = vec![
        redelivery(),
        second_connect(),
        scenario(
            "5.0/tcp/keepalive/one-and-a-half",
            "Silence for one and a half Keep Alive periods closes",
            Version::V5,
            &["5.0/MQTT-3.1.2-22"],
        )
        .observed(Verdict::Inconclusive, "No proof that the Server was alive: it paused for 1.8 s."),
        scenario("5.0/tcp/ping/answered", "PINGREQ is answered", Version::V5, &["5.0/MQTT-3.12.4-1"])
            .observed(Verdict::Pass, ""),
        scenario(
            "5.0/tcp/topics/dollar",
            "Clients are kept off $ topics",
            Version::V5,
            &["5.0/SHOULD-4.7.2-a"],
        )
        .observed(Verdict::Fail, "The Server delivered a message that a Client published to $test."),
        scenario(
            "5.0/tcp/shared/one-member",
            "One member of a share gets the message",
            Version::V5,
            &["5.0/MQTT-4.8.2-4"],
        )
        .observed(Verdict::NotApplicable, "CONNACK says Shared Subscription Available 0."),
        scenario(
            "5.0/tcp/alias/kept",
            "A Topic Alias ends with the Network Connection",
            Version::V5,
            &["5.0/MQTT-3.3.2-7"],
        )
        .observed(Verdict::NotExercised, "The Server sent no Topic Alias."),
    ];
    record.capabilities = vec![Capability {
        name: "Shared Subscription Available".into(),
        version: Some(Version::V5),
        declared: Some("1".into()),
        seen: Some("0".into()),
        mismatch: true,
    }];
    record.conclude();
    record
}

/// Everything that a Subject can influence holds a nasty string.
pub fn hostile(nasty: &[u8]) -> Record {
    let mut record = small();
    let untrusted = || Untrusted::new(nasty);
    let lossy = String::from_utf8_lossy(nasty).into_owned();
    record.subject.name = untrusted();
    record.subject.version = Some(untrusted());
    record.subject.how_known = lossy.clone();
    for capability in &mut record.capabilities {
        capability.seen = Some(untrusted());
        capability.declared = Some(untrusted());
    }
    record.choices = vec![Choice { name: lossy.clone(), version: None, seen: untrusted(), times: 1 }];
    record.waivers = vec![Waiver {
        id: "W-1".into(),
        reason: lossy.clone(),
        owner: lossy.clone(),
        state: WaiverState::InForce,
        ..Waiver::default()
    }];
    for check in &mut record.checks {
        check.reason = untrusted();
        check.expected = Some(untrusted());
        check.actual = Some(untrusted());
        check.why_sure = vec![untrusted()];
        check.choices = vec![untrusted()];
        check.title = format!("{} {lossy}", check.title);
        for event in check.transcript.iter_mut().flat_map(|transcript| &mut transcript.events) {
            event.summary = Some(untrusted());
            event.text = Some(untrusted());
            for field in &mut event.fields {
                field.value = untrusted();
            }
        }
    }
    record.conclude();
    record
}

/// As many checks as asked for, of which `failing` fail in as many different ways, with packets.
pub fn large(checks: usize, failing: usize) -> Record {
    let mut record = empty("large");
    record.requirements = Requirement::of_versions(&[Version::V311, Version::V5]);
    let musts: Vec<(String, Version)> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.level.is_must() && requirement.binds(Role::Server))
        .map(|requirement| (requirement.id.clone(), requirement.version))
        .collect();
    let model = redelivery();
    let stretched = |events: usize| {
        let mut transcript = model.transcript.clone().unwrap_or_default();
        let first = transcript.events.clone();
        for index in 0..events.saturating_sub(first.len()) {
            transcript.events.insert(3 + index, first[3 + index % 2].clone());
        }
        for (number, event) in (1..).zip(&mut transcript.events) {
            event.number = number;
        }
        transcript
    };
    for index in 0..checks {
        let (id, version) = &musts[index % musts.len()];
        let mut check = scenario(
            &format!("{version}/tcp/feature-{}/check-{index:04}", index % 40),
            &format!("The situation number {index} is handled as {id} says"),
            *version,
            &[id.as_str()],
        );
        if index < failing {
            check = check
                .observed(Verdict::Fail, format!("The Server did {index} where something else is required."));
            check.signature = Some(format!("signature {index}"));
            check.transcript = Some(stretched(40));
        } else {
            check = check.observed(Verdict::Pass, "");
            check.transcript = Some(stretched(14));
        }
        record.checks.push(check);
    }
    record.conclude();
    record
}
