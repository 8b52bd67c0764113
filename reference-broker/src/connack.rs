//! CONNACK: the acceptance with all that the Client has to know, and the refusal (section 3.2).

use crate::config::Config;
use crate::connection::Ending;
use crate::sending::Outbox;
use crate::server::Server;
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Connack, Connect, Packet, Properties, Property, QoS, ReasonCode, Time, Version};
use transport::ConnectionId;

/// Why a CONNECT is not accepted.
pub(crate) struct Refusal {
    /// The Reason Code for 5.0.
    pub(crate) reason: ReasonCode,
    /// The return code for 3.1.1; `None` if its table has none that fits.
    pub(crate) return_code: Option<u8>,
    pub(crate) text: &'static str,
}

pub(crate) const fn refusal(reason: ReasonCode, return_code: Option<u8>, text: &'static str) -> Refusal {
    Refusal { reason, return_code, text }
}

impl Server {
    /// Answers with a failing CONNACK, as far as the version has one, and closes.
    pub(crate) fn refuse(&mut self, now: Time, id: ConnectionId, connect: &Connect, refusal: Refusal) {
        cite!("5.0/MQTT-3.1.4-1", "5.0/MQTT-3.1.4-2", "5.0/MQTT-3.2.2-7", "3.1.1/MQTT-3.2.2-5");
        let mut properties = Properties::new();
        let reason = match (connect.version, refusal.return_code) {
            (Version::V311, Some(code)) => Some(ReasonCode(code)),
            (Version::V311, None) => None,
            (Version::V500, _) => {
                if let Some(redirect) = &self.config.redirect {
                    properties.push(Property::ServerReference(redirect.server_reference.as_str().into()));
                }
                self.outbox.explain(&mut properties, refusal.text);
                Some(refusal.reason)
            }
        };
        if let Some(reason) = reason {
            self.outbox.refuse(id, connect, reason, properties);
        }
        self.close(now, id, Ending::Failure);
    }
}

impl Outbox {
    /// Sends a failing CONNACK, if the Client has room for it.
    pub(crate) fn refuse(
        &mut self,
        id: ConnectionId,
        connect: &Connect,
        reason: ReasonCode,
        properties: Properties,
    ) {
        cite!("5.0/MQTT-3.2.2-6", "3.1.1/MQTT-3.2.2-4", "5.0/MQTT-3.2.2-8", "5.0/MQTT-3.2.0-2");
        let connack = Connack { session_present: false, reason, properties };
        self.send_before_acceptance(id, connect, Packet::Connack(connack));
    }
}

impl Config {
    /// The CONNACK for a CONNECT that is accepted.
    pub(crate) fn connack(
        &self,
        connect: &Connect,
        session_present: bool,
        assigned: bool,
        expiry_interval: u32,
        authentication: Option<(ByteString, Bytes)>,
    ) -> Connack {
        cite!("5.0/MQTT-3.1.4-5", "3.1.1/MQTT-3.1.4-4", "5.0/MQTT-3.2.0-1", "3.1.1/MQTT-3.2.0-1");
        cite!("5.0/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-1");
        cite!("3.1.1/MQTT-3.2.2-1", "3.1.1/MQTT-3.2.2-2", "3.1.1/MQTT-3.2.2-3");
        let mut properties = Properties::new();
        if connect.version == Version::V500 {
            self.announce(connect, expiry_interval, &mut properties);
            if assigned {
                properties.push(Property::AssignedClientIdentifier(connect.client_id.clone()));
            }
            if let Some((method, data)) = authentication {
                cite!("5.0/MQTT-4.12.0-5");
                properties.push(Property::AuthenticationMethod(method));
                properties.push(Property::AuthenticationData(data));
            }
        }
        Connack { session_present, reason: ReasonCode::SUCCESS, properties }
    }

    /// What the Client has to know about this Server. A Property that would only repeat its default is left out.
    fn announce(&self, connect: &Connect, expiry_interval: u32, properties: &mut Properties) {
        if expiry_interval != connect.properties.session_expiry_interval().unwrap_or(0) {
            properties.push(Property::SessionExpiryInterval(expiry_interval));
        }
        if self.receive_maximum != u16::MAX {
            properties.push(Property::ReceiveMaximum(self.receive_maximum));
        }
        if self.maximum_qos != QoS::ExactlyOnce {
            cite!("5.0/MQTT-3.2.2-9");
            properties.push(Property::MaximumQoS(self.maximum_qos as u8));
        }
        if !self.retain_available {
            properties.push(Property::RetainAvailable(0));
        }
        if self.maximum_packet_size < protocol::Limits::default().maximum_packet_size {
            properties.push(Property::MaximumPacketSize(self.maximum_packet_size));
        }
        if self.topic_alias_maximum > 0 {
            properties.push(Property::TopicAliasMaximum(self.topic_alias_maximum));
        }
        if !self.wildcard_subscriptions_available {
            properties.push(Property::WildcardSubscriptionAvailable(0));
        }
        if !self.subscription_identifiers_available {
            properties.push(Property::SubscriptionIdentifierAvailable(0));
        }
        if !self.shared_subscriptions_available {
            properties.push(Property::SharedSubscriptionAvailable(0));
        }
        if let Some(seconds) = self.server_keep_alive {
            properties.push(Property::ServerKeepAlive(seconds));
        }
        cite!("5.0/MQTT-3.1.2-28");
        if connect.properties.request_response_information() == Some(1)
            && let Some(information) = &self.response_information
        {
            properties.push(Property::ResponseInformation(information.as_str().into()));
        }
    }
}
