//! Monitors: the "never" statements. Each watches every Transcript of every check, whatever the check is about, in both directions.
//!
//! A breach by the Subject is a fail of the Monitor's own check. A breach by the Tester that was not crafted on purpose is an error of the
//! suite, so that the suite polices itself. One small function per statement; adding one is writing it with [`monitor!`], nothing else.
//!
//! A Monitor counts its occasions for each Requirement: what never had an occasion to be broken is not passed. What a Monitor cannot know for sure,
//! because bytes were crafted, a Session is older than the transcript, or a packet may have been lost, it does not judge.

mod acknowledgements;
mod connection;
mod delivery;
mod form;
mod identifiers;
mod identity;
mod messages;
mod properties;
mod publish;
mod sizes;
mod websocket;

use catalogue::{RequirementId, SpecVersion};
use protocol::{Role, Version};
use std::collections::BTreeMap;
use tester::{ObservationKind, Transcript};

/// One Monitor.
#[derive(Debug)]
pub struct Monitor {
    /// Its name: what is never seen.
    pub name: &'static str,
    /// What it watches for, as a sentence.
    pub title: &'static str,
    /// The Requirements that it is about, of both versions.
    pub requirements: &'static [RequirementId],
    /// Looks at a transcript.
    pub watch: fn(&Transcript, &mut Watch),
}

inventory::collect!(Monitor);

/// Declares a Monitor.
#[macro_export]
macro_rules! monitor {
    ($name:literal, $title:literal, [$($id:literal),+ $(,)?], $watch:expr) => {
        inventory::submit! {
            $crate::Monitor {
                name: $name,
                title: $title,
                requirements: $crate::ids![$($id),+],
                watch: $watch,
            }
        }
    };
}

/// Requirements by their names, checked when this is compiled.
macro_rules! ids {
    ($($id:literal),+ $(,)?) => {{
        const IDS: &[::catalogue::RequirementId] = &[$(::catalogue::RequirementId::known($id)),+];
        IDS
    }};
}
pub(crate) use ids;

/// What one Monitor notes while it looks.
#[derive(Debug)]
pub struct Watch {
    requirements: &'static [RequirementId],
    occasions: BTreeMap<RequirementId, u32>,
    breaches: Vec<Breach>,
}

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Who did it.
    pub by: Role,
    /// The version of the Network Connection.
    pub version: Version,
    /// The index of the observation.
    pub observation: usize,
    /// What must be.
    pub expected: String,
    /// What was seen.
    pub actual: String,
    /// The Requirements that are broken, of this version.
    pub requirements: Vec<RequirementId>,
}

impl Watch {
    /// A Monitor that has seen nothing yet.
    #[must_use]
    pub fn of(monitor: &Monitor) -> Watch {
        Watch { requirements: monitor.requirements, occasions: BTreeMap::new(), breaches: Vec::new() }
    }

    /// All Requirements of the Monitor in this version had an occasion to be broken, and were not.
    pub fn occasion(&mut self, seen: &Seen<'_>) {
        self.occasion_for(seen, self.requirements);
    }

    /// As [`Watch::occasion`], for some of the Requirements. Those of the other version are left out.
    pub fn occasion_for(&mut self, seen: &Seen<'_>, requirements: &[RequirementId]) {
        // That the Tester keeps the rules is no merit of the Subject.
        if seen.by == Role::Server {
            for id in requirements.iter().filter(|id| is_of(**id, seen.version)) {
                *self.occasions.entry(*id).or_default() += 1;
            }
        }
    }

    /// Something was broken. A breach that names no Requirement breaks all of the Monitor.
    pub fn breach(&mut self, mut breach: Breach) {
        if breach.requirements.is_empty() {
            breach.requirements = self.requirements.to_vec();
        }
        breach.requirements.retain(|id| is_of(*id, breach.version));
        self.breaches.push(breach);
    }

    /// An occasion for all Requirements, or a breach of all if `kept` is false.
    pub fn judge(&mut self, seen: &Seen<'_>, kept: bool, breach: impl FnOnce() -> Breach) {
        self.judge_for(seen, self.requirements, kept, breach);
    }

    /// As [`Watch::judge`], for some of the Requirements.
    pub fn judge_for(
        &mut self,
        seen: &Seen<'_>,
        requirements: &[RequirementId],
        kept: bool,
        breach: impl FnOnce() -> Breach,
    ) {
        self.occasion_for(seen, requirements);
        if !kept {
            self.breach(Breach { requirements: requirements.to_vec(), ..breach() });
        }
    }
}

fn is_of(id: RequirementId, version: Version) -> bool {
    matches!(
        (id.requirement().version, version),
        (SpecVersion::V311, Version::V311) | (SpecVersion::V500, Version::V500)
    )
}

/// What a Monitor saw in one transcript.
#[derive(Debug)]
pub struct Sighting {
    /// Which Monitor.
    pub monitor: &'static Monitor,
    /// How often each Requirement had an occasion to be broken by the Subject. Those without one are left out.
    pub occasions: BTreeMap<RequirementId, u32>,
    /// The breaches, if any.
    pub breaches: Vec<Breach>,
}

/// All Monitors, sorted by name.
#[must_use]
pub fn all() -> Vec<&'static Monitor> {
    let mut all: Vec<&Monitor> = inventory::iter::<Monitor>.into_iter().collect();
    all.sort_by_key(|m| m.name);
    all
}

/// Lets every Monitor look at a transcript. Those without an occasion are left out.
#[must_use]
pub fn watch(transcript: &Transcript) -> Vec<Sighting> {
    all()
        .into_iter()
        .filter_map(|monitor| {
            let mut watch = Watch::of(monitor);
            (monitor.watch)(transcript, &mut watch);
            let Watch { occasions, breaches, .. } = watch;
            (!occasions.is_empty() || !breaches.is_empty()).then_some(Sighting {
                monitor,
                occasions,
                breaches,
            })
        })
        .collect()
}

/// A packet as Monitors see it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The index of the observation.
    pub observation: usize,
    /// Who sent it.
    pub by: Role,
    /// The version of the Network Connection.
    pub version: Version,
    /// Which Network Connection.
    pub connection: usize,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The packet.
    pub packet: &'a protocol::Packet,
}

impl Seen<'_> {
    /// A breach by this packet.
    #[must_use]
    pub fn breach(&self, expected: impl Into<String>, actual: impl Into<String>) -> Breach {
        Breach {
            by: self.by,
            version: self.version,
            observation: self.observation,
            expected: expected.into(),
            actual: actual.into(),
            requirements: Vec::new(),
        }
    }
}

/// Every typed packet in order: those of the Subject and those of the Tester that were not crafted.
pub fn packets(transcript: &Transcript) -> impl Iterator<Item = Seen<'_>> {
    transcript.observations.iter().enumerate().filter_map(|(observation, o)| {
        let version = transcript.connections.get(o.connection)?.version;
        let seen = |by, bytes, packet| {
            Some(Seen { observation, by, version, connection: o.connection, bytes, packet })
        };
        match &o.kind {
            ObservationKind::Received { bytes, packet } => seen(Role::Server, bytes, packet),
            ObservationKind::Sent { bytes, packet: Some(packet), deliberate: None } => {
                seen(Role::Client, bytes, packet)
            }
            _ => None,
        }
    })
}

/// The packets of one Network Connection.
pub fn packets_of(transcript: &Transcript, connection: usize) -> impl Iterator<Item = Seen<'_>> {
    packets(transcript).filter(move |seen| seen.connection == connection)
}

/// Whether bytes were crafted on this Network Connection, which may hold what we do not know of.
#[must_use]
pub fn is_crafted(transcript: &Transcript, connection: usize) -> bool {
    transcript.observations.iter().any(|o| {
        o.connection == connection
            && matches!(
                &o.kind,
                ObservationKind::Sent { packet: None, .. }
                    | ObservationKind::Sent { deliberate: Some(_), .. }
            )
    })
}
