//! AUTH: enhanced authentication before CONNACK, and re-authentication after it (sections 3.15 and 4.12 of 5.0).

use crate::authentication::{self, Answer};
use crate::connection::State;
use crate::sending::{fits, without_problem_information};
use crate::server::Server;
use crate::violation::Violation;
use crate::will::Ending;
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Auth, Packet, Properties, Property, ReasonCode, Time};
use transport::{ConnectionId, Effect};

const FAILED: Violation = Violation::new(ReasonCode::NOT_AUTHORIZED, "the authentication has failed");

impl Server {
    /// AUTH between CONNECT and CONNACK.
    pub(crate) fn receive_auth_before_connack(
        &mut self,
        now: Time,
        id: ConnectionId,
        auth: Auth,
    ) -> Result<(), Violation> {
        let Some(connection) = self.connections.get(&id) else { return Ok(()) };
        let State::Authenticating(authenticating) = &connection.state else { return Ok(()) };
        check_method(&auth, &authenticating.method)?;
        if auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            cite!("5.0/MQTT-4.12.0-3");
            return Err(Violation::protocol_error("only AUTH 0x18 may come before CONNACK"));
        }
        self.go_on_authenticating(now, id, &auth.properties.authentication_data().unwrap_or_default());
        Ok(())
    }

    /// AUTH after CONNACK: re-authentication.
    pub(crate) fn receive_auth(&mut self, id: ConnectionId, auth: Auth) -> Result<(), Violation> {
        let Some(connected) = self.connections.get_mut(&id).and_then(|connection| connection.connected_mut())
        else {
            return Ok(());
        };
        let Some(method) = connected.method.clone() else {
            cite!("5.0/MQTT-4.12.0-7");
            return Err(Violation::protocol_error("AUTH although CONNECT had no Authentication Method"));
        };
        cite!("5.0/MQTT-4.12.1-1");
        check_method(&auth, &method)?;
        let mut exchange = match (auth.reason, connected.reauthentication.take()) {
            (ReasonCode::RE_AUTHENTICATE, None) => {
                authentication::begin(&method, &mut self.random).ok_or(FAILED)?
            }
            (ReasonCode::CONTINUE_AUTHENTICATION, Some(exchange)) => exchange,
            (_, _) => {
                return Err(Violation::protocol_error(
                    "an AUTH that does not fit the state of the authentication",
                ));
            }
        };
        let answer = match auth.properties.authentication_data() {
            Some(data) => exchange.answer(&data, &self.access),
            None if auth.reason == ReasonCode::RE_AUTHENTICATE => Answer::Continue(Bytes::new()),
            None => Answer::Rejected,
        };
        match answer {
            Answer::Continue(data) => {
                connected.reauthentication = Some(exchange);
                let auth = auth_packet(ReasonCode::CONTINUE_AUTHENTICATION, method, data);
                self.send(id, auth);
            }
            Answer::Accepted { user, data } => {
                connected.permissions = self.access.permissions(&user).ok_or(FAILED)?;
                self.send(id, auth_packet(ReasonCode::SUCCESS, method, data));
            }
            Answer::Rejected => {
                cite!("5.0/MQTT-4.12.1-2");
                return Err(FAILED);
            }
        }
        Ok(())
    }

    /// Asks the Client for more Authentication Data, before CONNACK.
    pub(crate) fn send_challenge(&mut self, now: Time, id: ConnectionId, data: Bytes) {
        let Some(connection) = self.connections.get(&id) else { return };
        let State::Authenticating(authenticating) = &connection.state else { return };
        let connect = &authenticating.connect;
        let mut packet =
            auth_packet(ReasonCode::CONTINUE_AUTHENTICATION, authenticating.method.clone(), data);
        self.remark(&mut packet, connect.version);
        if connect.properties.request_problem_information() == Some(0) {
            cite!("5.0/MQTT-3.1.2-29");
            without_problem_information(&mut packet);
        }
        if fits(&mut packet, connect.version, connect.properties.maximum_packet_size()) {
            self.effects.push_back(Effect::Send { connection: id, version: connect.version, packet });
        } else {
            self.close(now, id, Ending::Failure);
        }
    }
}

fn auth_packet(reason: ReasonCode, method: ByteString, data: Bytes) -> Packet {
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
