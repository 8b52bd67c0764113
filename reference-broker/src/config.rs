//! What a Server supports, and whom it lets do what. The default supports everything and lets anybody do anything.
//!
//! Configurations are YAML; every field may be left out. What a CONNACK can announce (section 3.2.2.3 of 5.0) is announced truthfully.

use crate::authentication::METHODS;
use crate::permissions::{Permissions, User};
use protocol::topic::validate_filter;
use protocol::{QoS, Version};
use serde::{Deserialize, Deserializer};
use std::path::PathBuf;

/// The configuration of a [`Server`](crate::Server).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The versions that are accepted.
    #[serde(deserialize_with = "versions")]
    pub versions: Vec<Version>,
    /// The highest QoS that a Client may publish with (3.2.2.3.4).
    #[serde(deserialize_with = "qos")]
    pub maximum_qos: QoS,
    /// Whether there are retained messages (3.2.2.3.5).
    pub retain_available: bool,
    /// Whether Topic Filters may have wildcards (3.2.2.3.11).
    pub wildcard_subscriptions_available: bool,
    /// Whether Subscriptions may have identifiers (3.2.2.3.12).
    pub subscription_identifiers_available: bool,
    /// Whether there are Shared Subscriptions (3.2.2.3.13).
    pub shared_subscriptions_available: bool,
    /// The highest Topic Alias that a Client may use (3.2.2.3.8). Each one in use takes memory.
    pub topic_alias_maximum: u16,
    /// Whether this Server uses Topic Aliases where the Client allows it (3.1.2.11.5).
    pub use_topic_aliases: bool,
    /// How many PUBLISH packets above QoS 0 a 5.0 Client may have unacknowledged (3.2.2.3.3); not 0.
    pub receive_maximum: u16,
    /// The largest packet taken in, in bytes (3.2.2.3.6); not 0.
    pub maximum_packet_size: u32,
    /// The Keep Alive that 5.0 Clients have to use instead of theirs, in seconds (3.2.2.3.14).
    pub server_keep_alive: Option<u16>,
    /// The longest Session Expiry Interval that is granted, in seconds; 4,294,967,295 means for ever (3.2.2.3.2).
    pub session_expiry_maximum: u32,
    /// Whether a Client without Client Identifier gets one (3.1.3.1).
    pub assign_client_identifiers: bool,
    /// The Response Information for those who request it (3.2.2.3.15).
    pub response_information: Option<String>,
    /// Sends every 5.0 Client to another Server (section 4.11).
    pub redirect: Option<Redirect>,
    /// Whether failures are explained by Reason Strings.
    pub reason_strings: bool,
    /// What is added to every CONNACK, acknowledgement, DISCONNECT and AUTH for 5.0 Clients, for people who look into what Clients get.
    pub remarks: Option<Remarks>,
    /// How long a Client may take to be accepted, in seconds; 0 for as long as it likes (3.1.4).
    pub connect_timeout: u16,
    /// What Clients without a user name may do; `null` if they may not connect.
    pub anonymous: Option<Permissions>,
    /// Who may connect with a user name.
    pub users: Vec<User>,
    /// The Authentication Methods that are offered (section 4.12); `SCRAM-SHA-256` is known.
    pub authentication_methods: Vec<String>,
    /// The file that Sessions and retained messages are kept in over a restart (section 4.1); in memory only if it is left out. The engine
    /// knows no files: the program around it sees to this.
    pub store: Option<PathBuf>,
    /// What the Server holds at most.
    pub limits: Limits,
}

/// Where Clients are sent instead (section 4.11).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The Server Reference (3.2.2.3.16).
    pub server_reference: String,
    /// Whether the Server has moved (0x9D) rather than asks to use another one for the time being (0x9C).
    #[serde(default)]
    pub moved: bool,
}

/// Remarks for people, which no Client may have to understand (2.2.2.2): left out where the Client does not want them or has no room for them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remarks {
    /// The Reason String of packets that have none otherwise.
    pub reason_string: String,
    /// The name of a User Property.
    pub name: String,
    /// The value of that User Property.
    pub value: String,
}

/// What the Server holds at most.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Network Connections at the same time.
    pub connections: usize,
    /// Sessions, connected or not.
    pub sessions: usize,
    /// Subscriptions of one Session.
    pub subscriptions: usize,
    /// Messages that wait in one Session.
    pub queued_messages: usize,
    /// Memory of the messages that wait or are unacknowledged in one Session, in bytes.
    pub queued_bytes: usize,
    /// Retained messages.
    pub retained_messages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 10_000,
            sessions: 100_000,
            subscriptions: 10_000,
            queued_messages: 10_000,
            queued_bytes: 64 << 20,
            retained_messages: 100_000,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            versions: Version::ALL.to_vec(),
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            wildcard_subscriptions_available: true,
            subscription_identifiers_available: true,
            shared_subscriptions_available: true,
            topic_alias_maximum: 16,
            use_topic_aliases: true,
            receive_maximum: u16::MAX,
            maximum_packet_size: protocol::Limits::default().maximum_packet_size,
            server_keep_alive: None,
            session_expiry_maximum: u32::MAX,
            assign_client_identifiers: true,
            response_information: None,
            redirect: None,
            reason_strings: true,
            remarks: None,
            connect_timeout: 10,
            anonymous: Some(Permissions::everything()),
            users: Vec::new(),
            authentication_methods: METHODS.map(str::to_owned).to_vec(),
            store: None,
            limits: Limits::default(),
        }
    }
}

/// Why a text is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text does not describe a configuration.
    #[error("{0}")]
    Yaml(#[from] serde_yaml::Error),
    /// The values do not make sense.
    #[error("{field}: {reason}")]
    Value {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl ConfigError {
    /// Line and column of the mistake, counted from 1, if it is in one place.
    #[must_use]
    pub fn location(&self) -> Option<(usize, usize)> {
        match self {
            ConfigError::Yaml(error) => error.location().map(|place| (place.line(), place.column())),
            ConfigError::Value { .. } => None,
        }
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// If the text is no YAML, has a field that does not exist, or has a value that cannot be.
    pub fn from_yaml(text: &str) -> Result<Self, ConfigError> {
        let config: Config =
            if text.trim().is_empty() { Config::default() } else { serde_yaml::from_str(text)? };
        config.validate()?;
        Ok(config)
    }

    /// Whether the values make sense together.
    ///
    /// # Errors
    /// With the first field that does not.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let refuse = |field, reason| Err(ConfigError::Value { field, reason });
        if self.versions.is_empty() {
            return refuse("versions", "at least one version has to be accepted");
        }
        if self.receive_maximum == 0 {
            return refuse("receive_maximum", "must not be 0 (section 3.2.2.3.3)");
        }
        if self.maximum_packet_size == 0 {
            return refuse("maximum_packet_size", "must not be 0 (section 3.2.2.3.6)");
        }
        let filters = self.users.iter().map(|user| &user.permissions).chain(&self.anonymous);
        if filters
            .flat_map(|p| p.publish.iter().chain(&p.subscribe))
            .any(|f| validate_filter(f, Version::V311).is_err())
        {
            return refuse("publish, subscribe", "one of the Topic Filters is not valid (section 4.7)");
        }
        if self.authentication_methods.iter().any(|method| !METHODS.contains(&&**method)) {
            return refuse("authentication_methods", "only SCRAM-SHA-256 is known");
        }
        Ok(())
    }
}

fn versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Version>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names
        .iter()
        .map(|name| {
            Version::ALL.into_iter().find(|version| version.as_str() == name).ok_or_else(|| {
                serde::de::Error::custom(format!("unknown version `{name}`, expected `3.1.1` or `5.0`"))
            })
        })
        .collect()
}

fn qos<'de, D: Deserializer<'de>>(deserializer: D) -> Result<QoS, D::Error> {
    let bits = u8::deserialize(deserializer)?;
    QoS::from_bits(bits).ok_or_else(|| serde::de::Error::custom("a QoS is 0, 1 or 2"))
}
