//! CONNECT and PUBLISH: new Network Connections, Will Messages and Application Messages.

use super::connections::Connection;
use super::messages::Message;
use super::{NEVER, Survey};
use crate::history::{What, Will};
use protocol::QoS;

impl Survey<'_> {
    /// Whether the numbers in an event are such as a driver gives out: not many more than there are events. Others would cost memory
    /// without end.
    pub(super) fn is_sound(&self, what: &What) -> bool {
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

    pub(super) fn connect(&mut self, now: u32, what: &What) {
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
        self.client(client.0);
        let (who, connections) = (&mut self.clients[usize::from(client.0)], &mut self.connections);
        // Those before the last attempt have been overtaken by it.
        for &earlier in who.attempts.last().into_iter().chain(Some(&who.connection)) {
            if let Some(it) = connections.get_mut(earlier as usize).filter(|it| it.ended == NEVER) {
                it.overtaken = it.overtaken.min(now);
            }
        }
        who.attempts.push(connection.0);
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

    pub(super) fn publish(&mut self, now: u32, what: &What) {
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
}
