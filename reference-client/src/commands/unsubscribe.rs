//! The Unsubscribe command (section 3.10).

use super::properties;
use crate::connection::{Phase, Request, RequestKind};
use crate::{Client, Refusal, Token};
use bytestring::ByteString;
use protocol::topic::validate_filter;
use protocol::{Packet, Properties, PropertyPlace, Unsubscribe};

impl Client {
    pub(crate) fn command_unsubscribe(
        &mut self,
        token: Token,
        filters: Vec<ByteString>,
        properties: Properties,
    ) -> Result<(), Refusal> {
        if self.phase != Phase::Connected {
            return Err(Refusal::NotConnected);
        }
        catalogue::cite!("5.0/MQTT-3.10.3-2", "3.1.1/MQTT-3.10.3-2");
        if filters.is_empty() {
            return Err(Refusal::NoTopicFilter);
        }
        for filter in &filters {
            catalogue::cite!("5.0/MQTT-3.10.3-1", "3.1.1/MQTT-3.10.3-1");
            validate_filter(filter, self.config.version).map_err(|_| Refusal::InvalidTopicFilter)?;
        }
        properties::check(&properties, PropertyPlace::Unsubscribe, self.config.version)?;
        let request = Request { token, kind: RequestKind::Unsubscribe, filters: filters.len() };
        self.request(request, |packet_id| Packet::Unsubscribe(Unsubscribe { packet_id, properties, filters }))
    }
}
