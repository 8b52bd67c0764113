//! Turns the YAML files of `features/requirements` into one sorted static table.
//!
//! Everything that can be wrong with those files (unknown fields, names that occur twice, pairs that point
//! nowhere) stops the build here, so that the library itself has nothing left to check.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One entry of `3.1.1.yaml`, `5.0.yaml` or `unnumbered.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    section: String,
    title: String,
    level: String,
    actor: String,
    summary: String,
    observe: String,
    needs: Vec<String>,
    probe: String,
    note: Option<String>,
    reason: Option<u8>,
}

/// One line of `equivalents.yaml`; both names are without their version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    v3: String,
    v5: String,
    diff: Option<String>,
}

fn main() {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("../../features/requirements");
    println!("cargo::rerun-if-changed=build.rs");

    let mut entries: BTreeMap<Order, Entry> = BTreeMap::new();
    for (file, prefix) in [("3.1.1.yaml", "3.1.1/"), ("5.0.yaml", "5.0/"), ("unnumbered.yaml", "")] {
        for mut entry in read::<Entry>(&folder, file) {
            entry.id.insert_str(0, prefix);
            let order =
                Order::of(&entry.id).unwrap_or_else(|| panic!("{file}: {:?} is not a name", entry.id));
            if let Some(twice) = entries.insert(order, entry) {
                panic!("{file}: {} occurs twice", twice.id);
            }
        }
    }
    let index: BTreeMap<String, usize> =
        entries.values().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();

    let mut equivalents: BTreeMap<usize, Vec<(usize, Option<String>)>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for Pair { v3, v5, diff } in read::<Pair>(&folder, "equivalents.yaml") {
        let find = |name: String| {
            *index.get(&name).unwrap_or_else(|| panic!("equivalents.yaml: there is no {name}"))
        };
        let (old, new) = (find(format!("3.1.1/{v3}")), find(format!("5.0/{v5}")));
        assert!(seen.insert((old, new)), "equivalents.yaml: {v3} and {v5} are paired twice");
        equivalents.entry(old).or_default().push((new, diff.clone()));
        equivalents.entry(new).or_default().push((old, diff));
    }

    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("requirements.rs");
    std::fs::write(&out, table(&entries, &index, &equivalents)).expect("OUT_DIR can be written to");
}

fn read<T: for<'a> Deserialize<'a>>(folder: &Path, file: &str) -> Vec<T> {
    let path = folder.join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("features/requirements/{file}: {error}"))
}

/// Where an entry stands: by version, numbered statements before rules before SHOULDs, then as in the standard.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    version: u8,
    kind: u8,
    section: Vec<u16>,
    number: u16,
    slug: String,
}

impl Order {
    fn of(id: &str) -> Option<Order> {
        let (version, name) = id.split_once('/')?;
        let version = match version {
            "3.1.1" => 3,
            "5.0" => 5,
            _ => return None,
        };
        let mut parts = name.splitn(3, '-');
        let (kind, section, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let section = section.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u16>>>()?;
        let (kind, number, slug) = match kind {
            "MQTT" => (0, rest.parse().ok()?, String::new()),
            "RULE" | "SHOULD" => {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                if rest.is_empty() || !rest.chars().all(plain) {
                    return None;
                }
                (if kind == "RULE" { 1 } else { 2 }, 0, rest.to_owned())
            }
            _ => return None,
        };
        Some(Order { version, kind, section, number, slug })
    }
}

fn table(
    entries: &BTreeMap<Order, Entry>,
    index: &BTreeMap<String, usize>,
    equivalents: &BTreeMap<usize, Vec<(usize, Option<String>)>>,
) -> String {
    let mut out = String::new();
    let count = entries.len();
    writeln!(
        out,
        "/// Every Requirement, in the order of the standards; [`RequirementId`] is the place in it."
    )
    .unwrap();
    writeln!(out, "pub static REQUIREMENTS: [Requirement; {count}] = [").unwrap();
    for (at, (order, entry)) in entries.iter().enumerate() {
        let (version, statement) = entry.id.split_once('/').expect("checked by Order::of");
        let version = if version == "5.0" { "V500" } else { "V311" };
        let level = match entry.level.as_str() {
            "MUST" => "Must",
            "MUST NOT" => "MustNot",
            "SHOULD" => "Should",
            "SHOULD NOT" => "ShouldNot",
            other => panic!("{}: there is no level {other:?}", entry.id),
        };
        assert_eq!(order.kind == 2, level.starts_with("Should"), "{}: name and level disagree", entry.id);
        let actor = match entry.actor.as_str() {
            "server" => "Server",
            "client" => "Client",
            "both" => "Both",
            other => panic!("{}: there is no actor {other:?}", entry.id),
        };
        let observe = match entry.observe.as_str() {
            "server-wire" => "ServerWire",
            "client-wire" => "ClientWire",
            "both-wire" => "BothWire",
            "conditional" => "Conditional",
            "internal" => "Internal",
            other => panic!("{}: there is no way to observe {other:?}", entry.id),
        };
        assert!(
            matches!(
                (actor, observe),
                (_, "Conditional" | "Internal")
                    | ("Server", "ServerWire")
                    | ("Client", "ClientWire")
                    | ("Both", _)
            ),
            "{}: {actor} cannot be observed by {observe}",
            entry.id
        );
        let twins: String =
            equivalents.get(&at).into_iter().flatten().fold(String::new(), |mut text, (id, diff)| {
                write!(text, "Equivalent {{ id: RequirementId({id}), diff: {diff:?} }}, ").unwrap();
                text
            });
        writeln!(
            out,
            "Requirement {{ id: RequirementId({at}), name: {:?}, version: SpecVersion::{version}, \
             statement: {statement:?}, section: {:?}, title: {:?}, level: Level::{level}, actor: Actor::{actor}, \
             observe: Observe::{observe}, needs: &{:?}, summary: {:?}, probe: {:?}, note: {:?}, reason: {:?}, \
             ours: {}, equivalents: &[{twins}] }},",
            entry.id,
            entry.section,
            entry.title,
            entry.needs,
            entry.summary,
            entry.probe,
            entry.note,
            entry.reason,
            order.kind != 0,
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
    writeln!(
        out,
        "/// Places in [`REQUIREMENTS`], ordered by the bytes of the name, for the search by name."
    )
    .unwrap();
    let places: Vec<usize> = index.values().copied().collect();
    writeln!(out, "pub(crate) static BY_NAME: [u16; {count}] = {places:?};").unwrap();
    out
}
