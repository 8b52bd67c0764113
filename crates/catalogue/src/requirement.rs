//! What the catalogue knows about one Requirement. The fields are explained in `features/requirements/README.md`.

use serde::{Deserialize, Serialize};

use crate::RequirementId;

include!(concat!(env!("OUT_DIR"), "/requirements.rs"));

/// One normative statement, or one rule without a number that still binds. Texts are paraphrases.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The handle to pass around.
    pub id: RequirementId,
    /// `5.0/MQTT-3.12.4-1`.
    pub name: &'static str,
    /// Which standard it belongs to.
    pub version: SpecVersion,
    /// The name inside that standard: `MQTT-3.12.4-1`, or `RULE-…` or `SHOULD-…` if the name is ours.
    pub statement: &'static str,
    /// The section in which it stands, `3.12.4`. The statement's number does not always show it.
    pub section: &'static str,
    /// The title of that section.
    pub title: &'static str,
    /// How strongly it binds.
    pub level: Level,
    /// Who is bound.
    pub actor: Actor,
    /// From where a breach can be seen.
    pub observe: Observe,
    /// Capabilities without which it cannot be tested.
    pub needs: &'static [&'static str],
    /// The statement in our words.
    pub summary: &'static str,
    /// How to provoke and recognise a breach.
    pub probe: &'static str,
    /// Misprints, freedoms and traps for whoever judges.
    pub note: Option<&'static str>,
    /// For errors of a peer, the 5.0 Reason Code that tells the error best. To send it is never required.
    pub reason: Option<u8>,
    /// Whether the name is ours, because the standard gives none.
    pub ours: bool,
    /// The same requirement in the other version.
    pub equivalents: &'static [Equivalent],
}

/// The counterpart of a Requirement in the other version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Equivalent {
    /// The counterpart.
    pub id: RequirementId,
    /// What is different; `None` if stimulus and verdict are the same.
    pub diff: Option<&'static str>,
}

impl Requirement {
    /// The HTML edition of the standard it stands in; [`section`](Self::section) says where. No anchor: those of
    /// the HTML edition are numbers that its converter made up.
    #[must_use]
    pub const fn url(&self) -> &'static str {
        self.version.url()
    }

    /// Whether a Server has to keep it.
    #[must_use]
    pub const fn binds_server(&self) -> bool {
        matches!(self.actor, Actor::Server | Actor::Both)
    }

    /// Whether a Client has to keep it.
    #[must_use]
    pub const fn binds_client(&self) -> bool {
        matches!(self.actor, Actor::Client | Actor::Both)
    }

    /// Whether a peer on the wire can see a Server break it.
    #[must_use]
    pub const fn visible_on_server(&self) -> bool {
        matches!(self.observe, Observe::ServerWire | Observe::BothWire)
    }

    /// Whether a peer on the wire can see a Client break it.
    #[must_use]
    pub const fn visible_on_client(&self) -> bool {
        matches!(self.observe, Observe::ClientWire | Observe::BothWire)
    }
}

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SpecVersion {
    /// MQTT Version 3.1.1, OASIS Standard, 29 October 2014.
    #[serde(rename = "3.1.1")]
    V311,
    /// MQTT Version 5.0, OASIS Standard, 07 March 2019.
    #[serde(rename = "5.0")]
    V500,
}

impl SpecVersion {
    /// `3.1.1` or `5.0`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            SpecVersion::V311 => "3.1.1",
            SpecVersion::V500 => "5.0",
        }
    }

    /// The HTML edition of the standard.
    #[must_use]
    pub const fn url(self) -> &'static str {
        match self {
            SpecVersion::V311 => "http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
            SpecVersion::V500 => "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html",
        }
    }
}

impl std::fmt::Display for SpecVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// How strongly a Requirement binds, in the words of RFC 2119.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Demanded.
    #[serde(rename = "MUST")]
    Must,
    /// Forbidden.
    #[serde(rename = "MUST NOT")]
    MustNot,
    /// Recommended; a breach is a warning at most.
    #[serde(rename = "SHOULD")]
    Should,
    /// Advised against; a breach is a warning at most.
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
}

impl Level {
    /// The words of RFC 2119.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Must => "MUST",
            Level::MustNot => "MUST NOT",
            Level::Should => "SHOULD",
            Level::ShouldNot => "SHOULD NOT",
        }
    }

    /// Whether a breach is a failure and not only a warning.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        matches!(self, Level::Must | Level::MustNot)
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Who is bound by a Requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Servers.
    Server,
    /// Clients.
    Client,
    /// Servers and Clients.
    Both,
}

/// From where a breach of a Requirement can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observe {
    /// A Client on the wire sees the Server break it.
    ServerWire,
    /// A Server on the wire sees the Client break it.
    ClientWire,
    /// Either peer sees the other break it.
    BothWire,
    /// Only with an option or a hook that has to be set up in the implementation.
    Conditional,
    /// Not from outside.
    Internal,
}
