//! Configurations of the Server that scenarios may ask for with `@server:NAME`, as the reference broker has them. An external Subject has those for which
//! it was given a listener; the others are not applicable to it.

use crate::testbed::Resource;
use crate::testbed::in_process::{BoxedService, SERVER};
use reference_broker::{Config, Server};
use transport::{Hosted, WebSocket};

/// The name of the configuration in which the Server is reached by WebSocket.
pub const WEBSOCKET: &str = "websocket";
/// The resource that is asked for there, as far as the embedded reference broker is concerned, which does not look at it.
const PATH: &str = "/mqtt";

/// A named configuration.
#[derive(Debug, Clone, Copy)]
pub struct Configuration {
    /// The name behind `@server:`.
    pub name: &'static str,
    /// What it means for a Server, for whoever has to set up another one like it.
    pub meaning: &'static str,
    /// As the reference broker's configuration file.
    pub yaml: &'static str,
    /// Whether what the Server has acknowledged outlasts its process.
    pub durable: bool,
}

impl Configuration {
    const fn new(name: &'static str, meaning: &'static str, yaml: &'static str) -> Self {
        Configuration { name, meaning, yaml, durable: false }
    }

    const fn durable(name: &'static str, meaning: &'static str) -> Self {
        Configuration { name, meaning, yaml: "{}", durable: true }
    }
}

/// All configurations but the ordinary one.
pub static CONFIGURATIONS: &[Configuration] = &[
    Configuration::new("maximum-qos-0", "Maximum QoS is 0", "maximum_qos: 0"),
    Configuration::new("maximum-qos-1", "Maximum QoS is 1", "maximum_qos: 1"),
    Configuration::new("no-retain", "retained messages are not available", "retain_available: false"),
    Configuration::new(
        "no-wildcards",
        "wildcard Subscriptions are not available",
        "wildcard_subscriptions_available: false",
    ),
    Configuration::new(
        "no-shared-subscriptions",
        "Shared Subscriptions are not available",
        "shared_subscriptions_available: false",
    ),
    Configuration::new(
        "no-subscription-identifiers",
        "Subscription Identifiers are not available",
        "subscription_identifiers_available: false",
    ),
    Configuration::new("receive-maximum-2", "the Server's Receive Maximum is 2", "receive_maximum: 2"),
    Configuration::new(
        "maximum-packet-size-256",
        "the Server's Maximum Packet Size is 256 bytes",
        "maximum_packet_size: 256",
    ),
    Configuration::new(
        "server-keep-alive-2",
        "the Server sets a Keep Alive of 2 seconds",
        "server_keep_alive: 2",
    ),
    Configuration::new(
        "users",
        "the users writer and reader have the password \"secret\"; reader may not publish; nobody needs a user name",
        "users: [{name: writer, password: secret}, {name: reader, password: secret, permissions: {publish: []}}]",
    ),
    Configuration::new(
        "scram",
        "SCRAM-SHA-256 is an Authentication Method, and the user writer has the password \"secret\"; nobody needs to be one",
        "users: [{name: writer, password: secret}]\nauthentication_methods: [SCRAM-SHA-256]",
    ),
    Configuration::new(
        "remarks",
        "every CONNACK, acknowledgement, DISCONNECT and AUTH has a Reason String and a User Property of some 35 bytes together, where the Client lets it; SCRAM-SHA-256 as for scram",
        "remarks: {reason_string: as it should be, name: from, value: Server}\nreason_strings: false\nusers: [{name: writer, password: secret}]",
    ),
    Configuration::new(
        "redirecting",
        "every Client of 5.0 is sent to the Server other.example:1883 by a Server Reference",
        "redirect: {server_reference: \"other.example:1883\"}",
    ),
    Configuration::new(
        "no-empty-client-identifiers",
        "a zero-length Client Identifier is refused",
        "assign_client_identifiers: false",
    ),
    Configuration::new(
        "response-information",
        "the Server has Response Information for Clients that request it",
        "response_information: answers",
    ),
    Configuration::durable(
        "durable",
        "Sessions, their messages and retained messages outlast a Server that stops on request and starts again",
    ),
    Configuration::durable(
        "durable-over-crashes",
        "Sessions, their messages and retained messages outlast the sudden end of the Server, as soon as they are acknowledged",
    ),
    Configuration::new(
        WEBSOCKET,
        "the Server is reached by WebSocket; the address of its listener begins with ws://",
        "{}",
    ),
];

/// Whether the Server of this configuration has a store.
#[must_use]
pub fn is_durable(name: Option<&str>) -> bool {
    CONFIGURATIONS.iter().any(|c| Some(c.name) == name && c.durable)
}

/// The configuration of the reference broker with this name; `None` is the ordinary one.
///
/// # Errors
/// If there is none of this name, or its YAML is wrong.
pub fn config(name: Option<&str>) -> Result<Config, String> {
    let Some(name) = name else { return Ok(Config::default()) };
    let found = CONFIGURATIONS
        .iter()
        .find(|c| c.name == name)
        .ok_or_else(|| format!("there is no Server configuration \"{name}\""))?;
    Config::from_yaml(found.yaml).map_err(|error| format!("the Server configuration \"{name}\": {error}"))
}

/// What the reference broker is set up with.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Its configuration.
    pub config: Config,
    /// Whether it is behind WebSocket.
    pub websocket: bool,
}

/// What the configuration with this name means for the reference broker.
///
/// # Errors
/// As [`config`].
pub fn setting(name: Option<&str>) -> Result<Setting, String> {
    Ok(Setting { config: config(name)?, websocket: name == Some(WEBSOCKET) })
}

/// The reference broker in the configuration with this name.
///
/// # Errors
/// As [`config`].
pub fn reference(name: Option<&str>, seed: u64) -> Result<BoxedService, String> {
    let Setting { config, websocket } = setting(name)?;
    let server = Hosted::new(Server::new(config, seed));
    Ok(if websocket { Box::new(WebSocket::new(server)) } else { Box::new(server) })
}

/// What Clients ask the reference broker for that is at `host`, if it is behind WebSocket in the configuration with this name.
#[must_use]
pub fn resource_at(name: Option<&str>, host: &str) -> Option<Resource> {
    (name == Some(WEBSOCKET)).then(|| Resource { host: host.to_owned(), path: PATH.to_owned() })
}

/// The same for a Server in this process.
#[must_use]
pub fn resource(name: Option<&str>) -> Option<Resource> {
    resource_at(name, SERVER)
}

/// Whether there is a configuration with this name.
#[must_use]
pub fn exists(name: &str) -> bool {
    CONFIGURATIONS.iter().any(|c| c.name == name)
}

/// The names of all configurations.
#[must_use]
pub fn names() -> Vec<String> {
    CONFIGURATIONS.iter().map(|c| c.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_configuration_is_one_that_the_reference_broker_takes() {
        for name in super::names() {
            assert!(super::config(Some(&name)).is_ok(), "{name}: {:?}", super::config(Some(&name)));
        }
    }
}
