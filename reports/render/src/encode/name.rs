//! Names that identify something in a page or on a disk: made of our own identifiers, never of received text.

use sha2::{Digest, Sha256};

use record::Version;

/// The fragment of a statement: `5.0/MQTT-3.3.1-1` is `v5-MQTT-3.3.1-1`.
#[must_use]
pub fn statement(id: &str) -> String {
    let (prefix, rest) = match id.split_once('/') {
        Some(("5.0", rest)) => ("v5-", rest),
        Some(("3.1.1", rest)) => ("v311-", rest),
        _ => ("s-", id),
    };
    format!("{prefix}{}", harmless(rest))
}

/// The fragment of a check: `c-` and its identifier.
#[must_use]
pub fn check(id: &str) -> String {
    format!("c-{}", harmless(id))
}

/// The fragment of a chapter.
#[must_use]
pub fn chapter(version: Version, number: &str) -> String {
    let version = if version == Version::V5 { "v5" } else { "v311" };
    format!("ch-{version}-{}", harmless(number))
}

/// Letters, digits, dots and hyphens as they are, everything else a hyphen. Whenever that loses something beyond slashes
/// and blanks, or the name is long, a few digits of a hash keep different names different.
fn harmless(id: &str) -> String {
    const LONGEST: usize = 96;
    let mut name = String::new();
    let mut loses = id.len() > LONGEST;
    for character in id.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-') {
            name.push(character);
        } else {
            loses |= character != '/';
            if !name.ends_with('-') {
                name.push('-');
            }
        }
    }
    if loses {
        name.truncate(LONGEST);
        let hash = Sha256::digest(id.as_bytes());
        name.push_str(&format!("-{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]));
    }
    name
}
