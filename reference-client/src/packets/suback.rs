//! SUBACK (section 3.9): the answer to SUBSCRIBE.

use crate::connection::RequestKind;
use crate::{Client, Event};
use protocol::{ReasonCode, Suback};

impl Client {
    pub(crate) fn suback(&mut self, suback: Suback) {
        let Some(request) = self.connection.requests.get(&suback.packet_id).copied() else { return };
        if request.kind != RequestKind::Subscribe || request.filters != suback.reasons.len() {
            self.protocol_error(ReasonCode::PROTOCOL_ERROR, "SUBACK does not fit its SUBSCRIBE");
            return;
        }
        self.request_ended(suback.packet_id);
        self.event(Event::Subscribed { token: request.token, suback });
        self.send_waiting();
    }

    /// A SUBSCRIBE or UNSUBSCRIBE has been answered. Its identifier may be what a message waits for.
    pub(crate) fn request_ended(&mut self, packet_id: u16) {
        self.connection.requests.remove(&packet_id);
        self.session.ids.release(packet_id);
    }
}
