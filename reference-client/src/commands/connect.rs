//! The Connect command (section 3.1). That flags and fields of CONNECT agree with each other is in the types: a field is there or not.

use super::properties;
use crate::connection::Phase;
use crate::{Client, ConnectOptions, Refusal};
use protocol::{PropertyId, PropertyPlace, Version, topic};

impl Client {
    pub(crate) fn command_connect(&mut self, options: ConnectOptions) -> Result<(), Refusal> {
        match self.phase {
            Phase::Closed | Phase::Waiting { .. } => {}
            Phase::Opening { .. } | Phase::AwaitingConnack { .. } | Phase::Connected => {
                return Err(Refusal::AlreadyConnected);
            }
        }
        self.check_options(&options)?;
        self.expire_session();
        self.clean_start = options.clean_start;
        self.options = options;
        self.attempts = 0;
        self.open();
        Ok(())
    }

    fn check_options(&self, options: &ConnectOptions) -> Result<(), Refusal> {
        let version = self.config.version;
        if version == Version::V311 {
            catalogue::cite!("3.1.1/MQTT-3.1.3-7");
            if self.config.client_id.is_empty() && !options.clean_start {
                return Err(Refusal::EmptyClientIdentifier);
            }
            catalogue::cite!("3.1.1/MQTT-3.1.2-22");
            if options.password.is_some() && options.user_name.is_none() {
                return Err(Refusal::PasswordWithoutUserName);
            }
        }
        properties::check(&options.properties, PropertyPlace::Connect, version)?;
        // These come from the Authenticator, and from nowhere else.
        let authentication = [PropertyId::AuthenticationMethod, PropertyId::AuthenticationData];
        if authentication.iter().any(|id| options.properties.get(*id).is_some()) {
            return Err(Refusal::InvalidProperty);
        }
        catalogue::cite!(
            "5.0/MQTT-3.1.3-4",
            "3.1.1/MQTT-3.1.3-4",
            "5.0/MQTT-3.1.3-12",
            "3.1.1/MQTT-3.1.3-11"
        );
        properties::check_string(&self.config.client_id)?;
        if let Some(user_name) = &options.user_name {
            properties::check_string(user_name)?;
        }
        if let Some(password) = &options.password {
            properties::check_binary(password)?;
        }
        if let Some(will) = &options.will {
            catalogue::cite!("5.0/MQTT-3.1.3-11", "3.1.1/MQTT-3.1.3-10");
            topic::validate_name(&will.topic, version).map_err(|_| Refusal::InvalidTopicName)?;
            properties::check_binary(&will.payload)?;
            properties::check(&will.properties, PropertyPlace::Will, version)?;
        }
        Ok(())
    }
}
