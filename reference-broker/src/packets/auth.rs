//! AUTH: enhanced authentication before CONNACK, and re-authentication after it (sections 3.15 and 4.12 of 5.0).

use crate::access::Access;
use crate::authentication::{self, Answer};
use crate::client::ConnectedClient;
use crate::connection::Authenticating;
use crate::random::Random;
use crate::violation::Violation;
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Auth, Packet, Properties, Property, ReasonCode};

const FAILED: Violation = Violation::new(ReasonCode::NOT_AUTHORIZED, "the authentication has failed");

impl Authenticating {
    /// AUTH between CONNECT and CONNACK. Says what the Authentication Method makes of it.
    pub(crate) fn receive_auth(&mut self, auth: &Auth, access: &Access) -> Result<Answer, Violation> {
        check_method(auth, &self.method)?;
        if auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            cite!("5.0/MQTT-4.12.0-3");
            return Err(Violation::protocol_error("only AUTH 0x18 may come before CONNACK"));
        }
        Ok(self.exchange.answer(&auth.properties.authentication_data().unwrap_or_default(), access))
    }
}

impl ConnectedClient<'_> {
    /// AUTH after CONNACK: re-authentication.
    pub(crate) fn receive_auth(
        &mut self,
        auth: &Auth,
        access: &Access,
        random: &mut Random,
    ) -> Result<(), Violation> {
        let Some(method) = self.connected.method.clone() else {
            cite!("5.0/MQTT-4.12.0-7");
            return Err(Violation::protocol_error("AUTH although CONNECT had no Authentication Method"));
        };
        cite!("5.0/MQTT-4.12.1-1");
        check_method(auth, &method)?;
        let mut exchange = match (auth.reason, self.connected.reauthentication.take()) {
            (ReasonCode::RE_AUTHENTICATE, None) => authentication::begin(&method, random).ok_or(FAILED)?,
            (ReasonCode::CONTINUE_AUTHENTICATION, Some(exchange)) => exchange,
            (_, _) => {
                return Err(Violation::protocol_error(
                    "an AUTH that does not fit the state of the authentication",
                ));
            }
        };
        let answer = match auth.properties.authentication_data() {
            Some(data) => exchange.answer(&data, access),
            None if auth.reason == ReasonCode::RE_AUTHENTICATE => Answer::Continue(Bytes::new()),
            None => Answer::Rejected,
        };
        let answer = match answer {
            Answer::Continue(data) => {
                self.connected.reauthentication = Some(exchange);
                auth_packet(ReasonCode::CONTINUE_AUTHENTICATION, method, data)
            }
            Answer::Accepted { user, data } => {
                self.connected.permissions = access.permissions(&user).ok_or(FAILED)?;
                auth_packet(ReasonCode::SUCCESS, method, data)
            }
            Answer::Rejected => {
                cite!("5.0/MQTT-4.12.1-2");
                return Err(FAILED);
            }
        };
        self.outbox.send(self.connected, answer);
        Ok(())
    }
}

/// AUTH from the Server.
pub(super) fn auth_packet(reason: ReasonCode, method: ByteString, data: Bytes) -> Packet {
    cite!("5.0/MQTT-4.12.0-2", "5.0/MQTT-4.12.0-5", "5.0/MQTT-3.15.2-1");
    let properties = Properties::new()
        .with(Property::AuthenticationMethod(method))
        .with(Property::AuthenticationData(data));
    Packet::Auth(Auth { reason, properties })
}

fn check_method(auth: &Auth, method: &ByteString) -> Result<(), Violation> {
    cite!("5.0/MQTT-4.12.0-5");
    match auth.properties.authentication_method() {
        Some(given) if given == *method => Ok(()),
        Some(_) | None => {
            Err(Violation::protocol_error("another Authentication Method than that of CONNECT"))
        }
    }
}
