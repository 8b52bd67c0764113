//! The value of a field for people, in one line and without control characters.

use super::{Field, Value};
use crate::{PacketType, ReasonCode, Version};
use std::fmt::Write as _;

/// How many bytes without a form are shown.
const SHOWN: usize = 32;

/// The value of the field; empty for a group.
pub(super) fn of(field: &Field, version: Option<Version>) -> String {
    match &field.value {
        Value::FirstByte(byte) => first_byte(*byte),
        Value::Byte(byte) => of_byte(field.name, *byte, version),
        Value::TwoBytes(value) => value.to_string(),
        Value::FourBytes(value) => value.to_string(),
        Value::Variable(integer) => match integer.value() {
            Some(value) if field.name == "Property Identifier" && integer.is_shortest() => {
                format!("0x{value:02X}")
            }
            Some(value) if integer.is_shortest() => value.to_string(),
            Some(value) => format!("{value} (in {} bytes, not the shortest form)", integer.as_bytes().len()),
            None => format!("{} (not a Variable Byte Integer)", hex(integer.as_bytes())),
        },
        Value::Text(length, bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => format!("\"{}\"{}", text.escape_debug(), lie(*length, bytes.len())),
            Err(_) => format!("{} (ill-formed UTF-8){}", hex(bytes), lie(*length, bytes.len())),
        },
        Value::Binary(length, bytes) => format!("{}{}", hex(bytes), lie(*length, bytes.len())),
        Value::Raw(bytes) => match std::str::from_utf8(bytes) {
            Ok(text)
                if field.name == "Payload" && bytes.len() <= SHOWN && !text.contains(char::is_control) =>
            {
                format!("\"{}\"", text.escape_debug())
            }
            _ => hex(bytes),
        },
        Value::Group(_) => String::new(),
    }
}

/// What to say of a length that is not the length of what follows.
fn lie(length: u16, there: usize) -> String {
    if usize::from(length) == there {
        String::new()
    } else {
        format!(" (length {length}, {there} bytes there)")
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (index, byte) in bytes.iter().take(SHOWN).enumerate() {
        let separator = if index == 0 { "" } else { " " };
        // Writing to a String does not fail.
        let _ = write!(text, "{separator}{byte:02X}");
    }
    match bytes.len() {
        0 => "no bytes".to_owned(),
        length if length > SHOWN => format!("{text} … ({length} bytes)"),
        _ => text,
    }
}

fn first_byte(byte: u8) -> String {
    let flags = byte & 0x0F;
    match PacketType::from_value(byte >> 4) {
        Some(PacketType::Publish) => {
            let (dup, qos, retain) = (flags >> 3, flags >> 1 & 3, flags & 1);
            format!("0x{byte:02X} (PUBLISH, DUP {dup}, QoS {qos}, RETAIN {retain})")
        }
        Some(packet_type) => format!("0x{byte:02X} ({packet_type}, flags {flags:04b})"),
        None => format!("0x{byte:02X} (type 0, flags {flags:04b})"),
    }
}

fn of_byte(name: &str, byte: u8, version: Option<Version>) -> String {
    match name {
        "Connect Flags" => connect_flags(byte, version),
        "Connect Acknowledge Flags" => set_bits(byte, &[(0x01, "Session Present"), (0xFE, "reserved bits")]),
        "Subscription Options" => {
            let (qos, handling) = (byte & 3, byte >> 4 & 3);
            let bits = [(0x04, "No Local"), (0x08, "Retain As Published"), (0xC0, "reserved bits")];
            let bits = named(byte, &bits).map(|name| format!(", {name}")).collect::<String>();
            format!("0x{byte:02X} (Maximum QoS {qos}{bits}, Retain Handling {handling})")
        }
        "Connect Return code" | "Return Code" => format!("0x{byte:02X}"),
        "Reason Code" | "Connect Reason Code" | "Disconnect Reason Code" | "Authenticate Reason Code" => {
            ReasonCode(byte).to_string()
        }
        _ => byte.to_string(),
    }
}

fn connect_flags(byte: u8, version: Option<Version>) -> String {
    let clean = if version == Some(Version::V311) { "Clean Session" } else { "Clean Start" };
    let qos = match byte >> 3 & 3 {
        0 => "",
        1 => "Will QoS 1",
        2 => "Will QoS 2",
        _ => "Will QoS 3",
    };
    let bits = [
        (0x80, "User Name"),
        (0x40, "Password"),
        (0x20, "Will Retain"),
        (0x18, qos),
        (0x04, "Will"),
        (0x02, clean),
        (0x01, "reserved bit"),
    ];
    set_bits(byte, &bits)
}

fn set_bits(byte: u8, bits: &[(u8, &'static str)]) -> String {
    let names: Vec<_> = named(byte, bits).collect();
    if names.is_empty() { format!("0x{byte:02X}") } else { format!("0x{byte:02X} ({})", names.join(", ")) }
}

fn named(byte: u8, bits: &[(u8, &'static str)]) -> impl Iterator<Item = &'static str> {
    bits.iter().filter(move |(mask, _)| byte & mask != 0).map(|(_, name)| *name)
}
