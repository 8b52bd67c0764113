//! Network Connections: from when to when the Server's end of each can have been there, and what has been proved on it.
//!
//! What blurs the end of a Network Connection is no breach. A Server may act on DISCONNECT before it sees the end of the connection, send DISCONNECT and leave
//! the close to the Client, take a Session over before the last bytes of the earlier connection arrive, or stop reading when its clock jumps. What a lost
//! CONNACK may have said is unknown, unless the other answers in the history show it.

use super::NEVER;
use crate::history::{Ending, History, NEVER_EXPIRES, What, Will};
use protocol::{ReasonCode, Version};
use std::collections::BTreeMap;
use std::time::Duration;

/// One Network Connection. Moments are places in the history; [`NEVER`] is none.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: u16,
    pub(crate) connect: u32,
    pub(crate) connected: u32,
    pub(crate) refused: bool,
    pub(crate) clean_start: bool,
    pub(crate) session_present: bool,
    /// Session Expiry Interval in force.
    pub(crate) session_expiry: u32,
    pub(crate) keep_alive: u16,
    pub(crate) receive_maximum: u16,
    pub(crate) will: Option<Will>,
    pub(crate) disconnect: u32,
    pub(crate) disconnect_reason: ReasonCode,
    /// The Session Expiry Interval of DISCONNECT.
    pub(crate) new_expiry: Option<u32>,
    pub(crate) closed: u32,
    pub(crate) how: Ending,
    pub(crate) ended: u32,
    pub(crate) complete: bool,
    /// The next CONNECT of the Client, if it was sent before the end was seen: the Server may have taken the Session over, and read no more here.
    pub(crate) overtaken: u32,
    /// When the Server's end is over for certain.
    pub(crate) over: u32,
    /// The latest request of the Client that has been answered: until then the Server's end was there, and what arrives now was sent
    /// after it.
    pub(crate) answered: u32,
    /// Of the PINGREQ packets without an answer, the first and the last, and how many.
    pub(crate) pings: (u32, u32, u32),
    /// QoS 0 messages that no later answer has confirmed.
    pub(crate) unconfirmed: Vec<u32>,
    /// The message that was published here and was first of all published last.
    pub(crate) last_rank: u32,
    /// QoS 1 and 2 deliveries that the Client has not done with.
    pub(crate) in_flight: u32,
    /// Ends of exchanges that had begun on an earlier connection: each gives the Server one more to send by the letter of section 4.9.
    pub(crate) credit: u32,

    pub(crate) overrun: bool,
    /// Which Session of the Client it carries; [`NEVER`] before CONNACK.
    pub(crate) epoch: u32,
}

/// Which Session Expiry Intervals the Server takes as they are: it may set others, and says so in CONNACK (section 3.2.2.3.2), which may be lost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Granted {
    /// It has set another one.
    sets_others: bool,
    /// The longest that it was seen to take.
    longest: u32,
}

impl Granted {
    /// What all the answers in a history show.
    pub(crate) fn of(history: &History) -> Self {
        let mut granted = Granted::default();
        if history.version == Version::V311 {
            // There is none, so that none is set.
            granted.longest = NEVER_EXPIRES;
            return granted;
        }
        let mut asked: BTreeMap<u32, u32> = BTreeMap::new();
        for event in &history.events {
            match event.what {
                What::Connect { connection, session_expiry, .. } => {
                    asked.insert(connection.0, session_expiry);
                }
                What::Connected { connection, session_expiry, .. } => match asked.get(&connection.0) {
                    Some(&asked) if asked == session_expiry => {
                        granted.longest = granted.longest.max(asked);
                    }
                    Some(_) => granted.sets_others = true,
                    None => {}
                },
                _ => {}
            }
        }
        granted
    }

    fn surely(self, asked: u32) -> bool {
        !self.sets_others && asked <= self.longest
    }
}

impl Connection {
    pub(crate) fn unknown() -> Self {
        Connection {
            client: 0,
            connect: NEVER,
            connected: NEVER,
            refused: false,
            clean_start: false,
            session_present: false,
            session_expiry: 0,
            keep_alive: 0,
            receive_maximum: u16::MAX,
            will: None,
            disconnect: NEVER,
            disconnect_reason: ReasonCode(0),
            new_expiry: None,
            closed: NEVER,
            how: Ending::ByClient,
            ended: NEVER,
            complete: false,
            overtaken: NEVER,
            over: NEVER,
            answered: NEVER,
            pings: (NEVER, NEVER, 0),
            unconfirmed: Vec::new(),
            last_rank: 0,
            in_flight: 0,
            credit: 0,

            overrun: false,
            epoch: NEVER,
        }
    }

    /// Notes the moment from which the Server's end is over for certain.
    pub(crate) fn over_at(&mut self, place: u32) {
        self.over = self.over.min(place);
    }

    /// The Server has certainly read DISCONNECT 0x00 before the end.
    pub(crate) fn left_normally(&self) -> bool {
        self.disconnect != NEVER
            && self.disconnect_reason == ReasonCode(0)
            && self.complete
            && self.ended != NEVER
            && self.disconnect < self.ended
            && !(self.session_expiry == 0 && self.new_expiry.is_some_and(|new| new > 0))
    }

    /// Up to where the Server's end was there for certain: there is an answer to what was sent then.
    pub(crate) const fn proved(&self) -> u32 {
        if self.answered == NEVER { self.connect } else { self.answered }
    }

    /// From when on the Server's end may have been over. It may be seen later, where it can be seen: the Server has read DISCONNECT, or sent it and leaves the
    /// close to the Client, or has taken the Session over.
    pub(crate) fn earliest_end(&self) -> u32 {
        let proved = self.proved();
        let end = match self.how {
            Ending::ByServer(Some(_)) => proved,
            _ if self.ended == NEVER => proved,
            _ => self.ended.min(self.disconnect),
        };
        end.min(self.overtaken).max(proved)
    }

    /// Whether the Keep Alive cannot have ended it before `ended`, at which nothing has come for `silence`. What a lost CONNACK says of it is unknown.
    pub(crate) fn is_alive(&self, silence: Duration) -> bool {
        self.connected != NEVER
            && (self.keep_alive == 0 || silence < Duration::from_secs(self.keep_alive.into()))
    }

    /// The shortest and the longest Session Expiry Interval that can be in force after the end. `lost` says that the Server may have
    /// forgotten DISCONNECT.
    pub(crate) fn expiry_range(&self, granted: Granted, lost: bool) -> (u32, u32) {
        match self.new_expiry {
            // What the Server has made of it would have been in CONNACK.
            _ if self.connected == NEVER && !granted.surely(self.session_expiry) => (0, NEVER_EXPIRES),
            // A Server with a limit of its own has no way to say so here.
            Some(new) if new > self.session_expiry && !granted.surely(new) => (self.session_expiry, new),
            // Sent when the Server's end was over.
            Some(_) if self.ended < self.disconnect => (self.session_expiry, self.session_expiry),
            None => (self.session_expiry, self.session_expiry),
            Some(new) if self.complete && self.session_expiry != 0 && !lost => (new, new),
            Some(new) => (new.min(self.session_expiry), new.max(self.session_expiry)),
        }
    }
}
