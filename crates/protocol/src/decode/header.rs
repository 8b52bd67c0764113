//! The fixed header (section 2.1; 2.2 of 3.1.1), checked as far as it has arrived.

use super::fault::{Fault, fault, malformed, protocol_error};
use super::{ErrorKind, rules};
use crate::{PacketType, QoS, Role, Version};
use catalogue::cite;

/// What the fixed header says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) packet_type: PacketType,
    /// Where the variable header begins: 2 to 5.
    pub(super) length: usize,
    /// The whole packet, fixed header included.
    pub(super) packet_length: usize,
}

/// Reads the fixed header from the first bytes of a packet; `None` if more of them are needed. Each byte is judged as soon as it is there.
#[inline]
pub(super) fn read(
    bytes: &[u8],
    version: Option<Version>,
    sender: Role,
    maximum_packet_size: u32,
) -> Result<Option<Header>, Box<Fault>> {
    let Some(first) = bytes.first() else { return Ok(None) };
    let packet_type = first_byte(*first, version, sender)?;
    let mut remaining = 0;
    for (index, shift) in [(1, 0), (2, 7), (3, 14), (4, 21)] {
        let Some(byte) = bytes.get(index) else { return Ok(None) };
        remaining |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            let length = index + 1;
            let packet_length = length + remaining;
            if packet_length > maximum_packet_size as usize {
                return Err(too_large(packet_length, maximum_packet_size, sender));
            }
            return Ok(Some(Header { packet_type, length, packet_length }));
        }
    }
    cite!("5.0/RULE-2.1.4-remaining-length-of-five-bytes", "3.1.1/RULE-2.2.3-remaining-length-of-five-bytes");
    Err(malformed(rules::REMAINING_LENGTH, 1, "Remaining Length has more than four bytes"))
}

#[cold]
fn too_large(length: usize, maximum: u32, sender: Role) -> Box<Fault> {
    let rule = match sender {
        Role::Client => rules::TOO_LARGE_FOR_SERVER,
        Role::Server => rules::TOO_LARGE_FOR_CLIENT,
    };
    cite!("5.0/MQTT-3.2.2-15", "5.0/MQTT-3.1.2-24", "5.0/RULE-3.2.2.3.6-packet-too-large");
    let text = format!("the packet has {length} bytes, more than the {maximum} that are taken");
    fault(ErrorKind::PacketTooLarge, rule, 1, text)
}

/// Checks type, direction and flags (sections 2.1.2 and 2.1.3; 2.2.1 and 2.2.2 of 3.1.1).
#[inline]
fn first_byte(first: u8, version: Option<Version>, sender: Role) -> Result<PacketType, Box<Fault>> {
    let Some(version) = version else {
        // The first packet from the Client. Nothing else can be read before it has named a version.
        if first >> 4 != PacketType::Connect as u8 {
            cite!("5.0/MQTT-3.1.0-1", "3.1.1/MQTT-3.1.0-1");
            return Err(protocol_error(rules::CONNECT_FIRST, 0, "the first packet is not a CONNECT"));
        }
        return check_flags(PacketType::Connect, first & 0x0F);
    };
    let packet_type = match PacketType::from_value(first >> 4) {
        Some(PacketType::Auth) if version == Version::V311 => None,
        packet_type => packet_type,
    };
    let Some(packet_type) = packet_type else {
        cite!("5.0/RULE-2.1.2-forbidden-type", "3.1.1/RULE-2.2.1-forbidden-type");
        let text = format!("packet type {} is reserved", first >> 4);
        return Err(malformed(rules::FORBIDDEN_TYPE, 0, text));
    };
    if !is_sent_by(packet_type, sender, version) {
        cite!(
            "5.0/RULE-2.1.2-not-from-client",
            "3.1.1/RULE-2.2.1-not-from-client",
            "5.0/RULE-2.1.2-not-from-server",
            "3.1.1/RULE-2.2.1-not-from-server",
        );
        let text = format!("a {sender} does not send {packet_type}");
        return Err(protocol_error(rules::direction(sender), 0, text));
    }
    check_flags(packet_type, first & 0x0F)
}

#[inline]
fn check_flags(packet_type: PacketType, flags: u8) -> Result<PacketType, Box<Fault>> {
    let expected = match packet_type {
        PacketType::Publish => {
            if QoS::from_bits(flags >> 1 & 3).is_none() {
                cite!("5.0/MQTT-3.3.1-4", "3.1.1/MQTT-3.3.1-4");
                return Err(malformed(rules::PUBLISH_QOS, 0, "the QoS of the PUBLISH is 3"));
            }
            // DUP 1 with QoS 0 breaks MQTT-3.3.1-2, which binds the sender; no reaction is stated, so the packet is taken.
            return Ok(packet_type);
        }
        PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe => 0b0010,
        _ => 0b0000,
    };
    if flags == expected {
        return Ok(packet_type);
    }
    cite!(
        "5.0/MQTT-2.1.3-1",
        "5.0/RULE-2.1.3-wrong-flags",
        "5.0/MQTT-3.6.1-1",
        "5.0/MQTT-3.8.1-1",
        "5.0/MQTT-3.10.1-1",
        "5.0/MQTT-3.14.1-1",
        "5.0/MQTT-3.15.1-1",
        "3.1.1/MQTT-2.2.2-2",
        "3.1.1/MQTT-3.6.1-1",
        "3.1.1/MQTT-3.8.1-1",
        "3.1.1/MQTT-3.10.1-1",
        "3.1.1/MQTT-3.14.1-1",
    );
    let text = format!("the flags of {packet_type} are {flags:04b}, not {expected:04b}");
    Err(malformed(rules::flags(packet_type), 0, text))
}

/// Whether packets of this type go in this direction (Table 2-1; Table 2.1 of 3.1.1).
const fn is_sent_by(packet_type: PacketType, sender: Role, version: Version) -> bool {
    match packet_type {
        PacketType::Connect | PacketType::Subscribe | PacketType::Unsubscribe | PacketType::Pingreq => {
            matches!(sender, Role::Client)
        }
        PacketType::Connack | PacketType::Suback | PacketType::Unsuback | PacketType::Pingresp => {
            matches!(sender, Role::Server)
        }
        // Before 5.0 a Server had no DISCONNECT.
        PacketType::Disconnect => matches!((sender, version), (Role::Client, _) | (_, Version::V500)),
        PacketType::Publish
        | PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubrel
        | PacketType::Pubcomp
        | PacketType::Auth => true,
    }
}
