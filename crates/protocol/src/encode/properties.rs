//! Writes Properties (section 2.2.2).

use super::{EncodeError, VARIABLE_MAXIMUM, put_field, put_variable, variable_len};
use crate::{Properties, Property, Version};
use bytes::{BufMut, BytesMut};
use catalogue::cite;

/// The length of Property Length and Properties; 0 in 3.1.1.
#[inline]
pub(super) fn block_len(properties: &Properties, version: Version) -> usize {
    match version {
        Version::V311 => 0,
        Version::V500 if properties.is_empty() => 1,
        Version::V500 => {
            let length = content_len(properties);
            variable_len(length) + length
        }
    }
}

/// The length of the Properties alone.
#[inline]
pub(super) fn content_len(properties: &Properties) -> usize {
    properties.iter().map(|property| 1 + value_len(property)).sum()
}

/// The length of the value, without the identifier.
fn value_len(property: &Property) -> usize {
    match property {
        Property::PayloadFormatIndicator(_)
        | Property::RequestProblemInformation(_)
        | Property::RequestResponseInformation(_)
        | Property::MaximumQoS(_)
        | Property::RetainAvailable(_)
        | Property::WildcardSubscriptionAvailable(_)
        | Property::SubscriptionIdentifierAvailable(_)
        | Property::SharedSubscriptionAvailable(_) => 1,
        Property::ServerKeepAlive(_)
        | Property::ReceiveMaximum(_)
        | Property::TopicAliasMaximum(_)
        | Property::TopicAlias(_) => 2,
        Property::MessageExpiryInterval(_)
        | Property::SessionExpiryInterval(_)
        | Property::WillDelayInterval(_)
        | Property::MaximumPacketSize(_) => 4,
        Property::SubscriptionIdentifier(value) => variable_len(*value as usize),
        Property::ContentType(text)
        | Property::ResponseTopic(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => 2 + text.len(),
        Property::CorrelationData(data) | Property::AuthenticationData(data) => 2 + data.len(),
        Property::UserProperty((name, value)) => 4 + name.len() + value.len(),
    }
}

/// Writes Property Length and Properties; nothing in 3.1.1.
#[inline]
pub(super) fn put_block(
    properties: &Properties,
    version: Version,
    buffer: &mut BytesMut,
) -> Result<(), EncodeError> {
    if version == Version::V311 {
        return Ok(());
    }
    if properties.is_empty() {
        cite!("5.0/MQTT-2.2.2-1");
        buffer.put_u8(0);
        return Ok(());
    }
    let length = content_len(properties);
    if length > VARIABLE_MAXIMUM {
        return Err(EncodeError::PacketTooLong);
    }
    put_variable(length, buffer);
    put_content(properties, buffer)
}

/// Writes the Properties without their length.
#[inline]
pub(super) fn put_content(properties: &Properties, buffer: &mut BytesMut) -> Result<(), EncodeError> {
    properties.iter().try_for_each(|property| put_one(property, buffer))
}

fn put_one(property: &Property, buffer: &mut BytesMut) -> Result<(), EncodeError> {
    let id = property.id();
    buffer.put_u8(id as u8);
    match property {
        Property::PayloadFormatIndicator(value)
        | Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::MaximumQoS(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => buffer.put_u8(*value),
        Property::ServerKeepAlive(value)
        | Property::ReceiveMaximum(value)
        | Property::TopicAliasMaximum(value)
        | Property::TopicAlias(value) => buffer.put_u16(*value),
        Property::MessageExpiryInterval(value)
        | Property::SessionExpiryInterval(value)
        | Property::WillDelayInterval(value)
        | Property::MaximumPacketSize(value) => buffer.put_u32(*value),
        Property::SubscriptionIdentifier(value) => {
            let value = *value as usize;
            if value > VARIABLE_MAXIMUM {
                return Err(EncodeError::ValueTooLarge(id.name()));
            }
            put_variable(value, buffer);
        }
        Property::ContentType(text)
        | Property::ResponseTopic(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => put_field(id.name(), text.as_bytes(), buffer)?,
        Property::CorrelationData(data) | Property::AuthenticationData(data) => {
            put_field(id.name(), data, buffer)?
        }
        Property::UserProperty((name, value)) => {
            put_field(id.name(), name.as_bytes(), buffer)?;
            put_field(id.name(), value.as_bytes(), buffer)?;
        }
    }
    Ok(())
}
