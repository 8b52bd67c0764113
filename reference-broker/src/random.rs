//! Randomness that is handed in: everything random in the Server derives from one seed.
//!
//! The generator is SplitMix64. It is not a source of secrets; whoever serves real Clients seeds it from the operating system.

/// A sequence of numbers that a seed decides.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The next sixteen bytes.
    pub const fn bytes(&mut self) -> [u8; 16] {
        let number = ((self.next() as u128) << 64) | self.next() as u128;
        number.to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_sequence_is_that_of_split_mix_64() {
        let mut random = Random::new(0);
        assert_eq!([random.next(), random.next()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);

        let bytes = Random::new(0).bytes();
        assert_eq!(u128::from_be_bytes(bytes), 0xE220_A839_7B1D_CDAF_6E78_9E6A_A1B9_65F4);
    }
}
