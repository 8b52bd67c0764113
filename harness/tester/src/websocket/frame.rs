//! Frames of WebSocket (RFC 6455 section 5.2), as bytes and back. Extensions are never negotiated, so there are none.

use bytes::{Buf, Bytes, BytesMut};

/// The opcode of a frame that goes on with a message.
pub const CONTINUATION: u8 = 0x0;
/// The opcode of a text frame.
pub const TEXT: u8 = 0x1;
/// The opcode of a binary frame.
pub const BINARY: u8 = 0x2;
/// The opcode of a Close frame.
pub const CLOSE: u8 = 0x8;
/// The opcode of a Ping frame.
pub const PING: u8 = 0x9;
/// The opcode of a Pong frame.
pub const PONG: u8 = 0xA;

/// The longest payload that is read, in bytes: far more than any packet.
const LONGEST: u64 = 1 << 32;

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Whether its message ends with it (FIN).
    pub ends: bool,
    /// What it is.
    pub opcode: u8,
    /// What it carries, unmasked.
    pub payload: Bytes,
}

impl Frame {
    /// A frame that is a message of its own.
    #[must_use]
    pub fn new(opcode: u8, payload: impl Into<Bytes>) -> Self {
        Frame { ends: true, opcode, payload: payload.into() }
    }

    /// As bytes; those of a Client have a mask.
    #[must_use]
    pub fn to_bytes(&self, mask: Option<[u8; 4]>) -> Bytes {
        let mut out = vec![u8::from(self.ends) << 7 | self.opcode];
        let marked = u8::from(mask.is_some()) << 7;
        let length = self.payload.len();
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short), _) if short < 126 => out.push(marked | short),
            (_, Ok(medium)) => {
                out.push(marked | 126);
                out.extend_from_slice(&medium.to_be_bytes());
            }
            _ => {
                out.push(marked | 127);
                out.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        match mask {
            None => out.extend_from_slice(&self.payload),
            Some(mask) => {
                out.extend_from_slice(&mask);
                out.extend(self.payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
            }
        }
        out.into()
    }

    /// Takes the first frame out of `bytes`, if it is complete.
    ///
    /// # Errors
    /// If it is no frame, in words.
    pub fn take(bytes: &mut BytesMut) -> Result<Option<Frame>, String> {
        let [first, second, ..] = bytes[..] else { return Ok(None) };
        let (ends, opcode) = (first & 0x80 != 0, first & 0x0F);
        if first & 0x70 != 0 {
            return Err(format!("a frame with reserved bits set (0x{first:02X})"));
        }
        if !matches!(opcode, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG) {
            return Err(format!("a frame with the unknown opcode 0x{opcode:X}"));
        }
        let width = match second & 0x7F {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if opcode >= CLOSE && (width > 0 || !ends) {
            return Err("a control frame that is too long or fragmented".to_owned());
        }
        let Some(digits) = bytes.get(2..2 + width) else { return Ok(None) };
        let length = match width {
            0 => u64::from(second & 0x7F),
            _ => digits.iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        };
        if length > LONGEST {
            return Err(format!("a frame of {length} bytes"));
        }
        let Ok(length) = usize::try_from(length) else { return Err(format!("a frame of {length} bytes")) };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        if bytes.len() < 2 + width + mask + length {
            return Ok(None);
        }
        bytes.advance(2 + width);
        let mask = bytes.split_to(mask);
        let mut payload = bytes.split_to(length);
        if !mask.is_empty() {
            payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        }
        Ok(Some(Frame { ends, opcode, payload: payload.freeze() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_survive_the_way_there_and_back() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            for mask in [None, Some([1, 2, 3, 4])] {
                let frame = Frame::new(BINARY, vec![7; length]);
                let mut bytes = BytesMut::from(&frame.to_bytes(mask)[..]);
                let whole = bytes.len();

                let mut short = bytes.clone();
                short.truncate(whole - 1);
                assert_eq!(Frame::take(&mut short), Ok(None));
                assert_eq!(Frame::take(&mut bytes), Ok(Some(frame)));
                assert!(bytes.is_empty());
            }
        }
    }

    #[test]
    fn the_examples_of_rfc_6455_are_read() {
        let hello = |opcode| Ok(Some(Frame::new(opcode, &b"Hello"[..])));

        assert_eq!(Frame::take(&mut BytesMut::from(&b"\x81\x05Hello"[..])), hello(TEXT));
        let masked = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
        assert_eq!(Frame::take(&mut BytesMut::from(&masked[..])), hello(TEXT));
        assert_eq!(Frame::take(&mut BytesMut::from(&b"\x89\x05Hello"[..])), hello(PING));
        assert!(Frame::take(&mut BytesMut::from(&b"\x91\x05Hello"[..])).is_err());
    }
}
