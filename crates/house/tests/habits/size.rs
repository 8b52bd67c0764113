//! No crate and no file is more than one can read.

use crate::{MOVING, none};
use house::{crates, read, root, rust_files};

/// Lines below `src` of a crate; tests come beside.
const CRATE: usize = 8_000;

/// Lines of a file.
const FILE: usize = 500;

const LARGER_CRATES: &[(&str, &str)] = &[];

/// The ends of paths from the top of the repository, and why the file is as long as it is.
const LONGER_FILES: &[(&str, &str)] = &[
    ("crates/guarantees/tests/good.rs", "histories that break nothing, one beside the other"),
    ("crates/guarantees/tests/bad.rs", "histories that break one promise each, one beside the other"),
    ("crates/protocol/src/packet.rs", "one type for each Control Packet, in the order of chapter 3"),
    ("harness/certify/src/cli/run.rs", "the command that most people use, with all of its options"),
    ("tests/records/mod.rs", "Records by hand, one beside the other"),
];

fn lines(path: &std::path::Path) -> usize {
    read(path).lines().count()
}

#[test]
fn no_crate_has_more_than_eight_thousand_lines() {
    let mut complaints = Vec::new();
    for (name, package) in crates() {
        let lines: usize = rust_files(package, "src").iter().map(|file| lines(file)).sum();
        match (lines > CRATE, LARGER_CRATES.iter().any(|(larger, _)| *larger == name)) {
            (true, false) => complaints.push(format!("{name} has {lines} lines: make two crates of it")),
            (false, true) => complaints.push(format!("{name} has {lines} lines and needs no exception")),
            _ => {}
        }
    }
    let ours = crates();
    complaints.extend(
        LARGER_CRATES
            .iter()
            .filter(|(name, _)| !ours.contains_key(name) && !MOVING.contains(name))
            .map(|(name, _)| format!("there is no crate {name}")),
    );
    none(&complaints);
}

#[test]
fn no_file_has_more_than_five_hundred_lines() {
    let mut complaints = Vec::new();
    let mut used = vec![false; LONGER_FILES.len()];
    for file in crates().values().flat_map(|package| rust_files(package, "")) {
        let lines = lines(&file);
        if lines <= FILE {
            continue;
        }
        let path = file.strip_prefix(root()).unwrap_or(&file);
        match LONGER_FILES.iter().position(|(end, _)| path.ends_with(end)) {
            Some(exception) => used[exception] = true,
            None => complaints.push(format!("{} has {lines} lines: make two files of it", path.display())),
        }
    }
    for ((end, _), _) in LONGER_FILES.iter().zip(&used).filter(|(_, used)| !**used) {
        complaints.push(format!("{end} needs no exception any more"));
    }
    none(&complaints);
}
