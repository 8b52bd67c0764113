//! A Server so small that it is obviously right, and a few Clients: what they do becomes a history. It shares nothing with the checker.
//!
//! Everything happens at once: a packet that is sent is read, unless its connection breaks first. Subscriptions overlap, and give one copy or
//! several; acknowledgements are lost; Sessions expire; Wills wait.

#![allow(dead_code, reason = "each user takes a part")]

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

    fn connect(&mut self, client: usize, a: u8, b: u8, c: u8) {
        let connection = ConnectionIndex(self.connections);
        self.connections += 1;
        let clean_start = a.is_multiple_of(4);
        let session_expiry = match b % 4 {
            _ if !self.is_v5() && clean_start => 0,
            _ if !self.is_v5() => NEVER_EXPIRES,
            0 => 0,
            1 => 30,
            _ => NEVER_EXPIRES,
        };
        let will = c.is_multiple_of(3).then(|| {
            self.messages += 1;
            Will {
                message: MessageId(self.messages - 1),
                topic: TopicIndex(3),
                qos: QoS::AtLeastOnce,
                retain: false,
                delay: if self.is_v5() && c.is_multiple_of(2) { 10 } else { 0 },
                expiry: None,
            }
        });
        // All that is open has to have room, so that it can be repeated at once.
        let open = self.clients[client]
            .session
            .as_ref()
            .map_or(0, |session| session.queue.iter().filter(|it| it.sent).count());
        let receive_maximum = if self.is_v5() { (u16::from(c % 5) + 1).max(open as u16) } else { u16::MAX };
        self.push(What::Connect {
            client: index(client),
            connection,
            clean_start,
            session_expiry,
            will,
            receive_maximum,
            keep_alive: 0,
        });
        self.expire();
        let resumes = !clean_start && self.clients[client].session.is_some();
        if let Some(old) = self.clients[client].connection.take() {
            let kept = self.clients[client].session.as_ref().is_some_and(|session| session.expiry > 0);
            let how = Ending::ByServer(self.is_v5().then_some(ReasonCode::SESSION_TAKEN_OVER));
            self.push(What::Ended { connection: old, complete: true });
            self.push(What::Closed { connection: old, how });
            let old = self.clients[client].will.take();
            self.will_after(client, old, kept);
        }
        // A Session without expiry does not survive a takeover.
        let resumes = resumes
            && self.clients[client].session.as_ref().is_some_and(|it| it.ends.is_some() || it.expiry > 0);
        if resumes {
            self.waiting.retain(|(_, whose, _)| *whose != client);
        } else {
            self.end_session(client);
            self.clients[client].unacknowledged.clear();
            let epoch = self.run.history.events.len();
            self.clients[client].session = Some(Session { epoch, ..Session::default() });
        }
        let it = &mut self.clients[client];
        it.connection = Some(connection);
        it.will = will;
        it.receive_maximum = usize::from(receive_maximum);
        let session = it.session.as_mut().expect("a Session");
        (session.expiry, session.ends) = (session_expiry, None);
        self.push(What::Connected { connection, session_present: resumes, session_expiry, keep_alive: 0 });
        self.repeat(client, connection);
        self.deliver(client);
    }

    /// What both sides repeat after a resumption.
    fn repeat(&mut self, client: usize, connection: ConnectionIndex) {
        let session = self.clients[client].session.as_mut().expect("a Session");
        let again: Vec<Copy> = session.queue.iter().filter(|copy| copy.sent).cloned().collect();
        for copy in again {
            self.send(client, connection, &copy, true);
        }
        for sent in std::mem::take(&mut self.clients[client].unacknowledged) {
            self.push_publish(client, connection, sent, None, true);
            let session = self.clients[client].session.as_mut().expect("a Session");
            let known = session.received.contains(&sent.message);
            session.received.retain(|message| *message != sent.message);
            if !(known && sent.qos == QoS::ExactlyOnce) {
                self.route(Some(client), sent, None);
            }
            self.acknowledge_publish(connection, sent);
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

    fn publish(&mut self, client: usize, a: u8, b: u8, c: u8) {
        let Some(connection) = self.clients[client].connection else { return };
        let message = MessageId(self.messages);
        self.messages += 1;
        let sent = Sent { message, topic: usize::from(a) % 3, qos: level(b), retain: b & 64 == 64 };
        let expiry = (self.is_v5() && c & 64 == 64).then_some(20);
        self.push_publish(client, connection, sent, expiry, false);
        match c % 8 {
            0 => {
                self.keep_unacknowledged(client, sent, expiry);
                self.break_off(client, false, false);
            }
            1 => {
                self.route(Some(client), sent, expiry);
                self.keep_unacknowledged(client, sent, expiry);
                if let Some(session) = self.clients[client].session.as_mut() {
                    session.received.push(message);
                }
                self.break_off(client, false, true);
            }
            2 => {
                self.acknowledge_publish(connection, sent);
                self.route(Some(client), sent, expiry);
            }
            _ => {
                self.route(Some(client), sent, expiry);
                self.acknowledge_publish(connection, sent);
            }
        }
    }

    fn keep_unacknowledged(&mut self, client: usize, sent: Sent, expiry: Option<u32>) {
        if sent.qos > QoS::AtMostOnce && expiry.is_none() {
            self.clients[client].unacknowledged.push(sent);
        }
    }

    fn push_publish(
        &mut self,
        client: usize,
        connection: ConnectionIndex,
        sent: Sent,
        expiry: Option<u32>,
        dup: bool,
    ) {
        self.push(What::Publish {
            client: index(client),
            connection,
            message: sent.message,
            topic: TopicIndex(sent.topic as u32),
            qos: sent.qos,
            retain: sent.retain,
            empty: false,
            expiry,
            dup,
        });
    }

    fn acknowledge_publish(&mut self, connection: ConnectionIndex, sent: Sent) {
        if sent.qos == QoS::AtMostOnce {
            return;
        }
        self.push(What::Accepted { connection, message: sent.message, reason: ReasonCode(0) });
        if sent.qos == QoS::ExactlyOnce {
            self.push(What::Completed { connection, message: sent.message });
        }
        self.accepted.push(sent.message);
    }

    fn route(&mut self, publisher: Option<usize>, sent: Sent, expiry: Option<u32>) {
        let expires = expiry.map(|interval| self.now + Duration::from_secs(u64::from(interval)));
        if sent.retain {
            self.retained[sent.topic] = Some((sent.message, sent.qos, expires));
        }
        let mut given_to_share = false;
        for client in 0..self.clients.len() {
            let Some(session) = &self.clients[client].session else { continue };
            let mut wanted: Vec<Subscription> = Vec::new();
            for subscription in &session.subscriptions {
                let filter = FILTERS[subscription.filter];
                let local = subscription.options.no_local && publisher == Some(client);
                if local || !matches(filter, TOPICS[sent.topic]) {
                    continue;
                }
                if filter.starts_with("$share") && std::mem::replace(&mut given_to_share, true) {
                    continue;
                }
                wanted.push(subscription.clone());
            }
            wanted.sort_by_key(|subscription| std::cmp::Reverse(subscription.options.qos));
            let copies: Vec<Vec<Subscription>> = if self.separate {
                wanted.into_iter().map(|one| vec![one]).collect()
            } else if wanted.is_empty() {
                Vec::new()
            } else {
                vec![wanted]
            };
            for subscriptions in copies {
                let best = &subscriptions[0];
                let qos = sent.qos.min(best.options.qos);
                if qos > QoS::AtMostOnce && expiry.is_none() && !FILTERS[best.filter].starts_with("$share") {
                    let epoch = self.clients[client].session.as_ref().expect("a Session").epoch;
                    let (filter, born) = (best.filter, best.born);
                    self.claims.push(Claim { message: sent.message, client, epoch, filter, born });
                }
                let copy = Copy {
                    message: sent.message,
                    topic: TopicIndex(sent.topic as u32),
                    qos,
                    retain: sent.retain && best.options.retain_as_published,
                    identifiers: subscriptions.iter().filter_map(|it| it.options.identifier).collect(),
                    expires,
                    packet_identifier: 0,
                    sent: false,
                };
                self.enqueue(client, copy);
            }
            self.deliver(client);
        }
    }

    fn enqueue(&mut self, client: usize, copy: Copy) {
        let away = self.clients[client].connection.is_none();
        if away && copy.qos == QoS::AtMostOnce {
            return;
        }
        if let Some(session) = self.clients[client].session.as_mut() {
            session.queue.push(copy);
        }
    }

    /// Sends what waits, as far as Receive Maximum allows.
    fn deliver(&mut self, client: usize) {
        loop {
            let Some(connection) = self.clients[client].connection else { return };
            let (room, now) = (self.clients[client].receive_maximum, self.now);
            let session = self.clients[client].session.as_mut().expect("a Session");
            session.queue.retain(|copy| copy.sent || copy.expires.is_none_or(|end| end > now));
            let open = session.queue.iter().filter(|copy| copy.sent).count();
            let Some(next) = session.queue.iter_mut().find(|copy| !copy.sent) else { return };
            if next.qos > QoS::AtMostOnce {
                if open >= room {
                    return;
                }
                self.identifiers += 1;
                next.packet_identifier = self.identifiers;
            }
            next.sent = true;
            let copy = next.clone();
            self.send(client, connection, &copy, false);
        }
    }

    fn send(&mut self, client: usize, connection: ConnectionIndex, copy: &Copy, dup: bool) {
        let left = copy.expires.map(|end| end.saturating_sub(self.now).as_secs_f64().ceil() as u32);
        self.push(What::Delivered {
            client: index(client),
            connection,
            message: Some(copy.message),
            empty: false,
            topic: copy.topic,
            qos: copy.qos,
            dup,
            retain: copy.retain,
            packet_identifier: copy.packet_identifier,
            subscription_identifiers: copy.identifiers.clone(),
            expiry: left,
        });
        if copy.qos == QoS::AtMostOnce || !self.clients[client].lazy {
            self.acknowledge(client, connection, copy);
        }
    }

    fn acknowledge(&mut self, client: usize, connection: ConnectionIndex, copy: &Copy) {
        let with: &[Acknowledgement] = match copy.qos {
            QoS::AtMostOnce => &[],
            QoS::AtLeastOnce => &[Acknowledgement::Puback],
            QoS::ExactlyOnce => &[Acknowledgement::Pubrec, Acknowledgement::Pubcomp],
        };
        for &with in with {
            let packet_identifier = copy.packet_identifier;
            self.push(What::Acknowledged { connection, packet_identifier, with, reason: ReasonCode(0) });
        }
        let session = self.clients[client].session.as_mut().expect("a Session");
        session.queue.retain(|it| {
            !(it.sent && it.packet_identifier == copy.packet_identifier && it.message == copy.message)
        });
    }

    fn leave(&mut self, client: usize, with_will: bool) {
        let Some(connection) = self.clients[client].connection.take() else { return };
        let reason = ReasonCode(if with_will { 4 } else { 0 });
        self.push(What::Disconnect { connection, reason, session_expiry: None });
        self.push(What::Closed { connection, how: Ending::ByClient });
        self.push(What::Ended { connection, complete: true });
        let will = self.clients[client].will.take().filter(|_| with_will);
        self.away(client, will);
    }

    /// The network breaks; with or without acknowledgements of the Client that get lost.
    fn break_off(&mut self, client: usize, acknowledges: bool, complete: bool) {
        let Some(connection) = self.clients[client].connection.take() else { return };
        let session = self.clients[client].session.as_ref().expect("a Session");
        let open: Vec<Copy> =
            session.queue.iter().filter(|copy| copy.sent && acknowledges).cloned().collect();
        for copy in open {
            let with = match copy.qos {
                QoS::ExactlyOnce => Acknowledgement::Pubrec,
                QoS::AtMostOnce | QoS::AtLeastOnce => Acknowledgement::Puback,
            };
            let packet_identifier = copy.packet_identifier;
            self.push(What::Acknowledged { connection, packet_identifier, with, reason: ReasonCode(0) });
        }
        self.push(What::Closed { connection, how: Ending::Reset });
        self.push(What::Ended { connection, complete });
        let will = self.clients[client].will.take();
        self.away(client, will);
    }

    fn away(&mut self, client: usize, will: Option<Will>) {
        let session = self.clients[client].session.as_mut().expect("a Session");
        let (expiry, now) = (session.expiry, self.now);
        session.ends = Some(match expiry {
            NEVER_EXPIRES => Duration::MAX,
            seconds => now + Duration::from_secs(u64::from(seconds)),
        });
        self.will_after(client, will, expiry > 0);
        if expiry == 0 {
            self.clients[client].session = None;
        }
    }

    fn will_after(&mut self, client: usize, will: Option<Will>, waits: bool) {
        match will {
            Some(will) if will.delay > 0 && waits => {
                let due = self.now + Duration::from_secs(u64::from(will.delay));
                self.waiting.push((due, client, will));
            }
            Some(will) => self.publish_will(will),
            None => {}
        }
    }

    fn publish_will(&mut self, will: Will) {
        let sent = Sent { message: will.message, topic: 3, qos: will.qos, retain: false };
        self.route(None, sent, None);
    }

    fn end_session(&mut self, client: usize) {
        self.clients[client].session = None;
        let (due, rest) = std::mem::take(&mut self.waiting).into_iter().partition(|it| it.1 == client);
        self.waiting = rest;
        let due: Vec<(Duration, usize, Will)> = due;
        for (_, _, will) in due {
            self.publish_will(will);
        }
    }

    /// Wills and Sessions whose time has come.
    fn expire(&mut self) {
        let now = self.now;
        for client in 0..self.clients.len() {
            let ends = self.clients[client].session.as_ref().and_then(|session| session.ends);
            if ends.is_some_and(|end| end <= now) {
                self.end_session(client);
            }
        }
        let (due, rest) = std::mem::take(&mut self.waiting).into_iter().partition(|it| it.0 <= now);
        self.waiting = rest;
        let due: Vec<(Duration, usize, Will)> = due;
        for (_, _, will) in due {
            self.publish_will(will);
        }
    }

    fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now += Duration::from_secs(1);
            self.expire();
        }
    }

    /// All trouble ends.
    fn finish(&mut self) {
        for client in 0..self.clients.len() {
            self.clients[client].lazy = false;
            self.expire();
            if self.clients[client].connection.is_none() && self.clients[client].session.is_some() {
                self.connect(client, 1, 2, 1);
            }
        }
        self.pass(15);
        for client in 0..self.clients.len() {
            let Some(connection) = self.clients[client].connection else { continue };
            let session = self.clients[client].session.as_ref().expect("a Session");
            let open: Vec<Copy> = session.queue.iter().filter(|copy| copy.sent).cloned().collect();
            for copy in open {
                self.acknowledge(client, connection, &copy);
                self.deliver(client);
            }
            self.push(What::Ping { connection });
            self.push(What::Pong { connection });
        }
        self.push(What::End { quiescent: true });
        for claim in &self.claims {
            let Some(session) = &self.clients[claim.client].session else { continue };
            let still =
                session.subscriptions.iter().any(|it| (it.filter, it.born) == (claim.filter, claim.born));
            // A QoS 2 message may have been taken over when it was sent first, for all that its publisher knows.
            let early = |event: &Event| match event.what {
                What::Publish { message, qos, .. } => message == claim.message && qos == QoS::ExactlyOnce,
                _ => false,
            };
            let still = still && !self.run.history.events[..claim.born].iter().any(early);
            if session.epoch == claim.epoch && still && self.accepted.contains(&claim.message) {
                self.run.owed.push((claim.message, index(claim.client)));
            }
        }
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
