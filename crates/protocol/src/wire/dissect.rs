//! Names the fields of any bytes.

use super::{Field, Frame, Value, VariableByteInteger};
use crate::{PacketType, PropertyId, PropertyType, Version};
use bytes::Bytes;

const UNPARSED: &str = "Unparsed";

/// The fields of whatever `bytes` hold; nothing is lost and nothing refused. What cannot be named ends up in a field `Unparsed`, and what lies behind the
/// end that Remaining Length announces in `Trailing bytes`. A CONNECT is named by its own version.
#[must_use]
pub fn dissect(bytes: &[u8], version: Option<Version>) -> Frame {
    let mut cursor = Cursor { rest: Bytes::copy_from_slice(bytes), fields: Vec::new() };
    let version = cursor.packet(version);
    let rest = std::mem::take(&mut cursor.rest);
    cursor.raw("Trailing bytes", rest);
    Frame { version, fields: cursor.fields }
}

/// What is left, and what has been found.
struct Cursor {
    rest: Bytes,
    fields: Vec<Field>,
}

impl Cursor {
    fn push(&mut self, name: &'static str, value: Value) {
        self.fields.push(Field { name, value });
    }

    /// Adds bytes without a form, if there are any.
    fn raw(&mut self, name: &'static str, bytes: Bytes) {
        if !bytes.is_empty() {
            self.push(name, Value::Raw(bytes));
        }
    }

    fn take(&mut self, length: usize) -> Option<Bytes> {
        (length <= self.rest.len()).then(|| self.rest.split_to(length))
    }

    fn byte(&mut self, name: &'static str) -> Option<u8> {
        let byte = self.take(1)?[0];
        self.push(name, Value::Byte(byte));
        Some(byte)
    }

    fn two_bytes(&mut self, name: &'static str) -> Option<()> {
        let bytes = self.take(2)?;
        self.push(name, Value::TwoBytes(u16::from_be_bytes([bytes[0], bytes[1]])));
        Some(())
    }

    fn four_bytes(&mut self, name: &'static str) -> Option<()> {
        let bytes = self.take(4)?;
        self.push(name, Value::FourBytes(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])));
        Some(())
    }

    /// A Variable Byte Integer. It is added even if it has no value; then `None` comes back.
    fn variable(&mut self, name: &'static str) -> Option<u32> {
        let integer = VariableByteInteger::take(&self.rest)?;
        self.take(integer.as_bytes().len())?;
        self.push(name, Value::Variable(integer));
        integer.value()
    }

    /// Length and bytes; all bytes that are left if the length goes beyond them.
    fn field(&mut self) -> Option<(u16, Bytes)> {
        let length = self.take(2)?;
        let length = u16::from_be_bytes([length[0], length[1]]);
        let there = usize::from(length).min(self.rest.len());
        Some((length, self.rest.split_to(there)))
    }

    fn text(&mut self, name: &'static str) -> Option<Bytes> {
        let (length, bytes) = self.field()?;
        self.push(name, Value::Text(length, bytes.clone()));
        Some(bytes)
    }

    fn binary(&mut self, name: &'static str) -> Option<()> {
        let (length, bytes) = self.field()?;
        self.push(name, Value::Binary(length, bytes));
        Some(())
    }

    /// Fixed header and body. Gives the version by which the fields were named.
    fn packet(&mut self, version: Option<Version>) -> Option<Version> {
        let Some(first) = self.take(1) else { return version };
        let first = first[0];
        self.push("First byte", Value::FirstByte(first));
        let Some(remaining) = self.variable("Remaining Length") else {
            let unparsed = std::mem::take(&mut self.rest);
            self.raw(UNPARSED, unparsed);
            return version;
        };
        let there = (remaining as usize).min(self.rest.len());
        let behind = self.rest.split_off(there);
        let mut version = version;
        // Where this gives up, the rest of the body has no name.
        let _ = self.body(first, &mut version);
        let unparsed = std::mem::replace(&mut self.rest, behind);
        self.raw(UNPARSED, unparsed);
        version
    }

    fn body(&mut self, first: u8, version: &mut Option<Version>) -> Option<()> {
        let packet_type = PacketType::from_value(first >> 4)?;
        if packet_type == PacketType::Connect {
            return self.connect(version);
        }
        let is_500 = (*version)? == Version::V500;
        match packet_type {
            PacketType::Connect | PacketType::Pingreq | PacketType::Pingresp => {}
            PacketType::Connack => {
                self.byte("Connect Acknowledge Flags")?;
                self.byte(if is_500 { "Connect Reason Code" } else { "Connect Return code" })?;
                self.properties(is_500)?;
            }
            PacketType::Publish => {
                self.text("Topic Name")?;
                if first & 0b0110 != 0 {
                    self.two_bytes("Packet Identifier")?;
                }
                self.properties(is_500)?;
                let payload = std::mem::take(&mut self.rest);
                self.raw("Payload", payload);
            }
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                self.two_bytes("Packet Identifier")?;
                self.reason(is_500, "Reason Code")?;
            }
            PacketType::Subscribe => {
                self.two_bytes("Packet Identifier")?;
                self.properties(is_500)?;
                while !self.rest.is_empty() {
                    self.text("Topic Filter")?;
                    self.byte(if is_500 { "Subscription Options" } else { "Requested QoS" })?;
                }
            }
            PacketType::Unsubscribe => {
                self.two_bytes("Packet Identifier")?;
                self.properties(is_500)?;
                while !self.rest.is_empty() {
                    self.text("Topic Filter")?;
                }
            }
            PacketType::Suback | PacketType::Unsuback => {
                self.two_bytes("Packet Identifier")?;
                self.properties(is_500)?;
                while is_500 && self.byte("Reason Code").is_some() {}
                while packet_type == PacketType::Suback && self.byte("Return Code").is_some() {}
            }
            PacketType::Disconnect => self.reason(is_500, "Disconnect Reason Code")?,
            PacketType::Auth => self.reason(is_500, "Authenticate Reason Code")?,
        }
        Some(())
    }

    /// Reason Code and Properties, both of which may be absent.
    fn reason(&mut self, is_500: bool, name: &'static str) -> Option<()> {
        if is_500 && self.byte(name).is_some() && !self.rest.is_empty() {
            self.properties(true)?;
        }
        Some(())
    }

    fn connect(&mut self, version: &mut Option<Version>) -> Option<()> {
        self.text("Protocol Name")?;
        // A version that is none of ours is read as the newest.
        let level = self.byte("Protocol Version")?;
        let is_500 = level != Version::V311.protocol_level() && level != 3;
        *version = Some(if is_500 { Version::V500 } else { Version::V311 });
        let flags = self.byte("Connect Flags")?;
        self.two_bytes("Keep Alive")?;
        self.properties(is_500)?;
        self.text("Client Identifier")?;
        if flags & 0x04 != 0 {
            if is_500 {
                self.property_list("Will Property Length", "Will Properties")?;
            }
            self.text("Will Topic")?;
            self.binary(if is_500 { "Will Payload" } else { "Will Message" })?;
        }
        if flags & 0x80 != 0 {
            self.text("User Name")?;
        }
        if flags & 0x40 != 0 {
            self.binary("Password")?;
        }
        Some(())
    }

    fn properties(&mut self, is_500: bool) -> Option<()> {
        if is_500 { self.property_list("Property Length", "Properties") } else { Some(()) }
    }

    fn property_list(&mut self, length_name: &'static str, name: &'static str) -> Option<()> {
        let length = self.variable(length_name)?;
        let there = (length as usize).min(self.rest.len());
        let mut inner = Cursor { rest: self.rest.split_to(there), fields: Vec::new() };
        while !inner.rest.is_empty() && inner.property().is_some() {}
        let unparsed = std::mem::take(&mut inner.rest);
        inner.raw(UNPARSED, unparsed);
        self.push(name, Value::Group(inner.fields));
        Some(())
    }

    /// One Property as a group. `None` if it could not be read to its end; what was read of it is in the group.
    fn property(&mut self) -> Option<()> {
        let mut inner = Cursor { rest: std::mem::take(&mut self.rest), fields: Vec::new() };
        let id = inner.variable("Property Identifier").and_then(PropertyId::from_value);
        let done = id.and_then(|id| match id.property_type() {
            PropertyType::Byte => inner.byte(id.name()).map(|_| ()),
            PropertyType::TwoByteInteger => inner.two_bytes(id.name()),
            PropertyType::FourByteInteger => inner.four_bytes(id.name()),
            PropertyType::VariableByteInteger => inner.variable(id.name()).map(|_| ()),
            PropertyType::Utf8String => inner.text(id.name()).map(|_| ()),
            PropertyType::BinaryData => inner.binary(id.name()),
            PropertyType::Utf8StringPair => {
                inner.text("Name")?;
                inner.text("Value").map(|_| ())
            }
        });
        self.rest = inner.rest;
        self.push(id.map_or("Unknown Property", PropertyId::name), Value::Group(inner.fields));
        done
    }
}
