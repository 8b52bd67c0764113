//! From a seed to a workload.
//!
//! Each seed switches some kinds of steps off altogether, so that the others meet more often (swarm testing: Groce and others, 2012), and
//! has few topics, so that messages, Subscriptions and retained messages meet. What a seed means must not change lightly: regressions are
//! recorded by what was generated, not by the seed alone.

mod trouble;

use crate::workload::{Action, ClientName, Connect, Disconnect, Filter, Publish, Step, Text, Will, Workload};
use protocol::{QoS, RetainHandling, Version};
use simulator::Random;
use std::borrow::Cow;

const TOPICS: [&str; 6] = ["a", "a/b", "a/c", "b", "b/c", "a/b/c"];
const FILTERS: [&str; 9] = ["a", "a/b", "a/+", "a/#", "#", "+/b", "+/c", "b/#", "b"];
const SHARED: [&str; 4] = ["$share/g/a/#", "$share/g/a/b", "$share/h/#", "$share/h/+"];

/// The times of a workload: simulated ones cost nothing.
struct Pace {
    session_expiries: [u32; 8],
    message_expiries: [u32; 4],
    will_delays: [u32; 5],
    keep_alives: [u16; 4],
    short_waits: [u32; 4],
    long_waits: [u32; 6],
    /// Highest latency of bad weather.
    latencies: [u16; 3],
    losses: [u8; 3],
    /// How slow a reader is, in bytes per second.
    reading: [u32; 3],
}

const SIMULATED: Pace = Pace {
    session_expiries: [0, 0, 5, 60, 60, 1000, 1000, u32::MAX],
    message_expiries: [1, 3, 10, 100],
    will_delays: [0, 0, 2, 10, 100],
    keep_alives: [0, 5, 20, 60],
    short_waits: [10, 50, 300, 1_100],
    long_waits: [10, 300, 2_500, 6_000, 12_000, 70_000],
    latencies: [10, 100, 1000],
    losses: [0, 5, 20],
    reading: [10, 100, 1000],
};

/// What somebody can wait for. The longest wait is longer than the shortest interval with all that clocks may be wrong by.
const REAL: Pace = Pace {
    session_expiries: [0, 0, 2, 60, 60, 1000, 1000, u32::MAX],
    message_expiries: [1, 2, 10, 100],
    will_delays: [0, 0, 1, 2, 3],
    keep_alives: [0, 3, 20, 60],
    short_waits: [10, 10, 50, 300],
    long_waits: [10, 10, 300, 1_100, 2_500, 5_000],
    latencies: [10, 50, 100],
    losses: [0, 2, 5],
    reading: [100, 1000, 10_000],
};

/// What a seed may switch off.
#[derive(Debug, Clone, Copy)]
struct Features {
    retained: bool,
    wills: bool,
    expiry: bool,
    shared: bool,
    options: bool,
    unsubscribing: bool,
    keep_alive: bool,
    limits: bool,
    long_waits: bool,
}

impl Features {
    fn new(random: &mut Random) -> Self {
        Features {
            retained: random.percent(50),
            wills: random.percent(40),
            expiry: random.percent(30),
            shared: random.percent(30),
            options: random.percent(40),
            unsubscribing: random.percent(40),
            keep_alive: random.percent(25),
            limits: random.percent(40),
            long_waits: random.percent(35),
        }
    }
}

struct Generator {
    random: Random,
    pace: &'static Pace,
    version: Version,
    clients: u8,
    features: Features,
    troubles: trouble::Troubles,
    topics: [&'static str; 3],
    /// How many of the topics are published to.
    busy_topics: usize,
    /// What each Client usually asks for.
    session_expiries: [u32; 4],
    steps: Vec<Step>,
}

/// The workload of a seed.
#[must_use]
pub fn workload(seed: u64) -> Workload {
    at_pace(seed, &SIMULATED)
}

/// The workload of a seed for a live run: as the other, but it waits and lets things expire within seconds.
#[must_use]
pub fn live(seed: u64) -> Workload {
    at_pace(seed, &REAL)
}

fn at_pace(seed: u64, pace: &'static Pace) -> Workload {
    let mut random = Random::new(seed ^ 0x5EED_0FC0_FFEE);
    let version = if random.percent(60) { Version::V500 } else { Version::V311 };
    let clients = random.pick(&[2, 2, 2, 3, 3, 4]);
    let latency = random.pick(&[(0, 0), (0, 0), (1, 5), (1, 30), (5, 200)]);
    let features = Features::new(&mut random);
    let troubles = trouble::Troubles::new(&mut random);
    let first = random.below(TOPICS.len() as u64) as usize;
    let topics = [0, 1, 2].map(|n| TOPICS[(first + n) % TOPICS.len()]);
    let busy_topics = random.pick(&[1, 1, 2, 3]);
    let session_expiries = [0; 4].map(|_| random.pick(&pace.session_expiries));
    let mut generator = Generator {
        random,
        pace,
        version,
        clients,
        features,
        troubles,
        topics,
        busy_topics,
        session_expiries,
        steps: Vec::new(),
    };
    generator.begin();
    let length = 3 + { generator.random.below(30).min(generator.random.below(30)) };
    for _ in 0..length {
        generator.step();
    }
    Workload { seed, version, latency, steps: generator.steps }
}

impl Generator {
    /// Most Clients connect, and some subscribe.
    fn begin(&mut self) {
        for n in 0..self.clients {
            let client = ClientName(n);
            if self.random.percent(90) {
                self.connect(client);
                if self.random.percent(65) {
                    self.subscribe(client);
                }
            }
        }
    }

    fn step(&mut self) {
        let client = ClientName(self.random.below(self.clients.into()) as u8);
        match self.random.below(100) {
            0..42 => self.publish(client),
            42..54 => self.connect(client),
            54..64 => self.subscribe(client),
            64..68 if self.features.unsubscribing => self.unsubscribe(client),
            64..72 => self.disconnect(client),
            72..75 => self.does(client, Action::Leave),
            75..82 => self.pass(),
            _ => self.suffer(client),
        }
    }

    fn does(&mut self, client: ClientName, action: Action) {
        self.steps.push(Step::Does(client, action));
    }

    fn topic(&mut self) -> Text {
        Cow::Borrowed(self.random.pick(&self.topics[..self.busy_topics]))
    }

    fn qos(&mut self) -> QoS {
        self.random.pick(&[
            QoS::AtMostOnce,
            QoS::AtLeastOnce,
            QoS::AtLeastOnce,
            QoS::ExactlyOnce,
            QoS::ExactlyOnce,
        ])
    }

    fn connect(&mut self, client: ClientName) {
        let is_v5 = self.version == Version::V500;
        let usual = self.session_expiries[client.index()];
        let session_expiry = match self.version {
            Version::V311 => 0,
            Version::V500 if self.random.percent(85) => usual,
            Version::V500 => self.random.pick(&self.pace.session_expiries),
        };
        let keeps = if is_v5 { session_expiry > 0 } else { usual > 0 };
        let clean_start = self.random.percent(if keeps { 12 } else { 70 });
        let will = (self.features.wills && self.random.percent(50)).then(|| Will {
            topic: self.topic(),
            qos: self.qos(),
            retain: self.features.retained && self.random.percent(30),
            delay: if is_v5 { self.random.pick(&self.pace.will_delays) } else { 0 },
        });
        let limits = self.features.limits && is_v5;
        let connect = Connect {
            clean_start,
            session_expiry,
            receive_maximum: (limits && self.random.percent(60)).then(|| self.random.pick(&[1, 2, 3, 10])),
            keep_alive: if self.features.keep_alive { self.random.pick(&self.pace.keep_alives) } else { 0 },
            topic_aliases: if limits && self.random.percent(30) { 2 } else { 0 },
            will,
        };
        self.does(client, Action::Connect(connect));
    }

    fn filter(&mut self) -> Filter {
        let is_shared = self.features.shared && self.version == Version::V500 && self.random.percent(45);
        let filter: &'static str = if is_shared {
            self.random.pick(&SHARED)
        } else if self.random.percent(55) {
            self.random.pick(&self.topics[..self.busy_topics])
        } else {
            self.random.pick(&FILTERS)
        };
        let options = self.features.options && self.version == Version::V500;
        Filter {
            filter: Cow::Borrowed(filter),
            qos: self.random.pick(&[
                QoS::ExactlyOnce,
                QoS::ExactlyOnce,
                QoS::ExactlyOnce,
                QoS::AtLeastOnce,
                QoS::AtLeastOnce,
                QoS::AtMostOnce,
            ]),
            no_local: options && !is_shared && self.random.percent(35),
            retain_as_published: options && self.random.percent(40),
            retain_handling: match (options, self.random.below(4)) {
                (true, 0) => RetainHandling::SendIfNew,
                (true, 1) => RetainHandling::DoNotSend,
                _ => RetainHandling::SendAtSubscribe,
            },
        }
    }

    fn subscribe(&mut self, client: ClientName) {
        let count = self.random.pick(&[1, 1, 1, 2]);
        let filters = (0..count).map(|_| self.filter()).collect();
        let has_identifier = self.features.options && self.version == Version::V500;
        let identifier = (has_identifier && self.random.percent(50)).then(|| 1 + self.random.below(3) as u32);
        self.does(client, Action::Subscribe(filters, identifier));
    }

    fn unsubscribe(&mut self, client: ClientName) {
        // Preferably from something that was subscribed to.
        let known: Vec<Text> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Does(who, Action::Subscribe(filters, _)) if *who == client => {
                    Some(filters.iter().map(|filter| filter.filter.clone()))
                }
                _ => None,
            })
            .flatten()
            .collect();
        let filter = match known.len() {
            0 => self.topic(),
            n => known[self.random.below(n as u64) as usize].clone(),
        };
        self.does(client, Action::Unsubscribe(filter));
    }

    fn publish(&mut self, client: ClientName) {
        let qos = self.qos();
        self.publish_at(client, qos);
    }

    fn publish_at(&mut self, client: ClientName, qos: QoS) {
        let retain = self.features.retained && self.random.percent(40);
        let publish = Publish {
            topic: self.topic(),
            qos,
            retain,
            empty: retain && self.random.percent(15),
            expiry: (self.features.expiry && self.version == Version::V500 && self.random.percent(50))
                .then(|| self.random.pick(&self.pace.message_expiries)),
            length: if self.random.percent(4) { self.random.pick(&[100, 200, 3000]) } else { 0 },
        };
        self.does(client, Action::Publish(publish));
    }

    fn disconnect(&mut self, client: ClientName) {
        let is_v5 = self.version == Version::V500;
        let session_expiry = (is_v5 && self.random.percent(25)).then(|| self.random.pick(&[0, 5, 60, 1000]));
        let with_will = self.features.wills && self.random.percent(40);
        self.does(client, Action::Disconnect(Disconnect { with_will, session_expiry }));
    }

    fn pass(&mut self) {
        let milliseconds = if self.features.long_waits {
            self.random.pick(&self.pace.long_waits)
        } else {
            self.random.pick(&self.pace.short_waits)
        };
        self.steps.push(Step::Passes(milliseconds));
    }
}
