//! Python: literals made of printable ASCII, so that nothing that was received ends a string or begins a line.

use std::fmt::Write;

/// A bytes literal.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    let mut out = String::from("b\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            0x20..=0x7E => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// A string literal; bytes that are not UTF-8 are shown as `\xNN`.
#[must_use]
pub fn string(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for character in record::encode::visible::visible(text).chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(character));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{bytes, string};

    #[test]
    fn a_literal_can_not_be_left() {
        assert_eq!(bytes(b"a\"\\\n\xff"), r#"b"a\"\\\x0a\xff""#);
        assert_eq!(
            string("a\"\\\n\u{202e}é".as_bytes()),
            r#""a\"\\\U000027e8U+000A\U000027e9\U000027e8U+202E\U000027e9\U000000e9""#
        );
    }
}
