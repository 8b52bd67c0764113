//! CONNECT, and the CONNACK that answers it (sections 3.1 and 3.2).
//!
//! What comes after the checks is in `resumption`.

use crate::access::Denied;
use crate::authentication;
use crate::connection::{Authenticating, State};
use crate::resumption::Acceptance;
use crate::sending::fits;
use crate::server::Server;
use crate::will::Ending;
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::validate_name;
use protocol::{Connack, Connect, Packet, Properties, Property, QoS, ReasonCode, Time, Version, Will};
use transport::{ConnectionId, Effect};

/// Why a CONNECT is not accepted.
struct Refusal {
    /// The Reason Code for 5.0.
    reason: ReasonCode,
    /// The return code for 3.1.1; `None` if its table has none that fits.
    return_code: Option<u8>,
    text: &'static str,
}

const fn refusal(reason: ReasonCode, return_code: Option<u8>, text: &'static str) -> Refusal {
    Refusal { reason, return_code, text }
}

impl Server {
    pub(crate) fn receive_connect(&mut self, now: Time, id: ConnectionId, connect: Box<Connect>) {
        if let Err(refusal) = self.check(&connect) {
            return self.refuse(now, id, &connect, refusal);
        }
        if let Some(method) = connect.properties.authentication_method() {
            return self.begin_authentication(now, id, connect, method);
        }
        match self.access.check(connect.user_name.as_deref(), connect.password.as_deref()) {
            Ok(permissions) => match check_will_permission(&permissions, connect.will.as_ref()) {
                Ok(()) => {
                    cite!("5.0/MQTT-4.12.0-6");
                    self.accept(now, id, Acceptance { connect, permissions, authentication: None });
                }
                Err(refusal) => self.refuse(now, id, &connect, refusal),
            },
            Err(Denied::BadUserNameOrPassword) => {
                let reason = ReasonCode::BAD_USER_NAME_OR_PASSWORD;
                self.refuse(now, id, &connect, refusal(reason, Some(4), "bad user name or password"));
            }
            Err(Denied::NotAuthorized) => {
                self.refuse(
                    now,
                    id,
                    &connect,
                    refusal(ReasonCode::NOT_AUTHORIZED, Some(5), "a user name is needed"),
                );
            }
        }
    }

    /// Everything but authentication. Server-side limits come first, so that they do not depend on who asks.
    fn check(&self, connect: &Connect) -> Result<(), Refusal> {
        let config = &self.config;
        if !config.versions.contains(&connect.version) {
            cite!("5.0/MQTT-3.1.2-2", "3.1.1/MQTT-3.1.2-2");
            let reason = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;
            return Err(refusal(reason, Some(1), "this version is not accepted here"));
        }
        if self.shutting_down {
            return Err(refusal(ReasonCode::SERVER_UNAVAILABLE, Some(3), "the Server shuts down"));
        }
        if let Some(redirect) = config.redirect.as_ref().filter(|_| connect.version == Version::V500) {
            return Err(match redirect.moved {
                true => refusal(ReasonCode::SERVER_MOVED, None, "the Server has moved"),
                false => refusal(ReasonCode::USE_ANOTHER_SERVER, None, "use another Server for now"),
            });
        }
        if connect.client_id.is_empty() {
            // 3.1.1 wants a Client that has no identifier to have no lasting Session either.
            let lasting = connect.version == Version::V311 && !connect.clean_start;
            if lasting || !config.assign_client_identifiers {
                cite!("3.1.1/MQTT-3.1.3-8", "3.1.1/MQTT-3.1.3-9", "5.0/MQTT-3.1.3-8");
                let reason = ReasonCode::CLIENT_IDENTIFIER_NOT_VALID;
                return Err(refusal(reason, Some(2), "a Client Identifier is needed"));
            }
        } else {
            // Any other identifier is accepted.
            cite!("5.0/MQTT-3.1.3-5", "3.1.1/MQTT-3.1.3-5");
        }
        let is_new = !self.client_ids.contains_key(&*connect.client_id);
        if is_new && self.sessions.len() >= config.limits.sessions {
            return Err(refusal(ReasonCode::QUOTA_EXCEEDED, Some(3), "there is no room for another Session"));
        }
        connect.will.as_ref().map_or(Ok(()), |will| self.check_will(connect.version, will))
    }

    fn check_will(&self, version: Version, will: &Will) -> Result<(), Refusal> {
        if validate_name(&will.topic, version).is_err() {
            cite!("3.1.1/MQTT-3.1.4-1", "5.0/MQTT-3.1.4-1");
            return Err(refusal(ReasonCode::TOPIC_NAME_INVALID, None, "the Will Topic is no Topic Name"));
        }
        if will.qos > self.config.maximum_qos {
            cite!("5.0/MQTT-3.2.2-12", "3.1.1/MQTT-3.2.2-6");
            return Err(refusal(ReasonCode::QOS_NOT_SUPPORTED, None, "the Will QoS is not supported"));
        }
        if will.retain && !self.config.retain_available {
            cite!("5.0/MQTT-3.2.2-13", "3.1.1/MQTT-3.2.2-6");
            return Err(refusal(
                ReasonCode::RETAIN_NOT_SUPPORTED,
                None,
                "retained messages are not supported",
            ));
        }
        Ok(())
    }

    fn begin_authentication(
        &mut self,
        now: Time,
        id: ConnectionId,
        connect: Box<Connect>,
        method: ByteString,
    ) {
        let offered = self.config.authentication_methods.iter().any(|offered| *offered == *method);
        let exchange = offered.then(|| authentication::begin(&method, &mut self.random)).flatten();
        let (Some(exchange), Some(connection)) = (exchange, self.connections.get_mut(&id)) else {
            cite!("5.0/MQTT-4.12.0-1");
            let reason = ReasonCode::BAD_AUTHENTICATION_METHOD;
            return self.refuse(
                now,
                id,
                &connect,
                refusal(reason, None, "this Authentication Method is not supported"),
            );
        };
        let data = connect.properties.authentication_data();
        connection.state = State::Authenticating(Box::new(Authenticating { connect, method, exchange }));
        match data {
            Some(data) => self.go_on_authenticating(now, id, &data),
            // The Client waits for the Server to begin.
            None => self.send_challenge(now, id, Bytes::new()),
        }
    }

    /// Checks the Client's Authentication Data, before CONNACK.
    pub(crate) fn go_on_authenticating(&mut self, now: Time, id: ConnectionId, data: &[u8]) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let State::Authenticating(authenticating) = &mut connection.state else { return };
        match authenticating.exchange.answer(data, &self.access) {
            authentication::Answer::Continue(data) => self.send_challenge(now, id, data),
            authentication::Answer::Accepted { user, data } => {
                let State::Authenticating(authenticating) =
                    std::mem::replace(&mut connection.state, State::AwaitingConnect)
                else {
                    return;
                };
                let Authenticating { connect, method, .. } = *authenticating;
                let permissions = self.access.permissions(&user);
                match permissions.map(|known| (check_will_permission(&known, connect.will.as_ref()), known)) {
                    Some((Ok(()), permissions)) => {
                        let authentication = Some((method, data));
                        self.accept(now, id, Acceptance { connect, permissions, authentication });
                    }
                    Some((Err(refusal), _)) => self.refuse(now, id, &connect, refusal),
                    None => self.refuse(
                        now,
                        id,
                        &connect,
                        refusal(ReasonCode::NOT_AUTHORIZED, None, "no such user"),
                    ),
                }
            }
            authentication::Answer::Rejected => {
                cite!("5.0/MQTT-4.12.0-4", "5.0/MQTT-3.1.4-2");
                let State::Authenticating(authenticating) =
                    std::mem::replace(&mut connection.state, State::AwaitingConnect)
                else {
                    return;
                };
                let refusal = refusal(ReasonCode::NOT_AUTHORIZED, None, "the authentication has failed");
                self.refuse(now, id, &authenticating.connect, refusal);
            }
        }
    }

    /// Answers with a failing CONNACK, as far as the version has one, and closes.
    fn refuse(&mut self, now: Time, id: ConnectionId, connect: &Connect, refusal: Refusal) {
        cite!("5.0/MQTT-3.1.4-1", "5.0/MQTT-3.1.4-2", "5.0/MQTT-3.2.2-7", "3.1.1/MQTT-3.2.2-5");
        let mut properties = Properties::new();
        let reason = match (connect.version, refusal.return_code) {
            (Version::V311, Some(code)) => Some(ReasonCode(code)),
            (Version::V311, None) => None,
            (Version::V500, _) => {
                if let Some(redirect) = &self.config.redirect {
                    properties.push(Property::ServerReference(redirect.server_reference.as_str().into()));
                }
                self.explain(&mut properties, refusal.text);
                Some(refusal.reason)
            }
        };
        if let Some(reason) = reason {
            self.send_refusal(id, connect, reason, properties);
        }
        self.close(now, id, Ending::Failure);
    }

    /// Sends a failing CONNACK, if the Client has room for it.
    pub(crate) fn send_refusal(
        &mut self,
        id: ConnectionId,
        connect: &Connect,
        reason: ReasonCode,
        properties: Properties,
    ) {
        cite!("5.0/MQTT-3.2.2-6", "3.1.1/MQTT-3.2.2-4", "5.0/MQTT-3.2.2-8", "5.0/MQTT-3.2.0-2");
        let version = connect.version;
        let mut packet = Packet::Connack(Connack { session_present: false, reason, properties });
        if fits(&mut packet, version, connect.properties.maximum_packet_size()) {
            self.effects.push_back(Effect::Send { connection: id, version, packet });
        }
    }

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
        let config = &self.config;
        if expiry_interval != connect.properties.session_expiry_interval().unwrap_or(0) {
            properties.push(Property::SessionExpiryInterval(expiry_interval));
        }
        if config.receive_maximum != u16::MAX {
            properties.push(Property::ReceiveMaximum(config.receive_maximum));
        }
        if config.maximum_qos != QoS::ExactlyOnce {
            cite!("5.0/MQTT-3.2.2-9");
            properties.push(Property::MaximumQoS(config.maximum_qos as u8));
        }
        if !config.retain_available {
            properties.push(Property::RetainAvailable(0));
        }
        if config.maximum_packet_size < protocol::Limits::default().maximum_packet_size {
            properties.push(Property::MaximumPacketSize(config.maximum_packet_size));
        }
        if config.topic_alias_maximum > 0 {
            properties.push(Property::TopicAliasMaximum(config.topic_alias_maximum));
        }
        if !config.wildcard_subscriptions_available {
            properties.push(Property::WildcardSubscriptionAvailable(0));
        }
        if !config.subscription_identifiers_available {
            properties.push(Property::SubscriptionIdentifierAvailable(0));
        }
        if !config.shared_subscriptions_available {
            properties.push(Property::SharedSubscriptionAvailable(0));
        }
        if let Some(seconds) = config.server_keep_alive {
            properties.push(Property::ServerKeepAlive(seconds));
        }
        cite!("5.0/MQTT-3.1.2-28");
        if connect.properties.request_response_information() == Some(1)
            && let Some(information) = &config.response_information
        {
            properties.push(Property::ResponseInformation(information.as_str().into()));
        }
    }
}

/// Whether the Client may publish its Will Message. It is told now, because later nobody is there to be told.
fn check_will_permission(
    permissions: &crate::access::Permissions,
    will: Option<&Will>,
) -> Result<(), Refusal> {
    match will {
        Some(will) if !permissions.may_publish(&will.topic) => {
            Err(refusal(ReasonCode::NOT_AUTHORIZED, Some(5), "the Will Topic is not authorized"))
        }
        Some(_) | None => Ok(()),
    }
}
