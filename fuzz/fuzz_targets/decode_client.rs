//! A stream from a Server in either version: no panic, and each packet survives encoding.
#![no_main]

use bytes::{Bytes, BytesMut};
use libfuzzer_sys::fuzz_target;
use protocol::{Decoder, Limits, Role, Version, decode, encode};

fuzz_target!(|bytes: &[u8]| {
    for version in Version::ALL {
        let mut decoder = Decoder::for_client(version, Limits { maximum_packet_size: 1 << 16 });
        decoder.feed(Bytes::copy_from_slice(bytes));
        while let Some(Ok(packet)) = decoder.next_packet() {
            let mut buffer = BytesMut::new();
            encode(&packet, version, &mut buffer).expect("what was taken fits");
            assert_eq!(decode(&buffer.freeze(), Some(version), Role::Server), Ok(packet));
        }
    }
});
