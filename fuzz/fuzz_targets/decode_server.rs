//! A stream from a Client, whole and byte by byte: the same packets, and each of them survives encoding.
#![no_main]

use bytes::{Bytes, BytesMut};
use libfuzzer_sys::fuzz_target;
use protocol::{DecodeError, Decoder, Limits, Packet, Role, Version, decode, encode};

fn all(decoder: &mut Decoder, found: &mut Vec<Result<Packet, DecodeError>>) {
    while let Some(result) = decoder.next_packet() {
        let is_dead = result.is_err();
        if !is_dead || !found.iter().any(Result::is_err) {
            found.push(result);
        }
        if is_dead {
            return;
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut whole = Decoder::for_server(Limits::default());
    whole.feed(Bytes::copy_from_slice(bytes));
    let mut expected = Vec::new();
    all(&mut whole, &mut expected);

    let mut pieces = Decoder::for_server(Limits::default());
    let mut found = Vec::new();
    for byte in bytes {
        pieces.feed(Bytes::copy_from_slice(&[*byte]));
        all(&mut pieces, &mut found);
    }
    assert_eq!(found, expected);

    let version = whole.version().unwrap_or(Version::V500);
    for packet in expected.into_iter().flatten() {
        let named = if let Packet::Connect(connect) = &packet { connect.version } else { version };
        let mut buffer = BytesMut::new();
        encode(&packet, version, &mut buffer).expect("what was taken fits");
        assert_eq!(decode(&buffer.freeze(), Some(named), Role::Client), Ok(packet));
    }
});
