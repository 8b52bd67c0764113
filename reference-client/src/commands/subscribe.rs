//! The Subscribe command (section 3.8).

use super::properties;
use crate::connection::{Phase, Request, RequestKind};
use crate::{Client, Refusal, Token, topics};
use bytestring::ByteString;
use protocol::{Packet, PacketId, Properties, PropertyPlace, Subscribe, SubscriptionOptions, Version};

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
            self.check_filter(filter)?;
            catalogue::cite!("5.0/MQTT-3.8.3-4");
            if version == Version::V500 && options.no_local && topics::is_shared(filter) {
                return Err(Refusal::NoLocalOnSharedSubscription);
            }
        }
        properties::check(&properties, PropertyPlace::Subscribe, version)?;
        let limits = &self.connection.limits;
        limits.permit_subscribe(filters.iter().map(|(filter, _)| filter), &properties, version)?;
        let request = Request { token, kind: RequestKind::Subscribe, filters: filters.len() };
        self.request(request, |packet_id| Packet::Subscribe(Subscribe { packet_id, properties, filters }))
    }

    /// Whether the Topic Filter may be sent.
    pub(crate) fn check_filter(&self, filter: &str) -> Result<(), Refusal> {
        let valid = topics::is_topic_filter(filter, self.config.version == Version::V500);
        if valid { Ok(()) } else { Err(Refusal::InvalidTopicFilter) }
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
