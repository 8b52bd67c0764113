//! Flow control by Receive Maximum, in both directions (section 4.9 of 5.0). Quotas belong to the Network Connection.
//!
//! 3.1.1 has none: there the quota is the number of Packet Identifiers.

use catalogue::cite;

/// How many PUBLISH packets above QoS 0 the Server may still send.
#[derive(Debug)]
pub(crate) struct SendQuota {
    left: u16,
    maximum: u16,
}

impl SendQuota {
    /// A quota of the Client's Receive Maximum.
    pub(crate) fn new(receive_maximum: u16) -> Self {
        cite!("5.0/MQTT-4.9.0-1");
        SendQuota { left: receive_maximum, maximum: receive_maximum }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        cite!("5.0/MQTT-4.9.0-2", "5.0/MQTT-3.3.4-9");
        self.left == 0
    }

    pub(crate) fn take(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// A PUBACK, PUBCOMP or failing PUBREC has come; never above the start value.
    pub(crate) fn give_back(&mut self) {
        self.left = self.left.saturating_add(1).min(self.maximum);
    }
}

/// How many PUBLISH packets above QoS 0 the Client has sent and the Server not yet acknowledged.
#[derive(Debug)]
pub(crate) struct ReceiveQuota {
    used: u16,
    maximum: u16,
}

impl ReceiveQuota {
    /// As much as this Server's Receive Maximum.
    pub(crate) fn new(receive_maximum: u16) -> Self {
        ReceiveQuota { used: 0, maximum: receive_maximum }
    }

    /// A PUBLISH has come. Returns whether the Client was allowed to send it.
    #[must_use]
    pub(crate) fn take(&mut self) -> bool {
        if self.used == self.maximum {
            return false;
        }
        self.used += 1;
        true
    }

    /// A PUBACK, PUBCOMP or failing PUBREC goes out. The Client counts the same way, so what this Network Connection did not take is not missed
    /// here either.
    pub(crate) fn give_back(&mut self) {
        self.used = self.used.saturating_sub(1);
    }
}
