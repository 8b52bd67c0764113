//! The shortest conversations, in bytes, through the same decoder and encoder that the network uses.

use bytes::Bytes;
use protocol::Time;
use reference_broker::{Config, Server};
use transport::{ConnectionId, Hosted, Output, Service, Stimulus};

fn server() -> Hosted<Server> {
    Hosted::new(Server::new(Config::default(), 7))
}

fn say(server: &mut Hosted<Server>, connection: u64, bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    server.handle(Time::ZERO, ConnectionId(connection), Stimulus::Bytes(Bytes::copy_from_slice(bytes)));
    let mut said = Vec::new();
    while let Some(output) = server.poll_output() {
        match output {
            Output::Bytes(id, bytes) => said.push((id.0, bytes.to_vec())),
            Output::Close(id) => said.push((id.0, b"close".to_vec())),
        }
    }
    said
}

#[test]
fn both_versions_are_served_on_one_port() {
    let mut server = server();
    server.handle(Time::ZERO, ConnectionId(1), Stimulus::Opened);
    server.handle(Time::ZERO, ConnectionId(2), Stimulus::Opened);

    let old = say(&mut server, 1, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a");
    let new = say(&mut server, 2, b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01b");
    let suback = say(&mut server, 1, b"\x82\x08\x00\x09\x00\x03a/+\x02");
    let published = say(&mut server, 2, b"\x34\x09\x00\x03a/b\x00\x07\x00!");

    assert_eq!(old, [(1, b"\x20\x02\x00\x00".to_vec())]);
    assert_eq!(new, [(2, b"\x20\x06\x00\x00\x03\x22\x00\x10".to_vec())]);
    assert_eq!(suback, [(1, b"\x90\x03\x00\x09\x02".to_vec())]);
    assert_eq!(published, [(1, b"\x34\x08\x00\x03a/b\x00\x01!".to_vec()), (2, b"\x50\x02\x00\x07".to_vec())]);
}

#[test]
fn an_unknown_protocol_level_is_told_so_in_the_format_of_3_1_1() {
    let mut server = server();
    server.handle(Time::ZERO, ConnectionId(1), Stimulus::Opened);

    let said = say(&mut server, 1, b"\x10\x0d\x00\x04MQTT\x7f\x02\x00\x00\x00\x01a");

    assert_eq!(said, [(1, b"\x20\x02\x00\x01".to_vec()), (1, b"close".to_vec())]);
}
