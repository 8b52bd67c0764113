//! The catalogue against the known numbers of the two standards.

use std::collections::BTreeSet;

use catalogue::{Actor, Level, Observe, REQUIREMENTS, Requirement, RequirementId, SpecVersion};

/// How many numbered statements of a version have this property.
fn count(version: SpecVersion, property: impl Fn(&Requirement) -> bool) -> usize {
    REQUIREMENTS.iter().filter(|r| !r.ours && r.version == version && property(r)).count()
}

fn both_versions(property: impl Fn(&Requirement) -> bool) -> (usize, usize) {
    (count(SpecVersion::V311, &property), count(SpecVersion::V500, &property))
}

#[test]
fn there_are_141_statements_in_3_1_1_and_251_in_5_0() {
    assert_eq!(both_versions(|_| true), (141, 251));
}

#[test]
fn actors_and_levels_have_the_known_counts() {
    assert_eq!(both_versions(|r| r.actor == Actor::Server), (69, 118));
    assert_eq!(both_versions(|r| r.actor == Actor::Client), (33, 48));
    assert_eq!(both_versions(|r| r.actor == Actor::Both), (39, 85));
    assert_eq!(both_versions(|r| r.level == Level::Must), (118, 178));
    assert_eq!(both_versions(|r| r.level == Level::MustNot), (23, 73));
}

#[test]
fn ways_to_observe_have_the_known_counts() {
    assert_eq!(both_versions(|r| r.observe == Observe::ServerWire), (64, 112));
    assert_eq!(both_versions(|r| r.observe == Observe::ClientWire), (32, 45));
    assert_eq!(both_versions(|r| r.observe == Observe::BothWire), (36, 76));
    assert_eq!(both_versions(|r| r.observe == Observe::Conditional), (3, 16));
    assert_eq!(both_versions(|r| r.observe == Observe::Internal), (6, 2));
    assert_eq!(both_versions(Requirement::visible_on_server), (100, 188));
    assert_eq!(both_versions(|r| r.visible_on_server() && r.needs.is_empty()), (61, 95));
    assert_eq!(both_versions(Requirement::visible_on_client), (68, 121));
}

#[test]
fn names_are_unique_and_lead_back_to_their_requirement() {
    let names: BTreeSet<&str> = REQUIREMENTS.iter().map(|r| r.name).collect();

    assert_eq!(names.len(), REQUIREMENTS.len());
    for requirement in &REQUIREMENTS {
        assert_eq!(requirement.name, format!("{}/{}", requirement.version, requirement.statement));
        assert_eq!(RequirementId::parse(requirement.name), Some(requirement.id));
        assert_eq!(requirement.id.requirement(), requirement);
    }
}

#[test]
fn identifiers_follow_the_order_of_the_standards() {
    let ids: Vec<RequirementId> = RequirementId::all().collect();

    assert!(ids.is_sorted());
    assert!(RequirementId::known("3.1.1/MQTT-7.1.2-1") < RequirementId::known("5.0/MQTT-1.5.4-1"));
    assert!(RequirementId::known("5.0/MQTT-3.1.2-9") < RequirementId::known("5.0/MQTT-3.1.2-10"));
    assert!(RequirementId::known("5.0/MQTT-4.9.0-1") < RequirementId::known("5.0/MQTT-4.12.0-1"));
}

#[test]
fn printed_misprints_are_accepted_as_aliases_but_never_printed() {
    for (printed, meant) in [
        ("3.1.1/MQTT-3.1.2.7", "3.1.1/MQTT-3.1.2-7"),
        ("3.1.1/MQTT-3-8.3-4", "3.1.1/MQTT-3.8.3-4"),
        ("3.1.1/MQTT-3.3.1.-1", "3.1.1/MQTT-3.3.1-1"),
        ("5.0/MQTT-4.2-1", "5.0/MQTT-4.2.0-1"),
    ] {
        assert_eq!(RequirementId::parse(printed).map(RequirementId::as_str), Some(meant));
    }
}

#[test]
fn names_without_version_or_from_nowhere_are_unknown() {
    for name in ["", "MQTT-3.12.4-1", "5.0/", "5.0/MQTT-2.2.1-1", "5.0/MQTT-3.12.4-1 ", "4.0/MQTT-3.12.4-1"] {
        assert_eq!(RequirementId::parse(name), None, "{name:?}");
    }
}

#[test]
fn equivalents_are_mutual_and_of_the_other_version() {
    let mut numbered = 0;
    let mut with_partner = BTreeSet::new();
    for requirement in &REQUIREMENTS {
        for twin in requirement.equivalents {
            let other = twin.id.requirement();
            assert_ne!(other.version, requirement.version);
            assert!(other.equivalents.iter().any(|back| back.id == requirement.id && back.diff == twin.diff));
            if !requirement.ours && !other.ours {
                numbered += 1;
                with_partner.insert(requirement.id);
            }
        }
    }

    assert_eq!(numbered, 2 * 150);
    assert_eq!(both_versions(|r| with_partner.contains(&r.id)), (129, 137));
}

#[test]
fn only_names_of_our_own_are_at_should_level() {
    for requirement in &REQUIREMENTS {
        assert_eq!(requirement.ours, !requirement.statement.starts_with("MQTT-"));
        assert_eq!(requirement.level.is_mandatory(), !requirement.statement.starts_with("SHOULD-"));
    }
}

#[test]
fn every_text_is_there() {
    for r in &REQUIREMENTS {
        for text in [r.section, r.title, r.summary, r.probe] {
            assert!(!text.trim().is_empty(), "{}", r.name);
        }
    }
}

#[test]
fn reasons_are_failure_codes_and_stand_only_in_rules_of_5_0() {
    for r in REQUIREMENTS.iter().filter(|r| r.reason.is_some()) {
        assert!(r.ours && r.version == SpecVersion::V500, "{}", r.name);
        assert!(matches!(r.reason, Some(0x80..=0xA2)), "{}", r.name);
    }
}

#[test]
fn a_breach_can_only_be_seen_of_whoever_is_bound() {
    for r in &REQUIREMENTS {
        assert!(!r.visible_on_server() || r.binds_server(), "{}", r.name);
        assert!(!r.visible_on_client() || r.binds_client(), "{}", r.name);
    }
}
