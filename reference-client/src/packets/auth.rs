//! AUTH from the Server (section 3.15, enhanced authentication in 4.12; 5.0 only).

use crate::connection::Authentication;
use crate::{Client, Closure, Event};
use protocol::{Auth, Packet, Properties, Property, ReasonCode};

impl Client {
    pub(crate) fn auth_while_connecting(&mut self, auth: Auth) {
        if self.is_of_our_method(&auth) {
            if auth.reason == ReasonCode::CONTINUE_AUTHENTICATION {
                self.continue_authentication(auth);
            } else {
                self.protocol_error(ReasonCode::PROTOCOL_ERROR, "AUTH before CONNACK that does not continue");
            }
        }
    }

    pub(crate) fn auth_while_connected(&mut self, auth: Auth) {
        if !self.is_of_our_method(&auth) {
            return;
        }
        match (self.connection.authentication, auth.reason) {
            (Authentication::Again(_), ReasonCode::CONTINUE_AUTHENTICATION) => {
                self.continue_authentication(auth)
            }
            (Authentication::Again(token), ReasonCode::SUCCESS) => {
                self.connection.authentication = Authentication::Done;
                let data = auth.properties.authentication_data();
                match self.config.authenticator.as_mut().map(|authenticator| authenticator.finish(data)) {
                    Some(Ok(())) => self.event(Event::Reauthenticated { token }),
                    Some(Err(_)) | None => {
                        catalogue::cite!("5.0/MQTT-4.12.1-2");
                        self.event(Event::Lost { token });
                        self.fail(ReasonCode::UNSPECIFIED_ERROR, Closure::AuthenticationFailed);
                    }
                }
            }
            _ => self.protocol_error(
                ReasonCode::PROTOCOL_ERROR,
                "AUTH although the Client has not begun to authenticate",
            ),
        }
    }

    fn continue_authentication(&mut self, auth: Auth) {
        let Some(authenticator) = &mut self.config.authenticator else { return };
        match authenticator.step(auth.properties.authentication_data()) {
            Ok(data) => {
                catalogue::cite!("5.0/MQTT-4.12.0-3", "5.0/MQTT-3.15.2-1");
                self.send_auth(ReasonCode::CONTINUE_AUTHENTICATION, data);
            }
            Err(_) => {
                catalogue::cite!("5.0/MQTT-4.12.1-2");
                self.fail(ReasonCode::UNSPECIFIED_ERROR, Closure::AuthenticationFailed);
            }
        }
    }

    /// Sends AUTH with the Authentication Method of CONNECT; nothing if there was none.
    pub(crate) fn send_auth(&mut self, reason: ReasonCode, data: Option<bytes::Bytes>) {
        catalogue::cite!("5.0/MQTT-4.12.0-7", "5.0/MQTT-4.12.0-5", "5.0/MQTT-4.12.1-1");
        let Some(authenticator) = &self.config.authenticator else { return };
        let mut properties = Properties::new().with(Property::AuthenticationMethod(authenticator.method()));
        if let Some(data) = data {
            properties.push(Property::AuthenticationData(data));
        }
        self.send(Packet::Auth(Auth { reason, properties }));
    }

    /// Whether AUTH has the Authentication Method of CONNECT. Otherwise the Network Connection is closed.
    fn is_of_our_method(&mut self, auth: &Auth) -> bool {
        let method = self.config.authenticator.as_ref().map(|authenticator| authenticator.method());
        let same = method.is_some() && auth.properties.authentication_method() == method;
        if !same {
            self.protocol_error(
                ReasonCode::PROTOCOL_ERROR,
                "AUTH has another Authentication Method than CONNECT",
            );
        }
        same
    }
}
