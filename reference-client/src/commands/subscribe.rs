//! The Subscribe command (section 3.8).

use super::properties;
use crate::connection::{Phase, Request, RequestKind};
use crate::{Client, Refusal, Token};
use bytestring::ByteString;
use protocol::topic::{FilterKind, validate_filter};
use protocol::{Packet, PacketId, Properties, PropertyPlace, Subscribe, SubscriptionOptions};

impl Client {
    pub(crate) fn command_subscribe(
        &mut self,
        token: Token,
        filters: Vec<(ByteString, SubscriptionOptions)>,
        properties: Properties,
    ) -> Result<(), Refusal> {
        let version = self.config.version;
        if self.phase != Phase::Connected {
            return Err(Refusal::NotConnected);
        }
        catalogue::cite!("5.0/MQTT-3.8.3-2", "3.1.1/MQTT-3.8.3-3");
        if filters.is_empty() {
            return Err(Refusal::NoTopicFilter);
        }
        for (filter, options) in &filters {
            catalogue::cite!(
                "5.0/MQTT-3.8.3-1",
                "3.1.1/MQTT-3.8.3-1",
                "5.0/MQTT-4.8.2-1",
                "5.0/MQTT-4.8.2-2"
            );
            catalogue::cite!(
                "5.0/MQTT-4.7.1-1",
                "3.1.1/MQTT-4.7.1-2",
                "5.0/MQTT-4.7.1-2",
                "3.1.1/MQTT-4.7.1-3"
            );
            let kind = validate_filter(filter, version).map_err(|_| Refusal::InvalidTopicFilter)?;
            catalogue::cite!("5.0/MQTT-3.8.3-4");
            if options.no_local && matches!(kind, FilterKind::Shared { .. }) {
                return Err(Refusal::NoLocalOnSharedSubscription);
            }
            self.connection.limits.permit_filter(kind)?;
        }
        properties::check(&properties, PropertyPlace::Subscribe, version)?;
        self.connection.limits.permit_subscription_identifier(&properties)?;
        let request = Request { token, kind: RequestKind::Subscribe, filters: filters.len() };
        self.request(request, |packet_id| Packet::Subscribe(Subscribe { packet_id, properties, filters }))
    }

    /// Sends a SUBSCRIBE or UNSUBSCRIBE with an identifier of its own.
    pub(crate) fn request(
        &mut self,
        request: Request,
        packet: impl FnOnce(PacketId) -> Packet,
    ) -> Result<(), Refusal> {
        let packet_id = self.session.ids.allocate().ok_or(Refusal::NoPacketIdentifier)?;
        let packet = packet(packet_id);
        if !self.connection.limits.fits(&packet, self.config.version) {
            self.session.ids.release(packet_id);
            return Err(Refusal::PacketTooLarge);
        }
        self.connection.requests.insert(packet_id, request);
        self.send(packet);
        Ok(())
    }
}
