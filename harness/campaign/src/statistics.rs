//! What workloads really did, so that a blind spot shows.

use crate::schedule::Hardship;
use guarantees::Ending;
use protocol::PacketType;
use serde::Serialize;
use std::collections::BTreeMap;

/// Names of what a Client can do, by index.
pub(crate) const ACTIONS: [&str; 6] =
    ["connect", "subscribe", "unsubscribe", "publish", "disconnect", "leave"];

/// How Network Connections end, by [`ending`].
const ENDINGS: [&str; OPEN_TO_THE_END + 1] = [
    "closed by the Client",
    "closed by the Server after DISCONNECT",
    "closed by the Server without DISCONNECT",
    "reset",
    "left without a trace",
    "never opened",
    "open to the end",
];

/// The place of those that nothing ended.
pub(crate) const OPEN_TO_THE_END: usize = 6;

/// The place of an end among all kinds of ends; `None` is that of a Network Connection which could not be opened.
pub(crate) const fn ending(how: Option<Ending>) -> usize {
    match how {
        Some(Ending::ByClient) => 0,
        Some(Ending::ByServer(Some(_))) => 1,
        Some(Ending::ByServer(None)) => 2,
        Some(Ending::Reset) => 3,
        Some(Ending::Unnoticed) => 4,
        None => 5,
    }
}

/// A distribution in powers of two: how many values are 0, 1, 2 to 3, 4 to 7, and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    counts: [u64; 32],
    sum: u64,
    maximum: u64,
}

impl Distribution {
    pub(crate) fn add(&mut self, value: u64) {
        let place = (64 - value.leading_zeros()).min(31) as usize;
        self.counts[place] += 1;
        self.sum += value;
        self.maximum = self.maximum.max(value);
    }

    fn merge(&mut self, other: &Distribution) {
        self.counts.iter_mut().zip(other.counts).for_each(|(mine, theirs)| *mine += theirs);
        self.sum += other.sum;
        self.maximum = self.maximum.max(other.maximum);
    }

    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The sum of all values.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// The largest value.
    #[must_use]
    pub fn maximum(&self) -> u64 {
        self.maximum
    }

    /// The average, rounded down; 0 if there are no values.
    #[must_use]
    pub fn average(&self) -> u64 {
        self.sum.checked_div(self.count()).unwrap_or(0)
    }

    /// The classes from the first to the last that has values: the smallest value of each, and how many values are in it.
    #[must_use]
    pub fn classes(&self) -> Vec<(u64, u64)> {
        let classes = self.counts.iter().enumerate().map(|(n, count)| (first_of_class(n), *count));
        let first = self.counts.iter().position(|count| *count > 0).unwrap_or(0);
        let end = self.counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        classes.take(end).skip(first).collect()
    }
}

/// The smallest value of a class.
const fn first_of_class(n: usize) -> u64 {
    if n == 0 { 0 } else { 1 << (n - 1) }
}

/// A distribution as a report shows it.
#[derive(Serialize)]
struct Shown {
    average: u64,
    maximum: u64,
    /// The smallest value of each class, and how many values are in it.
    classes: BTreeMap<u64, u64>,
}

impl Serialize for Distribution {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let classes = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let classes = classes.map(|(n, count)| (first_of_class(n), *count)).collect();
        Shown { average: self.average(), maximum: self.maximum, classes }.serialize(serializer)
    }
}

/// How often something came about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Occasions {
    /// It did.
    pub done: u64,
    /// There was nothing that it could befall or be done with.
    pub idle: u64,
    /// The driver cannot bring it about.
    pub not_supported: u64,
}

/// What a number of runs did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    pub(crate) actions: [Occasions; ACTIONS.len()],
    pub(crate) hardships: [Occasions; Hardship::KINDS.len()],
    pub(crate) cuts: u64,
    pub(crate) endings: [u64; ENDINGS.len()],
    pub(crate) sent: [u64; 16],
    pub(crate) received: [u64; 16],
    /// Control Packets in both directions, in each run.
    pub packets: Distribution,
    /// Application Messages published, in each run.
    pub messages: Distribution,
    /// PUBLISH packets that arrived at Clients, in each run.
    pub deliveries: Distribution,
    /// Network Connections, in each run.
    pub connections: Distribution,
    /// Steps, in each run.
    pub steps: Distribution,
    /// Simulated milliseconds, in each run.
    pub milliseconds: Distribution,
    /// Events of the history, in each run.
    pub events: Distribution,
    /// Runs by version: 3.1.1, then 5.0.
    pub versions: [u64; 2],
    /// Runs that did not come to rest, in which nothing can be called lost.
    pub restless: u64,
    /// Runs that were stopped because too much happened in them.
    pub stopped: u64,
    /// Network Connections that the Client closed because of what the Server sent.
    pub protocol_errors: u64,
}

impl Statistics {
    /// How many runs there were.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.versions.iter().sum()
    }

    /// How many Network Connections were cut at a packet.
    #[must_use]
    pub fn cuts(&self) -> u64 {
        self.cuts
    }

    /// How often each kind of hardship came about, with its name.
    pub fn hardships(&self) -> impl Iterator<Item = (&'static str, Occasions)> {
        Hardship::KINDS.into_iter().zip(self.hardships)
    }

    /// How often Clients did each of what they can do, with its name.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, Occasions)> {
        ACTIONS.into_iter().zip(self.actions)
    }

    /// How Network Connections ended, as Clients saw it: each kind in words, and how many there were.
    pub fn endings(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ENDINGS.into_iter().zip(self.endings)
    }

    /// How many Control Packets of each type Clients sent.
    pub fn sent(&self) -> impl Iterator<Item = (PacketType, u64)> {
        by_packet(&self.sent)
    }

    /// How many Control Packets of each type Clients got.
    pub fn received(&self) -> impl Iterator<Item = (PacketType, u64)> {
        by_packet(&self.received)
    }

    /// Adds other runs.
    pub fn merge(&mut self, other: &Statistics) {
        for (mine, theirs) in self.actions.iter_mut().zip(&other.actions) {
            merge_occasions(mine, theirs);
        }
        for (mine, theirs) in self.hardships.iter_mut().zip(&other.hardships) {
            merge_occasions(mine, theirs);
        }
        self.cuts += other.cuts;
        self.endings.iter_mut().zip(other.endings).for_each(|(mine, theirs)| *mine += theirs);
        self.sent.iter_mut().zip(other.sent).for_each(|(mine, theirs)| *mine += theirs);
        self.received.iter_mut().zip(other.received).for_each(|(mine, theirs)| *mine += theirs);
        self.versions.iter_mut().zip(other.versions).for_each(|(mine, theirs)| *mine += theirs);
        for (mine, theirs) in [
            (&mut self.packets, &other.packets),
            (&mut self.messages, &other.messages),
            (&mut self.deliveries, &other.deliveries),
            (&mut self.connections, &other.connections),
            (&mut self.steps, &other.steps),
            (&mut self.milliseconds, &other.milliseconds),
            (&mut self.events, &other.events),
        ] {
            mine.merge(theirs);
        }
        self.restless += other.restless;
        self.stopped += other.stopped;
        self.protocol_errors += other.protocol_errors;
    }
}

fn by_packet(counts: &[u64; 16]) -> impl Iterator<Item = (PacketType, u64)> {
    let counts = *counts;
    PacketType::ALL.into_iter().map(move |packet| (packet, counts[packet as usize]))
}

fn merge_occasions(mine: &mut Occasions, theirs: &Occasions) {
    mine.done += theirs.done;
    mine.idle += theirs.idle;
    mine.not_supported += theirs.not_supported;
}

impl Serialize for Statistics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct Form<'a> {
            runs: u64,
            versions: BTreeMap<&'static str, u64>,
            actions: BTreeMap<&'static str, Occasions>,
            hardship: BTreeMap<&'static str, Occasions>,
            cuts_at_packets: u64,
            endings: BTreeMap<&'static str, u64>,
            packets_sent: BTreeMap<&'static str, u64>,
            packets_received: BTreeMap<&'static str, u64>,
            packets: &'a Distribution,
            messages: &'a Distribution,
            deliveries: &'a Distribution,
            connections: &'a Distribution,
            steps: &'a Distribution,
            simulated_milliseconds: &'a Distribution,
            events: &'a Distribution,
            restless: u64,
            stopped: u64,
            protocol_errors: u64,
        }
        let seen = |counts: &[u64; 16]| {
            let counted = by_packet(counts).filter(|(_, count)| *count > 0);
            counted.map(|(packet, count)| (packet.name(), count)).collect()
        };
        Form {
            runs: self.runs(),
            versions: ["3.1.1", "5.0"].into_iter().zip(self.versions).collect(),
            actions: self.actions().collect(),
            hardship: self.hardships().collect(),
            cuts_at_packets: self.cuts,
            endings: self.endings().collect(),
            packets_sent: seen(&self.sent),
            packets_received: seen(&self.received),
            packets: &self.packets,
            messages: &self.messages,
            deliveries: &self.deliveries,
            connections: &self.connections,
            steps: &self.steps,
            simulated_milliseconds: &self.milliseconds,
            events: &self.events,
            restless: self.restless,
            stopped: self.stopped,
            protocol_errors: self.protocol_errors,
        }
        .serialize(serializer)
    }
}
