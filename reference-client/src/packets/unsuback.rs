//! UNSUBACK (section 3.11): the answer to UNSUBSCRIBE.

use crate::connection::RequestKind;
use crate::{Client, Event};
use protocol::{ReasonCode, Unsuback, Version};

impl Client {
    pub(crate) fn unsuback(&mut self, unsuback: Unsuback) {
        let Some(request) = self.connection.requests.get(&unsuback.packet_id).copied() else { return };
        let reasons = match self.config.version {
            Version::V311 => 0,
            Version::V500 => request.filters,
        };
        if request.kind != RequestKind::Unsubscribe || reasons != unsuback.reasons.len() {
            self.protocol_error(ReasonCode::PROTOCOL_ERROR, "UNSUBACK does not fit its UNSUBSCRIBE");
            return;
        }
        self.request_ended(unsuback.packet_id);
        self.event(Event::Unsubscribed { token: request.token, unsuback });
        self.send_waiting();
    }
}
