//! What the crates of this repository keep to among themselves.

#![allow(missing_docs, reason = "tests")]

mod dependencies;
mod diagram;
mod edges;
mod pages;
mod size;
mod surroundings;
mod twice;

/// Crates that are there before or after the next move, but not both: the disk leaves the simulator.
/// What a rule says of them holds as soon as they are there.
const MOVING: &[&str] = &[];

/// Fails with every complaint on a line of its own.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
