//! Terminals: printable characters only, whether or not the output is redirected.
//!
//! Escape sequences, carriage returns, bells and overstriking would let a Subject rewrite what the reader sees. And the terminal of a CI server is a log that it
//! reads for commands: those that may stand anywhere in a line are broken up, those that have to begin one (`ci` of the renderers) never do.

use std::fmt::Write;

use super::visible::{is_combining, is_invisible, map};

/// What a CI server acts upon wherever it stands (GitHub and Azure, TeamCity, GitLab), and the same as text.
const MARKS: [(&str, &str); 5] = [
    ("##[", r"#\x23["),
    ("##vso", r"#\x23vso"),
    ("##teamcity", r"#\x23teamcity"),
    ("section_start:", r"section_start\x3a"),
    ("section_end:", r"section_end\x3a"),
];

/// One line of harmless text.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut text = printable(bytes);
    for (mark, broken) in MARKS {
        if text.contains(mark) {
            text = text.replace(mark, broken);
        }
    }
    text
}

fn printable(bytes: &[u8]) -> String {
    map(bytes, |text, character| match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        other if other.is_control() && u32::from(other) < 0x100 => {
            let _ = write!(text, "\\x{:02x}", u32::from(other));
        }
        other if is_invisible(other) || is_combining(other) => {
            let _ = write!(text, "\\u{{{:x}}}", u32::from(other));
        }
        other => text.push(other),
    })
}

/// The same with nothing but ASCII.
#[must_use]
pub fn ascii(bytes: &[u8]) -> String {
    map(text(bytes).as_bytes(), |text, character| {
        if character.is_ascii() {
            text.push(character);
        } else {
            let _ = write!(text, "\\u{{{:x}}}", u32::from(character));
        }
    })
}

/// At most `width` characters, the last one an ellipsis if something is missing.
#[must_use]
pub fn fit(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let mut cut: String = line.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
