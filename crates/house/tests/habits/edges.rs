//! Who may know whom, and who may know which library.

use crate::{MOVING, none};
use house::{Use, crates, dependencies, knows};
use std::collections::BTreeSet;

/// A crate and the crates of the workspace that it may depend on. What tests depend on is free, but for [`NEVER`].
type Row = (&'static str, &'static [&'static str]);

const MAY_KNOW: &[Row] = &[
    ("catalogue", &[]),
    ("protocol", &["catalogue"]),
    ("transport", &["catalogue", "protocol"]),
    ("disk", &["simulator"]),
    ("simulator", &["transport"]),
    ("guarantees", &["catalogue", "protocol"]),
    ("reference-broker", &["catalogue", "protocol", "transport"]),
    ("reference-client", &["catalogue", "protocol", "transport"]),
    ("campaign", &["disk", "guarantees", "protocol", "reference-client", "simulator", "transport"]),
    ("record", &["catalogue"]),
    ("render", &["catalogue", "record"]),
    ("tester", &["catalogue", "protocol", "simulator", "transport"]),
    ("monitors", &["catalogue", "protocol", "tester"]),
    ("suite", &["catalogue", "monitors", "protocol", "record", "simulator", "tester"]),
    (
        "subjects",
        &[
            "campaign",
            "catalogue",
            "disk",
            "protocol",
            "record",
            "reference-broker",
            "simulator",
            "tester",
            "transport",
        ],
    ),
    ("proof", &["campaign", "catalogue", "monitors", "protocol", "record", "subjects", "suite", "tester"]),
    (
        "harness",
        &[
            "campaign",
            "catalogue",
            "disk",
            "guarantees",
            "monitors",
            "proof",
            "protocol",
            "record",
            "reference-broker",
            "render",
            "simulator",
            "subjects",
            "suite",
            "tester",
            "transport",
        ],
    ),
    ("house", &[]),
];

/// What must not come in by others either.
struct Never {
    who: &'static str,
    knows: &'static [&'static str],
    /// A crate through which it may.
    but_through: Option<&'static str>,
    why: &'static str,
}

const NEVER: &[Never] = &[
    Never {
        who: "tester",
        knows: &["reference-broker", "reference-client"],
        but_through: None,
        why: "a misreading of the engines must not agree with itself",
    },
    Never {
        who: "monitors",
        knows: &["reference-broker", "reference-client", "suite"],
        but_through: None,
        why: "a Monitor judges by packets alone",
    },
    Never {
        who: "suite",
        knows: &["reference-broker", "reference-client", "subjects", "campaign", "render"],
        but_through: None,
        why: "a verdict depends neither on an engine nor on how it is shown",
    },
    Never {
        who: "subjects",
        knows: &["suite", "monitors", "guarantees"],
        // A Subject of a campaign is the trait `campaign::Subject`, and campaigns judge.
        but_through: Some("campaign"),
        why: "an implementation under test knows nothing of its judges",
    },
    Never {
        who: "guarantees",
        knows: &["reference-broker", "reference-client", "transport", "simulator", "campaign"],
        but_through: None,
        why: "the checker shares no code with what made the history",
    },
    Never {
        who: "reference-broker",
        knows: &["reference-client", "simulator", "guarantees", "tester"],
        but_through: None,
        why: "an engine knows no faults and no judge",
    },
    Never {
        who: "reference-client",
        knows: &["reference-broker", "simulator", "guarantees", "tester"],
        but_through: None,
        why: "an engine knows no faults and no judge",
    },
    Never {
        who: "record",
        knows: &["suite", "tester", "campaign", "simulator", "transport", "render"],
        but_through: None,
        why: "a Record is data",
    },
    Never {
        who: "render",
        knows: &["suite", "tester", "campaign", "simulator", "transport"],
        but_through: None,
        why: "a stored Record can be rendered again without a run",
    },
];

/// Which crates may depend on a library that brings the world in.
const LIBRARIES: &[Row] = &[
    (
        "tokio",
        &[
            "campaign",
            "harness",
            "reference-broker",
            "reference-client",
            "simulator",
            "subjects",
            "suite",
            "transport",
        ],
    ),
    ("turmoil", &["simulator"]),
    ("redb", &["disk", "reference-broker"]),
    ("tungstenite", &["transport"]),
    ("clap", &["harness", "reference-broker", "reference-client"]),
    ("indicatif", &["harness"]),
    ("mimalloc", &["harness"]),
    ("cucumber", &["suite"]),
    ("gherkin", &["suite"]),
    ("maud", &["render"]),
    ("quick-junit", &["render"]),
];

#[test]
fn every_crate_has_a_row_and_every_row_a_crate() {
    let ours = crates();
    let rows: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    let mentioned = MAY_KNOW
        .iter()
        .flat_map(|(name, known)| known.iter().chain([name]))
        .chain(NEVER.iter().flat_map(|rule| rule.knows.iter().chain([&rule.who]).chain(&rule.but_through)))
        .chain(LIBRARIES.iter().flat_map(|(_, known)| *known));

    let mut complaints: Vec<String> = Vec::new();
    complaints
        .extend(ours.keys().filter(|n| !rows.contains(*n)).map(|n| format!("nobody says what {n} may know")));
    complaints.extend(
        mentioned
            .filter(|name| !ours.contains_key(*name) && !MOVING.contains(name))
            .map(|name| format!("there is no crate {name}")),
    );
    none(&complaints);
}

#[test]
fn no_crate_knows_more_than_it_may() {
    let mut complaints = Vec::new();
    for (name, package) in crates() {
        let may = MAY_KNOW.iter().find(|(row, _)| *row == name).map_or(&[][..], |(_, known)| known);
        for known in knows(package, Use::Product).iter().filter(|known| !may.contains(known)) {
            complaints.push(format!("{name} depends on {known}, and must not"));
        }
    }
    none(&complaints);
}

/// How one crate comes to know another one: the crates in between, itself first. `not_through` ends a way.
fn way(from: &'static str, to: &str, not_through: Option<&str>) -> Option<Vec<&'static str>> {
    let ours = crates();
    let mut ways = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        if way.len() > 1 && Some(last) == not_through {
            continue;
        }
        for next in ours.get(last).into_iter().flat_map(|package| knows(package, Use::Product)) {
            if seen.insert(next) {
                ways.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

#[test]
fn what_a_crate_must_never_know_does_not_come_in_by_others() {
    let mut complaints = Vec::new();
    for rule in NEVER {
        for known in rule.knows {
            if let Some(way) = way(rule.who, known, rule.but_through) {
                complaints.push(format!("{}: {}", way.join(" → "), rule.why));
            }
        }
    }
    none(&complaints);
}

#[test]
fn an_exception_for_a_way_round_is_needed() {
    let unneeded: Vec<String> = NEVER
        .iter()
        .filter(|rule| rule.but_through.is_some())
        .filter(|rule| rule.knows.iter().all(|known| way(rule.who, known, None).is_none()))
        .map(|rule| format!("{} reaches none of {:?} any more", rule.who, rule.knows))
        .collect();

    none(&unneeded);
}

#[test]
fn libraries_that_bring_the_world_in_stay_where_they_are() {
    let mut complaints = Vec::new();
    for (library, may) in LIBRARIES {
        for (name, package) in crates() {
            if dependencies(package, Use::Product).contains(library) && !may.contains(&name) {
                complaints.push(format!("{name} depends on {library}, and must not"));
            }
        }
    }
    none(&complaints);
}
