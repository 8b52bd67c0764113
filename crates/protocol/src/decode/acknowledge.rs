//! What answers other packets: CONNACK (3.2), PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7), SUBACK (3.9) and UNSUBACK (3.11).
//!
//! Reason Codes are taken as they are. Whether a packet may carry a code is said by [`ReasonCode::is_legal`]: the receiver asks, so that
//! what follows the packet can still be read by whoever only looks on.

use super::fault::{Fault, malformed, protocol_error};
use super::properties;
use super::reader::Reader;
use super::rules;
use crate::{
    Acknowledgement, Connack, Properties, PropertyPlace, ReasonCode, Role, Suback, Unsuback, Version,
};
use catalogue::cite;

/// Reads a CONNACK.
pub(super) fn read_connack(mut reader: Reader<'_>, version: Version) -> Result<Connack, Box<Fault>> {
    let flags_at = reader.at();
    let flags = reader.byte("Connect Acknowledge Flags")?;
    if flags & !1 != 0 {
        cite!("5.0/MQTT-3.2.2-1", "3.1.1/RULE-3.2.2.1-reserved-flags");
        let text = format!("a reserved bit of Connect Acknowledge Flags is 1: {flags:08b}");
        return Err(malformed(rules::CONNACK_FLAGS_RESERVED, flags_at, text));
    }
    let reason = ReasonCode(reader.byte("Connect Reason Code")?);
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(&mut reader, PropertyPlace::Connack, Role::Server)?,
    };
    reader.finish()?;
    Ok(Connack { session_present: flags & 1 != 0, reason, properties })
}

/// Reads a PUBACK, PUBREC, PUBREL or PUBCOMP.
#[inline]
pub(super) fn read(
    mut reader: Reader<'_>,
    place: PropertyPlace,
    version: Version,
    sender: Role,
) -> Result<Acknowledgement, Box<Fault>> {
    let packet_id = super::packet_id(&mut reader, rules::PACKET_ID_OF_PUBLISH_ACKNOWLEDGED)?;
    let (reason, properties) = match version {
        Version::V311 => (ReasonCode::SUCCESS, Properties::new()),
        Version::V500 => reason_and_properties(&mut reader, place, sender)?,
    };
    reader.finish()?;
    Ok(Acknowledgement { packet_id, reason, properties })
}

/// Reads a Reason Code and Properties, either of which may be left out at the end (sections 3.4.2.1, 3.4.2.2.1, 3.14.2.1, 3.14.2.2.1).
#[inline]
pub(super) fn reason_and_properties(
    reader: &mut Reader<'_>,
    place: PropertyPlace,
    sender: Role,
) -> Result<(ReasonCode, Properties), Box<Fault>> {
    if reader.is_at_end() {
        return Ok((ReasonCode::SUCCESS, Properties::new()));
    }
    let reason = ReasonCode(reader.byte("Reason Code")?);
    if reader.is_at_end() {
        return Ok((reason, Properties::new()));
    }
    Ok((reason, properties::read(reader, place, sender)?))
}

/// Reads a SUBACK.
pub(super) fn read_suback(mut reader: Reader<'_>, version: Version) -> Result<Suback, Box<Fault>> {
    let packet_id = super::packet_id(&mut reader, rules::PACKET_ID_OF_REQUEST)?;
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(&mut reader, PropertyPlace::Suback, Role::Server)?,
    };
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.8.4-6", "3.1.1/MQTT-3.8.4-5");
        return Err(protocol_error(rules::NO_REASON_IN_SUBACK, reader.at(), "there is no Reason Code"));
    }
    Ok(Suback { packet_id, properties, reasons: reasons(&mut reader) })
}

/// Reads an UNSUBACK. In 3.1.1 it has no payload.
pub(super) fn read_unsuback(mut reader: Reader<'_>, version: Version) -> Result<Unsuback, Box<Fault>> {
    let packet_id = super::packet_id(&mut reader, rules::PACKET_ID_OF_REQUEST)?;
    if version == Version::V311 {
        reader.finish()?;
        return Ok(Unsuback { packet_id, properties: Properties::new(), reasons: Vec::new() });
    }
    let properties = properties::read(&mut reader, PropertyPlace::Unsuback, Role::Server)?;
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.11.3-2");
        return Err(protocol_error(rules::NO_REASON_IN_UNSUBACK, reader.at(), "there is no Reason Code"));
    }
    Ok(Unsuback { packet_id, properties, reasons: reasons(&mut reader) })
}

fn reasons(reader: &mut Reader<'_>) -> Vec<ReasonCode> {
    reader.rest_of_bytes().iter().map(|code| ReasonCode(*code)).collect()
}
