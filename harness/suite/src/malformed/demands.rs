//! What a fault breaks, and what the standard demands of a Server that gets it.
//!
//! 3.1.1 demands a close for every protocol violation (4.8.0-1; for CONNECT 3.1.4-1). 5.0 demands it for what the Server notices (4.13.1-1), and leaves
//! how strictly to check to the implementation, except where a numbered statement tells the Server to check: for CONNECT (3.1.4-1) and for the ones
//! listed here. An error beyond those that goes unnoticed is a warning.

use super::Base;
use catalogue::{Actor, RequirementId};
use protocol::wire::{Frame, Malformation, Value};
use protocol::{DecodeError, Version};

/// What the Server has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// To close the Network Connection.
    Close,
    /// To close it if it notices the fault.
    CloseIfNoticed,
    /// Nothing is stated: what it does is recorded.
    Open,
}

/// The statement that makes the Server close, whatever the fault is.
pub fn closing(version: Version, connect: bool) -> impl Iterator<Item = RequirementId> {
    let id = match (version, connect) {
        (Version::V311, true) => "3.1.1/MQTT-3.1.4-1",
        (Version::V311, false) => "3.1.1/MQTT-4.8.0-1",
        (Version::V500, true) => "5.0/MQTT-3.1.4-1",
        (Version::V500, false) => "5.0/MQTT-4.13.1-1",
    };
    RequirementId::parse(id).into_iter()
}

/// Statements of 5.0 that tell the Server to check for one certain fault.
const CHECKED_IN_500: [&str; 8] = [
    "5.0/MQTT-3.1.0-2",
    "5.0/MQTT-3.1.2-3",
    "5.0/MQTT-3.6.1-1",
    "5.0/MQTT-3.8.1-1",
    "5.0/MQTT-3.8.3-5",
    "5.0/MQTT-3.10.1-1",
    "5.0/MQTT-3.14.1-1",
    "5.0/MQTT-3.15.1-1",
];

/// Numbered statements of 3.1.1 that say what a Server does with the fault. Others only bind the sender.
const CHECKED_IN_311: [&str; 12] = [
    "3.1.1/MQTT-1.5.3-1",
    "3.1.1/MQTT-1.5.3-2",
    "3.1.1/MQTT-2.2.2-2",
    "3.1.1/MQTT-3.1.2-3",
    "3.1.1/MQTT-3.3.1-4",
    "3.1.1/MQTT-3.6.1-1",
    "3.1.1/MQTT-3.8.1-1",
    "3.1.1/MQTT-3.8.3-3",
    "3.1.1/MQTT-3.8.3-4",
    "3.1.1/MQTT-3.10.1-1",
    "3.1.1/MQTT-3.10.3-2",
    "3.1.1/MQTT-3.14.1-1",
];

/// Faults on which the standard states no reaction.
const LEFT_OPEN: [&str; 13] = [
    // DUP 1 with QoS 0.
    "3.1.1/MQTT-3.3.1-2",
    "5.0/MQTT-3.3.1-2",
    // A wildcard in a topic of 5.0: only the delivery would be wrong.
    "5.0/MQTT-3.3.2-2",
    "5.0/MQTT-3.3.2-14",
    "3.1.1/MQTT-4.7.1-1",
    "5.0/MQTT-4.7.0-1",
    // An empty filter of 5.0 may be refused in the SUBACK.
    "5.0/MQTT-4.7.3-1",
    // An empty Topic Name of the Will.
    "3.1.1/MQTT-4.7.3-1",
    // What is said to be a Protocol Error for the Will only.
    "5.0/RULE-3.3.2.3.2-twice",
    "5.0/RULE-3.3.2.3.3-twice",
    "5.0/RULE-3.3.2.3.2-payload-not-utf8",
    "5.0/RULE-3.1.3.2.3-payload-not-utf8",
    // Variable Byte Integers that are longer than they need to be.
    "5.0/MQTT-1.5.5-1",
];

/// Levels and names that a Server may take as other protocols, in which it then also answers. Scenarios speak of those.
const OTHER_PROTOCOLS: [&str; 4] =
    ["3.1.1/MQTT-3.1.2-1", "3.1.1/MQTT-3.1.2-2", "5.0/MQTT-3.1.2-1", "5.0/MQTT-3.1.2-2"];

/// The names under which 5.0 says of a receiver what its numbered statements only say of a sender.
const FOR_RECEIVERS: [(&str, &str); 11] = [
    ("5.0/MQTT-1.5.4-1", "5.0/RULE-1.5.4-ill-formed-string"),
    ("5.0/MQTT-1.5.4-2", "5.0/RULE-1.5.4-null-character"),
    ("5.0/MQTT-1.5.7-1", "5.0/RULE-1.5.7-ill-formed-pair"),
    ("5.0/MQTT-2.1.3-1", "5.0/RULE-2.1.3-wrong-flags"),
    ("5.0/MQTT-3.3.1-4", "5.0/RULE-3.3.1.2-qos-3"),
    ("5.0/MQTT-3.8.3-2", "5.0/RULE-3.8.3-no-payload"),
    ("5.0/MQTT-3.10.3-2", "5.0/RULE-3.10.3-no-payload"),
    ("5.0/MQTT-3.1.2-12", "5.0/RULE-3.1.2.6-will-qos-3"),
    ("5.0/MQTT-3.3.2-8", "5.0/RULE-3.3.2.3.4-zero"),
    ("5.0/MQTT-3.3.4-6", "5.0/RULE-3.3.4-subscription-identifier-from-client"),
    ("3.1.1/MQTT-2.2.2-1", "3.1.1/MQTT-2.2.2-2"),
];

/// What a change breaks, by the decoder's word and by what is expected of such a change; `None` if they do not agree, or if the change is of no use.
pub fn of(
    error: &DecodeError,
    change: &Malformation,
    frame: &Frame,
    version: Version,
    base: Base,
) -> Option<(Vec<RequirementId>, Demand)> {
    let broken = match error.requirement.as_str() {
        // Before the level in CONNECT is read, the decoder speaks of 5.0.
        "5.0/MQTT-2.1.3-1" if version == Version::V311 => "3.1.1/MQTT-2.2.2-1",
        broken => broken,
    };
    let mistyped = is_cut_at_the_end_of_properties(broken, change, frame);
    if OTHER_PROTOCOLS.contains(&broken) || !(mistyped || is_expected(broken, change)) {
        return None;
    }
    let connect = base.is_connect();
    if LEFT_OPEN.contains(&broken) && !is_empty_name_of_311(broken, base) {
        return Some((Vec::new(), Demand::Open));
    }
    let for_receiver =
        FOR_RECEIVERS.iter().find(|(sender, _)| *sender == broken).map(|(_, receiver)| *receiver);
    let own = for_receiver.unwrap_or(broken);
    let checked = CHECKED_IN_500.contains(&own) || CHECKED_IN_311.contains(&own) || own.contains("/RULE-");
    let mut requirements: Vec<RequirementId> = RequirementId::parse(own)
        .filter(|id| checked && id.requirement().actor != Actor::Client)
        .filter(|id| id.as_str().starts_with(&format!("{version}/")))
        .into_iter()
        .chain(closing(version, connect))
        .chain(wrong_flags(change, version))
        .chain(by_other_names(broken, change, frame, version, base))
        .chain(RequirementId::parse("5.0/RULE-2.2.2.2-value-of-another-type").filter(|_| mistyped))
        .collect();
    requirements.sort_unstable();
    requirements.dedup();
    let demand = match version {
        Version::V311 => Demand::Close,
        Version::V500 if connect || CHECKED_IN_500.contains(&own) => Demand::Close,
        Version::V500 => Demand::CloseIfNoticed,
    };
    Some((requirements, demand))
}

/// What wrong flags break in any packet, beside the statement about the flags of this one.
fn wrong_flags(change: &Malformation, version: Version) -> Option<RequirementId> {
    let id = match version {
        Version::V311 => "3.1.1/MQTT-2.2.2-2",
        Version::V500 => "5.0/RULE-2.1.3-wrong-flags",
    };
    RequirementId::parse(id).filter(|_| matches!(change, Malformation::Flags(_)))
}

/// What the fault breaks beside what the decoder names: the same rule where the standard states it a second time.
fn by_other_names(
    broken: &str,
    change: &Malformation,
    frame: &Frame,
    version: Version,
    base: Base,
) -> Option<RequirementId> {
    let id = match (version, base) {
        (Version::V500, _) if is_in_pair(change, frame) && broken.contains("MQTT-1.5.4-") => {
            "5.0/RULE-1.5.7-ill-formed-pair"
        }
        (Version::V500, _) if broken == "5.0/MQTT-3.1.2-3" => "5.0/RULE-3.1.2.3-reserved-flag",
        (Version::V500, Base::Pingreq) if broken.contains("trailing-bytes") => {
            "5.0/RULE-3.12.1-remaining-length"
        }
        (Version::V311, Base::Pingreq) if broken.contains("trailing-bytes") => {
            "3.1.1/RULE-3.12.1-remaining-length"
        }
        (Version::V311, Base::Disconnect) if broken.contains("trailing-bytes") => {
            "3.1.1/RULE-3.14.1-remaining-length"
        }
        _ => return None,
    };
    RequirementId::parse(id)
}

/// Whether the change makes a string of a User Property ill-formed.
fn is_in_pair(change: &Malformation, frame: &Frame) -> bool {
    let Malformation::Ill(path, _) = change else { return false };
    let Some((_, property)) = path.0.split_last() else { return false };
    frame.field(&protocol::wire::FieldPath(property.to_vec())).is_some_and(|p| p.name == "User Property")
}

/// Whether the value of the last Property is cut short: nothing follows there that could take the place of what is missing.
fn is_cut_at_the_end_of_properties(broken: &str, change: &Malformation, frame: &Frame) -> bool {
    let Malformation::Mistype(path) = change else { return false };
    let [list, property, field] = path.0[..] else { return false };
    let fields = |path: Vec<usize>| match frame.field(&protocol::wire::FieldPath(path)).map(|f| &f.value) {
        Some(Value::Group(fields)) => fields.len(),
        _ => 0,
    };
    let cut = broken.contains("cut-property") || broken.contains("string-beyond");
    cut && property + 1 == fields(vec![list]) && field + 1 == fields(vec![list, property])
}

/// 3.1.1 has no Topic Alias that could stand for an empty Topic Name: there it is a violation like others. That of a Will stands in no statement on CONNECT.
fn is_empty_name_of_311(broken: &str, base: Base) -> bool {
    broken == "3.1.1/MQTT-4.7.3-1" && !base.is_connect()
}

/// What a kind of change may break; a part of the name of the Requirement.
fn is_expected(broken: &str, change: &Malformation) -> bool {
    let any = |parts: &[&str]| parts.iter().any(|part| broken.contains(part));
    let text = ["-1.5.3-", "-1.5.4-", "-1.5.7-", "string-beyond", "binary-beyond"];
    let shape = [
        "missing-field",
        "trailing-bytes",
        "beyond-packet",
        "cut-property",
        "MQTT-4.8.0-1",
        "no-payload",
        "MQTT-3.8.3-",
        "MQTT-3.10.3-2",
        "MQTT-3.1.3-",
        "MQTT-3.1.2-",
        "remaining-length",
        "short-form",
        "unknown-property",
        "-of-another-packet",
        "MQTT-1.5.4-2",
        "MQTT-1.5.3-2",
    ];
    match change {
        Malformation::Flags(_) => {
            any(&["MQTT-2.1.3-1", "MQTT-2.2.2-1", ".1-1", "MQTT-3.3.1-4", "MQTT-3.3.1-2", "missing-field"])
        }
        // The bytes of one packet under the name of another: only the direction and the existence of the type are clear.
        Malformation::PacketType(_) => any(&["not-from-client", "forbidden-type"]),
        Malformation::RemainingLengthOff(_)
        | Malformation::Truncate(_)
        | Malformation::PropertyLengthOff(..) => any(&shape) || any(&text),
        Malformation::Append(_) => any(&["trailing-bytes"]),
        Malformation::Widen(..) => any(&["five-bytes", "remaining-length", "MQTT-1.5.5-1"]),
        Malformation::FifthByte(_) => any(&["five-bytes", "remaining-length-of-five"]),
        Malformation::LengthOff(..) => any(&shape) || any(&text),
        Malformation::Ill(..) => {
            any(&["MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-1.5.7-1"])
        }
        Malformation::Replace(..) => any(&["MQTT-4.7", "MQTT-3.3.2-", "empty-topic", "MQTT-3.1.2-1"]),
        Malformation::Number(..) | Malformation::FlipBits(..) => any(&[
            "-zero",
            "-value",
            "MQTT-2.3.1-1",
            "MQTT-2.2.1-3",
            "MQTT-3.1.2-",
            "MQTT-3.8.3-",
            "MQTT-3.14.2-1",
            "MQTT-3.15.2-1",
            "RULE-3.8.3.1-",
            "MQTT-2.2.1-5",
            "MQTT-2.3.1-6",
        ]),
        Malformation::Duplicate(_) => any(&["-twice"]),
        Malformation::InsertProperty(..) => {
            any(&["-twice", "-of-another-packet", "-from-client", "MQTT-3.3.4-6"])
        }
        Malformation::InsertUnknown(..) => any(&["unknown-property"]),
        // What follows takes the place of what is gone: only what then ends too early is clear.
        Malformation::Remove(_) => any(&["missing-field", "no-payload", "MQTT-3.8.3-", "MQTT-3.10.3-2"]),
        // A value of another length drags what follows it along: too many faults at once.
        Malformation::Mistype(_) => false,
        // No packet at all, and so nothing that the decoder could refuse.
        Malformation::CutStream(_) => false,
    }
}
