//! What each event adds to the picture.

use super::connections::Connection;
use super::messages::Message;
use super::sessions::Client;
use super::{NEVER, Survey, entry};
use crate::finding::Findings;
use crate::history::{ConnectionIndex, What};

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
                self.connection(connection);
                // All bytes were there, but a Server that is done with the connection does not read them.
                let complete = complete && self.reads_to(connection.0, now);
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
            What::ClockMoved => {
                self.clock_moved = self.clock_moved.min(now);
                self.last_jump = now;
            }
            What::End { quiescent } => self.quiet_end = quiescent.then_some(now),
        }
    }

    /// Whether the Server surely reads a connection to its end, which is now: it has not been taken over, and its Keep Alive cannot be over.
    fn reads_to(&self, connection: u32, now: u32) -> bool {
        let it = &self.connections[connection as usize];
        let jumped = it.keep_alive > 0 && self.last_jump != NEVER && self.last_jump >= it.proved();
        let silence = self.at(now).saturating_sub(self.at(it.proved()));
        it.overtaken == NEVER && !jumped && it.is_alive(silence)
    }

    pub(super) fn connection(&mut self, connection: ConnectionIndex) -> &mut Connection {
        entry(&mut self.connections, connection.0 as usize, Connection::unknown)
    }

    pub(super) fn client(&mut self, client: u16) -> &mut Client {
        entry(&mut self.clients, usize::from(client), Client::unknown)
    }

    pub(super) fn message(&mut self, message: u32) -> &mut Message {
        entry(&mut self.messages, message as usize, Message::unknown)
    }

    /// An answer to what the Client sent at a moment has come: the Server has read all up to there.
    pub(super) fn answered(&mut self, connection: u32, sent: u32, now: u32) {
        let it = &mut self.connections[connection as usize];
        if it.answered == NEVER || sent > it.answered {
            it.answered = sent;
            self.confirm(connection, sent, now);
        }
    }

    /// The Server has read what was sent on a connection up to a moment.
    pub(super) fn confirm(&mut self, connection: u32, sent: u32, now: u32) {
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
}
