//! The seed of one check.

/// The seed of one check, from the seed of the run and the check's name (FNV-1a).
#[must_use]
pub fn seed_of(run: u64, id: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ run;
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}
