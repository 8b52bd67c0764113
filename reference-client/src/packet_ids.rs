//! Packet Identifiers (section 2.2.1; 2.3.1 of 3.1.1): one space for all PUBLISH, SUBSCRIBE and UNSUBSCRIBE packets that the Client sends.
//!
//! What the Server sends has a space of its own, which the Server allocates.

use protocol::PacketId;
use std::collections::BTreeSet;

/// The Packet Identifiers that are in use.
#[derive(Debug, Default)]
pub(crate) struct PacketIds {
    in_use: BTreeSet<PacketId>,
    last: PacketId,
}

impl PacketIds {
    /// An identifier that is not in use, and now is; `None` if all are. The one freed last comes last, which spares a Server that is late.
    pub(crate) fn allocate(&mut self) -> Option<PacketId> {
        catalogue::cite!("5.0/MQTT-2.2.1-3", "3.1.1/MQTT-2.3.1-1", "3.1.1/MQTT-2.3.1-2");
        let later = self.last.checked_add(1).into_iter().flat_map(|first| first..=PacketId::MAX);
        let id = later.chain(1..=self.last).find(|id| *id != 0 && !self.in_use.contains(id))?;
        self.in_use.insert(id);
        self.last = id;
        Some(id)
    }

    /// The identifier can be used again: its exchange has ended.
    pub(crate) fn release(&mut self, id: PacketId) {
        catalogue::cite!("3.1.1/MQTT-2.3.1-3");
        self.in_use.remove(&id);
    }

    /// The identifiers in use.
    #[cfg(test)]
    pub(crate) fn in_use(&self) -> &BTreeSet<PacketId> {
        &self.in_use
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_never_zero_and_never_in_use_even_when_the_space_wraps_around() {
        let mut ids = PacketIds::default();
        for expected in 1..=u16::MAX {
            assert_eq!(ids.allocate(), Some(expected));
        }
        assert_eq!(ids.allocate(), None);
        ids.release(7);
        assert_eq!(ids.allocate(), Some(7));
        ids.release(65_535);
        ids.release(1);
        assert_eq!(ids.allocate(), Some(65_535));
        assert_eq!(ids.allocate(), Some(1));
        assert_eq!(ids.in_use().len(), 65_535);
    }
}
