//! Bytes that the other side of the wire chose.
//!
//! There is no `Display` on purpose: the only ways out are the encoders of [`crate::encode`], one per sink.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// Text or bytes received from the Subject, or anything made of them.
///
/// In `results.json` it is a string: valid UTF-8 stands for itself, a backslash is doubled, and each byte that
/// is not part of valid UTF-8 is `\xNN`. Nothing is lost.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted(Vec<u8>);

impl Untrusted {
    /// Takes bytes as they came.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Untrusted {
        Untrusted(bytes.into())
    }

    /// The raw bytes, for an encoder.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines, without the newlines that end them.
    pub fn lines(&self) -> impl Iterator<Item = Untrusted> {
        let text = self.0.strip_suffix(b"\n").unwrap_or(&self.0);
        text.split(|&byte| byte == b'\n').map(Untrusted::new)
    }

    /// The lossless form of `results.json`.
    fn escaped(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character == '\\' {
                    text.push('\\');
                }
                text.push(character);
            }
            for byte in chunk.invalid() {
                text.push_str(&format!("\\x{byte:02x}"));
            }
        }
        text
    }

    /// The inverse of [`Untrusted::escaped`]; the error says what is wrong with the text.
    fn unescaped(text: &str) -> Result<Untrusted, &'static str> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            let (plain, escape) = rest.split_at(at);
            bytes.extend_from_slice(plain.as_bytes());
            if let Some(after) = escape.strip_prefix("\\\\") {
                bytes.push(b'\\');
                rest = after;
            } else if let Some((digits, after)) =
                escape.strip_prefix("\\x").and_then(|after| Some((after.get(..2)?, after.get(2..)?)))
            {
                let byte =
                    u8::from_str_radix(digits, 16).map_err(|_| "\\x without two hexadecimal digits")?;
                bytes.push(byte);
                rest = after;
            } else {
                return Err("a backslash that begins neither \\\\ nor \\xNN");
            }
        }
        bytes.extend_from_slice(rest.as_bytes());
        Ok(Untrusted(bytes))
    }
}

impl JsonSchema for Untrusted {
    fn schema_name() -> Cow<'static, str> {
        "Untrusted".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "Bytes that the other side of the wire chose. Valid UTF-8 stands for itself, a backslash is doubled, and each byte that is not part of valid UTF-8 is \\xNN.",
        })
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Untrusted {
        Untrusted(text.as_bytes().to_vec())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Untrusted {
        Untrusted(text.into_bytes())
    }
}

impl From<&[u8]> for Untrusted {
    fn from(bytes: &[u8]) -> Untrusted {
        Untrusted(bytes.to_vec())
    }
}

/// Escaped to printable ASCII, because test output and logs are sinks as well.
impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untrusted(b\"{}\")", self.0.escape_ascii())
    }
}

impl Serialize for Untrusted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.escaped())
    }
}

impl<'de> Deserialize<'de> for Untrusted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Untrusted, D::Error> {
        let text = String::deserialize(deserializer)?;
        Untrusted::unescaped(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Untrusted;

    #[test]
    fn any_bytes_survive_the_way_through_json() {
        let everything: Vec<u8> =
            (0..=255).chain("\\x41 \\ ⟨é\u{202e}".bytes()).chain([0xf0, 0x9f]).collect();
        let before = Untrusted::new(everything);

        let json = serde_json::to_string(&before).unwrap();
        let after: Untrusted = serde_json::from_str(&json).unwrap();

        assert_eq!(before, after);
    }

    #[test]
    fn an_unknown_escape_is_an_error_instead_of_a_guess() {
        assert!(serde_json::from_str::<Untrusted>(r#""\\n""#).is_err());
        assert!(serde_json::from_str::<Untrusted>(r#""\\x4""#).is_err());
        assert!(serde_json::from_str::<Untrusted>(r#""\\xzz""#).is_err());
    }
}
