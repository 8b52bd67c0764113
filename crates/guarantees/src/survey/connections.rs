//! Network Connections: from when to when the Server's end of each can have been there, and what has been proved on it.

use super::NEVER;
use crate::history::{Ending, Will};
use protocol::ReasonCode;

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

    /// The shortest and the longest Session Expiry Interval that can be in force after the end. `lost` says that the Server may have
    /// forgotten DISCONNECT.
    pub(crate) fn expiry_range(&self, lost: bool) -> (u32, u32) {
        match self.new_expiry {
            // Sent when the Server's end was over.
            Some(_) if self.ended < self.disconnect => (self.session_expiry, self.session_expiry),
            None => (self.session_expiry, self.session_expiry),
            Some(new) if self.complete && self.session_expiry != 0 && !lost => (new, new),
            Some(new) => (new.min(self.session_expiry), new.max(self.session_expiry)),
        }
    }
}
