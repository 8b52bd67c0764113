//! Flow Control (5.0 section 4.9): how many PUBLISH packets of QoS 1 and 2 may be unacknowledged on a Network Connection, in one direction.
//!
//! The standard counts a quota down and up. This keeps the Packet Identifiers themselves, so that nothing can be given back twice: the PUBCOMP of a
//! PUBREL that was repeated after a resumption, whose PUBLISH never took from this quota, gives nothing back.

use protocol::PacketId;
use std::collections::BTreeSet;

/// The PUBLISH packets in flight in one direction, and how many there may be.
#[derive(Debug)]
pub(crate) struct Quota {
    maximum: u16,
    taken: BTreeSet<PacketId>,
}

impl Quota {
    /// A fresh quota, as each Network Connection has one.
    pub(crate) fn new(maximum: u16) -> Self {
        catalogue::cite!("5.0/MQTT-4.9.0-1");
        Quota { maximum, taken: BTreeSet::new() }
    }

    /// Takes one for this PUBLISH; `false` if there is none left. A repeated PUBLISH takes nothing more.
    pub(crate) fn take(&mut self, id: PacketId) -> bool {
        if !self.taken.contains(&id) && self.is_exhausted() {
            return false;
        }
        self.taken.insert(id);
        true
    }

    /// Whether no further PUBLISH may be in flight.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.taken.len() >= usize::from(self.maximum)
    }

    /// Gives back what this PUBLISH took: at PUBACK, PUBCOMP, and a PUBREC of 0x80 or above.
    pub(crate) fn give_back(&mut self, id: PacketId) {
        self.taken.remove(&id);
    }

    /// How many are in flight.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> usize {
        self.taken.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_never_exceeds_its_maximum_and_cannot_be_given_back_twice() {
        let mut quota = Quota::new(2);
        assert!(quota.take(1) && quota.take(2) && quota.take(2));
        assert!(!quota.take(3));
        quota.give_back(1);
        quota.give_back(1);
        quota.give_back(9);
        assert!(quota.take(3));
        assert!(!quota.take(4));
        assert_eq!(quota.taken(), 2);
    }
}
