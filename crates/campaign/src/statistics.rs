//! What workloads really did, so that a blind spot shows.

use crate::schedule::Hardship;
use protocol::PacketType;
use serde::Serialize;
use std::collections::BTreeMap;

/// Names of what a Client can do, by index.
pub(crate) const ACTIONS: [&str; 6] =
    ["connect", "subscribe", "unsubscribe", "publish", "disconnect", "leave"];

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
        let classes = classes.map(|(n, count)| (if n == 0 { 0 } else { 1u64 << (n - 1) }, *count)).collect();
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

    /// How often each kind of hardship came about, by [`Hardship::kind`].
    #[must_use]
    pub fn hardships(&self) -> &[Occasions] {
        &self.hardships
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
        let by_packet = |counts: &[u64; 16]| {
            let counted = PacketType::ALL.into_iter().map(|packet| (packet.name(), counts[packet as usize]));
            counted.filter(|(_, count)| *count > 0).collect()
        };
        Form {
            runs: self.runs(),
            versions: ["3.1.1", "5.0"].into_iter().zip(self.versions).collect(),
            actions: ACTIONS.into_iter().zip(self.actions).collect(),
            hardship: Hardship::KINDS.into_iter().zip(self.hardships).collect(),
            cuts_at_packets: self.cuts,
            packets_sent: by_packet(&self.sent),
            packets_received: by_packet(&self.received),
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
