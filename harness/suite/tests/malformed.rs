//! The malformed packets are many, each with bytes and, unless the standard leaves it open, with the statements that it breaks.

use std::collections::BTreeSet;
use suite::malformed::{Demand, cases};
use tester::Namespace;

#[test]
fn there_are_many_cases_with_names_of_their_own_and_statements_that_bind_a_server() {
    let cases = cases();

    assert!(cases.len() > 1000, "only {} cases", cases.len());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(names.len(), cases.len());
    for case in &cases {
        assert_eq!(case.requirements.is_empty(), case.demand == Demand::Open, "{}", case.id);
        for id in &case.requirements {
            assert!(id.requirement().actor != catalogue::Actor::Client, "{}: {id} binds no Server", case.id);
            assert!(id.as_str().starts_with(&format!("{}/", case.version)), "{}: {id}", case.id);
        }
    }
}

#[test]
fn every_planned_case_has_bytes_in_any_namespace() {
    for case in cases() {
        let packet = case.base.packet(case.version, &Namespace::new(0x1234_5678_9abc), "twin", 77);

        assert!(case.bytes(&packet).is_some(), "{}", case.id);
    }
}

#[test]
fn the_numbered_demands_to_notice_a_fault_have_cases() {
    let claimed: BTreeSet<&str> =
        cases().iter().flat_map(|case| &case.requirements).map(|id| id.as_str()).collect();

    for id in [
        "3.1.1/MQTT-1.5.3-1",
        "3.1.1/MQTT-1.5.3-2",
        "3.1.1/MQTT-2.2.2-2",
        "3.1.1/MQTT-3.1.0-2",
        "3.1.1/MQTT-3.1.2-3",
        "3.1.1/MQTT-3.1.4-1",
        "3.1.1/MQTT-3.3.1-4",
        "3.1.1/MQTT-3.6.1-1",
        "3.1.1/MQTT-3.8.1-1",
        "3.1.1/MQTT-3.8.3-3",
        "3.1.1/MQTT-3.8.3-4",
        "3.1.1/MQTT-3.10.1-1",
        "3.1.1/MQTT-3.10.3-2",
        "3.1.1/MQTT-4.8.0-1",
        "5.0/MQTT-3.1.0-2",
        "5.0/MQTT-3.1.2-3",
        "5.0/MQTT-3.1.4-1",
        "5.0/MQTT-3.6.1-1",
        "5.0/MQTT-3.8.1-1",
        "5.0/MQTT-3.8.3-5",
        "5.0/MQTT-3.10.1-1",
        "5.0/MQTT-4.13.1-1",
        "3.1.1/RULE-3.12.1-remaining-length",
        "3.1.1/RULE-3.14.1-remaining-length",
        "5.0/MQTT-3.14.1-1",
        "5.0/MQTT-3.15.1-1",
        "5.0/RULE-1.5.7-ill-formed-pair",
        "5.0/RULE-2.2.2.2-value-of-another-type",
        "5.0/RULE-3.1.2.3-reserved-flag",
        "5.0/RULE-3.1.2.6-will-qos-3",
        "5.0/RULE-3.12.1-remaining-length",
        "5.0/RULE-3.14.2.2.2-twice",
    ] {
        assert!(claimed.contains(id), "no case for {id}");
    }
}
