//! What campaigns find unaided: the Defects prove that they can fail, the Variants that they do not accuse a conforming Server.

use crate::selftest::in_parallel;
use campaign::{Driver, Plan, Report, Subject, campaign as campaigns, fails, shrink};
use serde::Serialize;
use std::fmt::{self, Write as _};
use std::ops::Range;
use subjects::defects::{self, Defect};
use subjects::servers;
use subjects::variants::{self, Variant};

/// After so many seeds it is looked whether something was found.
pub const BOUNDS: [u64; 3] = [100, 1_000, 10_000];
/// Over so many seeds nothing may be found in a Variant.
pub const VARIANT_SEEDS: u64 = 1_000;
/// A failure of more steps than this is not short.
pub const SHORT: usize = 10;

/// Everything that was found.
#[derive(Debug, Clone, Serialize)]
pub struct Hunt {
    /// One for each Defect, by name.
    pub defects: Vec<Hunted>,
    /// One for each Variant, by name.
    pub variants: Vec<Spared>,
}

/// What became of a Defect.
#[derive(Debug, Clone, Serialize)]
pub struct Hunted {
    /// Its name.
    pub name: &'static str,
    /// How it was found; `None` if it was not.
    pub trace: Option<Trace>,
}

/// How a Defect was found.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// Within the first so many seeds, one of [`BOUNDS`].
    pub within: u64,
    /// The Server had a store.
    pub durable: bool,
    /// The class of the breach and the Requirement.
    pub signature: String,
    /// How many steps are left of the cheapest run.
    pub steps: usize,
}

/// What became of a Variant.
#[derive(Debug, Clone, Serialize)]
pub struct Spared {
    /// Its name.
    pub name: &'static str,
    /// What it was accused of, and the runs that failed; there must be nothing.
    pub accused: Vec<String>,
}

/// Hunts everything whose name is wanted.
#[must_use]
pub fn hunt(wanted: impl Fn(&str) -> bool) -> Hunt {
    let defects: Vec<&Defect> = defects::all().into_iter().filter(|it| wanted(it.name)).collect();
    // Workloads do not go over WebSocket: what is peculiar there would not show.
    let shows = |it: &&Variant| wanted(it.name) && it.behaviour.websocket.is_none();
    let variants: Vec<&Variant> = variants::all().into_iter().filter(shows).collect();
    Hunt {
        defects: in_parallel(defects.len(), |n| hunt_defect(defects[n])),
        variants: in_parallel(variants.len(), |n| accuse(variants[n])),
    }
}

/// Hunts one Defect; with a store only if that is where it sits.
fn hunt_defect(defect: &'static Defect) -> Hunted {
    let behaviour = defect.behaviour;
    let durable = behaviour.store.is_some();
    let subject = if durable {
        servers::durable_subject(defect.name, behaviour)
    } else {
        servers::subject(defect.name, behaviour)
    };
    let mut from = 0;
    let trace = BOUNDS.into_iter().find_map(|within| {
        let found = run(&subject, from..within).found;
        from = within;
        let cheapest = found.into_iter().min_by_key(|found| (found.steps, found.seed))?;
        let (key, signature) = (cheapest.key(), cheapest.signature.clone());
        let holds = |candidate: &_| fails(candidate, Driver::Virtual, &subject, key);
        let steps = shrink(cheapest.workload(), holds).steps.len();
        Some(Trace { within, durable, signature, steps })
    });
    Hunted { name: defect.name, trace }
}

fn accuse(variant: &'static Variant) -> Spared {
    let subject = servers::subject(variant.name, variant.behaviour);
    let report = run(&subject, 0..VARIANT_SEEDS);
    let found = report.found.iter().map(|found| format!("{}: {}", found.signature, found.text));
    let failed =
        report.failures.iter().map(|failure| format!("seed {} failed: {}", failure.seed, failure.reason));
    Spared { name: variant.name, accused: found.chain(failed).collect() }
}

fn run(subject: &Subject, seeds: Range<u64>) -> Report {
    campaigns::run(&Plan::of(Driver::Virtual, seeds), subject, &|_| false)
}

impl Hunt {
    /// Those that were found, with how.
    pub fn found(&self) -> impl Iterator<Item = (&'static str, &Trace)> {
        self.defects.iter().filter_map(|hunted| Some((hunted.name, hunted.trace.as_ref()?)))
    }

    /// How many were found and became short.
    #[must_use]
    pub fn short(&self) -> usize {
        self.found().filter(|(_, trace)| trace.steps <= SHORT).count()
    }

    /// Whether no Variant was accused.
    #[must_use]
    pub fn spares_all(&self) -> bool {
        self.variants.iter().all(|variant| variant.accused.is_empty())
    }

    /// A line for each Defect that was found.
    #[must_use]
    pub fn lines(&self) -> String {
        self.found().fold(String::new(), |mut lines, (name, trace)| {
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "{name}: {trace}");
            lines
        })
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trace { within, durable, signature, steps } = self;
        let store = if *durable { " with a store" } else { "" };
        write!(f, "{signature}, within {within} seeds{store}, {steps} steps")
    }
}
