//! Which rule of 5.0 a Property breaks that stands twice, or has a value outside its range.
//!
//! The names follow the sections that describe the Property in its packet; all are Protocol Errors.

use super::rules::Rule;
use crate::{PropertyId, PropertyPlace};

macro_rules! table {
    ($($place:ident $id:ident $name:literal;)*) => {
        |place, id| match (place, id) {
            $((PropertyPlace::$place, PropertyId::$id) => const { Rule::of_500($name) },)*
            _ => ANY,
        }
    };
}

/// For a Property that has no rule in this place; the decoder does not ask for one.
const ANY: Rule = Rule::of_500("5.0/MQTT-4.13.1-1");

/// The rule that a Property stands here at most once.
pub(super) fn twice(place: PropertyPlace, id: PropertyId) -> Rule {
    let table: fn(PropertyPlace, PropertyId) -> Rule = table! {
        Connect SessionExpiryInterval "5.0/RULE-3.1.2.11.2-twice";
        Connect ReceiveMaximum "5.0/RULE-3.1.2.11.3-twice";
        Connect MaximumPacketSize "5.0/RULE-3.1.2.11.4-twice";
        Connect TopicAliasMaximum "5.0/RULE-3.1.2.11.5-twice";
        Connect RequestResponseInformation "5.0/RULE-3.1.2.11.6-twice";
        Connect RequestProblemInformation "5.0/RULE-3.1.2.11.7-twice";
        Connect AuthenticationMethod "5.0/RULE-3.1.2.11.9-twice";
        Connect AuthenticationData "5.0/RULE-3.1.2.11.10-twice";
        Will WillDelayInterval "5.0/RULE-3.1.3.2.2-twice";
        Will PayloadFormatIndicator "5.0/RULE-3.1.3.2.3-twice";
        Will MessageExpiryInterval "5.0/RULE-3.1.3.2.4-twice";
        Will ContentType "5.0/RULE-3.1.3.2.5-twice";
        Will ResponseTopic "5.0/RULE-3.1.3.2.6-twice";
        Will CorrelationData "5.0/RULE-3.1.3.2.7-twice";
        Connack SessionExpiryInterval "5.0/RULE-3.2.2.3.2-twice";
        Connack ReceiveMaximum "5.0/RULE-3.2.2.3.3-twice";
        Connack MaximumQoS "5.0/RULE-3.2.2.3.4-twice";
        Connack RetainAvailable "5.0/RULE-3.2.2.3.5-twice";
        Connack MaximumPacketSize "5.0/RULE-3.2.2.3.6-twice";
        Connack AssignedClientIdentifier "5.0/RULE-3.2.2.3.7-twice";
        Connack TopicAliasMaximum "5.0/RULE-3.2.2.3.8-twice";
        Connack ReasonString "5.0/RULE-3.2.2.3.9-twice";
        Connack WildcardSubscriptionAvailable "5.0/RULE-3.2.2.3.11-twice";
        Connack SubscriptionIdentifierAvailable "5.0/RULE-3.2.2.3.12-twice";
        Connack SharedSubscriptionAvailable "5.0/RULE-3.2.2.3.13-twice";
        Connack ServerKeepAlive "5.0/RULE-3.2.2.3.14-twice";
        Connack ResponseInformation "5.0/RULE-3.2.2.3.15-twice";
        Connack ServerReference "5.0/RULE-3.2.2.3.16-twice";
        Connack AuthenticationMethod "5.0/RULE-3.2.2.3.17-twice";
        Connack AuthenticationData "5.0/RULE-3.2.2.3.18-twice";
        Publish PayloadFormatIndicator "5.0/RULE-3.3.2.3.2-twice";
        Publish MessageExpiryInterval "5.0/RULE-3.3.2.3.3-twice";
        Publish TopicAlias "5.0/RULE-3.3.2.3.4-twice";
        Publish ResponseTopic "5.0/RULE-3.3.2.3.5-twice";
        Publish CorrelationData "5.0/RULE-3.3.2.3.6-twice";
        Publish ContentType "5.0/RULE-3.3.2.3.9-twice";
        Puback ReasonString "5.0/RULE-3.4.2.2.2-twice";
        Pubrec ReasonString "5.0/RULE-3.5.2.2.2-twice";
        Pubrel ReasonString "5.0/RULE-3.6.2.2.2-twice";
        Pubcomp ReasonString "5.0/RULE-3.7.2.2.2-twice";
        Subscribe SubscriptionIdentifier "5.0/RULE-3.8.2.1.2-twice";
        Suback ReasonString "5.0/RULE-3.9.2.1.2-twice";
        Unsuback ReasonString "5.0/RULE-3.11.2.1.2-twice";
        Disconnect SessionExpiryInterval "5.0/RULE-3.14.2.2.2-twice";
        Disconnect ReasonString "5.0/RULE-3.14.2.2.3-twice";
        Disconnect ServerReference "5.0/RULE-3.14.2.2.5-twice";
        Auth AuthenticationMethod "5.0/RULE-3.15.2.2.2-twice";
        Auth AuthenticationData "5.0/RULE-3.15.2.2.3-twice";
        Auth ReasonString "5.0/RULE-3.15.2.2.4-twice";
    };
    table(place, id)
}

/// The rule for the range of a value: not 0, or only 0 and 1.
pub(super) fn value(place: PropertyPlace, id: PropertyId) -> Rule {
    let table: fn(PropertyPlace, PropertyId) -> Rule = table! {
        Connect ReceiveMaximum "5.0/RULE-3.1.2.11.3-zero";
        Connect MaximumPacketSize "5.0/RULE-3.1.2.11.4-zero";
        Connect RequestResponseInformation "5.0/RULE-3.1.2.11.6-value";
        Connect RequestProblemInformation "5.0/RULE-3.1.2.11.7-value";
        Connack ReceiveMaximum "5.0/RULE-3.2.2.3.3-zero";
        Connack MaximumQoS "5.0/RULE-3.2.2.3.4-value";
        Connack RetainAvailable "5.0/RULE-3.2.2.3.5-value";
        Connack MaximumPacketSize "5.0/RULE-3.2.2.3.6-zero";
        Connack WildcardSubscriptionAvailable "5.0/RULE-3.2.2.3.11-value";
        Connack SubscriptionIdentifierAvailable "5.0/RULE-3.2.2.3.12-value";
        Connack SharedSubscriptionAvailable "5.0/RULE-3.2.2.3.13-value";
        Publish SubscriptionIdentifier "5.0/RULE-3.3.2.3.8-zero";
        Subscribe SubscriptionIdentifier "5.0/RULE-3.8.2.1.2-zero";
    };
    table(place, id)
}
