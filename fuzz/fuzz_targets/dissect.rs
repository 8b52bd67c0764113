//! Naming the fields of any bytes loses none, and every malformation of them can be made.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Version;
use protocol::wire::{dissect, malformations};

fuzz_target!(|bytes: &[u8]| {
    for version in [None, Some(Version::V311), Some(Version::V500)] {
        let frame = dissect(bytes, version);
        assert_eq!(&frame.to_bytes()[..], bytes);
        let _ = frame.to_tree();
        if bytes.len() < 64 {
            for malformation in malformations(&frame) {
                let _ = malformation.name(&frame);
                let _ = malformation.apply(&frame);
            }
        }
    }
});
