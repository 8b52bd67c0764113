//! The binary against the reference Server on a free port: what a person sees and a script checks.

use reference_broker::{Config, Server};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use transport::{Address, Hosted, ServeOptions, TokioClock, listen, serve};

/// Calls `test` with the address of a Server that runs meanwhile.
fn with_a_server(test: impl FnOnce(&str)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let address = Address::parse("mqtt://127.0.0.1:0").unwrap();
    let listener = runtime.block_on(listen(&address)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = Hosted::new(Server::new(Config::default(), 0));
    let running = runtime.spawn(serve(listener, server, ServeOptions::default(), TokioClock::new(), stopped));

    test(&format!("mqtt://127.0.0.1:{port}"));

    drop(stop);
    runtime.block_on(running).unwrap().unwrap();
}

/// Runs the binary to its end.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reference-client"))
        .args(arguments)
        .env_remove("MQTT_PASSWORD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that ends without reading its input is not at fault.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

#[track_caller]
fn succeeds(arguments: &[&str], input: &[u8]) -> String {
    let output = run(arguments, input);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn fails(arguments: &[&str], code: i32) -> String {
    let output = run(arguments, b"");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
    error
}

#[test]
fn a_retained_message_reaches_a_later_subscriber_in_both_versions_and_with_every_qos() {
    with_a_server(|server| {
        for version in ["3.1.1", "5.0"] {
            for qos in ["0", "1", "2"] {
                let topic = format!("{version}/{qos}");
                let publish =
                    ["publish", server, "-V", version, "-t", &topic, "-q", qos, "-r", "-m", "hello"];
                succeeds(&publish, b"");

                let subscribe =
                    ["subscribe", server, "-V", version, "-t", &topic, "-q", qos, "-v", "-C", "1"];
                assert_eq!(succeeds(&subscribe, b""), format!("{topic} hello\n"));
            }
        }
    });
}

#[test]
fn properties_are_printed_as_json() {
    with_a_server(|server| {
        let publish = [
            "publish",
            server,
            "-t",
            "a",
            "-r",
            "-m",
            "x",
            "--user-property",
            "k=v",
            "--content-type",
            "text",
        ];
        succeeds(&publish, b"");

        let printed = succeeds(&["subscribe", server, "-t", "a", "-C", "1", "--format", "json"], b"");

        assert_eq!(
            printed,
            "{\"content_type\":\"text\",\"dup\":false,\"payload\":\"x\",\"qos\":0,\"retain\":true,\"topic\":\"a\",\
             \"user_properties\":[[\"k\",\"v\"]]}\n"
        );
    });
}

#[test]
fn messages_for_a_kept_session_come_in_order_to_a_later_run() {
    with_a_server(|server| {
        let directory = std::env::temp_dir().join(format!("reference-client-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let file = directory.join("session");
        let file = file.to_str().unwrap();
        let subscribe = |more: [&'static str; 2]| {
            let session = ["-i", "keeper", "-c", "--session-file", file];
            let filter = ["subscribe", server, "-t", "lines", "-q", "2", "--retain-handling", "1"];
            [&filter[..], &session[..], &more[..]].concat()
        };
        succeeds(&["publish", server, "-t", "lines", "-r", "-m", "zero"], b"");
        assert_eq!(succeeds(&subscribe(["-C", "1"]), b""), "zero\n");

        succeeds(&["publish", server, "-t", "lines", "-q", "2", "--stdin-lines"], b"one\ntwo\nthree\n");

        assert_eq!(succeeds(&subscribe(["-C", "3"]), b""), "one\ntwo\nthree\n");
        std::fs::remove_dir_all(directory).unwrap();
    });
}

#[test]
fn what_cannot_be_done_ends_with_its_exit_code_and_says_why() {
    with_a_server(|server| {
        assert!(fails(&["publish", server, "-t", "a/#", "-m", "x"], 1).contains("Topic Name"));
        assert!(fails(&["subscribe", server, "-t", "a#"], 1).contains("Topic Filter"));
        assert!(fails(&["subscribe", server, "-t", "a", "-C", "1", "-W", "0.1"], 4).contains("timeout"));
        assert!(fails(&["publish", server, "-t", "a"], 2).contains("--message"));
        assert!(fails(&["publish", "localhost", "-t", "a", "-m", "x"], 2).contains("mqtt://"));
    });
}

#[test]
fn a_closed_port_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("mqtt://{}", listener.local_addr().unwrap());
    drop(listener);

    let error = fails(&["subscribe", &address, "-t", "a"], 3);

    assert!(error.contains(&address) && error.contains("refused"), "{error}");
}
