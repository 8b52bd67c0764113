//! A Service behind WebSocket, sans-IO: requests and frames in bytes, as they stand in RFC 6455.

mod echo;

use bytes::{Bytes, BytesMut};
use echo::Echo;
use protocol::Time;
use transport::{ConnectionId, Output, Service, Stimulus, WebSocket};

const CLIENT: ConnectionId = ConnectionId(1);

const REQUEST: &str = "GET /any HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A frame of a Client, with the mask 0.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("frames of the tests are short");
    [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

fn outputs(service: &mut impl Service) -> (Bytes, bool) {
    let (mut bytes, mut closed) = (BytesMut::new(), false);
    while let Some(output) = service.poll_output() {
        match output {
            Output::Bytes(_, more) if !closed => bytes.extend_from_slice(&more),
            Output::Bytes(..) => panic!("bytes after the close"),
            Output::Close(_) => closed = true,
        }
    }
    (bytes.freeze(), closed)
}

fn give(service: &mut impl Service, bytes: &[u8]) -> (Bytes, bool) {
    service.handle(Time::ZERO, CLIENT, Stimulus::Bytes(Bytes::copy_from_slice(bytes)));
    outputs(service)
}

fn asked(offer: &str) -> (WebSocket<Echo>, Bytes, bool) {
    let mut service = WebSocket::new(Echo::default());
    service.handle(Time::ZERO, CLIENT, Stimulus::Opened);
    let (answer, closed) = give(&mut service, format!("{REQUEST}{offer}\r\n").as_bytes());
    (service, answer, closed)
}

fn open() -> WebSocket<Echo> {
    asked("Sec-WebSocket-Protocol: mqtt\r\n").0
}

#[test]
fn the_answer_names_mqtt_out_of_a_list() {
    let (_, answer, closed) =
        asked("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat, mqtt\r\n");

    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    assert!(answer.contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), "{answer}");
    assert!(answer.contains("\r\nsec-websocket-protocol: mqtt\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n") && !closed);
}

#[test]
fn a_request_without_mqtt_is_refused() {
    for offer in ["", "Sec-WebSocket-Protocol: mqttv3.1\r\n"] {
        let (service, answer, closed) = asked(offer);

        assert!(answer.starts_with(b"HTTP/1.1 400 ") && closed, "{offer}");
        drop(service);
    }
}

#[test]
fn a_request_may_come_byte_by_byte() {
    let mut service = WebSocket::new(Echo::default());
    service.handle(Time::ZERO, CLIENT, Stimulus::Opened);
    let request = format!("{REQUEST}Sec-WebSocket-Protocol: mqtt\r\n\r\n");

    let mut answer = BytesMut::new();
    for byte in request.as_bytes() {
        answer.extend_from_slice(&give(&mut service, &[*byte]).0);
    }

    assert!(answer.starts_with(b"HTTP/1.1 101 "));
}

#[test]
fn what_is_no_request_is_closed() {
    for bytes in [&b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a"[..], &[b'a'; 20_000]] {
        let mut service = WebSocket::new(Echo::default());
        service.handle(Time::ZERO, CLIENT, Stimulus::Opened);

        assert!(give(&mut service, bytes).1);
    }
}

#[test]
fn bytes_come_back_in_binary_frames_however_they_were_cut() {
    let mut service = open();
    let stream = [frame(0x82, b"one"), frame(0x02, b"tw"), frame(0x89, b"hi"), frame(0x80, b"o")].concat();

    let mut answer = BytesMut::new();
    for byte in stream {
        answer.extend_from_slice(&give(&mut service, &[byte]).0);
    }

    // A fragmented message is handed on when it is whole; the PING in its midst is answered at once.
    assert_eq!(answer.as_ref(), b"\x82\x03one\x8a\x02hi\x82\x03two");
}

#[test]
fn a_text_frame_closes_and_the_service_sees_the_end() {
    for text in [&b"text"[..], &[0xC0, 0x00]] {
        let mut service = open();

        let (answer, closed) = give(&mut service, &frame(0x81, text));

        assert_eq!(answer.as_ref(), b"\x88\x02\x03\xeb");
        assert!(closed);
        assert_eq!(outputs(&mut service), (Bytes::new(), false));
    }
}

#[test]
fn what_the_service_has_said_before_goes_out_before_the_close() {
    let mut service = open();

    let (answer, closed) = give(&mut service, &[frame(0x82, b"one"), frame(0x81, b"two")].concat());

    assert!(answer.starts_with(b"\x82\x03one\x88") && closed);
}

#[test]
fn a_close_frame_is_answered_and_ends_the_network_connection() {
    let mut service = open();

    let (answer, closed) = give(&mut service, &frame(0x88, &[0x03, 0xE8]));

    assert_eq!(answer.as_ref(), b"\x88\x02\x03\xe8");
    assert!(closed);
}

#[test]
fn the_close_of_the_service_is_a_close_frame_and_a_close() {
    let mut service = open();

    let (answer, closed) = give(&mut service, &frame(0x82, b"bye"));

    assert_eq!(answer.as_ref(), b"\x82\x08farewell\x88\x02\x03\xe8");
    assert!(closed);
}

#[test]
fn frames_that_break_the_protocol_close() {
    let unmasked = b"\x82\x03one".to_vec();
    let reserved = frame(0xC2, b"one");
    let huge = b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00".to_vec();
    for bytes in [unmasked, reserved, huge] {
        let mut service = open();

        assert!(give(&mut service, &bytes).1, "{bytes:02x?}");
    }
}

#[test]
fn a_reset_is_told_and_nothing_is_sent_any_more() {
    let mut service = open();
    service.handle(Time::ZERO, CLIENT, Stimulus::Reset);

    assert_eq!(outputs(&mut service), (Bytes::new(), false));
}
