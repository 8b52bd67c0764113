//! Application Messages: between which moments the Server can have taken each over, and whether it surely has.

use super::NEVER;
use super::connections::Connection;
use protocol::QoS;

/// One message. Moments are places in the history; [`NEVER`] is none.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) publisher: u16,
    pub(crate) topic: u32,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) empty: bool,
    pub(crate) expiry: Option<u32>,
    /// When it was first published; of a Will Message, the CONNECT.
    pub(crate) first: u32,
    /// The Network Connection of the last PUBLISH, and its place.
    pub(crate) last: (u32, u32),
    /// When it was first published on that connection.
    pub(crate) on_last: u32,
    pub(crate) publishes: u32,
    /// How many times the Server can have taken it for a new message, by the rules of its QoS.
    pub(crate) chances: u32,
    /// PUBACK or PUBREC below 0x80, and where.
    pub(crate) accepted: (u32, u32),
    /// PUBACK or PUBREC of 0x80 or above has come: nothing is promised.
    pub(crate) failed: bool,
    pub(crate) completed: u32,
    /// Of QoS 0: when an answer to a later packet came.
    pub(crate) confirmed: u32,
    /// The publisher itself has not kept the order; its place says nothing.
    pub(crate) irregular: bool,
    /// The Network Connection whose Will Message it is.
    pub(crate) will_of: u32,
    /// The Session of the publisher at the last PUBLISH.
    pub(crate) epoch: u32,
    /// Somebody got it.
    pub(crate) arrived: bool,
}

impl Message {
    pub(crate) fn unknown() -> Self {
        Message {
            publisher: 0,
            topic: 0,
            qos: QoS::AtMostOnce,
            retain: false,
            empty: false,
            expiry: None,
            first: NEVER,
            last: (NEVER, NEVER),
            on_last: NEVER,
            publishes: 0,
            chances: 0,
            accepted: (NEVER, NEVER),
            failed: false,
            completed: NEVER,
            confirmed: NEVER,
            irregular: false,
            will_of: NEVER,
            epoch: NEVER,
            arrived: false,
        }
    }

    /// From when on the Server has taken it over for certain. QoS 2 counts from PUBCOMP: a receiver may hand it on only at PUBREL (section
    /// 4.3.3, method A of 3.1.1). Of QoS 0 it is never certain: that a later packet was answered does not say so.
    pub(crate) fn certain(&self) -> u32 {
        if self.failed || self.will_of != NEVER {
            return NEVER;
        }
        match self.qos {
            QoS::AtMostOnce => NEVER,
            QoS::AtLeastOnce => self.accepted.0,
            QoS::ExactlyOnce => self.completed,
        }
    }

    /// The Server took it over after this moment: a message that PUBACK answers is one that was sent on that connection. (A repeat of
    /// QoS 2 may be no message of its own.)
    pub(crate) fn taken_after(&self) -> u32 {
        match self.qos {
            QoS::AtLeastOnce if self.accepted.1 == self.last.0 => self.on_last,
            _ => self.first,
        }
    }

    /// From when on the waiting time of an expiring message runs, at the latest.
    pub(crate) fn received(&self) -> u32 {
        match self.qos {
            QoS::AtMostOnce => self.confirmed,
            QoS::AtLeastOnce | QoS::ExactlyOnce => self.accepted.0,
        }
    }

    /// From when on the Server cannot take it over any more, or once more.
    pub(crate) fn settled(&self, connections: &[Connection]) -> u32 {
        let over = connections.get(self.last.0 as usize).map_or(NEVER, |connection| connection.over);
        let certain = self.certain();
        if self.publishes == 1 && certain != NEVER {
            return certain;
        }
        match self.qos {
            _ if self.will_of != NEVER => NEVER,
            QoS::ExactlyOnce if certain == NEVER => NEVER,
            QoS::ExactlyOnce => certain,
            QoS::AtMostOnce | QoS::AtLeastOnce => over,
        }
    }
}
