//! The binary as a user runs it: exit codes, messages, reports, and peers that misbehave.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};

fn certify(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mqtt-certify")).args(arguments).output().expect("the binary starts")
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn record(directory: &tempfile::TempDir) -> serde_json::Value {
    let json = std::fs::read(directory.path().join("results.json")).expect("results.json is there");
    serde_json::from_slice(&json).expect("results.json is JSON")
}

#[test]
fn without_an_address_the_embedded_reference_broker_is_certified() {
    let out = directory();

    let run = certify(&["run", "-o", out.path().to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(0), "{}\n{}", text(&run.stdout), text(&run.stderr));
    assert_eq!(record(&out)["verdict"], "conformant");
    for file in ["report.html", "junit.xml", "summary.md"] {
        assert!(out.path().join(file).exists(), "{file}");
    }
}

#[test]
fn the_simulated_record_is_the_same_byte_for_byte_in_two_processes() {
    let (one, two) = (directory(), directory());
    let simulate = |out: &tempfile::TempDir| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mqtt-certify"));
        // The command line is part of the Record, so both say the same.
        command
            .current_dir(out.path())
            .args(["simulate", "--seed", "0x5eed", "-o", "out"])
            .output()
            .expect("the binary starts")
    };

    let (first, second) = (simulate(&one), simulate(&two));

    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stdout));
    assert_eq!(second.status.code(), Some(0));
    let read = |out: &tempfile::TempDir, file| std::fs::read(out.path().join("out").join(file)).expect(file);
    for file in ["results.json", "report.html"] {
        assert!(read(&one, file) == read(&two, file), "{file} differs");
    }
}

#[test]
fn a_wrong_url_is_wrong_usage_and_named() {
    for url in ["mqtt://", "http://localhost", "mqtt://host:99999"] {
        let run = certify(&["run", url]);

        assert_eq!(run.status.code(), Some(2), "{url}: {}", text(&run.stderr));
        assert!(text(&run.stderr).contains(url), "{}", text(&run.stderr));
    }
}

#[test]
fn a_closed_port_is_an_unavailable_subject_and_still_gives_a_report() {
    let out = directory();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mqtt://{}", listener.local_addr().unwrap());
    drop(listener);

    let run = certify(&["run", &url, "-o", out.path().to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(6), "{}", text(&run.stdout));
    assert_eq!(record(&out)["verdict"], "no-verdict");
    assert!(out.path().join("report.html").exists());
}

/// Serves each connection with `peer` until the process ends.
fn hostile(peer: fn(TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mqtt://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || peer(stream));
        }
    });
    url
}

#[test]
fn a_peer_that_sends_garbage_is_no_subject() {
    let out = directory();
    let url = hostile(|mut stream| {
        let _ = stream.write_all(&[0xFF; 64]);
        let _ = stream.read(&mut [0; 64]);
    });

    let run = certify(&["run", &url, "-o", out.path().to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(6), "{}", text(&run.stdout));
    assert_eq!(record(&out)["verdict"], "no-verdict");
}

#[test]
fn a_peer_that_never_answers_ends_the_run_in_bounded_time() {
    let out = directory();
    let url = hostile(|mut stream| while stream.read(&mut [0; 64]).is_ok_and(|n| n > 0) {});

    let run = certify(&["run", &url, "--timeout-scale", "0.2", "-o", out.path().to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(6), "{}", text(&run.stdout));
    assert!(
        text(&run.stdout).contains("no CONNACK")
            || record(&out)["verdict_reasons"][0].as_str().unwrap().contains("no CONNACK")
    );
}

#[test]
fn a_filter_that_matches_nothing_is_not_success() {
    let run = certify(&["simulate", "--only", "no such check"]);

    assert_eq!(run.status.code(), Some(4), "{}", text(&run.stderr));
}

#[test]
fn a_filtered_run_is_never_conformant() {
    let out = directory();

    let run =
        certify(&["simulate", "--only", "a-plain-connect-is-accepted", "-o", out.path().to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(3), "{}", text(&run.stdout));
    assert_eq!(record(&out)["verdict"], "no-verdict");
}

#[test]
fn what_is_listed_can_be_explained() {
    let list = certify(&["list", "--format", "json"]);
    let first: serde_json::Value = serde_json::from_str(text(&list.stdout).lines().next().unwrap()).unwrap();

    for id in [first["id"].as_str().unwrap(), first["requirements"][0].as_str().unwrap()] {
        let explained = certify(&["explain", id]);
        assert_eq!(explained.status.code(), Some(0));
        assert!(text(&explained.stdout).contains(id));
    }
    assert_eq!(certify(&["explain", "5.0/MQTT-9.9.9-9"]).status.code(), Some(2));
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_that_names_the_place() {
    let out = directory();
    let file = out.path().join("occupied");
    std::fs::write(&file, "in the way").unwrap();

    let run = certify(&["simulate", "-o", file.to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(70));
    assert!(text(&run.stderr).contains("occupied"), "{}", text(&run.stderr));
}
