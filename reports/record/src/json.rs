//! `results.json`: the canonical form of a Record, written and read.
//!
//! Canonical: the fields in the order of the types, one line for each Requirement, check and other list item, a newline at
//! the end, and characters that can not be seen as escapes. Two equal Records have equal bytes, and a changed check is one changed line.

use std::io::{self, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use sha2::{Digest, Sha256};

use super::transcript::hexadecimal;
use super::{Record, SCHEMA};
use crate::encode::json::printable;

/// Why a text is no Record, or no other document of ours.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON, but does not say which schema it follows.
    #[error("`schema` is missing: this is not a {file} of mqtt-certify (expected {expected:?})")]
    NoSchema {
        /// The file that it should be.
        file: &'static str,
        /// What it would say.
        expected: &'static str,
    },
    /// It follows another schema, or another version of it.
    #[error("`schema` is {found:?}, and this version reads {expected:?}{}", other_version(found, expected))]
    OtherSchema {
        /// What this version reads.
        expected: &'static str,
        /// What it says.
        found: String,
    },
    /// A field is missing or has a wrong value.
    #[error("`{path}`: {cause}")]
    Field {
        /// Where, such as `checks[3].verdict`.
        path: String,
        /// What is wrong.
        cause: serde_json::Error,
    },
}

/// What to do about a document of another version.
fn other_version(found: &str, expected: &str) -> &'static str {
    let kind = expected.trim_end_matches(|character: char| character.is_ascii_digit());
    if found.starts_with(kind) { ": render it with the version of mqtt-certify that wrote it" } else { "" }
}

impl Record {
    /// Writes the canonical form.
    ///
    /// # Errors
    /// What the writer reports.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"{\n")?;
        field(out, "schema", &self.schema)?;
        field(out, "suite", &self.suite)?;
        field(out, "subject", &self.subject)?;
        field(out, "verdict", &self.verdict)?;
        list(out, "verdict_reasons", &self.verdict_reasons)?;
        field(out, "exit", &self.exit)?;
        field(out, "run", &self.run)?;
        if let Some(selftest) = &self.selftest {
            field(out, "selftest", selftest)?;
        }
        if let Some(baseline) = &self.baseline {
            field(out, "baseline", baseline)?;
        }
        list(out, "capabilities", &self.capabilities)?;
        list(out, "choices", &self.choices)?;
        list(out, "waivers", &self.waivers)?;
        list(out, "redactions", &self.redactions)?;
        list(out, "requirements", &self.requirements)?;
        items(out, "checks", &self.checks)?;
        out.write_all(b"\n}\n")
    }

    /// The canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A Vec takes everything, and no type of a Record can fail to serialise (no maps, no foreign impls).
        if self.write_json(&mut bytes).is_err() {
            bytes.clear();
        }
        bytes
    }

    /// SHA-256 over the canonical form, as lower-case hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.to_json())
    }

    /// Reads a Record.
    ///
    /// # Errors
    /// If it is not JSON, not of the schema that this version reads, or a field is wrong; with the path of the field.
    pub fn from_json(bytes: &[u8]) -> Result<Record, ReadError> {
        read(bytes, SCHEMA, "results.json")
    }
}

/// Reads a document that has to follow this schema; `file` is what it is called.
pub(crate) fn read<T: DeserializeOwned>(
    bytes: &[u8],
    expected: &'static str,
    file: &'static str,
) -> Result<T, ReadError> {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<String>,
    }
    let head: Head = serde_json::from_slice(bytes).map_err(ReadError::NotJson)?;
    match head.schema {
        None => return Err(ReadError::NoSchema { file, expected }),
        Some(found) if found != expected => return Err(ReadError::OtherSchema { expected, found }),
        Some(_) => {}
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| ReadError::Field { path: error.path().to_string(), cause: error.into_inner() })
}

/// SHA-256 as lower-case hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// JSON on one line, of which a terminal may show every character.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
            return out.write_all(fragment.as_bytes());
        }
        out.write_all(printable(fragment).as_bytes())
    }
}

fn put(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Printable))?;
    Ok(())
}

fn field(out: &mut impl Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "\"{name}\": ")?;
    put(out, value)?;
    out.write_all(b",\n")
}

fn list(out: &mut impl Write, name: &str, values: &[impl Serialize]) -> io::Result<()> {
    items(out, name, values)?;
    out.write_all(b",\n")
}

fn items(out: &mut impl Write, name: &str, values: &[impl Serialize]) -> io::Result<()> {
    write!(out, "\"{name}\": [")?;
    for (index, value) in values.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        put(out, value)?;
    }
    out.write_all(if values.is_empty() { b"]" } else { b"\n]" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Check, CheckKind, Run, Subject, Suite, Version};

    fn record() -> Record {
        let mut record = Record::new(Suite::default(), Subject::default(), Run::default());
        record.checks.push(Check::new("a", "b", Version::V5, CheckKind::Scenario));
        record
    }

    #[test]
    fn what_is_written_is_read_back_equal_and_the_digest_with_it() {
        let before = record();

        let after = Record::from_json(&before.to_json()).unwrap();

        assert_eq!(before, after);
        assert_eq!(before.digest(), after.digest());
        assert!(before.to_json().ends_with(b"\n"));
    }

    #[test]
    fn a_wrong_value_is_reported_with_its_path() {
        let text = String::from_utf8(record().to_json()).unwrap().replace("\"scenario\"", "\"guess\"");

        let error = Record::from_json(text.as_bytes()).unwrap_err().to_string();

        assert!(error.starts_with("`checks[0].kind`: unknown variant `guess`"), "{error}");
    }

    #[test]
    fn another_version_of_the_schema_is_named_and_says_what_to_do() {
        let text = String::from_utf8(record().to_json()).unwrap().replace("record/1", "record/2");

        let error = Record::from_json(text.as_bytes()).unwrap_err().to_string();

        assert!(error.contains("\"mqtt-certify/record/2\"") && error.contains("render it with"), "{error}");
        assert!(matches!(Record::from_json(b"{}"), Err(ReadError::NoSchema { .. })));
        assert!(matches!(Record::from_json(b"nonsense"), Err(ReadError::NotJson(_))));
    }
}
