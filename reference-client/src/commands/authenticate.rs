//! The Authenticate command: re-authentication (5.0 section 4.12.1).

use crate::connection::{Authentication, Phase};
use crate::{Client, Refusal, Token};
use protocol::ReasonCode;

impl Client {
    pub(crate) fn command_authenticate(&mut self, token: Token) -> Result<(), Refusal> {
        if self.phase != Phase::Connected {
            return Err(Refusal::NotConnected);
        }
        catalogue::cite!("5.0/MQTT-4.12.0-7", "5.0/MQTT-4.12.1-1");
        let (Authentication::Done, Some(authenticator)) =
            (self.connection.authentication, &mut self.config.authenticator)
        else {
            return Err(Refusal::CannotAuthenticate);
        };
        let data = authenticator.start();
        self.connection.authentication = Authentication::Again(token);
        self.send_auth(ReasonCode::RE_AUTHENTICATE, data);
        Ok(())
    }
}
