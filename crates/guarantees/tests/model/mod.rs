//! A Server so small that it is obviously right, and a few Clients: what they do becomes a history. It shares nothing with the checker.
//!
//! Everything happens at once: a packet that is sent is read, unless its connection breaks first. Subscriptions overlap, and give one copy or
//! several; acknowledgements are lost; Sessions expire; Wills wait.

#![allow(dead_code, reason = "each user takes a part")]

mod messages;
mod sessions;

use guarantees::history::NEVER_EXPIRES;
use guarantees::*;
use protocol::{QoS, ReasonCode, RetainHandling, Version};
use std::time::Duration;

pub const CLIENTS: u16 = 3;
const TOPICS: [&str; 4] = ["a", "a/b", "c", "w"];
const FILTERS: [&str; 6] = ["a", "a/#", "+/b", "c", "#", "$share/g/c"];

/// One thing that a Client does, by number, with four free choices.
pub type Act = (u8, [u8; 4]);

/// A history, and what its Server knows about it.
pub struct Run {
    pub history: History,
    /// Messages that Clients surely have a right to.
    pub owed: Vec<(MessageId, ClientIndex)>,
}

#[derive(Clone)]
struct Subscription {
    filter: usize,
    options: Filter,
    born: usize,
}

#[derive(Clone)]
struct Copy {
    message: MessageId,
    topic: TopicIndex,
    qos: QoS,
    retain: bool,
    identifiers: Vec<u32>,
    /// When it expires, and how long it had in the beginning.
    expires: Option<Duration>,
    packet_identifier: u16,
    sent: bool,
}

#[derive(Default)]
struct Session {
    epoch: usize,
    subscriptions: Vec<Subscription>,
    queue: Vec<Copy>,
    expiry: u32,
    /// When it ends, if its Client is away.
    ends: Option<Duration>,
    /// QoS 2 messages that it has got and not released.
    received: Vec<MessageId>,
}

#[derive(Clone, Copy)]
struct Sent {
    message: MessageId,
    topic: usize,
    qos: QoS,
    retain: bool,
}

#[derive(Default)]
struct Client {
    connection: Option<ConnectionIndex>,
    will: Option<Will>,
    session: Option<Session>,
    receive_maximum: usize,
    lazy: bool,
    unacknowledged: Vec<Sent>,
}

struct Claim {
    message: MessageId,
    client: usize,
    epoch: usize,
    filter: usize,
    born: usize,
}

/// The Server and its Clients.
struct Model {
    run: Run,
    now: Duration,
    clients: Vec<Client>,
    retained: Vec<Option<(MessageId, QoS, Option<Duration>)>>,
    waiting: Vec<(Duration, usize, Will)>,
    claims: Vec<Claim>,
    accepted: Vec<MessageId>,
    separate: bool,
    connections: u32,
    messages: u32,
    requests: u32,
    identifiers: u16,
}

/// What comes of these acts.
pub fn run(version: Version, separate: bool, acts: &[Act]) -> Run {
    let mut history = History::new(version);
    for topic in TOPICS {
        history.topics.index_of(topic);
    }
    let mut model = Model {
        run: Run { history, owed: Vec::new() },
        now: Duration::ZERO,
        clients: (0..CLIENTS).map(|_| Client::default()).collect(),
        retained: vec![None; TOPICS.len()],
        waiting: Vec::new(),
        claims: Vec::new(),
        accepted: Vec::new(),
        separate,
        connections: 0,
        messages: 0,
        requests: 0,
        identifiers: 0,
    };
    for &(what, choice) in acts {
        model.act(what, choice);
    }
    model.finish();
    model.run
}

const fn level(choice: u8) -> QoS {
    match choice % 3 {
        0 => QoS::AtMostOnce,
        1 => QoS::AtLeastOnce,
        _ => QoS::ExactlyOnce,
    }
}

const fn index(client: usize) -> ClientIndex {
    ClientIndex(client as u16)
}

impl Model {
    fn is_v5(&self) -> bool {
        self.run.history.version == Version::V500
    }

    fn push(&mut self, what: What) {
        self.now += Duration::from_millis(1);
        self.run.history.push(self.now, what);
    }

    fn act(&mut self, what: u8, [who, a, b, c]: [u8; 4]) {
        let client = usize::from(who) % usize::from(CLIENTS);
        if what % 12 == 11 {
            return self.pass(u64::from(a % 40));
        }
        if self.clients[client].connection.is_none() || what.is_multiple_of(12) {
            self.connect(client, a, b, c);
        }
        match what % 12 {
            1..=2 => self.subscribe(client, a, b, c),
            3 => self.unsubscribe(client, a),
            4 => match a % 3 {
                0 => self.leave(client, false),
                1 if self.is_v5() => self.leave(client, true),
                _ => self.break_off(client, b % 2 == 0, false),
            },
            5 => self.clients[client].lazy = a % 2 == 0,
            6..=10 => self.publish(client, a, b, c),
            _ => {}
        }
    }

    fn subscribe(&mut self, client: usize, a: u8, b: u8, c: u8) {
        let Some(connection) = self.clients[client].connection else { return };
        let filter = usize::from(a) % if self.is_v5() { FILTERS.len() } else { FILTERS.len() - 1 };
        let shared = FILTERS[filter].starts_with("$share");
        let request = RequestIndex(self.requests);
        self.requests += 1;
        let v5 = self.is_v5();
        let options = Filter {
            filter: FILTERS[filter].into(),
            qos: level(b),
            no_local: v5 && !shared && c & 1 == 1,
            retain_as_published: v5 && c & 2 == 2,
            retain_handling: match (c >> 2) % 3 {
                1 if v5 => RetainHandling::SendIfNew,
                2 if v5 => RetainHandling::DoNotSend,
                _ => RetainHandling::SendAtSubscribe,
            },
            identifier: (v5 && c & 16 == 16).then_some(u32::from(c) + 1),
        };
        let filters = vec![options.clone()];
        self.push(What::Subscribe { client: index(client), connection, request, filters });
        let born = self.run.history.events.len();
        let session = self.clients[client].session.as_mut().expect("a Session");
        let before = session.subscriptions.len();
        session.subscriptions.retain(|subscription| subscription.filter != filter);
        let new = before == session.subscriptions.len();
        session.subscriptions.push(Subscription { filter, options: options.clone(), born });
        self.push(What::Subscribed { request, reasons: vec![ReasonCode(options.qos as u8)] });
        let asks = match options.retain_handling {
            RetainHandling::SendAtSubscribe => true,
            RetainHandling::SendIfNew => new,
            RetainHandling::DoNotSend => false,
        };
        for topic in (0..TOPICS.len()).filter(|_| asks && !shared) {
            let Some((message, qos, expires)) = self.retained[topic] else { continue };
            if matches(FILTERS[filter], TOPICS[topic]) && expires.is_none_or(|end| end > self.now) {
                let copy = Copy {
                    message,
                    topic: TopicIndex(topic as u32),
                    qos: qos.min(options.qos),
                    retain: true,
                    identifiers: options.identifier.into_iter().collect(),
                    expires,
                    packet_identifier: 0,
                    sent: false,
                };
                self.enqueue(client, copy);
            }
        }
        self.deliver(client);
    }

    fn unsubscribe(&mut self, client: usize, a: u8) {
        let Some(connection) = self.clients[client].connection else { return };
        let filter = usize::from(a) % FILTERS.len();
        let request = RequestIndex(self.requests);
        self.requests += 1;
        let filters = vec![FILTERS[filter].into()];
        self.push(What::Unsubscribe { client: index(client), connection, request, filters });
        let session = self.clients[client].session.as_mut().expect("a Session");
        session.subscriptions.retain(|subscription| subscription.filter != filter);
        let reasons = if self.is_v5() { vec![ReasonCode(0)] } else { Vec::new() };
        self.push(What::Unsubscribed { request, reasons });
    }
}

/// Topic Filters of this model, by hand.
fn matches(filter: &str, topic: &str) -> bool {
    match filter {
        "a" => topic == "a",
        "a/#" => topic.starts_with('a'),
        "+/b" => topic == "a/b",
        "c" | "$share/g/c" => topic == "c",
        _ => true,
    }
}
