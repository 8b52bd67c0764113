//! CONNECT: the checks, and authentication (section 3.1).
//!
//! What comes after them is in `resumption`, the answer in `connack`.

use super::auth::auth_packet;
use super::publish::check_response_topic;
use crate::access::Denied;
use crate::authentication::{self, Answer};
use crate::connack::{Refusal, refusal};
use crate::connection::{Authenticating, Ending, State};
use crate::permissions::Permissions;
use crate::resumption::Acceptance;
use crate::server::Server;
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::validate_name;
use protocol::{Connect, ReasonCode, Time, Version, Will};
use transport::ConnectionId;

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
        let is_new = self.clients.find(&connect.client_id).is_none();
        if is_new && self.clients.len() >= config.limits.sessions {
            return Err(refusal(ReasonCode::QUOTA_EXCEEDED, Some(3), "there is no room for another Session"));
        }
        connect.will.as_ref().map_or(Ok(()), |will| self.check_will(connect.version, will))
    }

    fn check_will(&self, version: Version, will: &Will) -> Result<(), Refusal> {
        if validate_name(&will.topic, version).is_err() {
            cite!("3.1.1/MQTT-3.1.4-1", "5.0/MQTT-3.1.4-1");
            return Err(refusal(ReasonCode::TOPIC_NAME_INVALID, None, "the Will Topic is no Topic Name"));
        }
        check_response_topic(&will.properties).map_err(|wrong| refusal(wrong.reason, None, wrong.text))?;
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
        let Some(mut exchange) = offered.then(|| authentication::begin(&method, &mut self.random)).flatten()
        else {
            cite!("5.0/MQTT-4.12.0-1");
            let reason = ReasonCode::BAD_AUTHENTICATION_METHOD;
            return self.refuse(
                now,
                id,
                &connect,
                refusal(reason, None, "this Authentication Method is not supported"),
            );
        };
        let answer = match connect.properties.authentication_data() {
            Some(data) => exchange.answer(&data, &self.access),
            // The Client waits for the Server to begin.
            None => Answer::Continue(Bytes::new()),
        };
        let authenticating = Authenticating { connect: connect.clone(), method: method.clone(), exchange };
        // The CONNECT has come on it.
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.state = State::Authenticating(Box::new(authenticating));
        }
        self.go_on_authenticating(now, id, connect, method, answer);
    }

    /// Does what the Authentication Method makes of the Client's Authentication Data, before CONNACK.
    pub(crate) fn go_on_authenticating(
        &mut self,
        now: Time,
        id: ConnectionId,
        connect: Box<Connect>,
        method: ByteString,
        answer: Answer,
    ) {
        match answer {
            Answer::Continue(data) => {
                let challenge = auth_packet(ReasonCode::CONTINUE_AUTHENTICATION, method, data);
                if !self.outbox.send_before_acceptance(id, &connect, challenge) {
                    self.close(now, id, Ending::Failure);
                }
            }
            Answer::Accepted { user, data } => {
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
            Answer::Rejected => {
                cite!("5.0/MQTT-4.12.0-4", "5.0/MQTT-3.1.4-2");
                let refusal = refusal(ReasonCode::NOT_AUTHORIZED, None, "the authentication has failed");
                self.refuse(now, id, &connect, refusal);
            }
        }
    }
}

/// Whether the Client may publish its Will Message. It is told now, because later nobody is there to be told.
fn check_will_permission(permissions: &Permissions, will: Option<&Will>) -> Result<(), Refusal> {
    match will {
        Some(will) if !permissions.may_publish(&will.topic) => {
            Err(refusal(ReasonCode::NOT_AUTHORIZED, Some(5), "the Will Topic is not authorized"))
        }
        Some(_) | None => Ok(()),
    }
}
