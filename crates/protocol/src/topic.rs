//! Topic Names and Topic Filters (section 4.7; 4.8.2 of 5.0): which are valid, and which filter matches which name.
//!
//! [`matches()`] compares one filter with one name, level by level, as the text of the standard goes: it is the oracle for
//! whatever index a Server uses. Strings are taken as well-formed UTF-8, which the decoder has seen to.

use crate::Version;
use catalogue::{RequirementId, cite};
use std::fmt;

/// Why a string is no Topic Name or no Topic Filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicError {
    /// The Requirement that it breaks.
    pub requirement: RequirementId,
    /// Where, in bytes from its beginning.
    pub offset: usize,
    /// What is wrong, as a sentence without a full stop.
    pub text: &'static str,
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} ({})", self.text, self.offset, self.requirement)
    }
}

impl std::error::Error for TopicError {}

/// What a valid Topic Filter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterKind<'a> {
    /// A Non-shared Subscription. In 3.1.1 there is no other.
    NonShared {
        /// The whole filter.
        filter: &'a str,
    },
    /// A Shared Subscription: `$share/{name}/{filter}`.
    Shared {
        /// The ShareName.
        name: &'a str,
        /// What Topic Names are compared with.
        filter: &'a str,
    },
}

impl<'a> FilterKind<'a> {
    /// What Topic Names are compared with: the filter without `$share` and ShareName.
    #[must_use]
    pub const fn filter(self) -> &'a str {
        match self {
            FilterKind::NonShared { filter } | FilterKind::Shared { filter, .. } => filter,
        }
    }

    /// The ShareName of a Shared Subscription.
    #[must_use]
    pub const fn share_name(self) -> Option<&'a str> {
        match self {
            FilterKind::NonShared { .. } => None,
            FilterKind::Shared { name, .. } => Some(name),
        }
    }

    /// Whether the filter has a wildcard character.
    #[must_use]
    pub fn has_wildcard(self) -> bool {
        self.filter().contains(['+', '#'])
    }
}

const fn error(
    version: Version,
    v311: RequirementId,
    v500: RequirementId,
    offset: usize,
    text: &'static str,
) -> TopicError {
    let requirement = match version {
        Version::V311 => v311,
        Version::V500 => v500,
    };
    TopicError { requirement, offset, text }
}

macro_rules! error {
    ($version:expr, $v311:literal, $v500:literal, $offset:expr, $text:literal) => {{
        const V311: RequirementId = RequirementId::known($v311);
        const V500: RequirementId = RequirementId::known($v500);
        error($version, V311, V500, $offset, $text)
    }};
}

/// Checks a Topic Name (sections 4.7.1 and 4.7.3).
///
/// # Errors
/// With the first Requirement that it breaks.
pub fn validate_name(name: &str, version: Version) -> Result<(), TopicError> {
    validate_characters(name, version)?;
    if let Some(offset) = name.find(['+', '#']) {
        cite!("5.0/MQTT-4.7.0-1", "3.1.1/MQTT-4.7.1-1");
        return Err(error!(
            version,
            "3.1.1/MQTT-4.7.1-1", "5.0/MQTT-4.7.0-1", offset, "a Topic Name holds a wildcard character"
        ));
    }
    Ok(())
}

/// Checks a Topic Filter (sections 4.7.1 and 4.7.3; 4.8.2 of 5.0), and says what it asks for.
///
/// # Errors
/// With the first Requirement that it breaks.
pub fn validate_filter(filter: &str, version: Version) -> Result<FilterKind<'_>, TopicError> {
    validate_characters(filter, version)?;
    let Some(shared) = filter.strip_prefix("$share/").filter(|_| version == Version::V500) else {
        validate_levels(filter, 0, version)?;
        return Ok(FilterKind::NonShared { filter });
    };
    let name_at = filter.len() - shared.len();
    let (name, rest) = shared.split_once('/').map_or((shared, None), |(name, rest)| (name, Some(rest)));
    if name.is_empty() {
        cite!("5.0/MQTT-4.8.2-1");
        return Err(error!(
            version,
            "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-4.8.2-1", name_at, "the ShareName is empty"
        ));
    }
    cite!("5.0/MQTT-4.8.2-2");
    let broken = |offset, text| TopicError {
        requirement: const { RequirementId::known("5.0/MQTT-4.8.2-2") },
        offset,
        text,
    };
    if let Some(offset) = name.find(['+', '#']) {
        return Err(broken(name_at + offset, "the ShareName holds a wildcard character"));
    }
    match rest {
        None => Err(broken(filter.len(), "the ShareName is not followed by \"/\" and a Topic Filter")),
        Some("") => Err(broken(filter.len(), "the ShareName is followed by an empty Topic Filter")),
        Some(rest) => {
            validate_levels(rest, filter.len() - rest.len(), version)?;
            Ok(FilterKind::Shared { name, filter: rest })
        }
    }
}

/// What names and filters have in common (section 4.7.3).
fn validate_characters(text: &str, version: Version) -> Result<(), TopicError> {
    if text.is_empty() {
        cite!("5.0/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-1");
        return Err(error!(version, "3.1.1/MQTT-4.7.3-1", "5.0/MQTT-4.7.3-1", 0, "it is empty"));
    }
    if let Some(at) = text.find('\0') {
        cite!("5.0/MQTT-4.7.3-2", "3.1.1/MQTT-4.7.3-2");
        return Err(error!(version, "3.1.1/MQTT-4.7.3-2", "5.0/MQTT-4.7.3-2", at, "it holds U+0000"));
    }
    if text.len() > usize::from(u16::MAX) {
        cite!("5.0/MQTT-4.7.3-3", "3.1.1/MQTT-4.7.3-3");
        let at = usize::from(u16::MAX);
        return Err(error!(
            version,
            "3.1.1/MQTT-4.7.3-3", "5.0/MQTT-4.7.3-3", at, "it is longer than 65,535 bytes"
        ));
    }
    Ok(())
}

/// Where wildcard characters may stand (sections 4.7.1.2 and 4.7.1.3).
fn validate_levels(filter: &str, start: usize, version: Version) -> Result<(), TopicError> {
    if !filter.bytes().any(|byte| matches!(byte, b'#' | b'+')) {
        return Ok(());
    }
    let mut at = start;
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        if let Some(hash) = level.find('#') {
            cite!("5.0/MQTT-4.7.1-1", "3.1.1/MQTT-4.7.1-2");
            if level != "#" || levels.peek().is_some() {
                return Err(error!(
                    version,
                    "3.1.1/MQTT-4.7.1-2",
                    "5.0/MQTT-4.7.1-1",
                    at + hash,
                    "\"#\" is not the whole of the last level"
                ));
            }
        }
        if let Some(plus) = level.find('+') {
            cite!("5.0/MQTT-4.7.1-2", "3.1.1/MQTT-4.7.1-3");
            if level != "+" {
                return Err(error!(
                    version,
                    "3.1.1/MQTT-4.7.1-3",
                    "5.0/MQTT-4.7.1-2",
                    at + plus,
                    "\"+\" is not the whole of its level"
                ));
            }
        }
        at += level.len() + 1;
    }
    Ok(())
}

/// Whether a Topic Filter matches a Topic Name (section 4.7). Of a Shared Subscription give [`FilterKind::filter`].
///
/// ```
/// use protocol::topic::matches;
/// assert!(matches("sport/#", "sport"));
/// assert!(matches("+/+", "/finance"));
/// assert!(!matches("#", "$SYS/load"));
/// ```
#[must_use]
pub fn matches(filter: &str, name: &str) -> bool {
    cite!("5.0/MQTT-4.7.2-1", "3.1.1/MQTT-4.7.2-1");
    if filter.starts_with(['+', '#']) && name.starts_with('$') {
        return false;
    }
    // Characters are compared as they are.
    cite!("5.0/MQTT-4.7.3-4", "3.1.1/MQTT-4.7.3-4");
    let separates = |byte: &u8| *byte == b'/';
    let (mut filter, mut name) = (filter.as_bytes().split(separates), name.as_bytes().split(separates));
    loop {
        match (filter.next(), name.next()) {
            // Any number of levels; none is the parent itself.
            (Some(b"#"), _) | (None, None) => return true,
            (Some(b"+"), Some(_)) => {}
            (Some(wanted), Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_section_4_7_match_as_stated() {
        for (filter, name, expected) in [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/#", "sport", true),
            ("#", "a", true),
            ("#", "/", true),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/monitor", false),
            ("+/monitor/Clients", "$SYS/monitor/Clients", false),
            ("$SYS/#", "$SYS/a", true),
            ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
            ("a", "A", false),
            ("a/", "a", false),
            ("a//b", "a/b", false),
            ("a/+/b", "a//b", true),
            ("x", "\u{FEFF}x", false),
            ("a/#", "ab", false),
        ] {
            assert_eq!(matches(filter, name), expected, "{filter} against {name}");
        }
    }

    #[test]
    fn a_wildcard_fills_its_level_in_both_versions() {
        for version in Version::ALL {
            for filter in
                ["#", "+", "+/tennis/#", "sport/+/player1", "/", "//", " ", "$share", "$SYS/+", "a/#"]
            {
                assert!(validate_filter(filter, version).is_ok(), "{filter}");
            }
            for (filter, offset) in [
                ("sport/tennis#", 12),
                ("sport/tennis/#/ranking", 13),
                ("sport+", 5),
                ("a/+b", 2),
                ("", 0),
                ("##", 0),
            ] {
                let error = validate_filter(filter, version).expect_err(filter);
                assert_eq!(error.offset, offset, "{filter}");
            }
        }
    }

    #[test]
    fn a_shared_subscription_exists_in_version_5_only() {
        let filter = "$share/group/a/+";
        let shared = FilterKind::Shared { name: "group", filter: "a/+" };
        assert_eq!(validate_filter(filter, Version::V500), Ok(shared));
        assert_eq!(validate_filter(filter, Version::V311), Ok(FilterKind::NonShared { filter }));
        for filter in
            ["$share/", "$share//a", "$share/g", "$share/g/", "$share/g+/a", "$share/#/a", "$share/g/a#"]
        {
            assert!(validate_filter(filter, Version::V500).is_err(), "{filter}");
        }
    }

    #[test]
    fn a_topic_name_has_no_wildcard_and_at_least_one_character() {
        assert_eq!(validate_name("a b/$", Version::V500), Ok(()));
        assert_eq!(validate_name("a/+", Version::V500).map_err(|error| error.offset), Err(2));
        assert_eq!(validate_name("#", Version::V311).map_err(|error| error.offset), Err(0));
        assert!(validate_name("", Version::V311).is_err());
        assert!(validate_name("a\0", Version::V311).is_err());
        assert!(validate_name(&"a".repeat(65_536), Version::V500).is_err());
    }
}
