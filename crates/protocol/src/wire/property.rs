//! A Property as fields.

use super::{Field, Value, VariableByteInteger};
use crate::{Property, PropertyId};

impl Field {
    /// A Property as a group of its identifier and its value.
    #[must_use]
    pub fn of(property: &Property) -> Field {
        let id = property.id();
        let named = |name, value| Field::new(name, value);
        let mut fields =
            vec![named("Property Identifier", Value::Variable(VariableByteInteger::shortest(id as usize)))];
        match property {
            Property::PayloadFormatIndicator(value)
            | Property::RequestProblemInformation(value)
            | Property::RequestResponseInformation(value)
            | Property::MaximumQoS(value)
            | Property::RetainAvailable(value)
            | Property::WildcardSubscriptionAvailable(value)
            | Property::SubscriptionIdentifierAvailable(value)
            | Property::SharedSubscriptionAvailable(value) => {
                fields.push(named(id.name(), Value::Byte(*value)))
            }
            Property::ServerKeepAlive(value)
            | Property::ReceiveMaximum(value)
            | Property::TopicAliasMaximum(value)
            | Property::TopicAlias(value) => fields.push(named(id.name(), Value::TwoBytes(*value))),
            Property::MessageExpiryInterval(value)
            | Property::SessionExpiryInterval(value)
            | Property::WillDelayInterval(value)
            | Property::MaximumPacketSize(value) => fields.push(named(id.name(), Value::FourBytes(*value))),
            Property::SubscriptionIdentifier(value) => {
                let value = Value::Variable(VariableByteInteger::shortest(*value as usize));
                fields.push(named(id.name(), value));
            }
            Property::ContentType(text)
            | Property::ResponseTopic(text)
            | Property::AssignedClientIdentifier(text)
            | Property::AuthenticationMethod(text)
            | Property::ResponseInformation(text)
            | Property::ServerReference(text)
            | Property::ReasonString(text) => {
                fields.push(named(id.name(), Value::text(text.as_bytes().clone())))
            }
            Property::CorrelationData(data) | Property::AuthenticationData(data) => {
                let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
                fields.push(named(id.name(), Value::Binary(length, data.clone())));
            }
            Property::UserProperty((name, value)) => {
                fields.push(named("Name", Value::text(name.as_bytes().clone())));
                fields.push(named("Value", Value::text(value.as_bytes().clone())));
            }
        }
        Field::new(PropertyId::name(id), Value::Group(fields))
    }
}
