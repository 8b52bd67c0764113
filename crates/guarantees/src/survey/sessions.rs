//! Sessions: whether the Server has to have one, cannot have one, or may choose, and what Session Present says about it (sections 3.1.2.4,
//! 3.1.2.11.2, 3.2.2.1.1 and 4.1 of 5.0).
//!
//! Some things blur the picture. A CONNECT without answer may have been obeyed, and the Server may have set another interval in the answer. DISCONNECT with a
//! new Session Expiry Interval may not have arrived, and cannot lift a limit of the Server's own; in 3.1.1 no limit can be told. And the interval begins when
//! the Server notices the end of the connection, which is known only if the driver can see the Server's end, and not exactly even then.

use super::{NEVER, Survey};
use crate::finding::{Findings, Kind, rule};
use crate::history::{Ending, NEVER_EXPIRES};
use protocol::Version;
use std::collections::BTreeMap;
use std::time::Duration;

/// Intervals are stated in whole seconds.
const SECOND: Duration = Duration::from_secs(1);

/// For how long, at least, a Server of 3.1.1 keeps the Session of a Client that is away. There may be a limit that nobody can ask for (section 4.1.1 of 3.1.1),
/// but Sessions that do not outlast a little trouble of the network would be none.
const LEAST_KEPT: Duration = Duration::from_secs(10);

/// What is known of the Session that a Client has on the Server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// There is none, but for a CONNECT without answer.
    None,
    /// There may be one.
    Maybe,
    /// There was one on the connection that was accepted last.
    Held,
}

/// A PUBLISH of the Server with QoS above 0 that the Client has not done with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    /// Its first arrival.
    pub(crate) delivery: u32,
    /// The connection on which it arrived last.
    pub(crate) connection: u32,
}

/// One Client and its Session.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) known: Known,
    /// The connection that was accepted last.
    pub(crate) connection: u32,
    /// Connections whose CONNECT has no answer.
    pub(crate) attempts: Vec<u32>,
    /// Counts Sessions.
    pub(crate) epoch: u32,
    /// Since when it has been the same Session for certain, with a Client that remembers it; [`NEVER`] if that cannot be said.
    pub(crate) unbroken: u32,
    /// The Server was started again after the connection; an interval may have begun anew at this moment.
    pub(crate) restarted: u32,
    pub(crate) open: BTreeMap<u16, Open>,
    pub(crate) slots: Vec<u32>,
}

impl Client {
    pub(crate) fn unknown() -> Self {
        Client {
            known: Known::None,
            connection: NEVER,
            attempts: Vec::new(),
            epoch: 0,
            unbroken: NEVER,
            restarted: NEVER,
            open: BTreeMap::new(),
            slots: Vec::new(),
        }
    }
}

/// What the Server can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Held,
    Gone,
    Either,
}

impl Survey<'_> {
    /// How exactly a Server has to keep a time.
    pub(crate) fn slack(&self) -> Duration {
        SECOND.saturating_add(self.history.tolerance)
    }

    /// Between which moments the Server's end of a connection was over, for one that is followed by a CONNECT at `next`.
    fn over_between(&self, connection: u32, next: u32) -> (Duration, Option<Duration>) {
        let it = &self.connections[connection as usize];
        let proved = self.at(it.earliest_end());
        if it.ended != NEVER {
            return (proved, Some(self.at(it.ended)));
        }
        if it.over != NEVER && it.over < next {
            return (proved, Some(self.at(it.over)));
        }
        let silence = Duration::from_millis(u64::from(it.keep_alive) * 1500);
        let noticed =
            (it.closed != NEVER && it.keep_alive > 0).then(|| self.at(it.closed) + silence + self.slack());
        (proved, noticed)
    }

    fn expected(&self, client: u16, connection: u32) -> Expected {
        let (it, who) = (&self.connections[connection as usize], &self.clients[usize::from(client)]);
        let wiped = who.attempts.iter().any(|&attempt| self.connections[attempt as usize].clean_start);
        match who.known {
            _ if wiped => return Expected::Either,
            Known::None if who.attempts.is_empty() => return Expected::Gone,
            Known::None | Known::Maybe => return Expected::Either,
            Known::Held => {}
        }
        let old = &self.connections[who.connection as usize];
        let (mut low, mut high) = old.expiry_range(self.granted, who.restarted != NEVER);
        let (from, mut until) = self.over_between(who.connection, it.connect);
        for &attempt in &who.attempts {
            let (shortest, longest) =
                self.connections[attempt as usize].expiry_range(self.granted, who.restarted != NEVER);
            (low, high) = (low.min(shortest), high.max(longest));
            let (_, later) = self.over_between(attempt, it.connect);
            until = until.zip(later).map(|(until, later)| until.max(later));
        }
        if who.restarted != NEVER {
            until = until.map(|until| until.max(self.at(who.restarted)));
        }
        let timed = self.clock_moved == NEVER;
        let seconds = |interval| Duration::from_secs(u64::from(interval));
        let now = self.at(it.connected);
        let held = match (low, self.history.version) {
            (NEVER_EXPIRES, Version::V500) => true,
            (NEVER_EXPIRES, Version::V311) => timed && now < from.saturating_add(LEAST_KEPT),
            _ => timed && from.saturating_add(seconds(low)) > now + self.slack(),
        };
        if held {
            return Expected::Held;
        }
        let gone = match high {
            0 => old.over < it.connect && who.attempts.is_empty(),
            NEVER_EXPIRES => false,
            _ => {
                timed && until.is_some_and(|until| until + seconds(high) + self.slack() < self.at(it.connect))
            }
        };
        if gone { Expected::Gone } else { Expected::Either }
    }

    /// CONNACK came: judges Session Present, and goes on with the old Session or begins a new one.
    pub(crate) fn connected(&mut self, connection: u32, findings: &mut Findings) {
        let it = &self.connections[connection as usize];
        let (client, now, connect) = (it.client, it.connected, it.connect);
        let (clean_start, present) = (it.clean_start, it.session_present);
        if self.forgot.last().is_some_and(|&forgot| forgot > connect) {
            // The answer was on its way while the Server went down and forgot everything, this Session too.
            return;
        }
        let who = &mut self.clients[usize::from(client)];
        let connections = &self.connections;
        // A CONNECT that was sent before on another Network Connection may still arrive, for as long as the Server's end of that is there.
        let may_come = |&a: &u32| {
            let it = &connections[a as usize];
            it.connect > connect || it.over == NEVER
        };
        let later: Vec<u32> = who.attempts.iter().copied().filter(may_come).collect();
        who.attempts.retain(|&a| connections[a as usize].connect < connect);
        let previous = who.connection;
        if previous != NEVER && connections[previous as usize].connect > connect {
            // Two answers that crossed each other: which came first for the Server cannot be said.
            who.known = Known::Maybe;
            who.attempts = later;
            self.doubtful(client, now);
            return;
        }
        let expected = self.expected(client, connection);
        self.judge_session_present(connection, expected, findings);
        let doubt = expected == Expected::Either && !self.clients[usize::from(client)].attempts.is_empty();
        let who = &mut self.clients[usize::from(client)];
        let resumed = present && !clean_start;
        if !resumed {
            who.open.clear();
            who.epoch += 1;
            who.unbroken = now;
            for &slot in &who.slots {
                self.slots[slot as usize].session_over(connect, now);
            }
        } else {
            self.summary.resumed += 1;
            if doubt || who.known == Known::Maybe {
                who.epoch += 1;
                self.doubtful(client, now);
            }
        }
        let who = &mut self.clients[usize::from(client)];
        who.known = Known::Held;
        who.attempts = later;
        who.restarted = NEVER;
        self.connections[connection as usize].epoch = who.epoch;
        who.connection = connection;
        if previous != NEVER {
            self.connections[previous as usize].over_at(now);
        }
    }

    fn judge_session_present(&self, connection: u32, expected: Expected, findings: &mut Findings) {
        let it = &self.connections[connection as usize];
        let version = self.history.version;
        let old = self.clients[usize::from(it.client)].connection;
        let (begun, last) = self
            .connections
            .get(old as usize)
            .map_or((NEVER, NEVER), |old| (old.connect, old.over.min(old.closed)));
        let (requirements, text): (&[_], String) = match (it.session_present, it.clean_start, expected) {
            (true, true, _) => (
                &[rule!(version, "3.1.1/MQTT-3.2.2-1", "5.0/MQTT-3.2.2-2")],
                "CONNACK has Session Present 1 although the CONNECT asked for a new Session".to_owned(),
            ),
            (true, false, Expected::Gone) if old == NEVER => (
                &[rule!(version, "3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-3")],
                "CONNACK has Session Present 1 although the Client never had a Session".to_owned(),
            ),
            (true, false, Expected::Gone) => (
                &[
                    rule!(version, "3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-3"),
                    rule!(version, "3.1.1/MQTT-3.1.2-6", "5.0/MQTT-4.1.0-2"),
                ],
                "CONNACK has Session Present 1 although the Session was over".to_owned(),
            ),
            (false, false, Expected::Held) => (
                &[
                    rule!(version, "3.1.1/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3"),
                    rule!(version, "3.1.1/MQTT-3.1.2-4", "5.0/MQTT-3.1.2-23"),
                ],
                "CONNACK has Session Present 0 although the Session was not over".to_owned(),
            ),
            (true, false, Expected::Held | Expected::Either)
            | (false, true, _)
            | (false, false, Expected::Gone | Expected::Either) => return,
        };
        let events = [begun, last, it.connect, it.connected];
        findings.add(Kind::SessionPresent, requirements, (Some(it.client), None), &events, text);
    }

    /// From now on nothing is certain about the Session of a Client but what happens from now on.
    pub(crate) fn doubtful(&mut self, client: u16, now: u32) {
        let who = &mut self.clients[usize::from(client)];
        who.unbroken = now;
        for &slot in &who.slots {
            self.slots[slot as usize].certain = NEVER;
        }
    }

    /// The connection of a Client is over at its own end.
    pub(crate) fn closed(&mut self, connection: u32, how: Ending, now: u32) {
        let client = {
            let it = &mut self.connections[connection as usize];
            (it.closed, it.how) = (now, how);
            if let Ending::ByServer(_) = how {
                it.over_at(now);
            }
            it.client
        };
        let Ending::ByServer(Some(reason)) = how else { return };
        // Taken over, out of patience, going down: the Session stays. Quota, administrative action and the like may cost messages, or the
        // Session.
        if reason.0 >= 0x80 && !matches!(reason.0, 0x8B | 0x8D | 0x8E) {
            self.doubtful(client, now);
            self.clients[usize::from(client)].known = Known::Maybe;
        }
    }

    /// The Server is up again.
    pub(crate) fn server_up(&mut self, kept_sessions: bool, now: u32) {
        if !kept_sessions {
            self.forgot.push(now);
        }
        for client in 0..self.clients.len() {
            let who = &mut self.clients[client];
            who.restarted = now;
            if kept_sessions {
                continue;
            }
            who.known = Known::None;
            who.attempts.clear();
            // What was on its way when the Server went down still arrives, and belongs to the old Session: `open` ends with the next CONNACK.
            who.epoch += 1;
            who.unbroken = now;
            for &slot in &who.slots {
                self.slots[slot as usize].session_over(now, now);
            }
        }
    }
}
