//! How connections begin and end, and what waits: Sessions and Wills.

use super::*;

impl Model {
    pub(super) fn connect(&mut self, client: usize, a: u8, b: u8, c: u8) {
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
    pub(super) fn repeat(&mut self, client: usize, connection: ConnectionIndex) {
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

    pub(super) fn leave(&mut self, client: usize, with_will: bool) {
        let Some(connection) = self.clients[client].connection.take() else { return };
        let reason = ReasonCode(if with_will { 4 } else { 0 });
        self.push(What::Disconnect { connection, reason, session_expiry: None });
        self.push(What::Closed { connection, how: Ending::ByClient });
        self.push(What::Ended { connection, complete: true });
        let will = self.clients[client].will.take().filter(|_| with_will);
        self.away(client, will);
    }

    /// The network breaks; with or without acknowledgements of the Client that get lost.
    pub(super) fn break_off(&mut self, client: usize, acknowledges: bool, complete: bool) {
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

    pub(super) fn away(&mut self, client: usize, will: Option<Will>) {
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

    pub(super) fn will_after(&mut self, client: usize, will: Option<Will>, waits: bool) {
        match will {
            Some(will) if will.delay > 0 && waits => {
                let due = self.now + Duration::from_secs(u64::from(will.delay));
                self.waiting.push((due, client, will));
            }
            Some(will) => self.publish_will(will),
            None => {}
        }
    }

    pub(super) fn publish_will(&mut self, will: Will) {
        let sent = Sent { message: will.message, topic: 3, qos: will.qos, retain: false };
        self.route(None, sent, None);
    }

    pub(super) fn end_session(&mut self, client: usize) {
        self.clients[client].session = None;
        let (due, rest) = std::mem::take(&mut self.waiting).into_iter().partition(|it| it.1 == client);
        self.waiting = rest;
        let due: Vec<(Duration, usize, Will)> = due;
        for (_, _, will) in due {
            self.publish_will(will);
        }
    }

    /// Wills and Sessions whose time has come.
    pub(super) fn expire(&mut self) {
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

    pub(super) fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now += Duration::from_secs(1);
            self.expire();
        }
    }

    /// All trouble ends.
    pub(super) fn finish(&mut self) {
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
