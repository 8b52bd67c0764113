//! PUBACK (section 3.4): a QoS 1 message of the Client is delivered, or refused.

use crate::{Client, Event};
use protocol::{Acknowledgement, QoS, ReasonCode};

impl Client {
    pub(crate) fn puback(&mut self, puback: Acknowledgement) {
        match self.session.awaited(puback.packet_id) {
            Some(QoS::AtLeastOnce) => self.publish_ended(puback),
            Some(QoS::AtMostOnce | QoS::ExactlyOnce) => {
                self.protocol_error(ReasonCode::PROTOCOL_ERROR, "PUBACK for a message of QoS 2");
            }
            // Neither standard says what to do. Nothing is harmed.
            None => {}
        }
    }

    /// The delivery of a PUBLISH has ended with PUBACK, or with a PUBREC that refuses.
    pub(crate) fn publish_ended(&mut self, acknowledgement: Acknowledgement) {
        let Some(sent) = self.session.take_publish(acknowledgement.packet_id) else { return };
        catalogue::cite!("5.0/MQTT-4.4.0-2");
        self.session.ids.release(sent.packet_id);
        self.connection.send_quota.give_back(sent.packet_id);
        self.event(Event::Published { token: sent.token, acknowledgement: Some(acknowledgement) });
        self.send_waiting();
    }
}
