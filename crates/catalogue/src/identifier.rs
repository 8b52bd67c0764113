//! The name of a Requirement, always with the version of the standard: `5.0/MQTT-3.12.4-1`.
//!
//! 121 statement numbers occur in both versions and 54 of them mean different things, so there is no way to
//! name a statement without its version.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::requirement::{BY_NAME, REQUIREMENTS, Requirement};

/// Forms in which a standard itself misprints a name; other tools report them so.
const MISPRINTS: [(&str, RequirementId); 4] = [
    ("3.1.1/MQTT-3.1.2.7", RequirementId::known("3.1.1/MQTT-3.1.2-7")),
    ("3.1.1/MQTT-3-8.3-4", RequirementId::known("3.1.1/MQTT-3.8.3-4")),
    ("3.1.1/MQTT-3.3.1.-1", RequirementId::known("3.1.1/MQTT-3.3.1-1")),
    ("5.0/MQTT-4.2-1", RequirementId::known("5.0/MQTT-4.2.0-1")),
];

/// The name of a Requirement of the standards, or of a rule that has no number there and got its name from us.
///
/// Ordered as in the standards: by version, numbered statements first, then by section.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId(pub(crate) u16);

impl RequirementId {
    /// The identifier with this name. In a constant an unknown name does not compile.
    ///
    /// # Panics
    /// If there is no such Requirement.
    #[must_use]
    #[track_caller]
    pub const fn known(name: &str) -> RequirementId {
        match find(name.as_bytes()) {
            Some(id) => id,
            None => panic!(
                "no such Requirement: a name is \"5.0/MQTT-3.12.4-1\", \"3.1.1/MQTT-3.12.4-1\" \
                 or a RULE or SHOULD of features/requirements/unnumbered.yaml"
            ),
        }
    }

    /// The identifier with this name, also in the forms that the standards misprint.
    #[must_use]
    pub fn parse(name: &str) -> Option<RequirementId> {
        find(name.as_bytes())
            .or_else(|| MISPRINTS.iter().find(|(printed, _)| *printed == name).map(|(_, id)| *id))
    }

    /// The name, such as `5.0/MQTT-3.12.4-1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.requirement().name
    }

    /// What the catalogue knows about it.
    #[must_use]
    pub fn requirement(self) -> &'static Requirement {
        &REQUIREMENTS[self.index()]
    }

    /// Its place in [`REQUIREMENTS`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// All identifiers, in the order of the standards.
    pub fn all() -> impl DoubleEndedIterator<Item = RequirementId> + ExactSizeIterator {
        REQUIREMENTS.iter().map(|requirement| requirement.id)
    }
}

/// Binary search that also runs at compile time.
const fn find(name: &[u8]) -> Option<RequirementId> {
    let (mut low, mut high) = (0, BY_NAME.len());
    while low < high {
        let middle = low.midpoint(high);
        let place = BY_NAME[middle];
        match compare(REQUIREMENTS[place as usize].name.as_bytes(), name) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(RequirementId(place)),
        }
    }
    None
}

const fn compare(left: &[u8], right: &[u8]) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let mut at = 0;
    loop {
        match (at < left.len(), at < right.len()) {
            (false, false) => return Equal,
            (false, true) => return Less,
            (true, false) => return Greater,
            (true, true) if left[at] < right[at] => return Less,
            (true, true) if left[at] > right[at] => return Greater,
            (true, true) => at += 1,
        }
    }
}

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is neither in the standards nor among our rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRequirement(pub String);

impl fmt::Display for UnknownRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no Requirement {:?}", self.0)
    }
}

impl std::error::Error for UnknownRequirement {}

impl std::str::FromStr for RequirementId {
    type Err = UnknownRequirement;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        RequirementId::parse(name).ok_or_else(|| UnknownRequirement(name.to_owned()))
    }
}

impl Serialize for RequirementId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RequirementId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
