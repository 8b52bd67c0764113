//! Which Properties an application may hand to a Client (5.0 section 2.2.2.2 and the sections of each packet).

use crate::Refusal;
use protocol::{Properties, Property, PropertyId, PropertyPlace, Version, topic};

/// The largest Variable Byte Integer.
const LARGEST_IDENTIFIER: u32 = 268_435_455;

/// Whether the Properties may stand in this place of a packet of this version, each as often and with the value that it has.
pub(super) fn check(properties: &Properties, place: PropertyPlace, version: Version) -> Result<(), Refusal> {
    if version == Version::V311 && !properties.is_empty() {
        return Err(Refusal::InvalidProperty);
    }
    for property in properties.iter() {
        let id = property.id();
        let repeated = id != PropertyId::UserProperty && properties.count(id) > 1;
        if repeated || !id.places().contains(&place) {
            return Err(Refusal::InvalidProperty);
        }
        check_value(property)?;
    }
    Ok(())
}

fn check_value(property: &Property) -> Result<(), Refusal> {
    let valid = match property {
        Property::PayloadFormatIndicator(value)
        | Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::MaximumQoS(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => *value <= 1,
        Property::SubscriptionIdentifier(value) => (1..=LARGEST_IDENTIFIER).contains(value),
        Property::ReceiveMaximum(value) | Property::TopicAlias(value) => *value != 0,
        Property::MaximumPacketSize(value) => *value != 0,
        Property::ResponseTopic(name) => {
            catalogue::cite!("5.0/MQTT-3.3.2-14");
            topic::validate_name(name, Version::V500).is_ok()
        }
        Property::UserProperty((name, value)) => {
            return check_string(name).and_then(|()| check_string(value));
        }
        Property::ContentType(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => return check_string(text),
        Property::CorrelationData(data) | Property::AuthenticationData(data) => return check_binary(data),
        Property::MessageExpiryInterval(_)
        | Property::SessionExpiryInterval(_)
        | Property::ServerKeepAlive(_)
        | Property::WillDelayInterval(_)
        | Property::TopicAliasMaximum(_) => true,
    };
    if valid { Ok(()) } else { Err(Refusal::InvalidProperty) }
}

/// Whether a UTF-8 Encoded String can be sent.
pub(super) fn check_string(text: &str) -> Result<(), Refusal> {
    catalogue::cite!("5.0/MQTT-1.5.4-2", "3.1.1/MQTT-1.5.3-2");
    if text.contains('\0') { Err(Refusal::InvalidProperty) } else { check_binary(text.as_bytes()) }
}

/// Whether Binary Data can be sent.
pub(super) fn check_binary(data: &[u8]) -> Result<(), Refusal> {
    if data.len() > usize::from(u16::MAX) { Err(Refusal::FieldTooLong) } else { Ok(()) }
}
