//! The encoder: typed packets out, in the shortest form.

mod packet;
mod properties;

use crate::{Packet, Version};
use bytes::{BufMut, BytesMut};
use catalogue::cite;

/// The largest value of a Variable Byte Integer (section 1.5.5), and so of Remaining Length.
const VARIABLE_MAXIMUM: usize = 268_435_455;

/// Why a packet has no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A string or Binary Data is longer than 65,535 bytes.
    #[error("{0} is longer than 65,535 bytes")]
    FieldTooLong(&'static str),
    /// The packet is longer than a Remaining Length can say.
    #[error("the packet is longer than 268,435,455 bytes")]
    PacketTooLong,
    /// A number is above what a Variable Byte Integer can say.
    #[error("{0} is above 268,435,455")]
    ValueTooLarge(&'static str),
}

/// Appends the packet to `buffer`. What the version cannot express (Properties in 3.1.1, say) is left out; nothing else is checked, so that
/// semantic violations can be sent too. On an error `buffer` is as it was.
///
/// A CONNECT is written in the version that it names itself. The Packet Identifier of a PUBLISH is written if QoS is
/// above 0, as 0 where it is missing.
///
/// # Errors
/// If a length does not fit into its field.
pub fn encode(packet: &Packet, version: Version, buffer: &mut BytesMut) -> Result<(), EncodeError> {
    if let Packet::Publish(publish) = packet {
        // By far the most frequent packet takes the short way.
        return packet::put_publish(publish, version, buffer);
    }
    let version = effective_version(packet, version);
    let remaining = packet::remaining_length(packet, version);
    if remaining > VARIABLE_MAXIMUM {
        return Err(EncodeError::PacketTooLong);
    }
    let start = buffer.len();
    buffer.reserve(1 + variable_len(remaining) + remaining);
    cite!("5.0/MQTT-1.5.5-1");
    let first = packet::first_byte(packet);
    if remaining <= 0x7F {
        buffer.put_slice(&[first, remaining as u8]);
    } else {
        buffer.put_u8(first);
        put_variable(remaining, buffer);
    }
    let result = packet::put_body(packet, version, buffer);
    if result.is_err() {
        buffer.truncate(start);
    }
    result
}

/// The length of the whole packet in bytes, fixed header included.
#[must_use]
pub fn encoded_len(packet: &Packet, version: Version) -> usize {
    let remaining = packet::remaining_length(packet, effective_version(packet, version));
    1 + variable_len(remaining) + remaining
}

fn effective_version(packet: &Packet, version: Version) -> Version {
    match packet {
        Packet::Connect(connect) => connect.version,
        _ => version,
    }
}

/// The length of a Variable Byte Integer in its shortest form.
#[inline]
const fn variable_len(value: usize) -> usize {
    match value {
        0..=0x7F => 1,
        0x80..=0x3FFF => 2,
        0x4000..=0x1F_FFFF => 3,
        _ => 4,
    }
}

/// Writes a Variable Byte Integer in its shortest form. The value has been checked.
#[inline]
fn put_variable(mut value: usize, buffer: &mut BytesMut) {
    if value <= 0x7F {
        return buffer.put_u8(value as u8);
    }
    while value > 0x7F {
        buffer.put_u8((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    buffer.put_u8(value as u8);
}

/// Writes a string or Binary Data with its length in front.
#[inline]
fn put_field(name: &'static str, bytes: &[u8], buffer: &mut BytesMut) -> Result<(), EncodeError> {
    let length = u16::try_from(bytes.len()).map_err(|_| EncodeError::FieldTooLong(name))?;
    buffer.put_u16(length);
    buffer.put_slice(bytes);
    Ok(())
}
