//! Configurations of the Server that scenarios may ask for with `@server:NAME`, and what each means for a Server, whoever made it. A Subject has those
//! for which it was given a listener; the others are not applicable to it. How the reference broker is set up for each is in the crate `subjects`.

use tester::testbed::WEBSOCKET;

/// A named configuration.
#[derive(Debug, Clone, Copy)]
pub struct Configuration {
    /// The name behind `@server:`.
    pub name: &'static str,
    /// What it means for a Server, for whoever has to set up another one like it.
    pub meaning: &'static str,
}

/// All configurations but the ordinary one.
pub static CONFIGURATIONS: &[Configuration] = &[
    Configuration { name: "maximum-qos-0", meaning: "Maximum QoS is 0" },
    Configuration { name: "maximum-qos-1", meaning: "Maximum QoS is 1" },
    Configuration { name: "no-retain", meaning: "retained messages are not available" },
    Configuration { name: "no-wildcards", meaning: "wildcard Subscriptions are not available" },
    Configuration { name: "no-shared-subscriptions", meaning: "Shared Subscriptions are not available" },
    Configuration {
        name: "no-subscription-identifiers",
        meaning: "Subscription Identifiers are not available",
    },
    Configuration { name: "receive-maximum-2", meaning: "the Server's Receive Maximum is 2" },
    Configuration {
        name: "maximum-packet-size-256",
        meaning: "the Server's Maximum Packet Size is 256 bytes",
    },
    Configuration { name: "server-keep-alive-2", meaning: "the Server sets a Keep Alive of 2 seconds" },
    Configuration {
        name: "users",
        meaning: "the users writer and reader have the password \"secret\"; reader may not publish; anonymous Clients are admitted",
    },
    Configuration {
        name: "scram",
        meaning: "SCRAM-SHA-256 is an Authentication Method, and the user writer has the password \"secret\"; anonymous Clients are admitted",
    },
    Configuration {
        name: "remarks",
        meaning: "every CONNACK, acknowledgement, DISCONNECT and AUTH has a Reason String and a User Property of about 35 bytes in total, if the Client permits them; SCRAM-SHA-256 as for scram",
    },
    Configuration {
        name: "redirecting",
        meaning: "every MQTT 5.0 Client is redirected to other.example:1883 by a Server Reference",
    },
    Configuration {
        name: "no-empty-client-identifiers",
        meaning: "a zero-length Client Identifier is refused",
    },
    Configuration {
        name: "response-information",
        meaning: "the Server returns Response Information to Clients that request it",
    },
    Configuration {
        name: "durable",
        meaning: "Sessions, their messages and retained messages survive an orderly stop and restart of the Server",
    },
    Configuration {
        name: "durable-over-crashes",
        meaning: "Sessions, their messages and retained messages survive an abrupt end of the Server, from the moment they are acknowledged",
    },
    Configuration { name: WEBSOCKET, meaning: "the Server is reached over WebSocket, at a ws:// address" },
];

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
