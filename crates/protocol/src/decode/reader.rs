//! Reads the fields of section 1.5 (data representation) from one whole packet, and remembers where it is.

use super::fault::{Fault, malformed};
use super::rules::{self, Rule};
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;

/// A place in a packet. Positions count from the first byte of the packet.
pub(super) struct Reader<'a> {
    packet: &'a Bytes,
    at: usize,
    end: usize,
    /// What it breaks if the bytes end before a field does.
    too_short: Rule,
}

impl<'a> Reader<'a> {
    /// A reader of `packet` that begins at `at`.
    pub(super) fn new(packet: &'a Bytes, at: usize) -> Self {
        Reader { packet, at, end: packet.len(), too_short: rules::MISSING_FIELD }
    }

    /// Where the next field begins.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub(super) const fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// How many bytes are left.
    pub(super) const fn remaining(&self) -> usize {
        self.end - self.at
    }

    /// Goes into the Properties, which have this length. Gives the end of the packet back, for [`Reader::leave_properties`].
    #[inline]
    pub(super) fn enter_properties(&mut self, length: usize) -> Result<usize, Box<Fault>> {
        if length > self.remaining() {
            cite!("5.0/RULE-2.2.2.1-beyond-packet");
            let text = format!("Property Length is {length}, and {} bytes are left", self.remaining());
            return Err(malformed(rules::PROPERTIES_BEYOND_PACKET, self.at, text));
        }
        self.too_short = rules::CUT_PROPERTY;
        Ok(std::mem::replace(&mut self.end, self.at + length))
    }

    /// Undoes [`Reader::enter_properties`].
    #[inline]
    pub(super) const fn leave_properties(&mut self, end: usize) {
        self.too_short = rules::MISSING_FIELD;
        self.end = end;
    }

    #[cold]
    fn too_short(&self, name: &'static str) -> Box<Fault> {
        cite!(
            "5.0/RULE-2.1.4-missing-field",
            "3.1.1/RULE-2.2.3-missing-field",
            "5.0/RULE-2.2.2.1-cut-property"
        );
        malformed(self.too_short, self.at, format!("the bytes end before the end of {name}"))
    }

    /// For a length in front of a field that counts more bytes than there are.
    #[cold]
    fn beyond(&self, rule: Rule, length: usize, name: &'static str) -> Box<Fault> {
        cite!(
            "5.0/RULE-1.5.4-string-beyond-packet",
            "3.1.1/RULE-1.5.3-string-beyond-packet",
            "5.0/RULE-1.5.6-binary-beyond-packet",
        );
        // Within Properties it is the Property Length that cuts the field off.
        let rule = if self.end < self.packet.len() { self.too_short } else { rule };
        let text = format!("the length of {name} is {length}, and {} bytes are left", self.remaining());
        malformed(rule, self.at - 2, text)
    }

    #[inline]
    fn take(&mut self, length: usize, name: &'static str) -> Result<&'a [u8], Box<Fault>> {
        if length > self.remaining() {
            return Err(self.too_short(name));
        }
        let from = self.at;
        self.at += length;
        Ok(&self.packet[from..self.at])
    }

    /// A byte.
    #[inline]
    pub(super) fn byte(&mut self, name: &'static str) -> Result<u8, Box<Fault>> {
        Ok(self.take(1, name)?[0])
    }

    /// A Two Byte Integer (section 1.5.2).
    #[inline]
    pub(super) fn two_bytes(&mut self, name: &'static str) -> Result<u16, Box<Fault>> {
        let bytes = self.take(2, name)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// A Four Byte Integer (section 1.5.3).
    #[inline]
    pub(super) fn four_bytes(&mut self, name: &'static str) -> Result<u32, Box<Fault>> {
        let bytes = self.take(4, name)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A Variable Byte Integer (section 1.5.5). A longer form than necessary is taken: the standard binds the sender only
    /// (MQTT-1.5.5-1) and states no reaction.
    #[inline]
    pub(super) fn variable(&mut self, name: &'static str) -> Result<u32, Box<Fault>> {
        let start = self.at;
        let mut value = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte(name)?;
            value |= u32::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        cite!("5.0/RULE-1.5.5-five-bytes");
        Err(malformed(rules::VARIABLE_OF_FIVE_BYTES, start, format!("{name} has more than four bytes")))
    }

    /// Binary Data (section 1.5.6).
    #[inline]
    pub(super) fn binary(&mut self, name: &'static str) -> Result<Bytes, Box<Fault>> {
        self.field(rules::BINARY_BEYOND_PACKET, name)
    }

    #[inline]
    fn field(&mut self, rule: Rule, name: &'static str) -> Result<Bytes, Box<Fault>> {
        let length = usize::from(self.two_bytes(name)?);
        if length > self.remaining() {
            return Err(self.beyond(rule, length, name));
        }
        let from = self.at;
        self.at += length;
        Ok(self.packet.slice(from..self.at))
    }

    /// A UTF-8 Encoded String (section 1.5.4). Control characters are allowed, U+FEFF is an ordinary character.
    #[inline]
    pub(super) fn string(&mut self, name: &'static str) -> Result<ByteString, Box<Fault>> {
        let bytes = self.field(rules::STRING_BEYOND_PACKET, name)?;
        let start = self.at - bytes.len();
        if bytes.contains(&0) {
            return Err(nul(&bytes, start, name));
        }
        if bytes.first() == Some(&0xEF) {
            // Perhaps U+FEFF: it stays.
            cite!("5.0/MQTT-1.5.4-3", "3.1.1/MQTT-1.5.3-3");
        }
        ByteString::try_from(bytes).map_err(|error| ill_formed(start + error.valid_up_to(), name))
    }

    /// All that is left.
    #[inline]
    pub(super) fn rest(&mut self) -> Bytes {
        let from = std::mem::replace(&mut self.at, self.end);
        self.packet.slice(from..self.end)
    }

    /// All that is left, as bytes.
    #[inline]
    pub(super) fn rest_of_bytes(&mut self) -> &'a [u8] {
        let from = std::mem::replace(&mut self.at, self.end);
        &self.packet[from..self.end]
    }

    /// Refuses whatever is left.
    #[inline]
    pub(super) fn finish(self) -> Result<(), Box<Fault>> {
        if self.is_at_end() {
            return Ok(());
        }
        cite!("5.0/RULE-2.1.4-trailing-bytes", "3.1.1/RULE-2.2.3-trailing-bytes");
        let count = self.remaining();
        let bytes = if count == 1 { "byte is" } else { "bytes are" };
        Err(malformed(
            rules::TRAILING_BYTES,
            self.at,
            format!("{count} {bytes} left over behind the last field"),
        ))
    }
}

/// For a string with U+0000. Ill-formed bytes before it come first, so that the first mistake is the one that is reported.
#[cold]
fn nul(bytes: &[u8], start: usize, name: &'static str) -> Box<Fault> {
    let nul = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    match std::str::from_utf8(&bytes[..nul]) {
        Err(error) => ill_formed(start + error.valid_up_to(), name),
        Ok(_) => {
            cite!(
                "5.0/MQTT-1.5.4-2",
                "3.1.1/MQTT-1.5.3-2",
                "5.0/MQTT-1.5.7-1",
                "5.0/MQTT-4.7.3-2",
                "3.1.1/MQTT-4.7.3-2",
                "5.0/RULE-1.5.4-null-character",
                "5.0/RULE-1.5.7-ill-formed-pair",
            );
            malformed(rules::NUL_CHARACTER, start + nul, format!("{name} holds U+0000"))
        }
    }
}

/// For a string that is not UTF-8. Every field that the standard calls a UTF-8 Encoded String comes by here.
#[cold]
fn ill_formed(at: usize, name: &'static str) -> Box<Fault> {
    cite!(
        "5.0/MQTT-1.5.4-1",
        "3.1.1/MQTT-1.5.3-1",
        "5.0/MQTT-1.5.7-1",
        "5.0/RULE-1.5.4-ill-formed-string",
        "5.0/RULE-1.5.7-ill-formed-pair",
    );
    cite!("5.0/MQTT-3.1.3-4", "5.0/MQTT-3.1.3-11", "5.0/MQTT-3.1.3-12", "5.0/MQTT-3.3.2-1");
    cite!("5.0/MQTT-3.3.2-13", "5.0/MQTT-3.3.2-19", "5.0/MQTT-3.8.3-1", "5.0/MQTT-3.10.3-1");
    cite!("3.1.1/MQTT-3.1.3-4", "3.1.1/MQTT-3.1.3-10", "3.1.1/MQTT-3.1.3-11");
    cite!("3.1.1/MQTT-3.3.2-1", "3.1.1/MQTT-3.8.3-1", "3.1.1/MQTT-3.10.3-1");
    malformed(rules::ILL_FORMED_UTF8, at, format!("{name} is not well-formed UTF-8"))
}
