//! Every change that makes sense for a frame: field by field, way by way.

use super::{FieldPath, Frame, IllString, Malformation, Placed, Value};
use crate::{Property, PropertyId};
use bytes::Bytes;

/// All changes of a frame, in a fixed order. Each of them gives other bytes than the frame has.
///
/// Not among them: changes whose bytes another change already gives, and values that only the Session could judge.
#[must_use]
pub fn malformations(frame: &Frame) -> Vec<Malformation> {
    let layout = frame.layout();
    let mut all = of_header(frame);
    for placed in &layout {
        of_field(frame, placed, &mut all);
    }
    let length = frame.to_bytes().len();
    all.extend((0..length).map(Malformation::Truncate));
    all.extend((1..length).map(Malformation::CutStream));
    all.extend([1, 7].map(|count| Malformation::Append(Bytes::from(vec![0; count]))));

    let original = frame.to_bytes();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|malformation| match malformation.apply(frame) {
        Some(changed) => {
            let bytes = changed.to_bytes();
            bytes != original && seen.insert(bytes)
        }
        None => false,
    });
    all
}

fn of_header(frame: &Frame) -> Vec<Malformation> {
    let Some(Value::FirstByte(first)) = frame.fields.first().map(|field| &field.value) else {
        return Vec::new();
    };
    let flags = (0..16).filter(|flags| *flags != first & 0x0F).map(Malformation::Flags);
    let types = (0..16).filter(|value| *value != first >> 4).map(Malformation::PacketType);
    let lengths = [-2, -1, 1, 2, 127, 268_435_455].map(Malformation::RemainingLengthOff);
    flags.chain(types).chain(lengths).collect()
}

fn of_field(frame: &Frame, placed: &Placed<'_>, all: &mut Vec<Malformation>) {
    let path = || placed.path.clone();
    let is_in_header = placed.path.0[0] < 2;
    match &placed.field.value {
        Value::FirstByte(_) => return,
        Value::Variable(_) => of_variable(frame, &placed.path, all),
        Value::Text(_, bytes) => {
            let ends = [
                Bytes::new(),
                Bytes::from_static(b"\xEF\xBB\xBF"),
                Bytes::from_static(b"a/+"),
                Bytes::from_static(b"#"),
            ];
            all.extend(ends.map(|bytes| Malformation::Replace(path(), bytes)));
            all.extend(IllString::ALL.map(|ill| Malformation::Ill(path(), ill)));
            of_length(bytes.len(), &placed.path, all);
        }
        Value::Binary(_, bytes) => of_length(bytes.len(), &placed.path, all),
        Value::Byte(_) => {
            all.extend((0..8).map(|bit| Malformation::FlipBits(path(), 1 << bit)));
            all.extend([0, 1, 2, 3, 0x7F, 0x80, 0xFF].map(|value| Malformation::Number(path(), value)));
            if placed.field.name == "Connect Flags" {
                // Will QoS 3, where it was 0.
                all.push(Malformation::FlipBits(path(), 0x18));
            }
            if placed.field.name == "Subscription Options" {
                all.extend([0x03, 0x30].map(|value| Malformation::Number(path(), value)));
            }
        }
        Value::TwoBytes(_) => all.extend([0, 0xFFFF].map(|value| Malformation::Number(path(), value))),
        Value::FourBytes(_) => all.extend([0, 0xFFFF_FFFF].map(|value| Malformation::Number(path(), value))),
        Value::Raw(_) => {}
        Value::Group(_) if placed.path.0.len() == 1 => of_properties(&placed.path, all),
        // One Property.
        Value::Group(_) => all.push(Malformation::Duplicate(path())),
    }
    if !is_in_header {
        all.push(Malformation::Remove(path()));
    }
    let is_value_of_property = placed.path.0.len() == 3 && placed.path.0[2] > 0;
    if is_value_of_property {
        all.push(Malformation::Mistype(path()));
    }
}

fn of_variable(frame: &Frame, path: &FieldPath, all: &mut Vec<Malformation>) {
    all.extend([2, 3, 4].map(|width| Malformation::Widen(path.clone(), width)));
    all.push(Malformation::FifthByte(path.clone()));
    let is_length_of_properties = matches!(path.0.as_slice(), [index] if *index > 1);
    if is_length_of_properties && frame.fields.len() > path.0[0] + 1 {
        all.extend([-1, 1, 127].map(|by| Malformation::PropertyLengthOff(path.clone(), by)));
    } else if path.0.len() == 3 && path.0[2] > 0 {
        all.extend([0, 268_435_455].map(|value| Malformation::Number(path.clone(), value)));
    }
}

fn of_length(length: usize, path: &FieldPath, all: &mut Vec<Malformation>) {
    let most = i32::try_from(65_535 - length.min(65_535)).unwrap_or(1);
    all.extend([-1, 1, most].map(|by| Malformation::LengthOff(path.clone(), by)));
}

/// Adds each Property to the list once: those that belong here become duplicates or additions, the others are foreign.
fn of_properties(path: &FieldPath, all: &mut Vec<Malformation>) {
    all.extend(PropertyId::ALL.iter().map(|id| Malformation::InsertProperty(path.clone(), example(*id))));
    all.extend(
        [0x00, 0x04, 0x2B, 0x7F, 0x80, 0x3FFF].map(|id| Malformation::InsertUnknown(path.clone(), id)),
    );
}

/// A Property with a valid value.
fn example(id: PropertyId) -> Property {
    let text = || "x".into();
    let data = || Bytes::from_static(b"x");
    match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(1),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(60),
        PropertyId::ContentType => Property::ContentType(text()),
        PropertyId::ResponseTopic => Property::ResponseTopic(text()),
        PropertyId::CorrelationData => Property::CorrelationData(data()),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(1),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(60),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(text()),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(60),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(text()),
        PropertyId::AuthenticationData => Property::AuthenticationData(data()),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(1),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(60),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(1),
        PropertyId::ResponseInformation => Property::ResponseInformation(text()),
        PropertyId::ServerReference => Property::ServerReference(text()),
        PropertyId::ReasonString => Property::ReasonString(text()),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(1),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(1),
        PropertyId::TopicAlias => Property::TopicAlias(1),
        PropertyId::MaximumQoS => Property::MaximumQoS(1),
        PropertyId::RetainAvailable => Property::RetainAvailable(1),
        PropertyId::UserProperty => Property::UserProperty((text(), text())),
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(1024),
        PropertyId::WildcardSubscriptionAvailable => Property::WildcardSubscriptionAvailable(1),
        PropertyId::SubscriptionIdentifierAvailable => Property::SubscriptionIdentifierAvailable(1),
        PropertyId::SharedSubscriptionAvailable => Property::SharedSubscriptionAvailable(1),
    }
}
