//! Monitors: the "never" statements. Each watches every Transcript of every check, whatever the check is about, in both directions.
//!
//! A breach by the Subject is a fail of the Monitor's own check. A breach by the Tester that was not crafted on purpose is an error of the
//! suite, so that the suite polices itself. One small function per statement; adding one is writing it with [`monitor!`], nothing else.

mod acknowledgements;
mod connection;
mod publish;
mod wire;

use crate::tester::Transcript;
use catalogue::RequirementId;
use protocol::{Role, Version};

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
            $crate::monitors::Monitor {
                name: $name,
                title: $title,
                requirements: const { &[$(::catalogue::RequirementId::known($id)),+] },
                watch: $watch,
            }
        }
    };
}

/// What one Monitor notes while it looks.
#[derive(Debug, Default)]
pub struct Watch {
    exercised: u32,
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
    /// The Requirement that is broken, where the Monitor is about several and knows better.
    pub requirement: Option<RequirementId>,
}

impl Watch {
    /// The statement had an occasion to be broken, and was not.
    pub fn occasion(&mut self) {
        self.exercised += 1;
    }

    /// The statement was broken.
    pub fn breach(&mut self, breach: Breach) {
        self.exercised += 1;
        self.breaches.push(breach);
    }

    /// An occasion, and a breach if `kept` is false.
    pub fn judge(&mut self, kept: bool, breach: impl FnOnce() -> Breach) {
        if kept { self.occasion() } else { self.breach(breach()) }
    }
}

/// What a Monitor saw in one transcript.
#[derive(Debug)]
pub struct Sighting {
    /// Which Monitor.
    pub monitor: &'static Monitor,
    /// How often the statement had an occasion.
    pub exercised: u32,
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
            let mut watch = Watch::default();
            (monitor.watch)(transcript, &mut watch);
            (watch.exercised > 0).then_some(Sighting {
                monitor,
                exercised: watch.exercised,
                breaches: watch.breaches,
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
            requirement: None,
        }
    }
}

/// Every typed packet in order: those of the Subject and those of the Tester that were not crafted.
pub fn packets(transcript: &Transcript) -> impl Iterator<Item = Seen<'_>> {
    use crate::tester::ObservationKind;
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
