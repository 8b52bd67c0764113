//! Named ways to be wrong, each one change of a frame.
//!
//! Whether the result breaks a Requirement, and which, is not said here: a longer form of a Variable Byte Integer, say, has no reaction in the standard.
//! Every change leaves the lengths that it does not mean to falsify honest.

use super::{Field, FieldPath, Frame, IllString, Value, VariableByteInteger, dissect};
use crate::Property;
use bytes::Bytes;

/// One change of a [`Frame`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformation {
    /// The lower four bits of the first byte get this value.
    Flags(u8),
    /// The upper four bits of the first byte get this value.
    PacketType(u8),
    /// Remaining Length says this many bytes more or fewer than there are.
    RemainingLengthOff(i64),
    /// A Property Length says this many bytes more or fewer than there are.
    PropertyLengthOff(FieldPath, i64),
    /// A Variable Byte Integer keeps its value and takes this many bytes.
    Widen(FieldPath, usize),
    /// A Variable Byte Integer keeps its value and takes five bytes, one more than there may be.
    FifthByte(FieldPath),
    /// The length in front of a string or Binary Data says this many bytes more or fewer than there are.
    LengthOff(FieldPath, i32),
    /// A string gets bytes that no string may hold.
    Ill(FieldPath, IllString),
    /// A string or Binary Data gets these bytes, with an honest length.
    Replace(FieldPath, Bytes),
    /// A number gets this value. Of more bits than the field has the upper ones are lost.
    Number(FieldPath, u32),
    /// These bits of a byte are turned over.
    FlipBits(FieldPath, u8),
    /// The packet ends after this many of its bytes (counted from the first), and Remaining Length says so. At least the fixed header stays.
    Truncate(usize),
    /// The stream ends after this many bytes; Remaining Length still promises all of them.
    CutStream(usize),
    /// Bytes follow the last field, within Remaining Length.
    Append(Bytes),
    /// A field is left out.
    Remove(FieldPath),
    /// A field stands twice.
    Duplicate(FieldPath),
    /// A Property is added at the end of a list of Properties.
    InsertProperty(FieldPath, Property),
    /// A Property with an identifier that does not exist, and a value of one byte, is added at the end of a list of Properties.
    InsertUnknown(FieldPath, u32),
    /// The value of a Property is written as another type: one byte shorter, or one byte longer where it has only one.
    Mistype(FieldPath),
}

impl Malformation {
    /// The name of the change, for a frame that it is meant for. Unique among the changes of one frame.
    #[must_use]
    pub fn name(&self, frame: &Frame) -> String {
        let label = |path| label(frame, path);
        match self {
            Malformation::Flags(flags) => format!("flags {flags:04b}"),
            Malformation::PacketType(value) => format!("packet type {value}"),
            Malformation::RemainingLengthOff(by) => format!("Remaining Length {by:+}"),
            Malformation::PropertyLengthOff(path, by) => format!("{} {by:+}", label(path)),
            Malformation::Widen(path, width) => format!("{} in {width} bytes", label(path)),
            Malformation::FifthByte(path) => format!("{} in 5 bytes", label(path)),
            Malformation::LengthOff(path, by) => format!("length of {} {by:+}", label(path)),
            Malformation::Ill(path, ill) => format!("{} with {}", label(path), ill.name()),
            Malformation::Replace(path, bytes) => format!("{} is \"{}\"", label(path), bytes.escape_ascii()),
            Malformation::Number(path, value) => format!("{} is {value}", label(path)),
            Malformation::FlipBits(path, bits) => format!("{} with bits {bits:08b} flipped", label(path)),
            Malformation::Truncate(at) => format!("truncated at byte {at}"),
            Malformation::CutStream(at) => format!("stream cut at byte {at}"),
            Malformation::Append(bytes) => format!("{} trailing bytes", bytes.len()),
            Malformation::Remove(path) => format!("without {}", label(path)),
            Malformation::Duplicate(path) => format!("{} twice", label(path)),
            Malformation::InsertProperty(path, property) => format!("{} with {property}", label(path)),
            Malformation::InsertUnknown(path, id) => {
                format!("{} with unknown Property {id:#04X}", label(path))
            }
            Malformation::Mistype(path) => format!("{} of another type", label(path)),
        }
    }

    /// The changed frame; `None` if the change does not fit the frame.
    #[must_use]
    pub fn apply(&self, frame: &Frame) -> Option<Frame> {
        let mut changed = frame.clone();
        match self {
            Malformation::Flags(flags) => change_first(&mut changed, |first| first & 0xF0 | flags & 0x0F)?,
            Malformation::PacketType(value) => change_first(&mut changed, |first| value << 4 | first & 0x0F)?,
            Malformation::RemainingLengthOff(by) => {
                let honest: usize = frame.fields.get(2..)?.iter().map(|field| field.value.len()).sum();
                changed.fields[1].value = Value::Variable(off(honest, *by)?);
            }
            Malformation::PropertyLengthOff(path, by) => {
                let (fields, index) = changed.siblings_mut(path)?;
                let honest = fields.get(index + 1)?.value.len();
                fields[index].value = Value::Variable(off(honest, *by)?);
                settle_remaining_length(&mut changed);
            }
            Malformation::Widen(path, width) => widen(&mut changed, path, *width)?,
            Malformation::FifthByte(path) => widen(&mut changed, path, 5)?,
            Malformation::LengthOff(path, by) => match &mut changed.field_mut(path)?.value {
                Value::Text(length, bytes) | Value::Binary(length, bytes) => {
                    *length = u16::try_from(i64::try_from(bytes.len()).ok()? + i64::from(*by)).ok()?;
                }
                _ => return None,
            },
            Malformation::Ill(path, ill) => replace(&mut changed, path, Bytes::from_static(ill.bytes()))?,
            Malformation::Replace(path, bytes) => replace(&mut changed, path, bytes.clone())?,
            Malformation::Number(path, value) => {
                let value = *value;
                match &mut changed.field_mut(path)?.value {
                    Value::FirstByte(byte) | Value::Byte(byte) => *byte = value as u8,
                    Value::TwoBytes(number) => *number = value as u16,
                    Value::FourBytes(number) => *number = value,
                    Value::Variable(number) => *number = VariableByteInteger::shortest(value as usize),
                    _ => return None,
                }
                changed.make_lengths_honest();
            }
            Malformation::FlipBits(path, bits) => match &mut changed.field_mut(path)?.value {
                Value::FirstByte(byte) | Value::Byte(byte) => *byte ^= bits,
                _ => return None,
            },
            Malformation::Truncate(at) => return truncate(frame, *at),
            Malformation::CutStream(at) => {
                let bytes = frame.to_bytes();
                return (*at < bytes.len()).then(|| dissect(&bytes[..*at], frame.version));
            }
            Malformation::Append(bytes) => {
                changed.fields.get(1)?;
                changed.fields.push(Field::new("Trailing bytes", Value::Raw(bytes.clone())));
                changed.make_lengths_honest();
            }
            Malformation::Remove(path) => {
                let (fields, index) = changed.siblings_mut(path)?;
                (index < fields.len()).then(|| fields.remove(index))?;
                changed.make_lengths_honest();
            }
            Malformation::Duplicate(path) => {
                let (fields, index) = changed.siblings_mut(path)?;
                let field = fields.get(index)?.clone();
                fields.insert(index, field);
                changed.make_lengths_honest();
            }
            Malformation::InsertProperty(path, property) => insert(&mut changed, path, Field::of(property))?,
            Malformation::InsertUnknown(path, id) => {
                let id = Field::new(
                    "Property Identifier",
                    Value::Variable(VariableByteInteger::shortest(*id as usize)),
                );
                let value = Field::new("Value", Value::Byte(0));
                insert(&mut changed, path, Field::new("Unknown Property", Value::Group(vec![id, value])))?;
            }
            Malformation::Mistype(path) => {
                mistype(&mut changed.field_mut(path)?.value)?;
                changed.make_lengths_honest();
            }
        }
        Some(changed)
    }
}

/// The name of a field, told from others of the same name by a number, and within a Property by the name of that.
fn label(frame: &Frame, path: &FieldPath) -> String {
    let Some(field) = frame.field(path) else { return "a field that is not there".to_owned() };
    if let [list, property, _] = path.0[..] {
        let property = FieldPath(vec![list, property]);
        let is_value = frame.field(&property).is_some_and(|property| property.name == field.name);
        let name = if is_value { "value" } else { field.name };
        return format!("{name} of {}", label(frame, &property));
    }
    let depth = path.0.len();
    let layout = frame.layout();
    let same = layout.iter().filter(|placed| placed.field.name == field.name && placed.path.0.len() == depth);
    let same: Vec<_> = same.map(|placed| &placed.path).collect();
    match same.iter().position(|other| *other == path) {
        Some(index) if same.len() > 1 => format!("{} {}", field.name, index + 1),
        _ => field.name.to_owned(),
    }
}

fn change_first(frame: &mut Frame, change: impl Fn(u8) -> u8) -> Option<()> {
    match &mut frame.fields.first_mut()?.value {
        Value::FirstByte(byte) => *byte = change(*byte),
        _ => return None,
    }
    Some(())
}

fn off(honest: usize, by: i64) -> Option<VariableByteInteger> {
    let value = usize::try_from(i64::try_from(honest).ok()? + by).ok()?;
    (value <= 268_435_455).then(|| VariableByteInteger::shortest(value))
}

/// Makes Remaining Length honest, and nothing else.
fn settle_remaining_length(frame: &mut Frame) {
    if let [_, length, rest @ ..] = &mut frame.fields[..] {
        let remaining = rest.iter().map(|field| field.value.len()).sum();
        length.value = Value::Variable(VariableByteInteger::shortest(remaining));
    }
}

fn widen(frame: &mut Frame, path: &FieldPath, width: usize) -> Option<()> {
    let is_remaining_length = path.0 == [1];
    let is_length_of_properties = matches!(path.0.as_slice(), [index] if *index > 1);
    let Value::Variable(integer) = frame.field(path)?.value else { return None };
    let wide = VariableByteInteger::in_bytes(integer.value()? as usize, width);
    if wide.as_bytes().len() <= integer.as_bytes().len() {
        return None;
    }
    frame.field_mut(path)?.value = Value::Variable(wide);
    if is_length_of_properties {
        settle_remaining_length(frame);
    } else if !is_remaining_length {
        frame.make_lengths_honest();
    }
    Some(())
}

fn replace(frame: &mut Frame, path: &FieldPath, new: Bytes) -> Option<()> {
    match &mut frame.field_mut(path)?.value {
        Value::Text(length, bytes) | Value::Binary(length, bytes) => {
            *length = u16::try_from(new.len()).ok()?;
            *bytes = new;
        }
        _ => return None,
    }
    frame.make_lengths_honest();
    Some(())
}

fn insert(frame: &mut Frame, path: &FieldPath, field: Field) -> Option<()> {
    match &mut frame.field_mut(path)?.value {
        Value::Group(fields) => fields.push(field),
        _ => return None,
    }
    frame.make_lengths_honest();
    Some(())
}

fn mistype(value: &mut Value) -> Option<()> {
    *value = match value {
        Value::Byte(byte) => Value::TwoBytes(u16::from(*byte)),
        Value::TwoBytes(number) => Value::Byte(*number as u8),
        Value::FourBytes(number) => Value::TwoBytes(*number as u16),
        Value::Text(_, bytes) | Value::Binary(_, bytes) => Value::Raw(bytes.clone()),
        Value::Variable(_) => Value::Raw(Bytes::new()),
        Value::FirstByte(_) | Value::Raw(_) | Value::Group(_) => return None,
    };
    Some(())
}

/// Cuts the body, and makes Remaining Length say so. The rest is named anew.
fn truncate(frame: &Frame, at: usize) -> Option<Frame> {
    let bytes = frame.to_bytes();
    let header = frame.fields.get(..2)?.iter().map(|field| field.value.len()).sum();
    if at < header || at >= bytes.len() {
        return None;
    }
    let mut cut = vec![bytes[0]];
    cut.extend(VariableByteInteger::shortest(at - header).as_bytes());
    cut.extend(&bytes[header..at]);
    Some(dissect(&cut, frame.version))
}
