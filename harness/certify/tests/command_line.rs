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

    let run = certify(&["run", &url, "-o", out.path().to_str().unwrap()]);

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

/// A filtered run, whose Record other commands take.
fn small_record(out: &tempfile::TempDir) -> String {
    let path = out.path().join("run").to_str().unwrap().to_owned();
    certify(&["simulate", "--only", "a-plain-connect-is-accepted", "-o", &path]);
    path
}

#[test]
fn one_format_goes_to_standard_output_or_into_the_named_file() {
    let out = directory();
    let record = small_record(&out);
    let file = out.path().join("new/summary.md");

    let printed = certify(&["report", &record, "--format", "markdown"]);
    let written = certify(&["report", &record, "--format", "markdown", "-o", file.to_str().unwrap()]);

    assert_eq!(
        (printed.status.code(), written.status.code()),
        (Some(0), Some(0)),
        "{}",
        text(&written.stderr)
    );
    assert!(text(&printed.stdout).starts_with("<!-- mqtt-certify -->"));
    assert_eq!(std::fs::read(file).unwrap(), printed.stdout);
}

#[test]
fn a_directory_for_strict_servers_has_the_page_its_style_and_its_script() {
    let out = directory();
    let record = small_record(&out);
    let pages = out.path().join("pages");

    let report = certify(&["report", &record, "--html-dir", pages.to_str().unwrap()]);

    assert_eq!(report.status.code(), Some(0), "{}", text(&report.stderr));
    let page = std::fs::read_to_string(pages.join("index.html")).unwrap();
    assert!(page.contains("href=report.css") && page.contains("src=report.js") && !page.contains("<style"));
    assert!(pages.join("report.css").exists() && pages.join("report.js").exists());
}

#[test]
fn a_gate_gives_a_rendering_its_exit_code_and_needs_a_baseline_if_it_compares() {
    let out = directory();
    let record = small_record(&out);
    let badge = ["--format", "badge"];
    let gated =
        |arguments: &[&str]| certify(&[&["report", &record], &badge[..], arguments].concat()).status.code();

    assert_eq!(gated(&[]), Some(0));
    assert_eq!(gated(&["--gate", "conformant"]), Some(3), "a filtered run has no verdict");
    assert_eq!(gated(&["--gate", "no-regression"]), Some(2));
    assert_eq!(gated(&["--gate", "no-regression", "--baseline", &record]), Some(3));
    assert_eq!(certify(&["diff", &record, &record]).status.code(), Some(3));
    assert_eq!(certify(&["diff", &record, "nowhere"]).status.code(), Some(2));
}

#[test]
fn records_stand_side_by_side_in_a_matrix() {
    let out = directory();
    let record = small_record(&out);

    let matrix = certify(&["report", "--matrix", &record, &record, "--format", "csv"]);
    let without = certify(&["report", &record, &record]);

    assert_eq!(matrix.status.code(), Some(0), "{}", text(&matrix.stderr));
    assert_eq!(text(&matrix.stdout).lines().next().unwrap().matches("reference broker").count(), 2);
    assert_eq!(without.status.code(), Some(2));
}

#[test]
fn two_shards_merge_into_what_one_run_finds() {
    let out = directory();
    let run = |name: &str, more: &[&str]| {
        let path = out.path().join(name).to_str().unwrap().to_owned();
        let arguments = ["simulate", "--only", "connect", "--spec", "3.1.1", "-o", &path];
        certify(&[&arguments[..], more].concat());
        path
    };
    let (one, two) = (run("1", &["--partition", "hash:1/2"]), run("2", &["--partition", "hash:2/2"]));
    let whole = run("whole", &[]);
    let merged = out.path().join("merged").to_str().unwrap().to_owned();

    let merge = certify(&["merge", &one, &two, "--expect-shards", "2", "-o", &merged]);

    // The filter leaves no verdict, merged or not.
    assert_eq!(merge.status.code(), Some(3), "{}{}", text(&merge.stdout), text(&merge.stderr));
    let verdicts = |path: &str| {
        let json: serde_json::Value =
            serde_json::from_slice(&std::fs::read(format!("{path}/results.json")).unwrap()).unwrap();
        let mut verdicts: Vec<(String, String)> = json["requirements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|q| (q["id"].to_string(), q["verdict"].to_string()))
            .collect();
        verdicts.sort();
        verdicts
    };
    assert_eq!(verdicts(&merged), verdicts(&whole));
    assert_eq!(certify(&["merge", &one, "--expect-shards", "3", "-o", &merged]).status.code(), Some(2));
    assert_eq!(certify(&["simulate", "--partition", "3/2"]).status.code(), Some(2));
}

#[test]
fn the_event_stream_is_one_object_in_each_line_from_the_plan_to_the_exit_code() {
    let out = directory();

    let run = certify(&[
        "simulate",
        "--only",
        "a-plain-connect-is-accepted",
        "--format",
        "json",
        "-o",
        out.path().to_str().unwrap(),
    ]);

    let events: Vec<serde_json::Value> =
        text(&run.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(events.iter().all(|event| event["v"] == 1));
    assert_eq!(events[0]["event"], "run-started");
    let last = events.last().unwrap();
    assert_eq!(last["event"], "run-finished");
    assert_eq!(last["exit"]["code"].as_i64(), run.status.code().map(i64::from));
    assert_eq!(events.len() as u64, 2 + events[0]["checks"].as_u64().unwrap());
}

#[test]
fn a_failure_is_exported_as_a_capture_and_as_a_script_and_a_pass_is_not() {
    let out = directory();
    let record = out.path().join("results.json");
    let mut stored = serde_json::from_slice::<serde_json::Value>(
        &std::fs::read(format!("{}/results.json", small_record(&out))).unwrap(),
    )
    .unwrap();
    let id = stored["checks"][0]["id"].as_str().unwrap().to_owned();
    let passing = stored["checks"][1]["id"].as_str().unwrap().to_owned();
    stored["checks"][0]["transcript"] = serde_json::json!({
        "connections": [{ "name": "A", "role": "Client" }],
        "events": [{ "number": 1, "at_us": 0, "connection": "A", "direction": "to-server", "kind": "packet", "bytes": "c000" }],
    });
    std::fs::write(&record, stored.to_string()).unwrap();
    let export = |check: &str, format: &str| {
        certify(&["export", record.to_str().unwrap(), "--check", check, "--format", format])
    };

    assert!(export(&id, "pcapng").stdout.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A]));
    assert!(text(&export(&id, "script").stdout).starts_with("#!/usr/bin/env python3"));
    assert!(text(&export(&id, "shell").stdout).contains("printf"));
    assert_eq!(export(&passing, "pcapng").status.code(), Some(2));
    assert_eq!(export("no such check", "script").status.code(), Some(2));
}

#[test]
fn packagers_get_schemas_completions_and_a_man_page() {
    for (arguments, part) in [
        (&["schema", "record"][..], "\"$id\""),
        (&["schema", "event"], "run-finished"),
        (&["completions", "bash"], "mqtt-certify"),
        (&["man"], ".SH"),
    ] {
        let run = certify(arguments);

        assert_eq!(run.status.code(), Some(0), "{arguments:?}");
        assert!(text(&run.stdout).contains(part), "{arguments:?}");
    }
}

#[test]
fn waivers_that_are_incomplete_are_wrong_usage_and_named() {
    let out = directory();
    let record = small_record(&out);
    let file = out.path().join("waivers.yaml");
    std::fs::write(&file, "version: 1\nwaivers:\n  - { id: W-7, checks: [x], signature: s, reason: r }\n")
        .unwrap();

    let report = certify(&["report", &record, "--format", "badge", "--waivers", file.to_str().unwrap()]);

    assert_eq!(report.status.code(), Some(2));
    assert!(
        text(&report.stderr).contains("W-7") && text(&report.stderr).contains("owner"),
        "{}",
        text(&report.stderr)
    );
}

#[test]
fn github_gets_a_summary_and_outputs_where_it_asks_for_them() {
    let out = directory();
    let record = small_record(&out);
    let (summary, outputs) = (out.path().join("summary"), out.path().join("outputs"));

    let report = Command::new(env!("CARGO_BIN_EXE_mqtt-certify"))
        .args(["report", &record, "--format", "badge", "--gate", "conformant", "--ci", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_OUTPUT", &outputs)
        .output()
        .expect("the binary starts");

    assert_eq!(report.status.code(), Some(3));
    assert!(std::fs::read_to_string(summary).unwrap().contains("mqtt-certify"));
    assert!(std::fs::read_to_string(outputs).unwrap().contains("exit-code=3\n"));
}

#[test]
fn a_campaign_writes_a_page_that_its_json_alone_renders_again() {
    let out = directory();
    let path = |name: &str| out.path().join(name).to_string_lossy().into_owned();
    let seeds = ["campaign", "--seeds", "0..300", "--defect", "disconnect-ends-the-session", "-o"];

    let run = certify(&[&seeds[..], &[&path("found")]].concat());
    let again = certify(&["report", &path("found"), "--format", "html", "-o", &path("again.html")]);
    let csv = certify(&["report", &path("found"), "--format", "csv"]);
    let gate = certify(&["report", &path("found"), "--gate", "conformant"]);

    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let page = std::fs::read(out.path().join("found/campaign.html")).expect("there is a page");
    assert!(page == std::fs::read(out.path().join("again.html")).expect("it is rendered again"));
    assert_eq!([csv.status.code(), gate.status.code()], [Some(2), Some(2)], "{}", text(&csv.stderr));
    let json = std::fs::read(out.path().join("found/campaign.json")).expect("there is its data");
    let campaign = record::Campaign::from_json(&json).expect("it is a campaign");
    let present = campaign.signatures.iter().find(|signature| signature.kind == "session-present");
    let present = present.expect("a Session that ended too early is found");
    let culprit = present.transcript.culprit().expect("a packet is wrong");
    assert_eq!(culprit.packet.as_deref(), Some("CONNACK"));
    assert_eq!(present.shortest.len(), 2, "{:?}", present.shortest);
    assert!(present.commands.iter().any(|command| command.line.starts_with("mqtt-certify shrink ")));
}
