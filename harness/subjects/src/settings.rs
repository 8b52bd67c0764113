//! How the reference broker is set up for each configuration that a scenario may ask for with `@server:NAME`; the crate `suite` says what the names mean.

use reference_broker::{Config, Server};
use tester::testbed::in_process::{BoxedService, SERVER};
use tester::testbed::{Resource, WEBSOCKET};
use transport::{Hosted, WebSocket};

/// The resource that is asked for behind WebSocket, as far as the embedded reference broker is concerned, which does not look at it.
const PATH: &str = "/mqtt";

/// The set-up for one configuration.
#[derive(Debug, Clone, Copy)]
struct SetUp {
    /// The name of the configuration.
    name: &'static str,
    /// As the reference broker's configuration file.
    yaml: &'static str,
    /// Whether what the Server has acknowledged outlasts its process.
    durable: bool,
}

impl SetUp {
    const fn new(name: &'static str, yaml: &'static str) -> Self {
        SetUp { name, yaml, durable: false }
    }

    const fn durable(name: &'static str) -> Self {
        SetUp { name, yaml: "{}", durable: true }
    }
}

/// All of them but the ordinary one.
static SET_UPS: &[SetUp] = &[
    SetUp::new("maximum-qos-0", "maximum_qos: 0"),
    SetUp::new("maximum-qos-1", "maximum_qos: 1"),
    SetUp::new("no-retain", "retain_available: false"),
    SetUp::new("no-wildcards", "wildcard_subscriptions_available: false"),
    SetUp::new("no-shared-subscriptions", "shared_subscriptions_available: false"),
    SetUp::new("no-subscription-identifiers", "subscription_identifiers_available: false"),
    SetUp::new("receive-maximum-2", "receive_maximum: 2"),
    SetUp::new("maximum-packet-size-256", "maximum_packet_size: 256"),
    SetUp::new("server-keep-alive-2", "server_keep_alive: 2"),
    SetUp::new(
        "users",
        "users: [{name: writer, password: secret}, {name: reader, password: secret, permissions: {publish: []}}]",
    ),
    SetUp::new("scram", "users: [{name: writer, password: secret}]\nauthentication_methods: [SCRAM-SHA-256]"),
    SetUp::new(
        "remarks",
        "remarks: {reason_string: as it should be, name: from, value: Server}\nreason_strings: false\nusers: [{name: writer, password: secret}]",
    ),
    SetUp::new("redirecting", "redirect: {server_reference: \"other.example:1883\"}"),
    SetUp::new("no-empty-client-identifiers", "assign_client_identifiers: false"),
    SetUp::new("response-information", "response_information: answers"),
    SetUp::durable("durable"),
    SetUp::durable("durable-over-crashes"),
    SetUp::new(WEBSOCKET, "{}"),
];

/// Whether the Server of this configuration has a store.
#[must_use]
pub fn is_durable(name: Option<&str>) -> bool {
    SET_UPS.iter().any(|c| Some(c.name) == name && c.durable)
}

/// The configuration of the reference broker with this name; `None` is the ordinary one.
///
/// # Errors
/// If there is none of this name, or its YAML is wrong.
pub fn config(name: Option<&str>) -> Result<Config, String> {
    let Some(name) = name else { return Ok(Config::default()) };
    let found = SET_UPS
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

/// The names of all configurations.
pub fn names() -> impl Iterator<Item = &'static str> {
    SET_UPS.iter().map(|set_up| set_up.name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_configuration_is_one_that_the_reference_broker_takes() {
        for name in super::names() {
            assert!(super::config(Some(name)).is_ok(), "{name}: {:?}", super::config(Some(name)));
        }
    }
}
