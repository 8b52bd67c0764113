//! Which Requirement each kind of mistake breaks, in both versions.
//!
//! The checks themselves stand in the files beside this one, each below a citation. A mistake that the standard
//! describes without a number is filed under the RULE that the catalogue has for it. Where a version does not know the
//! field at all, its half of the pair is the statement that makes the receiver close (MQTT-4.8.0-1 of 3.1.1).

use crate::{PacketType, Role, Version};
use catalogue::RequirementId;

/// The same mistake as a Requirement of each version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    v311: RequirementId,
    v500: RequirementId,
}

impl Rule {
    const fn new(v311: &str, v500: &str) -> Rule {
        Rule { v311: RequirementId::known(v311), v500: RequirementId::known(v500) }
    }

    /// A mistake that only 5.0 has.
    pub(super) const fn of_500(v500: &str) -> Rule {
        Rule::new("3.1.1/MQTT-4.8.0-1", v500)
    }

    /// The Requirement of this version; that of 5.0 while the version is not known.
    pub(crate) const fn requirement(self, version: Option<Version>) -> RequirementId {
        match version {
            Some(Version::V311) => self.v311,
            Some(Version::V500) | None => self.v500,
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $v311:literal, $v500:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Rule = Rule::new($v311, $v500);)*
    };
}

rules! {
    FORBIDDEN_TYPE = "3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type";
    NOT_FROM_CLIENT = "3.1.1/RULE-2.2.1-not-from-client", "5.0/RULE-2.1.2-not-from-client";
    NOT_FROM_SERVER = "3.1.1/RULE-2.2.1-not-from-server", "5.0/RULE-2.1.2-not-from-server";
    REMAINING_LENGTH = "3.1.1/RULE-2.2.3-remaining-length-of-five-bytes", "5.0/RULE-2.1.4-remaining-length-of-five-bytes";
    MISSING_FIELD = "3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-2.1.4-missing-field";
    TRAILING_BYTES = "3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes";

    STRING_BEYOND_PACKET = "3.1.1/RULE-1.5.3-string-beyond-packet", "5.0/RULE-1.5.4-string-beyond-packet";
    /// 3.1.1 has no name for the type; its two fields of it are the Will Message and the Password.
    BINARY_BEYOND_PACKET = "3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-1.5.6-binary-beyond-packet";
    VARIABLE_OF_FIVE_BYTES = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-1.5.5-five-bytes";

    PROPERTIES_BEYOND_PACKET = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-2.2.2.1-beyond-packet";
    CUT_PROPERTY = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-2.2.2.1-cut-property";
    UNKNOWN_PROPERTY = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-2.2.2.2-unknown-property";
    PROPERTY_OF_ANOTHER_PACKET = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-2.2.2.2-property-of-another-packet";
    DATA_WITHOUT_METHOD = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-3.1.2.11.10-data-without-method";
    AUTH_WITHOUT_METHOD = "3.1.1/MQTT-4.8.0-1", "5.0/RULE-3.15-auth-without-method";

    ILL_FORMED_UTF8 = "3.1.1/MQTT-1.5.3-1", "5.0/MQTT-1.5.4-1";
    NUL_CHARACTER = "3.1.1/MQTT-1.5.3-2", "5.0/MQTT-1.5.4-2";

    FLAGS = "3.1.1/MQTT-2.2.2-1", "5.0/MQTT-2.1.3-1";
    PUBREL_FLAGS = "3.1.1/MQTT-3.6.1-1", "5.0/MQTT-3.6.1-1";
    SUBSCRIBE_FLAGS = "3.1.1/MQTT-3.8.1-1", "5.0/MQTT-3.8.1-1";
    UNSUBSCRIBE_FLAGS = "3.1.1/MQTT-3.10.1-1", "5.0/MQTT-3.10.1-1";
    DISCONNECT_FLAGS = "3.1.1/MQTT-3.14.1-1", "5.0/MQTT-3.14.1-1";
    AUTH_FLAGS = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.15.1-1";

    /// A client's packet above the Maximum Packet Size of the Server. 3.1.1 has no such limit.
    TOO_LARGE_FOR_SERVER = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.2.2-15";
    /// A Server's packet above the Maximum Packet Size of the Client. 3.1.1 has no such limit.
    TOO_LARGE_FOR_CLIENT = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.1.2-24";

    PACKET_ID_OF_CLIENT = "3.1.1/MQTT-2.3.1-1", "5.0/MQTT-2.2.1-3";
    PACKET_ID_OF_SERVER = "3.1.1/MQTT-2.3.1-1", "5.0/MQTT-2.2.1-4";
    PACKET_ID_OF_PUBLISH_ACKNOWLEDGED = "3.1.1/MQTT-2.3.1-6", "5.0/MQTT-2.2.1-5";
    PACKET_ID_OF_REQUEST = "3.1.1/MQTT-2.3.1-7", "5.0/MQTT-2.2.1-6";

    CONNECT_FIRST = "3.1.1/MQTT-3.1.0-1", "5.0/MQTT-3.1.0-1";
    SECOND_CONNECT = "3.1.1/MQTT-3.1.0-2", "5.0/MQTT-3.1.0-2";
    PROTOCOL_NAME = "3.1.1/MQTT-3.1.2-1", "5.0/MQTT-3.1.2-1";
    PROTOCOL_VERSION = "3.1.1/MQTT-3.1.2-2", "5.0/MQTT-3.1.2-2";
    CONNECT_FLAGS_RESERVED = "3.1.1/MQTT-3.1.2-3", "5.0/MQTT-3.1.2-3";
    WILL_QOS_WITHOUT_WILL = "3.1.1/MQTT-3.1.2-13", "5.0/MQTT-3.1.2-11";
    WILL_QOS = "3.1.1/MQTT-3.1.2-14", "5.0/MQTT-3.1.2-12";
    WILL_RETAIN_WITHOUT_WILL = "3.1.1/MQTT-3.1.2-15", "5.0/MQTT-3.1.2-13";
    WILL_MISSING = "3.1.1/MQTT-3.1.2-9", "5.0/MQTT-3.1.2-9";
    USER_NAME_MISSING = "3.1.1/MQTT-3.1.2-19", "5.0/MQTT-3.1.2-17";
    PASSWORD_MISSING = "3.1.1/MQTT-3.1.2-21", "5.0/MQTT-3.1.2-19";
    /// Only 3.1.1 forbids it.
    PASSWORD_WITHOUT_USER_NAME = "3.1.1/MQTT-3.1.2-22", "5.0/MQTT-3.1.4-1";
    CLIENT_ID_MISSING = "3.1.1/MQTT-3.1.3-3", "5.0/MQTT-3.1.3-3";

    CONNACK_FLAGS_RESERVED = "3.1.1/RULE-3.2.2.1-reserved-flags", "5.0/MQTT-3.2.2-1";

    PUBLISH_QOS = "3.1.1/MQTT-3.3.1-4", "5.0/MQTT-3.3.1-4";
    TOPIC_NAME_WILDCARD = "3.1.1/MQTT-3.3.2-2", "5.0/MQTT-3.3.2-2";
    WILL_TOPIC_WILDCARD = "3.1.1/MQTT-4.7.1-1", "5.0/MQTT-4.7.0-1";
    RESPONSE_TOPIC_WILDCARD = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.3.2-14";
    EMPTY_TOPIC_WITHOUT_ALIAS = "3.1.1/MQTT-4.7.3-1", "5.0/RULE-3.3.2.1-empty-topic-without-alias";
    EMPTY_TOPIC = "3.1.1/MQTT-4.7.3-1", "5.0/MQTT-4.7.3-1";
    TOPIC_ALIAS_ZERO = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.3.2-8";
    SUBSCRIPTION_IDENTIFIER_OF_CLIENT = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.3.4-6";

    NO_FILTER_TO_SUBSCRIBE = "3.1.1/MQTT-3.8.3-3", "5.0/MQTT-3.8.3-2";
    SUBSCRIPTION_OPTIONS_RESERVED = "3.1.1/MQTT-3.8.3-4", "5.0/MQTT-3.8.3-5";
    /// 3.1.1 counts QoS 3 among the reserved bits; 5.0 calls it a Protocol Error without a number.
    SUBSCRIPTION_QOS = "3.1.1/MQTT-3.8.3-4", "5.0/RULE-3.8.3.1-qos-3";
    RETAIN_HANDLING = "3.1.1/MQTT-3.8.3-4", "5.0/RULE-3.8.3.1-retain-handling-3";
    NO_LOCAL_ON_SHARED = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.8.3-4";
    NO_FILTER_TO_UNSUBSCRIBE = "3.1.1/MQTT-3.10.3-2", "5.0/MQTT-3.10.3-2";
    NO_REASON_IN_SUBACK = "3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.8.4-6";
    NO_REASON_IN_UNSUBACK = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.11.3-2";

    SESSION_EXPIRY_OF_SERVER = "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.14.2-2";
}

/// The rule for a packet that the sender must leave to the other end.
pub(crate) const fn direction(sender: Role) -> Rule {
    match sender {
        Role::Client => NOT_FROM_CLIENT,
        Role::Server => NOT_FROM_SERVER,
    }
}

/// The rule for wrong flags in the fixed header of a packet of this type.
pub(crate) const fn flags(packet_type: PacketType) -> Rule {
    match packet_type {
        PacketType::Pubrel => PUBREL_FLAGS,
        PacketType::Subscribe => SUBSCRIBE_FLAGS,
        PacketType::Unsubscribe => UNSUBSCRIBE_FLAGS,
        PacketType::Disconnect => DISCONNECT_FLAGS,
        PacketType::Auth => AUTH_FLAGS,
        _ => FLAGS,
    }
}
