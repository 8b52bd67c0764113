//! A normative statement as a run sees it: what it says, whom it binds, and what became of it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Version;
use super::verdict::Verdict;

/// The keyword of a statement, in the sense of RFC 2119.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Level {
    /// An absolute obligation.
    #[serde(rename = "MUST")]
    Must,
    /// An absolute prohibition.
    #[serde(rename = "MUST NOT")]
    MustNot,
    /// To be followed unless there is a good reason.
    #[serde(rename = "SHOULD")]
    Should,
    /// To be avoided unless there is a good reason.
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    /// Free.
    #[serde(rename = "MAY")]
    May,
}

impl Level {
    /// Whether breaking it makes an implementation non-conformant.
    #[must_use]
    pub const fn is_must(self) -> bool {
        matches!(self, Level::Must | Level::MustNot)
    }

    /// Whether breaking it is worth a warning.
    #[must_use]
    pub const fn is_should(self) -> bool {
        matches!(self, Level::Should | Level::ShouldNot)
    }

    /// As in the standard.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Level::Must => "MUST",
            Level::MustNot => "MUST NOT",
            Level::Should => "SHOULD",
            Level::ShouldNot => "SHOULD NOT",
            Level::May => "MAY",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Whom a statement binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Servers.
    Server,
    /// Clients.
    Client,
    /// Either side.
    Both,
}

/// Where a breach can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Observe {
    /// In what a Server sends.
    ServerWire,
    /// In what a Client sends.
    ClientWire,
    /// In what either sends.
    BothWire,
    /// On the wire, but only with an option or an administrative hook.
    Conditional,
    /// Nowhere from outside.
    Internal,
}

/// One normative statement and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// With its version, such as `5.0/MQTT-3.3.1-1`.
    pub id: String,
    /// What it came to; computed by [`crate::Record::conclude`].
    pub verdict: Verdict,
    /// The checks that test it; computed by [`crate::Record::conclude`].
    #[serde(default)]
    pub checks: Vec<String>,
    /// The keyword.
    pub level: Level,
    /// Whom it binds.
    pub actor: Actor,
    /// Where a breach can be seen.
    pub observe: Observe,
    /// The version of the protocol that says it.
    pub version: Version,
    /// The section of the standard, such as `3.3.1`.
    pub section: String,
    /// The title of that section.
    pub title: String,
    /// What it demands, in our words.
    pub summary: String,
    /// Why it has no verdict of its own (not applicable, untestable, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How we read it where the text is debated, or what is known about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Ours: a rule of the standard that has no number there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unnumbered: bool,
}

impl Requirement {
    /// A statement that nothing has been found out about.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        version: Version,
        level: Level,
        actor: Actor,
        observe: Observe,
    ) -> Requirement {
        Requirement {
            id: id.into(),
            verdict: Verdict::Untested,
            checks: Vec::new(),
            level,
            actor,
            observe,
            version,
            section: String::new(),
            title: String::new(),
            summary: String::new(),
            reason: None,
            note: None,
            unnumbered: false,
        }
    }

    /// With its place in the standard and its sense.
    #[must_use]
    pub fn says(
        mut self,
        section: impl Into<String>,
        title: impl Into<String>,
        summary: impl Into<String>,
    ) -> Requirement {
        self.section = section.into();
        self.title = title.into();
        self.summary = summary.into();
        self
    }

    /// With a note on how we read it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Requirement {
        self.note = Some(note.into());
        self
    }
}
