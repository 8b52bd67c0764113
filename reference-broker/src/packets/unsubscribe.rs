//! UNSUBSCRIBE, and the UNSUBACK that answers it (sections 3.10 and 3.11).
//!
//! What is already in flight or waits in the Session is not touched: it is delivered to its end.

use crate::client::ConnectedClient;
use crate::journal::Key;
use crate::subscriptions::Subscriptions;
use crate::violation::Violation;
use catalogue::cite;
use protocol::topic::validate_filter;
use protocol::{Packet, Properties, ReasonCode, Unsuback, Unsubscribe, Version};

impl ConnectedClient<'_> {
    pub(crate) fn receive_unsubscribe(
        &mut self,
        packet: Unsubscribe,
        subscriptions: &mut Subscriptions,
    ) -> Result<(), Violation> {
        let (version, session) = (self.connected.version, self.session.id);
        if packet.filters.is_empty() {
            cite!("5.0/MQTT-3.10.3-2", "3.1.1/MQTT-3.10.3-2");
            return Err(Violation::protocol_error("an UNSUBSCRIBE without Topic Filter"));
        }
        let is_valid = |filter: &str| validate_filter(filter, version).is_ok();
        if version == Version::V311 && !packet.filters.iter().all(|filter| is_valid(filter)) {
            return Err(Violation::protocol_error("a Topic Filter that is not valid"));
        }
        cite!("5.0/MQTT-3.10.4-2", "3.1.1/MQTT-3.10.4-2", "5.0/MQTT-3.10.4-3", "3.1.1/MQTT-3.10.4-3");
        cite!("5.0/MQTT-3.10.4-6", "3.1.1/MQTT-3.10.4-6", "5.0/MQTT-3.11.3-1", "5.0/MQTT-3.11.3-2");
        let mut reasons = Vec::with_capacity(packet.filters.len());
        for whole in &packet.filters {
            reasons.push(match validate_filter(whole, version).ok() {
                None => ReasonCode::TOPIC_FILTER_INVALID,
                Some(filter) if subscriptions.remove(session, whole, filter) => {
                    let shared = filter.share_name().is_some();
                    self.session.filters.remove(&(whole.clone(), shared));
                    self.journal.touch(Key::Subscription(session, whole.clone(), shared));
                    ReasonCode::SUCCESS
                }
                Some(_) => ReasonCode::NO_SUBSCRIPTION_EXISTED,
            });
        }
        if version == Version::V311 {
            reasons.clear();
        }
        cite!("5.0/MQTT-3.10.4-4", "3.1.1/MQTT-3.10.4-4", "5.0/MQTT-3.10.4-5", "3.1.1/MQTT-3.10.4-5");
        cite!("5.0/MQTT-2.2.1-6", "3.1.1/MQTT-2.3.1-7");
        let (packet_id, properties) = (packet.packet_id, Properties::new());
        self.outbox.send(self.connected, Packet::Unsuback(Unsuback { packet_id, properties, reasons }));
        Ok(())
    }
}
