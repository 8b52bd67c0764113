//! Configurations of the Server that scenarios may ask for with `@server:NAME`, as the reference broker has them. An external Subject has those for which
//! it was given a listener; the others are not applicable to it.

use reference_broker::Config;

/// A named configuration.
#[derive(Debug, Clone, Copy)]
pub struct Configuration {
    /// The name behind `@server:`.
    pub name: &'static str,
    /// What it means for a Server, for whoever has to set up another one like it.
    pub meaning: &'static str,
    /// As the reference broker's configuration file.
    pub yaml: &'static str,
}

/// All configurations but the ordinary one.
pub static CONFIGURATIONS: &[Configuration] = &[
    Configuration { name: "maximum-qos-0", meaning: "Maximum QoS is 0", yaml: "maximum_qos: 0" },
    Configuration { name: "maximum-qos-1", meaning: "Maximum QoS is 1", yaml: "maximum_qos: 1" },
    Configuration {
        name: "no-retain",
        meaning: "retained messages are not available",
        yaml: "retain_available: false",
    },
    Configuration {
        name: "no-wildcards",
        meaning: "wildcard Subscriptions are not available",
        yaml: "wildcard_subscriptions_available: false",
    },
    Configuration {
        name: "no-shared-subscriptions",
        meaning: "Shared Subscriptions are not available",
        yaml: "shared_subscriptions_available: false",
    },
    Configuration {
        name: "no-subscription-identifiers",
        meaning: "Subscription Identifiers are not available",
        yaml: "subscription_identifiers_available: false",
    },
    Configuration {
        name: "receive-maximum-2",
        meaning: "the Server's Receive Maximum is 2",
        yaml: "receive_maximum: 2",
    },
    Configuration {
        name: "maximum-packet-size-256",
        meaning: "the Server's Maximum Packet Size is 256 bytes",
        yaml: "maximum_packet_size: 256",
    },
    Configuration {
        name: "server-keep-alive-2",
        meaning: "the Server sets a Keep Alive of 2 seconds",
        yaml: "server_keep_alive: 2",
    },
    Configuration {
        name: "users",
        meaning: "the users writer and reader have the password \"secret\"; reader may not publish; nobody needs a user name",
        yaml: "users: [{name: writer, password: secret}, {name: reader, password: secret, permissions: {publish: []}}]",
    },
    Configuration {
        name: "no-empty-client-identifiers",
        meaning: "a zero-length Client Identifier is refused",
        yaml: "assign_client_identifiers: false",
    },
    Configuration {
        name: "response-information",
        meaning: "the Server has Response Information for Clients that request it",
        yaml: "response_information: answers",
    },
];

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
