//! Logs that a CI server reads for commands: GitHub (`::error::`, `##[group]`), GitLab (`section_start:`), Azure, TeamCity.
//!
//! A command has to begin a line or stand literally in it. Untrusted text never begins a line, and the marks are broken up.

use record::encode::terminal;

/// One line of a log, after a prefix of ours.
#[must_use]
pub fn line(prefix: &str, bytes: &[u8]) -> String {
    format!("{prefix} | {}", neutral(bytes))
}

/// Text without any mark that a CI server acts upon.
#[must_use]
pub fn neutral(bytes: &[u8]) -> String {
    // The marks that may stand anywhere are broken up already.
    let mut text = terminal::text(bytes);
    // Once is not enough: of ":::" the first pass leaves a pair.
    while text.contains("::") {
        text = text.replace("::", ":\u{2009}:");
    }
    text
}

/// The message of a GitHub annotation.
#[must_use]
pub fn annotation_message(bytes: &[u8]) -> String {
    neutral(bytes).replace('%', "%25")
}

/// A property of a GitHub annotation, such as its title.
#[must_use]
pub fn annotation_property(bytes: &[u8]) -> String {
    annotation_message(bytes).replace(':', "%3A").replace(',', "%2C")
}
