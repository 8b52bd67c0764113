//! PUBCOMP (section 3.7): a QoS 2 message of the Client is delivered.

use crate::{Client, Event};
use protocol::{Acknowledgement, ReasonCode};

impl Client {
    pub(crate) fn pubcomp(&mut self, pubcomp: Acknowledgement) {
        let packet_id = pubcomp.packet_id;
        if self.session.awaited(packet_id).is_some() {
            self.protocol_error(ReasonCode::PROTOCOL_ERROR, "PUBCOMP for a message that is not released");
            return;
        }
        // As with PUBACK, nothing is harmed by an identifier that is not known.
        let Some(released) = self.session.take_release(packet_id) else { return };
        self.session.ids.release(packet_id);
        self.connection.send_quota.give_back(packet_id);
        self.event(Event::Published { token: released.token, acknowledgement: Some(pubcomp) });
        self.send_waiting();
    }
}
