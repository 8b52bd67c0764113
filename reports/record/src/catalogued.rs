//! The catalogue's Requirements as a Record holds them: complete, so that a Record can be read without the catalogue.

use super::{Actor, Level, Observe, Requirement, Verdict, Version};

impl From<catalogue::SpecVersion> for Version {
    fn from(version: catalogue::SpecVersion) -> Version {
        match version {
            catalogue::SpecVersion::V311 => Version::V311,
            catalogue::SpecVersion::V500 => Version::V5,
        }
    }
}

impl From<&catalogue::Requirement> for Requirement {
    fn from(known: &catalogue::Requirement) -> Requirement {
        let level = match known.level {
            catalogue::Level::Must => Level::Must,
            catalogue::Level::MustNot => Level::MustNot,
            catalogue::Level::Should => Level::Should,
            catalogue::Level::ShouldNot => Level::ShouldNot,
        };
        let actor = match known.actor {
            catalogue::Actor::Server => Actor::Server,
            catalogue::Actor::Client => Actor::Client,
            catalogue::Actor::Both => Actor::Both,
        };
        let observe = match known.observe {
            catalogue::Observe::ServerWire => Observe::ServerWire,
            catalogue::Observe::ClientWire => Observe::ClientWire,
            catalogue::Observe::BothWire => Observe::BothWire,
            catalogue::Observe::Conditional => Observe::Conditional,
            catalogue::Observe::Internal => Observe::Internal,
        };
        Requirement {
            id: known.name.to_owned(),
            verdict: Verdict::Untested,
            checks: Vec::new(),
            level,
            actor,
            observe,
            version: known.version.into(),
            section: known.section.to_owned(),
            title: known.title.to_owned(),
            summary: known.summary.to_owned(),
            // Of an internal statement the note says why nothing can be seen.
            reason: if observe == Observe::Internal { known.note.map(str::to_owned) } else { None },
            note: known.note.map(str::to_owned),
            unnumbered: known.ours,
        }
    }
}

impl Requirement {
    /// Every Requirement of the catalogue that these versions of the protocol have, in its order.
    #[must_use]
    pub fn of_versions(versions: &[Version]) -> Vec<Requirement> {
        catalogue::REQUIREMENTS
            .iter()
            .map(Requirement::from)
            .filter(|requirement| versions.contains(&requirement.version))
            .collect()
    }
}
