//! Histories as stories: one line for each thing that happens.
//!
//! ```text
//! A connects                     CONNECT (Clean Start 0, never expires) and CONNACK
//! A connects clean               ... Clean Start 1, Session Expiry Interval 0; options: expiry= granted= keep= max= present will=ID:TOPIC/QOS delay=
//! A subscribes a/# 1             SUBSCRIBE and SUBACK; options: nl rap rh= id= granted= fails
//! B publishes 7 a/b 2            message 7, with all its acknowledgements; options: retain empty expiry= dup fails
//! A gets 7 a/b 1 #3              PUBLISH with Packet Identifier 3 and its acknowledgements; options: dup retain id= expiry=
//! A pings                        PINGREQ and PINGRESP
//! A leaves                       DISCONNECT, all the way; options: with-will expiry=
//! A breaks                       the network breaks the connection, both sides see it
//! +10s                           time passes
//! server dies / server returns kept
//! end                            quiescent; `end early` is not
//! ```
//!
//! Half of an exchange has the form in -ing: `connecting`, `subscribing`, `unsubscribing`, `publishing`; what answers it is `connected`,
//! `refused`, `subscribed`, `unsubscribed`, `accepted 7`, `completed 7`. `got` is a delivery without acknowledgement, `acks #3 puback` the
//! acknowledgement alone. `vanishes`, `dropped [REASON]`, `closed REASON`, `ended [complete]` are other ends. `A~` is the connection before the last of A.

use guarantees::*;
use protocol::{QoS, ReasonCode, RetainHandling, Version};
use std::time::Duration;

/// Reads a story.
pub fn read(version: Version, story: &str) -> History {
    let mut reader = Reader {
        history: History::new(version),
        now: Duration::ZERO,
        connections: Vec::new(),
        requests: Vec::new(),
        next_connection: 0,
        next_identifier: 1000,
    };
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        reader.line(line);
    }
    reader.history
}

struct Reader {
    history: History,
    now: Duration,
    /// Of each Client, all it ever had.
    connections: Vec<Vec<ConnectionIndex>>,
    /// Open SUBSCRIBE and UNSUBSCRIBE packets.
    requests: Vec<(ClientIndex, RequestIndex, Vec<u8>)>,
    next_connection: u32,
    next_identifier: u16,
}

struct Words<'s>(Vec<&'s str>);

impl<'s> Words<'s> {
    fn has(&self, word: &str) -> bool {
        self.0.contains(&word)
    }
    fn value(&self, name: &str) -> Option<&'s str> {
        self.0.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }
    fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.value(name).map(|value| value.parse().ok().expect("a number"))
    }
    fn at(&self, place: usize) -> &'s str {
        self.0.get(place).copied().unwrap_or_else(|| panic!("too few words: {:?}", self.0))
    }
}

fn qos(text: &str) -> QoS {
    text.parse().ok().and_then(QoS::from_bits).expect("a QoS")
}

fn code(failed: bool) -> ReasonCode {
    ReasonCode(if failed { 0x97 } else { 0 })
}

impl Reader {
    fn push(&mut self, what: What) {
        self.now += Duration::from_millis(10);
        self.history.push(self.now, what);
    }

    fn line(&mut self, line: &str) {
        if let Some(seconds) = line.strip_prefix('+') {
            let seconds: u64 = seconds.strip_suffix('s').and_then(|text| text.parse().ok()).expect("seconds");
            self.now += Duration::from_secs(seconds);
            return;
        }
        let words = Words(line.split_whitespace().collect());
        match (words.at(0), words.0.get(1).copied()) {
            ("end", _) => self.push(What::End { quiescent: !words.has("early") }),
            ("clock", _) => self.push(What::ClockMoved),
            ("server", Some("returns")) => self.push(What::ServerUp { kept_sessions: words.has("kept") }),
            ("server", Some(_)) => self.push(What::ServerDown { how: Down::Killed }),
            (name, _) => self.client(name, &words),
        }
    }

    fn client(&mut self, name: &str, words: &Words<'_>) {
        let (name, back) = name.strip_suffix('~').map_or((name, 0), |name| (name, 1));
        let client = ClientIndex(u16::from(name.as_bytes()[0] - b'A'));
        while self.connections.len() <= usize::from(client.0) {
            self.connections.push(Vec::new());
        }
        if matches!(words.at(1), "connects" | "connecting") {
            return self.connect(client, words);
        }
        if words.at(1) == "crashes" {
            return self.push(What::ClientCrashed { client });
        }
        let known = &self.connections[usize::from(client.0)];
        let connection = known[known.len() - 1 - back];
        match words.at(1) {
            "connected" => self.connected(connection, words),
            "refused" => self.push(What::Refused { connection, reason: ReasonCode(0x88) }),
            "subscribes" | "subscribing" => self.subscribe(client, connection, words),
            "unsubscribes" | "unsubscribing" => self.unsubscribe(client, connection, words),
            "subscribed" | "unsubscribed" => self.answer(client, words),
            "publishes" | "publishing" => self.publish(client, connection, words),
            "accepted" => {
                let message = MessageId(words.at(2).parse().expect("a message"));
                self.push(What::Accepted { connection, message, reason: code(words.has("fails")) });
            }
            "completed" => {
                let message = MessageId(words.at(2).parse().expect("a message"));
                self.push(What::Completed { connection, message });
            }
            "gets" | "got" => self.deliver(client, connection, words),
            "acks" => {
                let packet_identifier = words.at(2)[1..].parse().expect("a Packet Identifier");
                let with = match words.at(3) {
                    "puback" => Acknowledgement::Puback,
                    "pubrec" => Acknowledgement::Pubrec,
                    _ => Acknowledgement::Pubcomp,
                };
                let reason = code(words.has("fails"));
                self.push(What::Acknowledged { connection, packet_identifier, with, reason });
            }
            "pings" => {
                self.push(What::Ping { connection });
                self.push(What::Pong { connection });
            }
            "leaves" | "leaving" => {
                let reason = ReasonCode(if words.has("with-will") { 4 } else { 0 });
                let session_expiry = words.number("expiry");
                self.push(What::Disconnect { connection, reason, session_expiry });
                self.push(What::Closed { connection, how: Ending::ByClient });
                if words.at(1) == "leaves" {
                    self.push(What::Ended { connection, complete: true });
                }
            }
            "breaks" => {
                self.push(What::Closed { connection, how: Ending::Reset });
                self.push(What::Ended { connection, complete: false });
            }
            "vanishes" => self.push(What::Closed { connection, how: Ending::Unnoticed }),
            "dropped" => {
                let reason = words.0.get(2).map(|text| {
                    ReasonCode(u8::from_str_radix(text.trim_start_matches("0x"), 16).expect("a Reason Code"))
                });
                self.push(What::Ended { connection, complete: false });
                self.push(What::Closed { connection, how: Ending::ByServer(reason) });
            }
            "closed" => {
                let reason =
                    u8::from_str_radix(words.at(2).trim_start_matches("0x"), 16).expect("a Reason Code");
                self.push(What::Closed { connection, how: Ending::ByServer(Some(ReasonCode(reason))) });
            }
            "ended" => self.push(What::Ended { connection, complete: words.has("complete") }),
            other => panic!("no such verb: {other}"),
        }
    }

    fn connect(&mut self, client: ClientIndex, words: &Words<'_>) {
        let connection = ConnectionIndex(self.next_connection);
        self.next_connection += 1;
        self.connections[usize::from(client.0)].push(connection);
        let clean_start = words.has("clean");
        let will = words.value("will").map(|text| {
            let (message, rest) = text.split_once(':').expect("ID:TOPIC/QOS");
            let (topic, level) = rest.rsplit_once('/').expect("TOPIC/QOS");
            Will {
                message: MessageId(message.parse().expect("a message")),
                topic: self.history.topics.index_of(topic),
                qos: qos(level),
                retain: false,
                delay: words.number("delay").unwrap_or(0),
                expiry: None,
            }
        });
        let session_expiry =
            words.number("expiry").unwrap_or(if clean_start { 0 } else { history::NEVER_EXPIRES });
        self.push(What::Connect {
            client,
            connection,
            clean_start,
            session_expiry,
            will,
            receive_maximum: words.number("max").unwrap_or(u16::MAX),
            keep_alive: words.number("keep").unwrap_or(0),
        });
        if words.at(1) == "connects" {
            self.connected(connection, words);
        }
    }

    fn connected(&mut self, connection: ConnectionIndex, words: &Words<'_>) {
        let asked = self.history.events.iter().rev().find_map(|event| match event.what {
            What::Connect { connection: it, session_expiry, keep_alive, .. } if it == connection => {
                Some((session_expiry, keep_alive))
            }
            _ => None,
        });
        let (session_expiry, keep_alive) = asked.expect("a CONNECT");
        let session_expiry = words.number("granted").unwrap_or(session_expiry);
        let session_present = words.has("present");
        self.push(What::Connected { connection, session_present, session_expiry, keep_alive });
    }

    fn subscribe(&mut self, client: ClientIndex, connection: ConnectionIndex, words: &Words<'_>) {
        let filter = Filter {
            filter: words.at(2).into(),
            qos: qos(words.at(3)),
            no_local: words.has("nl"),
            retain_as_published: words.has("rap"),
            retain_handling: match words.number("rh").unwrap_or(0) {
                0 => RetainHandling::SendAtSubscribe,
                1 => RetainHandling::SendIfNew,
                _ => RetainHandling::DoNotSend,
            },
            identifier: words.number("id"),
        };
        let request = RequestIndex(self.history.events.len() as u32);
        let granted = words.number("granted").unwrap_or(filter.qos as u8);
        self.requests.push((client, request, vec![granted]));
        self.push(What::Subscribe { client, connection, request, filters: vec![filter] });
        if words.at(1) == "subscribes" {
            self.answer(client, words);
        }
    }

    fn unsubscribe(&mut self, client: ClientIndex, connection: ConnectionIndex, words: &Words<'_>) {
        let request = RequestIndex(self.history.events.len() as u32);
        self.requests.push((client, request, Vec::new()));
        self.push(What::Unsubscribe { client, connection, request, filters: vec![words.at(2).into()] });
        if words.at(1) == "unsubscribes" {
            self.answer(client, words);
        }
    }

    fn answer(&mut self, client: ClientIndex, words: &Words<'_>) {
        let place = self.requests.iter().position(|it| it.0 == client).expect("an open request");
        let (_, request, granted) = self.requests.remove(place);
        let of = |code: u8| ReasonCode(if words.has("fails") { 0x97 } else { code });
        if granted.is_empty() {
            let reasons = if self.history.version == Version::V500 { vec![of(0)] } else { Vec::new() };
            return self.push(What::Unsubscribed { request, reasons });
        }
        self.push(What::Subscribed { request, reasons: granted.into_iter().map(of).collect() });
    }

    fn publish(&mut self, client: ClientIndex, connection: ConnectionIndex, words: &Words<'_>) {
        let message = MessageId(words.at(2).parse().expect("a message"));
        let level = qos(words.at(4));
        let topic = self.history.topics.index_of(words.at(3));
        self.push(What::Publish {
            client,
            connection,
            message,
            topic,
            qos: level,
            retain: words.has("retain"),
            empty: words.has("empty"),
            expiry: words.number("expiry"),
            dup: words.has("dup"),
        });
        if words.at(1) == "publishes" && level > QoS::AtMostOnce {
            self.push(What::Accepted { connection, message, reason: code(words.has("fails")) });
            if level == QoS::ExactlyOnce && !words.has("fails") {
                self.push(What::Completed { connection, message });
            }
        }
    }

    fn deliver(&mut self, client: ClientIndex, connection: ConnectionIndex, words: &Words<'_>) {
        let level = qos(words.at(4));
        let stated = words.0.iter().find_map(|word| word.strip_prefix('#')?.parse().ok());
        let packet_identifier = match (level, stated) {
            (QoS::AtMostOnce, _) => 0,
            (_, Some(stated)) => stated,
            (_, None) => {
                self.next_identifier += 1;
                self.next_identifier
            }
        };
        let topic = self.history.topics.index_of(words.at(3));
        self.push(What::Delivered {
            client,
            connection,
            message: words.at(2).parse().ok().map(MessageId),
            empty: words.has("empty"),
            topic,
            qos: level,
            dup: words.has("dup"),
            retain: words.has("retain"),
            packet_identifier,
            subscription_identifiers: words.number("id").into_iter().collect(),
            expiry: words.number("expiry"),
        });
        if words.at(1) == "got" {
            return;
        }
        let acknowledgements: &[Acknowledgement] = match level {
            QoS::AtMostOnce => &[],
            QoS::AtLeastOnce => &[Acknowledgement::Puback],
            QoS::ExactlyOnce => &[Acknowledgement::Pubrec, Acknowledgement::Pubcomp],
        };
        for &with in acknowledgements {
            self.push(What::Acknowledged { connection, packet_identifier, with, reason: code(false) });
        }
    }
}
