//! The binary on a free port, over TCP.

mod process;

use process::Broker;
use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::process::Command;

fn exchange(stream: &mut TcpStream, request: &[u8], length: usize) -> Vec<u8> {
    stream.write_all(request).expect("it reads");
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).expect("it answers");
    answer
}

#[test]
fn a_message_of_a_5_0_client_reaches_a_3_1_1_client() {
    let broker = Broker::start::<&str>([]);
    let (mut old, mut new) = (broker.connect(), broker.connect());

    let old_connack = exchange(&mut old, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a", 4);
    let suback = exchange(&mut old, b"\x82\x06\x00\x09\x00\x01#\x01", 5);
    let new_connack = exchange(&mut new, b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01b", 8);
    let puback = exchange(&mut new, b"\x32\x09\x00\x03a/b\x00\x07\x00!", 4);
    let publish = exchange(&mut old, b"\x40\x02\x00\x01", 10);

    assert_eq!(old_connack, b"\x20\x02\x00\x00");
    assert_eq!(suback, b"\x90\x03\x00\x09\x01");
    assert_eq!(new_connack, b"\x20\x06\x00\x00\x03\x22\x00\x10");
    assert_eq!(puback, b"\x40\x02\x00\x07");
    assert_eq!(publish, b"\x32\x08\x00\x03a/b\x00\x01!");
}

#[cfg(unix)]
#[test]
fn on_sigterm_a_5_0_client_is_told_and_the_process_ends_well() {
    let mut broker = Broker::start::<&str>([]);
    let mut client = broker.connect();
    exchange(&mut client, b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01b", 8);

    let killed =
        Command::new("kill").args(["-TERM", &broker.process.id().to_string()]).status().expect("kill runs");
    let mut farewell = Vec::new();
    client.read_to_end(&mut farewell).expect("the connection is closed");
    drop(client);
    let mut last = String::new();
    broker.output.read_line(&mut last).expect("it says that it has closed");
    let status = broker.process.wait().expect("it ends");

    assert!(killed.success());
    assert_eq!(&farewell[..1], b"\xE0");
    assert_eq!(farewell[2], 0x8B);
    assert_eq!(last, "closed\n");
    assert!(status.success());
}

#[test]
fn a_mistake_in_the_configuration_is_shown_with_line_and_column() {
    let directory = std::env::temp_dir().join(format!("reference-broker-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("there is room for a file");
    let file = directory.join("mistake.yaml");
    std::fs::write(&file, "receive_maximum: 5\nretain_avialable: false\n").expect("it can be written");

    let output = Command::new(env!("CARGO_BIN_EXE_reference-broker"))
        .args(["--config".as_ref(), file.as_os_str()])
        .output()
        .expect("the binary runs");

    std::fs::remove_dir_all(&directory).expect("it can be removed");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("mistake.yaml:2:1: "), "{message}");
    assert!(message.contains("retain_avialable"), "{message}");
}
