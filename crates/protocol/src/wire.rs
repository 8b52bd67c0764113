//! The lossless face: any bytes as named fields in order, right or wrong.
//!
//! [`dissect`] names the fields of whatever bytes, and `dissect(b, v).to_bytes() == b` for all of them. Reports show bytes
//! with it, [`Malformation`] changes them on purpose. Deliberately not here: any judgement, which is [`mod@crate::decode`].

mod dissect;
mod ill_string;
mod length;
mod malformation;
mod malformations;
mod property;
mod text;

pub use dissect::dissect;
pub use ill_string::IllString;
pub use length::VariableByteInteger;
pub use malformation::Malformation;
pub use malformations::malformations;

use crate::{EncodeError, Packet, Version, encode};
use bytes::{BufMut, Bytes, BytesMut};

/// One packet, or what should have been one, as fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The version by which the fields are named; `None` if unknown.
    pub version: Option<Version>,
    /// The fields, in the order of the wire.
    pub fields: Vec<Field>,
}

/// A named piece of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What the standard calls it; `Unparsed` and `Trailing bytes` where it has no word.
    pub name: &'static str,
    /// What stands there.
    pub value: Value,
}

/// What stands in a field. No length in here is bound to be honest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Type and flags: the first byte of the fixed header.
    FirstByte(u8),
    /// A byte.
    Byte(u8),
    /// A Two Byte Integer.
    TwoBytes(u16),
    /// A Four Byte Integer.
    FourBytes(u32),
    /// A Variable Byte Integer, as it is written.
    Variable(VariableByteInteger),
    /// A UTF-8 Encoded String: the length in front, and the bytes.
    Text(u16, Bytes),
    /// Binary Data: the length in front, and the bytes.
    Binary(u16, Bytes),
    /// Bytes without a form.
    Raw(Bytes),
    /// Fields that belong together: Properties, or one Property.
    Group(Vec<Field>),
}

/// The way to a field: its index, then its index in the group, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(pub Vec<usize>);

/// A field in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The field.
    pub field: &'a Field,
    /// The way to it. Its length is the depth of the field in the tree, from 1.
    pub path: FieldPath,
    /// Its first byte, counted from the first byte of the packet.
    pub offset: usize,
    /// How many bytes it has.
    pub length: usize,
    /// Its value for people, escaped.
    pub text: String,
}

impl Frame {
    /// The fields of a packet as the encoder writes it.
    ///
    /// # Errors
    /// If the packet has no encoding.
    pub fn from_packet(packet: &Packet, version: Version) -> Result<Frame, EncodeError> {
        let mut buffer = BytesMut::new();
        encode(packet, version, &mut buffer)?;
        Ok(dissect(&buffer, Some(version)))
    }

    /// The bytes, whatever they mean.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut buffer = BytesMut::new();
        self.fields.iter().for_each(|field| field.value.put(&mut buffer));
        buffer.freeze()
    }

    /// All fields and the fields in them, in order, with their places.
    #[must_use]
    pub fn layout(&self) -> Vec<Placed<'_>> {
        let mut placed = Vec::new();
        let mut offset = 0;
        lay_out(&self.fields, &mut Vec::new(), &mut offset, self.version, &mut placed);
        placed
    }

    /// The field at the end of a path.
    #[must_use]
    pub fn field(&self, path: &FieldPath) -> Option<&Field> {
        let (first, rest) = path.0.split_first()?;
        rest.iter().try_fold(self.fields.get(*first)?, |field, index| match &field.value {
            Value::Group(fields) => fields.get(*index),
            _ => None,
        })
    }

    /// As [`Frame::field`], to change it.
    #[must_use]
    pub fn field_mut(&mut self, path: &FieldPath) -> Option<&mut Field> {
        let (first, rest) = path.0.split_first()?;
        rest.iter().try_fold(self.fields.get_mut(*first)?, |field, index| match &mut field.value {
            Value::Group(fields) => fields.get_mut(*index),
            _ => None,
        })
    }

    /// The path of the first field with this name, inner fields included.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FieldPath> {
        self.layout().into_iter().find(|placed| placed.field.name == name).map(|placed| placed.path)
    }

    /// The list that a field stands in, with its index there.
    pub(crate) fn siblings_mut(&mut self, path: &FieldPath) -> Option<(&mut Vec<Field>, usize)> {
        let (last, parent) = path.0.split_last()?;
        if parent.is_empty() {
            return Some((&mut self.fields, *last));
        }
        match &mut self.field_mut(&FieldPath(parent.to_vec()))?.value {
            Value::Group(fields) => Some((fields, *last)),
            _ => None,
        }
    }

    /// Makes Remaining Length and every Property Length say what really follows, in the shortest form. Lengths in front of strings
    /// and Binary Data stay as they are.
    pub fn make_lengths_honest(&mut self) {
        for index in 1..self.fields.len() {
            if let (Value::Variable(_), Value::Group(_)) =
                (&self.fields[index - 1].value, &self.fields[index].value)
            {
                let length = self.fields[index].value.len();
                self.fields[index - 1].value = Value::Variable(VariableByteInteger::shortest(length));
            }
        }
        if let [_, length, rest @ ..] = &mut self.fields[..] {
            let remaining = rest.iter().map(|field| field.value.len()).sum();
            length.value = Value::Variable(VariableByteInteger::shortest(remaining));
        }
    }

    /// The fields as an indented tree, one line each: offset, name, value.
    #[must_use]
    pub fn to_tree(&self) -> String {
        let mut tree = String::new();
        for placed in self.layout() {
            let indent = "  ".repeat(placed.path.0.len() - 1);
            let separator = if placed.text.is_empty() { "" } else { " = " };
            let name = placed.field.name;
            tree.push_str(&format!("{:>6}  {indent}{name}{separator}{}\n", placed.offset, placed.text));
        }
        tree
    }
}

fn lay_out<'a>(
    fields: &'a [Field],
    path: &mut Vec<usize>,
    offset: &mut usize,
    version: Option<Version>,
    placed: &mut Vec<Placed<'a>>,
) {
    for (index, field) in fields.iter().enumerate() {
        path.push(index);
        let length = field.value.len();
        let text = text::of(field, version);
        placed.push(Placed { field, path: FieldPath(path.clone()), offset: *offset, length, text });
        match &field.value {
            Value::Group(inner) => lay_out(inner, path, offset, version, placed),
            _ => *offset += length,
        }
        path.pop();
    }
}

impl Field {
    /// A field.
    #[must_use]
    pub const fn new(name: &'static str, value: Value) -> Self {
        Field { name, value }
    }
}

impl Value {
    /// A string with an honest length. Bytes beyond 65,535 make the length 65,535.
    #[must_use]
    pub fn text(bytes: impl Into<Bytes>) -> Value {
        let bytes = bytes.into();
        Value::Text(u16::try_from(bytes.len()).unwrap_or(u16::MAX), bytes)
    }

    /// How many bytes it has on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Value::FirstByte(_) | Value::Byte(_) => 1,
            Value::TwoBytes(_) => 2,
            Value::FourBytes(_) => 4,
            Value::Variable(integer) => integer.as_bytes().len(),
            Value::Text(_, bytes) | Value::Binary(_, bytes) => 2 + bytes.len(),
            Value::Raw(bytes) => bytes.len(),
            Value::Group(fields) => fields.iter().map(|field| field.value.len()).sum(),
        }
    }

    /// Whether it has no bytes on the wire.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn put(&self, buffer: &mut BytesMut) {
        match self {
            Value::FirstByte(byte) | Value::Byte(byte) => buffer.put_u8(*byte),
            Value::TwoBytes(value) => buffer.put_u16(*value),
            Value::FourBytes(value) => buffer.put_u32(*value),
            Value::Variable(integer) => buffer.put_slice(integer.as_bytes()),
            Value::Text(length, bytes) | Value::Binary(length, bytes) => {
                buffer.put_u16(*length);
                buffer.put_slice(bytes);
            }
            Value::Raw(bytes) => buffer.put_slice(bytes),
            Value::Group(fields) => fields.iter().for_each(|field| field.value.put(buffer)),
        }
    }
}
