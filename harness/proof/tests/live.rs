//! What a live run charges a Server with, over real sockets: what happens again alone, and nothing of what happened while the Server did not keep pace.

use protocol::{Packet, Version};
use record::Verdict;
use std::sync::Arc;
use std::time::Duration;
use subjects::around::{self, Behaviour, Memory};
use subjects::embedded::Embedded;
use subjects::settings::Setting;
use suite::cause::Cause;
use suite::plan::{self, ScenarioCheck};
use suite::runner::Outcome;
use suite::session::{MakeTestbed, Plan};
use tester::testbed::{Kind, Live};
use transport::Effect;

/// Runs the checks whose names contain one of these on the reference broker with a behaviour around it.
fn run(behaviour: Behaviour, names: &[&str]) -> Vec<(ScenarioCheck, Outcome)> {
    let make = move |_: Option<&str>| Ok(around::serve(behaviour, Setting::default(), 1));
    let broker = Embedded::start(&[], Box::new(make)).expect("the broker starts");
    let address = broker.address(None).expect("the ordinary listener").to_owned();
    let testbed: MakeTestbed = Arc::new(move |_, _| Box::new(Live::new(address.clone())));
    let checks: Vec<ScenarioCheck> = plan::scenarios()
        .expect("the features are a plan")
        .into_iter()
        .filter(|check| names.iter().any(|name| check.id.ends_with(name)))
        .collect();
    assert_eq!(checks.len(), names.len(), "each name is that of one check");
    let plan = Plan {
        checks: checks.clone(),
        versions: Version::ALL.to_vec(),
        kind: Kind::Live,
        testbed,
        configurations: Vec::new(),
        can_restart: false,
        jobs: 64,
        seed: 1,
        timeout_scale: 1.0,
        stop: Arc::default(),
    };
    let findings = plan.run(&|_, _| {});
    assert_eq!(findings.cut_short, None);
    checks.into_iter().zip(findings.outcomes.into_iter().flatten()).collect()
}

/// Drops the effect the first time that `is` fits, in the life of the Server.
fn once(memory: &mut Memory, effect: Effect, is: fn(&Packet) -> bool) -> Vec<Effect> {
    match &effect {
        Effect::Send { packet, .. } if is(packet) && memory.mark("dropped") => vec![],
        _ => vec![effect],
    }
}

/// A check that ends at a PUBACK.
const IN_DOUBT: &str =
    "3.1.1/4.3-delivery/a-publish-of-qos-1-is-answered-by-puback-with-its-packet-identifier";

#[test]
fn what_does_not_happen_again_alone_is_intermittent_and_no_fail() {
    let behaviour = Behaviour {
        effect: Some(|memory, _, effect| once(memory, effect, |packet| matches!(packet, Packet::Puback(_)))),
        ..Behaviour::NONE
    };

    let ran = run(behaviour, &[IN_DOUBT]);

    let (_, outcome) = &ran[0];
    assert_eq!(outcome.verdict, Verdict::Inconclusive, "{}", outcome.cause);
    assert!(matches!(outcome.cause, Cause::Unsteady { failed: 1, runs: 3, .. }), "{:?}", outcome.cause);
}

#[test]
fn what_happens_again_alone_is_charged() {
    let behaviour = Behaviour {
        effect: Some(|_, _, effect| match &effect {
            Effect::Send { packet: Packet::Puback(_), .. } => vec![],
            _ => vec![effect],
        }),
        ..Behaviour::NONE
    };

    let ran = run(behaviour, &[IN_DOUBT]);

    let (_, outcome) = &ran[0];
    assert_eq!(outcome.verdict, Verdict::Fail, "{}", outcome.cause);
    assert!(outcome.assurances.iter().any(|it| it.contains("again alone")), "{:?}", outcome.assurances);
}

#[test]
fn a_server_that_stalls_is_not_charged_with_what_was_late() {
    let behaviour = Behaviour {
        effect: Some(|memory, now, effect| {
            let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            let is_puback = matches!(&effect, Effect::Send { packet: Packet::Puback(_), .. });
            let end = memory.number("the stall ends at");
            if *end == 0 && is_puback {
                *end = millis + 4_500;
            }
            let end = *end;
            if end == 0 || millis >= end {
                return vec![effect];
            }
            memory.later(Duration::from_millis(end), effect);
            vec![]
        }),
        ..Behaviour::NONE
    };

    let ran = run(behaviour, &[IN_DOUBT]);

    assert_eq!(ran[0].1.verdict, Verdict::Pass, "{}", ran[0].1.cause);
}
