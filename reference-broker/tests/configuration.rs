//! Configurations as YAML.

use protocol::{QoS, Version};
use reference_broker::{Config, ConfigError};

#[test]
fn an_empty_text_is_the_default() {
    assert_eq!(Config::from_yaml("").expect("nothing is needed"), Config::default());
    assert_eq!(Config::from_yaml("# nothing\n").expect("nothing is needed"), Config::default());
}

#[test]
fn every_field_can_be_set() {
    let yaml = "
versions: ['5.0']
maximum_qos: 1
retain_available: false
wildcard_subscriptions_available: false
subscription_identifiers_available: false
shared_subscriptions_available: false
topic_alias_maximum: 0
use_topic_aliases: false
receive_maximum: 10
maximum_packet_size: 1000
server_keep_alive: 30
session_expiry_maximum: 60
assign_client_identifiers: false
response_information: answers/
redirect: { server_reference: 'other:1883', moved: true }
reason_strings: false
connect_timeout: 0
anonymous: { publish: [], subscribe: ['a/#'] }
users: [{ name: alice, password: secret, permissions: { publish: ['b'] } }]
authentication_methods: []
limits: { connections: 1, sessions: 2, subscriptions: 3, queued_messages: 4, queued_bytes: 5, retained_messages: 6 }
";

    let config = Config::from_yaml(yaml).expect("a configuration");

    assert_eq!(config.versions, [Version::V500]);
    assert_eq!(config.maximum_qos, QoS::AtLeastOnce);
    assert_eq!(config.users[0].permissions.subscribe, ["#"]);
    assert_eq!(config.limits.retained_messages, 6);
}

#[test]
fn mistakes_are_found_with_their_place() {
    for (yaml, line) in
        [("maximum_qos: 3", 1), ("\nversions: ['4.0']", 2), ("a: b", 1), ("limits:\n  nonsense: 1", 2)]
    {
        let error = Config::from_yaml(yaml).expect_err(yaml);
        assert_eq!(error.location().map(|(line, _)| line), Some(line), "{error}");
    }
    for yaml in
        ["versions: []", "receive_maximum: 0", "maximum_packet_size: 0", "anonymous: { publish: ['a#'] }"]
    {
        let error = Config::from_yaml(yaml).expect_err(yaml);
        assert!(matches!(error, ConfigError::Value { .. }), "{error}");
    }
}
