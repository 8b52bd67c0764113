//! Properties (section 2.2.2): which may stand where, how often, and with which values.
//!
//! Two points that the standard leaves open are refused when a Client sends them and taken when a Server does, so
//! that a Server is never accused of them: a Payload Format Indicator other than 0 and 1, and a Payload Format
//! Indicator or Message Expiry Interval that stands twice in a PUBLISH.

use super::fault::{Fault, fault, malformed, protocol_error};
use super::reader::Reader;
use super::{ErrorKind, property_rules, rules};
use crate::{Properties, Property, PropertyId, PropertyPlace, Role};
use bytestring::ByteString;
use catalogue::cite;

/// Reads Property Length and Properties.
#[inline]
pub(super) fn read(
    reader: &mut Reader<'_>,
    place: PropertyPlace,
    sender: Role,
) -> Result<Properties, Box<Fault>> {
    let length = reader.variable("Property Length")? as usize;
    if length == 0 {
        return Ok(Properties::new());
    }
    let end = reader.enter_properties(length)?;
    let mut properties = Properties::new();
    let mut seen = 0u64;
    while !reader.is_at_end() {
        let start = reader.at();
        let property = read_one(reader, place)?;
        let bit = 1u64 << property.id() as u32;
        if seen & bit != 0 && !may_repeat(property.id(), place, sender) {
            let text = format!("{} stands here twice", property.id());
            return Err(protocol_error(property_rules::twice(place, property.id()), start, text));
        }
        seen |= bit;
        check_value(&property, place, sender, start)?;
        properties.push(property);
    }
    reader.leave_properties(end);
    Ok(properties)
}

/// Whether a Property may stand here more than once.
fn may_repeat(id: PropertyId, place: PropertyPlace, sender: Role) -> bool {
    match id {
        PropertyId::UserProperty => true,
        // Overlapping Subscriptions (section 3.3.4). A Client's PUBLISH with even one is refused by its value check.
        PropertyId::SubscriptionIdentifier => place == PropertyPlace::Publish,
        PropertyId::PayloadFormatIndicator | PropertyId::MessageExpiryInterval => {
            place == PropertyPlace::Publish && sender == Role::Server
        }
        _ => false,
    }
}

#[inline]
fn read_one(reader: &mut Reader<'_>, place: PropertyPlace) -> Result<Property, Box<Fault>> {
    let start = reader.at();
    let value = reader.variable("Property Identifier")?;
    let Some(id) = PropertyId::from_value(value) else {
        cite!("5.0/RULE-2.2.2.2-unknown-property");
        let text = format!("there is no Property 0x{value:02X}");
        return Err(malformed(rules::UNKNOWN_PROPERTY, start, text));
    };
    if !id.places().contains(&place) {
        cite!("5.0/RULE-2.2.2.2-property-of-another-packet");
        let text = format!("{id} does not belong to {}", place_name(place));
        return Err(malformed(rules::PROPERTY_OF_ANOTHER_PACKET, start, text));
    }
    Ok(match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(reader.byte(id.name())?),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(reader.four_bytes(id.name())?),
        PropertyId::ContentType => Property::ContentType(reader.string(id.name())?),
        PropertyId::ResponseTopic => Property::ResponseTopic(reader.string(id.name())?),
        PropertyId::CorrelationData => Property::CorrelationData(reader.binary(id.name())?),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(reader.variable(id.name())?),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(reader.four_bytes(id.name())?),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(reader.string(id.name())?),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(reader.two_bytes(id.name())?),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(reader.string(id.name())?),
        PropertyId::AuthenticationData => Property::AuthenticationData(reader.binary(id.name())?),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(reader.byte(id.name())?),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(reader.four_bytes(id.name())?),
        PropertyId::RequestResponseInformation => {
            Property::RequestResponseInformation(reader.byte(id.name())?)
        }
        PropertyId::ResponseInformation => Property::ResponseInformation(reader.string(id.name())?),
        PropertyId::ServerReference => Property::ServerReference(reader.string(id.name())?),
        PropertyId::ReasonString => Property::ReasonString(reader.string(id.name())?),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(reader.two_bytes(id.name())?),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(reader.two_bytes(id.name())?),
        PropertyId::TopicAlias => Property::TopicAlias(reader.two_bytes(id.name())?),
        PropertyId::MaximumQoS => Property::MaximumQoS(reader.byte(id.name())?),
        PropertyId::RetainAvailable => Property::RetainAvailable(reader.byte(id.name())?),
        PropertyId::UserProperty => {
            let name = reader.string("the name of a User Property")?;
            Property::UserProperty((name, reader.string("the value of a User Property")?))
        }
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(reader.four_bytes(id.name())?),
        PropertyId::WildcardSubscriptionAvailable => {
            Property::WildcardSubscriptionAvailable(reader.byte(id.name())?)
        }
        PropertyId::SubscriptionIdentifierAvailable => {
            Property::SubscriptionIdentifierAvailable(reader.byte(id.name())?)
        }
        PropertyId::SharedSubscriptionAvailable => {
            Property::SharedSubscriptionAvailable(reader.byte(id.name())?)
        }
    })
}

/// Checks what can be said of one value without knowing the Session.
#[inline]
fn check_value(
    property: &Property,
    place: PropertyPlace,
    sender: Role,
    start: usize,
) -> Result<(), Box<Fault>> {
    let id = property.id();
    match property {
        Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::MaximumQoS(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value)
            if *value > 1 =>
        {
            Err(protocol_error(
                property_rules::value(place, id),
                start,
                format!("{id} is {value}, neither 0 nor 1"),
            ))
        }
        Property::PayloadFormatIndicator(value) if *value > 1 && sender == Role::Client => {
            Err(protocol_error(
                property_rules::value(place, id),
                start,
                format!("{id} is {value}, neither 0 nor 1"),
            ))
        }
        Property::ReceiveMaximum(0) | Property::MaximumPacketSize(0) => {
            Err(protocol_error(property_rules::value(place, id), start, format!("{id} is 0")))
        }
        Property::TopicAlias(0) => {
            cite!("5.0/MQTT-3.3.2-8", "5.0/RULE-3.3.2.3.4-zero");
            let kind = ErrorKind::TopicAliasInvalid;
            Err(fault(kind, rules::TOPIC_ALIAS_ZERO, start, "Topic Alias is 0"))
        }
        Property::SubscriptionIdentifier(_) if place == PropertyPlace::Publish && sender == Role::Client => {
            cite!("5.0/MQTT-3.3.4-6", "5.0/RULE-3.3.4-subscription-identifier-from-client");
            let text = "a Client's PUBLISH has a Subscription Identifier";
            Err(protocol_error(rules::SUBSCRIPTION_IDENTIFIER_OF_CLIENT, start, text))
        }
        Property::SubscriptionIdentifier(0) => {
            Err(protocol_error(property_rules::value(place, id), start, "Subscription Identifier is 0"))
        }
        Property::ResponseTopic(topic) if has_wildcard(topic) => {
            cite!("5.0/MQTT-3.3.2-14");
            let text = "Response Topic holds a wildcard character";
            Err(protocol_error(rules::RESPONSE_TOPIC_WILDCARD, start, text))
        }
        Property::SessionExpiryInterval(_)
            if place == PropertyPlace::Disconnect && sender == Role::Server =>
        {
            cite!("5.0/MQTT-3.14.2-2");
            let text = "a Server's DISCONNECT has a Session Expiry Interval";
            Err(protocol_error(rules::SESSION_EXPIRY_OF_SERVER, start, text))
        }
        _ => Ok(()),
    }
}

/// Whether a Topic Name holds a wildcard character, which none may.
#[inline]
pub(super) fn has_wildcard(topic: &ByteString) -> bool {
    topic.as_bytes().iter().any(|byte| matches!(byte, b'+' | b'#'))
}

const fn place_name(place: PropertyPlace) -> &'static str {
    match place {
        PropertyPlace::Connect => "CONNECT",
        PropertyPlace::Will => "the Will Properties",
        PropertyPlace::Connack => "CONNACK",
        PropertyPlace::Publish => "PUBLISH",
        PropertyPlace::Puback => "PUBACK",
        PropertyPlace::Pubrec => "PUBREC",
        PropertyPlace::Pubrel => "PUBREL",
        PropertyPlace::Pubcomp => "PUBCOMP",
        PropertyPlace::Subscribe => "SUBSCRIBE",
        PropertyPlace::Suback => "SUBACK",
        PropertyPlace::Unsubscribe => "UNSUBSCRIBE",
        PropertyPlace::Unsuback => "UNSUBACK",
        PropertyPlace::Disconnect => "DISCONNECT",
        PropertyPlace::Auth => "AUTH",
    }
}
