//! Which sources may look at a clock or open a socket.

use crate::none;
use house::{crates, directory, names, read, rust_files};

/// A crate, the beginning of the paths of its files below `src`, and why they may.
type Place = (&'static str, &'static str, &'static str);

const CLOCK: &[&str] = &["Instant::now", "SystemTime::now", "tokio::time::sleep", "tokio::time::timeout"];

const MAY_LOOK_AT_A_CLOCK: &[Place] = &[
    ("transport", "clock", "this is the clock of whatever is served on sockets"),
    ("simulator", "sockets", "the network that is real"),
    ("campaign", "live", "a live Server is waited for"),
    ("reference-broker", "main.rs", "the shell that hands the time in"),
    ("reference-client", "command_line/", "the shell that hands the time in"),
    ("suite", "", "names on a live Server must not have been there before"),
    ("harness", "", "the command line: dates, budgets, progress"),
];

const SOCKET: &[&str] =
    &["tokio::net", "std::net::TcpStream", "std::net::TcpListener", "std::net::UdpSocket"];

const MAY_OPEN_A_SOCKET: &[Place] = &[
    ("transport", "listener", "what serves on sockets"),
    ("transport", "stream", "what serves on sockets"),
    ("simulator", "sockets", "the network that is real"),
    ("campaign", "live", "a live Server is waited for"),
    ("reference-client", "command_line/", "the shell around the engine"),
];

/// Compares what sources name with where it may be named, both ways.
fn check(what: &[&str], may: &[Place]) {
    let mut complaints = Vec::new();
    let mut used = vec![false; may.len()];
    for (name, package) in crates() {
        for file in rust_files(package, "src") {
            let path = file.strip_prefix(directory(package).join("src")).unwrap_or(&file);
            let path = path.to_string_lossy().replace('\\', "/");
            if path.ends_with("tests.rs") || path.contains("tests/") {
                continue;
            }
            let Some(named) = names(&read(&file)).into_iter().find(|n| what.iter().any(|w| is(n, w))) else {
                continue;
            };
            match may.iter().position(|(owner, begin, _)| *owner == name && path.starts_with(begin)) {
                Some(place) => used[place] = true,
                None => complaints.push(format!("{name}: src/{path} names {named}")),
            }
        }
    }
    for ((name, begin, why), _) in may.iter().zip(&used).filter(|(_, used)| !**used) {
        complaints.push(format!("{name}: nothing at src/{begin} needs its exception any more ({why})"));
    }
    none(&complaints);
}

/// Whether a path is `what`, in it, or a longer way to say it.
fn is(path: &str, what: &str) -> bool {
    let whole = format!("::{path}::");
    whole.contains(&format!("::{what}::"))
}

#[test]
fn only_shells_and_what_is_live_look_at_a_clock() {
    check(CLOCK, MAY_LOOK_AT_A_CLOCK);
}

#[test]
fn only_shells_and_what_is_live_open_a_socket() {
    check(SOCKET, MAY_OPEN_A_SOCKET);
}

#[test]
fn names_are_found_in_groups_and_macros_but_not_in_comments_strings_and_tests() {
    let source = r##"
        //! std::fs::read
        use std::{net::{SocketAddr, TcpStream as Stream}, io::{self, Read}};
        fn a(x: ::core::num::NonZero<u8>) { assert!(tokio::time::Instant::now() > x, "std::env::args {}", r#"a::b"#); }
        #[cfg(test)] mod tests { use std::thread::sleep; fn f() { { g::h(); } } }
        #[cfg(test)]
        use c::{d, e};
        mod f { pub use super::g; }
    "##;

    let names = names(source);

    for name in [
        "std::net::SocketAddr",
        "std::net::TcpStream",
        "std::io::self",
        "std::io::Read",
        "core::num::NonZero",
    ] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    assert!(names.contains("tokio::time::Instant::now") && names.contains("super::g"), "{names:?}");
    for word in ["fs", "args", "b", "sleep", "h", "d"] {
        assert!(!names.iter().any(|name| name.split("::").any(|part| part == word)), "{word} in {names:?}");
    }
}
