//! What each event adds to the picture.

use super::connections::Connection;
use super::messages::Message;
use super::sessions::Client;
use super::subscriptions::Slot;
use super::{NEVER, Survey, entry};
use crate::finding::Findings;
use crate::history::{ConnectionIndex, Filter, RequestIndex, What, Will};
use protocol::{QoS, ReasonCode};
use std::sync::Arc;

impl<'h> Survey<'h> {
    pub(super) fn walk(&mut self, now: u32, what: &'h What, findings: &mut Findings) {
        if !self.is_sound(what) {
            return;
        }
        match *what {
            What::Connect { .. } => self.connect(now, what),
            What::Connected { connection, session_present, session_expiry, keep_alive } => {
                let it = self.connection(connection);
                (it.connected, it.session_present) = (now, session_present);
                (it.session_expiry, it.keep_alive) = (session_expiry, keep_alive);
                let (client, connect) = (it.client, it.connect);
                self.client(client).attempts.retain(|&attempt| attempt != connection.0);
                self.answered(connection.0, connect, now);
                self.connected(connection.0, findings);
            }
            What::Refused { connection, reason: _ } => {
                let it = self.connection(connection);
                it.refused = true;
                let client = it.client;
                self.client(client).attempts.retain(|&attempt| attempt != connection.0);
            }
            What::Disconnect { connection, reason, session_expiry } => {
                let it = self.connection(connection);
                (it.disconnect, it.disconnect_reason, it.new_expiry) = (now, reason, session_expiry);
            }
            What::Closed { connection, how } => {
                self.connection(connection);
                self.closed(connection.0, how, now);
            }
            What::Ended { connection, complete } => {
                let it = self.connection(connection);
                (it.ended, it.complete) = (now, complete);
                it.over_at(now);
                if complete && it.connected != NEVER {
                    self.confirm(connection.0, NEVER, now);
                }
            }
            What::Ping { connection } => {
                let it = self.connection(connection);
                let (first, _, count) = it.pings;
                it.pings = (if count == 0 { now } else { first }, now, count + 1);
            }
            What::Pong { connection } => {
                let it = self.connection(connection);
                let (first, last, count) = it.pings;
                // With several of them under way the first is what is certain.
                let sent = if count <= 1 { last } else { first };
                it.pings.2 = count.saturating_sub(1);
                self.answered(connection.0, sent, now);
            }
            What::Publish { .. } => self.publish(now, what),
            What::Accepted { connection, message, reason } => {
                self.connection(connection);
                let Some(it) = self.messages.get_mut(message.0 as usize) else { return };
                if reason.0 >= 0x80 {
                    it.failed = true;
                } else if it.accepted.0 == NEVER {
                    it.accepted = (now, connection.0);
                }
                if it.last.0 == connection.0 {
                    let sent = it.last.1;
                    self.answered(connection.0, sent, now);
                }
            }
            What::Completed { connection, message } => {
                let connected = self.connection(connection).connected;
                let Some(it) = self.messages.get_mut(message.0 as usize) else { return };
                it.completed = it.completed.min(now);
                // PUBREL follows PUBREC, or CONNACK if the connection is another.
                let (accepted, on) = it.accepted;
                self.answered(connection.0, if on == connection.0 { accepted } else { connected }, now);
            }
            What::Subscribe { client, connection, request, ref filters } => {
                self.connection(connection);
                *entry(&mut self.requests, request.0 as usize, || NEVER) = now;
                self.client(client.0);
                for (place, filter) in filters.iter().enumerate() {
                    self.subscribe(client.0, now, place, filter);
                }
            }
            What::Subscribed { request, ref reasons } => self.subscribed(now, request, reasons),
            What::Unsubscribe { client, connection, request, ref filters } => {
                self.connection(connection);
                *entry(&mut self.requests, request.0 as usize, || NEVER) = now;
                self.client(client.0);
                for filter in filters {
                    if let Some(&slot) = self.places.get(&(client.0, &**filter)) {
                        self.slots[slot as usize].unsubscribe(now);
                    }
                }
            }
            What::Unsubscribed { request, ref reasons } => self.unsubscribed(now, request, reasons),
            What::Delivered { client, connection, .. } => {
                self.client(client.0);
                self.connection(connection);
                self.delivered(now, what, findings);
            }
            What::Acknowledged { connection, packet_identifier, with, reason } => {
                let client = self.connection(connection).client;
                self.client(client);
                self.acknowledged(now, connection.0, packet_identifier, with, reason);
            }
            What::ClientCrashed { client } => {
                self.client(client.0).unbroken = NEVER;
            }
            What::ServerDown { how: _ } => {
                self.downs.push(now);
                for connection in &mut self.connections[self.swept..] {
                    connection.over_at(now);
                }
                self.swept = self.connections.len();
            }
            What::ServerUp { kept_sessions } => self.server_up(kept_sessions, now),
            What::ClockMoved => self.clock_moved = self.clock_moved.min(now),
            What::End { quiescent } => self.quiet_end = quiescent.then_some(now),
        }
    }

    /// Whether the numbers in an event are such as a driver gives out: not many more than there are events. Others would cost memory
    /// without end.
    fn is_sound(&self, what: &What) -> bool {
        let most = self.history.events.len() + 65_536;
        let (connection, message, request) = match *what {
            What::Connect { connection, will, .. } => {
                (connection.0, will.map_or(0, |will| will.message.0), 0)
            }
            What::Publish { connection, message, .. }
            | What::Accepted { connection, message, .. }
            | What::Completed { connection, message } => (connection.0, message.0, 0),
            What::Subscribe { connection, request, .. } | What::Unsubscribe { connection, request, .. } => {
                (connection.0, 0, request.0)
            }
            What::Connected { connection, .. }
            | What::Refused { connection, .. }
            | What::Disconnect { connection, .. }
            | What::Closed { connection, .. }
            | What::Ended { connection, .. }
            | What::Ping { connection }
            | What::Pong { connection }
            | What::Delivered { connection, .. }
            | What::Acknowledged { connection, .. } => (connection.0, 0, 0),
            What::Subscribed { .. }
            | What::Unsubscribed { .. }
            | What::ClientCrashed { .. }
            | What::ServerDown { .. }
            | What::ServerUp { .. }
            | What::ClockMoved
            | What::End { .. } => return true,
        };
        [connection, message, request].into_iter().all(|number| (number as usize) < most)
    }

    fn connection(&mut self, connection: ConnectionIndex) -> &mut Connection {
        entry(&mut self.connections, connection.0 as usize, Connection::unknown)
    }

    fn client(&mut self, client: u16) -> &mut Client {
        entry(&mut self.clients, usize::from(client), Client::unknown)
    }

    fn message(&mut self, message: u32) -> &mut Message {
        entry(&mut self.messages, message as usize, Message::unknown)
    }

    /// An answer to what the Client sent at a moment has come: the Server has read all up to there.
    fn answered(&mut self, connection: u32, sent: u32, now: u32) {
        let it = &mut self.connections[connection as usize];
        if it.answered == NEVER || sent > it.answered {
            it.answered = sent;
            self.confirm(connection, sent, now);
        }
    }

    /// The Server has read what was sent on a connection up to a moment.
    fn confirm(&mut self, connection: u32, sent: u32, now: u32) {
        let (it, messages) = (&mut self.connections[connection as usize], &mut self.messages);
        if it.unconfirmed.is_empty() {
            return;
        }
        it.unconfirmed.retain(|&message| {
            let message = &mut messages[message as usize];
            if message.last.1 > sent {
                return true;
            }
            message.confirmed = message.confirmed.min(now);
            false
        });
    }

    fn connect(&mut self, now: u32, what: &What) {
        let &What::Connect {
            client,
            connection,
            clean_start,
            session_expiry,
            will,
            receive_maximum,
            keep_alive,
        } = what
        else {
            return;
        };
        *self.connection(connection) = Connection {
            client: client.0,
            connect: now,
            clean_start,
            session_expiry,
            will,
            receive_maximum,
            keep_alive,
            ..Connection::unknown()
        };
        self.client(client.0).attempts.push(connection.0);
        if let Some(Will { message, topic, qos, retain, delay: _, expiry }) = will {
            *self.message(message.0) = Message {
                publisher: client.0,
                topic: topic.0,
                qos,
                retain,
                expiry,
                first: now,
                last: (connection.0, now),
                publishes: 1,
                chances: 1,
                will_of: connection.0,
                ..Message::unknown()
            };
        }
    }

    fn publish(&mut self, now: u32, what: &What) {
        let &What::Publish { client, connection, message, topic, qos, retain, empty, expiry, dup: _ } = what
        else {
            return;
        };
        self.client(client.0);
        let (epoch, last_rank) = {
            let it = self.connection(connection);
            (it.epoch, it.last_rank)
        };
        let unacknowledged_before_a_crash = {
            let it = self.message(message.0);
            let (from, accepted) = (it.last.1, it.accepted.0);
            from != NEVER && accepted == NEVER && self.went_down_between(from, now)
        };
        let it = self.message(message.0);
        if it.first == NEVER {
            *it = Message {
                publisher: client.0,
                topic: topic.0,
                qos,
                first: now,
                chances: 1,
                ..Message::unknown()
            };
        } else {
            // A repeat of QoS 2 is the same message as long as the Session is. (Whether a Server that went down before it answered has kept
            // the identifier, it has not promised.)
            let same = it.qos == QoS::ExactlyOnce && epoch != NEVER && it.epoch == epoch;
            it.chances += u32::from(!same || unacknowledged_before_a_crash);
            it.irregular |=
                qos == QoS::AtMostOnce || it.accepted.0 != NEVER || it.failed || it.first < last_rank;
        }
        it.retain |= retain;
        it.empty |= empty;
        it.expiry = expiry;
        if it.last.0 != connection.0 {
            it.on_last = now;
        }
        it.last = (connection.0, now);
        it.epoch = epoch;
        it.publishes += 1;
        let first = it.first;
        let it = self.connection(connection);
        it.last_rank = it.last_rank.max(first);
        if qos == QoS::AtMostOnce {
            it.unconfirmed.push(message.0);
        }
    }

    fn subscribe(&mut self, client: u16, now: u32, place: usize, filter: &'h Filter) {
        let version = self.history.version;
        let next = self.slots.len() as u32;
        let slot = *self.places.entry((client, &*filter.filter)).or_insert(next);
        if slot == next {
            self.slots.push(Slot::new(client, &filter.filter, version));
            self.clients[usize::from(client)].slots.push(slot);
        }
        self.slots[slot as usize].subscribe(now, place, filter);
    }

    fn subscribed(&mut self, now: u32, request: RequestIndex, reasons: &[ReasonCode]) {
        let Some((sent, client, connection)) = self.request(request) else { return };
        let current = self.clients[usize::from(client)].connection == connection;
        if let What::Subscribe { filters, .. } = &self.history.events[sent as usize].what {
            for (place, (filter, &reason)) in filters.iter().zip(reasons).enumerate() {
                if let Some(&slot) = self.places.get(&(client, &*filter.filter)) {
                    self.slots[slot as usize].granted(sent, place, reason, now, current);
                }
            }
        }
        self.answered(connection, sent, now);
    }

    fn unsubscribed(&mut self, now: u32, request: RequestIndex, reasons: &[ReasonCode]) {
        let Some((sent, client, connection)) = self.request(request) else { return };
        if let What::Unsubscribe { filters, .. } = &self.history.events[sent as usize].what {
            let filters: &[Arc<str>] = filters;
            for (place, filter) in filters.iter().enumerate() {
                let failed = reasons.get(place).is_some_and(|reason| reason.0 >= 0x80);
                if let Some(&slot) = self.places.get(&(client, &**filter)).filter(|_| !failed) {
                    self.slots[slot as usize].unsubscribed(sent, now);
                }
            }
        }
        self.answered(connection, sent, now);
    }

    /// Where a SUBSCRIBE or UNSUBSCRIBE stands, whose it is, and on which connection.
    fn request(&self, request: RequestIndex) -> Option<(u32, u16, u32)> {
        let sent = *self.requests.get(request.0 as usize)?;
        match self.history.events.get(sent as usize)?.what {
            What::Subscribe { client, connection, .. } | What::Unsubscribe { client, connection, .. } => {
                Some((sent, client.0, connection.0))
            }
            _ => None,
        }
    }
}
