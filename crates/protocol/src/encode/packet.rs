//! Writes the packets of chapter 3: the first byte, and all that follows Remaining Length.

use super::properties::{block_len, content_len, put_block, put_content};
use super::{EncodeError, VARIABLE_MAXIMUM, put_field, put_variable, variable_len};
use crate::{Connect, Packet, Properties, Publish, QoS, ReasonCode, SubscriptionOptions, Version, Will};
use bytes::{BufMut, BytesMut};
use catalogue::cite;

/// Type and flags (sections 2.1.2 and 2.1.3).
#[inline]
pub(super) fn first_byte(packet: &Packet) -> u8 {
    let flags = match packet {
        Packet::Publish(publish) => publish_flags(publish),
        Packet::Pubrel(_) | Packet::Subscribe(_) | Packet::Unsubscribe(_) => {
            cite!("5.0/MQTT-2.1.3-1", "3.1.1/MQTT-2.2.2-1");
            0b0010
        }
        _ => 0,
    };
    (packet.packet_type() as u8) << 4 | flags
}

/// The length of all that follows Remaining Length.
#[inline]
pub(super) fn remaining_length(packet: &Packet, version: Version) -> usize {
    let block = |properties| block_len(properties, version);
    match packet {
        Packet::Connect(connect) => connect_len(connect),
        Packet::Connack(connack) => 2 + block(&connack.properties),
        Packet::Publish(publish) => publish_len(publish, block(&publish.properties)),
        Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
            2 + reason_len(a.reason, &a.properties, version)
        }
        Packet::Subscribe(subscribe) => {
            let filters: usize = subscribe.filters.iter().map(|(filter, _)| 3 + filter.len()).sum();
            2 + block(&subscribe.properties) + filters
        }
        Packet::Suback(suback) => 2 + block(&suback.properties) + suback.reasons.len(),
        Packet::Unsubscribe(unsubscribe) => {
            let filters: usize = unsubscribe.filters.iter().map(|filter| 2 + filter.len()).sum();
            2 + block(&unsubscribe.properties) + filters
        }
        Packet::Unsuback(unsuback) => match version {
            Version::V311 => 2,
            Version::V500 => 2 + block(&unsuback.properties) + unsuback.reasons.len(),
        },
        Packet::Pingreq | Packet::Pingresp => 0,
        Packet::Disconnect(disconnect) => reason_len(disconnect.reason, &disconnect.properties, version),
        Packet::Auth(auth) => match version {
            Version::V500 if !is_plain(auth.reason, &auth.properties) => 1 + block(&auth.properties),
            _ => 0,
        },
    }
}

/// Writes all that follows Remaining Length, except in a PUBLISH.
#[inline]
pub(super) fn put_body(packet: &Packet, version: Version, buffer: &mut BytesMut) -> Result<(), EncodeError> {
    match packet {
        // A PUBLISH has its own way.
        Packet::Publish(_) | Packet::Pingreq | Packet::Pingresp => {}
        Packet::Connect(connect) => put_connect(connect, buffer)?,
        Packet::Connack(connack) => {
            buffer.put_u8(u8::from(connack.session_present));
            buffer.put_u8(connack.reason.0);
            put_block(&connack.properties, version, buffer)?;
        }
        Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
            buffer.put_u16(a.packet_id);
            put_reason(a.reason, &a.properties, version, buffer)?;
        }
        Packet::Subscribe(subscribe) => {
            buffer.put_u16(subscribe.packet_id);
            put_block(&subscribe.properties, version, buffer)?;
            for (filter, options) in &subscribe.filters {
                put_field("Topic Filter", filter.as_bytes(), buffer)?;
                buffer.put_u8(options_byte(*options, version));
            }
        }
        Packet::Suback(suback) => {
            buffer.put_u16(suback.packet_id);
            put_block(&suback.properties, version, buffer)?;
            suback.reasons.iter().for_each(|reason| buffer.put_u8(reason.0));
        }
        Packet::Unsubscribe(unsubscribe) => {
            buffer.put_u16(unsubscribe.packet_id);
            put_block(&unsubscribe.properties, version, buffer)?;
            for filter in &unsubscribe.filters {
                put_field("Topic Filter", filter.as_bytes(), buffer)?;
            }
        }
        Packet::Unsuback(unsuback) => {
            buffer.put_u16(unsuback.packet_id);
            if version == Version::V500 {
                put_block(&unsuback.properties, version, buffer)?;
                unsuback.reasons.iter().for_each(|reason| buffer.put_u8(reason.0));
            }
        }
        Packet::Disconnect(disconnect) => {
            put_reason(disconnect.reason, &disconnect.properties, version, buffer)?;
        }
        Packet::Auth(auth) => {
            if version == Version::V500 && !is_plain(auth.reason, &auth.properties) {
                buffer.put_u8(auth.reason.0);
                put_block(&auth.properties, version, buffer)?;
            }
        }
    }
    Ok(())
}

fn publish_len(publish: &Publish, properties: usize) -> usize {
    let packet_id = if has_packet_id(publish) { 2 } else { 0 };
    2 + publish.topic.len() + packet_id + properties + publish.payload.len()
}

/// Writes a whole PUBLISH, neighbouring small fields at once.
#[inline]
pub(super) fn put_publish(
    publish: &Publish,
    version: Version,
    buffer: &mut BytesMut,
) -> Result<(), EncodeError> {
    let Ok(topic_length) = u16::try_from(publish.topic.len()) else {
        return Err(EncodeError::FieldTooLong("Topic Name"));
    };
    let content = match version {
        Version::V311 => 0,
        Version::V500 => content_len(&publish.properties),
    };
    let block = match version {
        Version::V311 => 0,
        Version::V500 => variable_len(content) + content,
    };
    let remaining = publish_len(publish, block);
    if remaining > VARIABLE_MAXIMUM {
        return Err(EncodeError::PacketTooLong);
    }
    let start = buffer.len();
    buffer.reserve(5 + remaining);
    let first = 0x30 | publish_flags(publish);
    let [high, low] = topic_length.to_be_bytes();
    cite!("5.0/MQTT-1.5.5-1", "5.0/MQTT-2.2.1-2", "3.1.1/MQTT-2.3.1-5");
    if remaining <= 0x7F {
        buffer.put_slice(&[first, remaining as u8, high, low]);
    } else if remaining <= 0x3FFF {
        buffer.put_slice(&[first, remaining as u8 | 0x80, (remaining >> 7) as u8, high, low]);
    } else {
        buffer.put_u8(first);
        put_variable(remaining, buffer);
        buffer.put_slice(&[high, low]);
    }
    buffer.put_slice(publish.topic.as_bytes());
    let [high, low] = publish.packet_id.unwrap_or(0).to_be_bytes();
    match (has_packet_id(publish), version, content) {
        (false, Version::V311, _) => {}
        (true, Version::V311, _) => buffer.put_slice(&[high, low]),
        (false, Version::V500, 0..=0x7F) => buffer.put_u8(content as u8),
        (true, Version::V500, 0..=0x7F) => buffer.put_slice(&[high, low, content as u8]),
        (has_packet_id, Version::V500, _) => {
            if has_packet_id {
                buffer.put_slice(&[high, low]);
            }
            put_variable(content, buffer);
        }
    }
    if content > 0
        && let Err(error) = put_content(&publish.properties, buffer)
    {
        buffer.truncate(start);
        return Err(error);
    }
    buffer.put_slice(&publish.payload);
    Ok(())
}

#[inline]
fn publish_flags(publish: &Publish) -> u8 {
    u8::from(publish.dup) << 3 | (publish.qos as u8) << 1 | u8::from(publish.retain)
}

/// A PUBLISH above QoS 0 has a Packet Identifier, one of QoS 0 has none.
#[inline]
fn has_packet_id(publish: &Publish) -> bool {
    publish.qos != QoS::AtMostOnce
}

fn is_plain(reason: ReasonCode, properties: &Properties) -> bool {
    reason == ReasonCode::SUCCESS && properties.is_empty()
}

/// The length of Reason Code and Properties where both may be left out at the end.
fn reason_len(reason: ReasonCode, properties: &Properties, version: Version) -> usize {
    match version {
        Version::V311 => 0,
        Version::V500 if is_plain(reason, properties) => 0,
        Version::V500 if properties.is_empty() => 1,
        Version::V500 => 1 + block_len(properties, version),
    }
}

fn put_reason(
    reason: ReasonCode,
    properties: &Properties,
    version: Version,
    buffer: &mut BytesMut,
) -> Result<(), EncodeError> {
    if version == Version::V311 || is_plain(reason, properties) {
        return Ok(());
    }
    buffer.put_u8(reason.0);
    if properties.is_empty() {
        return Ok(());
    }
    put_block(properties, version, buffer)
}

fn options_byte(options: SubscriptionOptions, version: Version) -> u8 {
    match version {
        Version::V311 => options.qos as u8,
        Version::V500 => {
            (options.retain_handling as u8) << 4
                | u8::from(options.retain_as_published) << 3
                | u8::from(options.no_local) << 2
                | options.qos as u8
        }
    }
}

fn connect_len(connect: &Connect) -> usize {
    let version = connect.version;
    let will = |will: &Will| block_len(&will.properties, version) + 4 + will.topic.len() + will.payload.len();
    // Protocol Name 6, Protocol Version 1, Connect Flags 1, Keep Alive 2.
    10 + block_len(&connect.properties, version)
        + 2
        + connect.client_id.len()
        + connect.will.as_ref().map_or(0, will)
        + connect.user_name.as_ref().map_or(0, |name| 2 + name.len())
        + connect.password.as_ref().map_or(0, |password| 2 + password.len())
}

fn put_connect(connect: &Connect, buffer: &mut BytesMut) -> Result<(), EncodeError> {
    let version = connect.version;
    put_field("Protocol Name", b"MQTT", buffer)?;
    buffer.put_u8(version.protocol_level());
    buffer.put_u8(connect_flags(connect));
    buffer.put_u16(connect.keep_alive);
    put_block(&connect.properties, version, buffer)?;
    cite!("5.0/MQTT-3.1.3-1", "3.1.1/MQTT-3.1.3-1", "5.0/MQTT-3.1.3-3", "3.1.1/MQTT-3.1.3-3");
    put_field("Client Identifier", connect.client_id.as_bytes(), buffer)?;
    if let Some(will) = &connect.will {
        put_block(&will.properties, version, buffer)?;
        put_field("Will Topic", will.topic.as_bytes(), buffer)?;
        put_field("Will Payload", &will.payload, buffer)?;
    }
    if let Some(user_name) = &connect.user_name {
        put_field("User Name", user_name.as_bytes(), buffer)?;
    }
    if let Some(password) = &connect.password {
        put_field("Password", password, buffer)?;
    }
    Ok(())
}

fn connect_flags(connect: &Connect) -> u8 {
    // No Will means no Will QoS and no Will Retain.
    cite!("5.0/MQTT-3.1.2-11", "5.0/MQTT-3.1.2-13", "3.1.1/MQTT-3.1.2-13", "3.1.1/MQTT-3.1.2-15");
    let will =
        connect.will.as_ref().map_or(0, |will| u8::from(will.retain) << 5 | (will.qos as u8) << 3 | 0b100);
    u8::from(connect.user_name.is_some()) << 7
        | u8::from(connect.password.is_some()) << 6
        | will
        | u8::from(connect.clean_start) << 1
}
