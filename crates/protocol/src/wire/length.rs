//! Variable Byte Integers (section 1.5.5) as they are written: too long, cut off, or with a fifth byte.

/// The bytes of a Variable Byte Integer, one to five of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VariableByteInteger {
    bytes: [u8; 5],
    length: u8,
}

impl VariableByteInteger {
    /// The shortest form. Values above 268,435,455 get a fifth byte, which is no longer a Variable Byte Integer.
    #[must_use]
    pub fn shortest(value: usize) -> Self {
        let mut width = 1;
        while width < 5 && value >> (7 * width) != 0 {
            width += 1;
        }
        Self::in_bytes(value, width)
    }

    /// The value in this many bytes, 1 to 5. What does not fit is lost.
    #[must_use]
    pub fn in_bytes(value: usize, width: usize) -> Self {
        let width = width.clamp(1, 5);
        let mut bytes = [0; 5];
        for (index, byte) in bytes[..width].iter_mut().enumerate() {
            let more = if index + 1 < width { 0x80 } else { 0 };
            *byte = (value >> (7 * index) & 0x7F) as u8 | more;
        }
        VariableByteInteger { bytes, length: width as u8 }
    }

    /// Takes the integer off the front of `bytes`: up to the byte that ends it, at most five. `None` if there are no bytes.
    #[must_use]
    pub fn take(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().take(5).position(|byte| byte & 0x80 == 0);
        let length = end.map_or(bytes.len().min(5), |end| end + 1);
        if length == 0 {
            return None;
        }
        let mut taken = [0; 5];
        taken[..length].copy_from_slice(&bytes[..length]);
        Some(VariableByteInteger { bytes: taken, length: length as u8 })
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// The value; `None` if the last byte is missing, or has four others before it.
    #[must_use]
    pub fn value(&self) -> Option<u32> {
        let bytes = self.as_bytes();
        if bytes.len() > 4 || bytes.last().is_none_or(|last| last & 0x80 != 0) {
            return None;
        }
        Some(bytes.iter().rev().fold(0, |value, byte| value << 7 | u32::from(byte & 0x7F)))
    }

    /// Whether it is written in as few bytes as possible, as MQTT-1.5.5-1 demands.
    #[must_use]
    pub fn is_shortest(&self) -> bool {
        self.value().is_some_and(|value| Self::shortest(value as usize) == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_bytes_of_table_1_1() {
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[0x7F]),
            (128, &[0x80, 0x01]),
            (16_383, &[0xFF, 0x7F]),
            (16_384, &[0x80, 0x80, 0x01]),
            (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
            (268_435_455, &[0xFF, 0xFF, 0xFF, 0x7F]),
        ] {
            let integer = VariableByteInteger::shortest(value);
            assert_eq!(integer.as_bytes(), bytes);
            assert_eq!(integer.value(), Some(value as u32));
            assert!(integer.is_shortest());
        }
    }

    #[test]
    fn wrong_forms_are_kept_as_they_are() {
        let long = VariableByteInteger::in_bytes(5, 3);
        assert_eq!(
            (long.as_bytes(), long.value(), long.is_shortest()),
            (&[0x85, 0x80, 0][..], Some(5), false)
        );
        assert_eq!(VariableByteInteger::in_bytes(5, 5).value(), None);
        let cut = VariableByteInteger::take(&[0x80, 0x80]).expect("two bytes");
        assert_eq!((cut.as_bytes(), cut.value()), (&[0x80, 0x80][..], None));
        assert_eq!(VariableByteInteger::take(&[]), None);
        let endless = VariableByteInteger::take(&[0xFF; 9]).expect("five bytes");
        assert_eq!((endless.as_bytes().len(), endless.value()), (5, None));
    }
}
