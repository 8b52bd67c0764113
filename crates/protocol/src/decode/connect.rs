//! CONNECT (section 3.1). Its first fields name the version in which the rest is read.

use super::fault::{Fault, fault, malformed, protocol_error};
use super::properties::{self, has_wildcard};
use super::reader::Reader;
use super::{ErrorKind, rules};
use crate::{Connect, Properties, PropertyId, PropertyPlace, QoS, Role, Version, Will};
use catalogue::cite;

const USER_NAME: u8 = 0x80;
const PASSWORD: u8 = 0x40;
const WILL_RETAIN: u8 = 0x20;
const WILL: u8 = 0x04;
const CLEAN_START: u8 = 0x02;
const RESERVED: u8 = 0x01;

/// Reads Protocol Name and Protocol Version (sections 3.1.2.1 and 3.1.2.2).
pub(super) fn read_version(reader: &mut Reader<'_>) -> Result<Version, Box<Fault>> {
    let start = reader.at();
    let name = reader.string("Protocol Name")?;
    let level_at = reader.at();
    // What MQTT 3.1 called itself: the right protocol in a version that is not spoken here.
    let is_version_31 = &*name == "MQIsdp";
    if &*name != "MQTT" && !is_version_31 {
        cite!("5.0/MQTT-3.1.2-1", "3.1.1/MQTT-3.1.2-1");
        let text = format!("Protocol Name is {:?}, not \"MQTT\"", &*name);
        return Err(malformed(rules::PROTOCOL_NAME, start, text));
    }
    match reader.byte("Protocol Version")? {
        4 if !is_version_31 => Ok(Version::V311),
        5 if !is_version_31 => Ok(Version::V500),
        level => Err(unsupported(level, level_at)),
    }
}

/// For a CONNECT that names a version which is not spoken here.
pub(super) fn unsupported(level: u8, at: usize) -> Box<Fault> {
    cite!("5.0/MQTT-3.1.2-2", "3.1.1/MQTT-3.1.2-2");
    let kind = ErrorKind::UnsupportedProtocolVersion { level };
    let text = format!("protocol version {level} is not supported");
    fault(kind, rules::PROTOCOL_VERSION, at, text)
}

/// Reads all that follows the Protocol Version.
pub(super) fn read_rest(mut reader: Reader<'_>, version: Version) -> Result<Connect, Box<Fault>> {
    let flags_at = reader.at();
    let flags = reader.byte("Connect Flags")?;
    let will_qos = check_flags(flags, flags_at, version)?;
    let keep_alive = reader.two_bytes("Keep Alive")?;
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => {
            let start = reader.at();
            let properties = properties::read(&mut reader, PropertyPlace::Connect, Role::Client)?;
            check_authentication(&properties, start)?;
            properties
        }
    };
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.1.3-3", "3.1.1/MQTT-3.1.3-3");
        return Err(malformed(rules::CLIENT_ID_MISSING, reader.at(), "there is no Client Identifier"));
    }
    // The order of the payload.
    cite!("5.0/MQTT-3.1.3-1", "3.1.1/MQTT-3.1.3-1");
    let client_id = reader.string("Client Identifier")?;
    let will = match flags & WILL {
        0 => None,
        _ => Some(read_will(&mut reader, version, will_qos, flags & WILL_RETAIN != 0)?),
    };
    let user_name = match flags & USER_NAME {
        0 => None,
        _ if reader.is_at_end() => {
            cite!("5.0/MQTT-3.1.2-17", "3.1.1/MQTT-3.1.2-19");
            let text = "User Name Flag is 1, and there is no User Name";
            return Err(malformed(rules::USER_NAME_MISSING, reader.at(), text));
        }
        _ => Some(reader.string("User Name")?),
    };
    let password = match flags & PASSWORD {
        0 => None,
        _ if reader.is_at_end() => {
            cite!("5.0/MQTT-3.1.2-19", "3.1.1/MQTT-3.1.2-21");
            let text = "Password Flag is 1, and there is no Password";
            return Err(malformed(rules::PASSWORD_MISSING, reader.at(), text));
        }
        _ => Some(reader.binary("Password")?),
    };
    // Also a User Name or Password without its flag ends here.
    cite!("5.0/MQTT-3.1.2-16", "5.0/MQTT-3.1.2-18", "3.1.1/MQTT-3.1.2-18", "3.1.1/MQTT-3.1.2-20");
    reader.finish()?;
    Ok(Connect {
        version,
        clean_start: flags & CLEAN_START != 0,
        keep_alive,
        properties,
        client_id,
        will,
        user_name,
        password,
    })
}

/// Checks the Connect Flags among each other (section 3.1.2.3 and following), and gives the Will QoS.
fn check_flags(flags: u8, at: usize, version: Version) -> Result<QoS, Box<Fault>> {
    if flags & RESERVED != 0 {
        cite!("5.0/MQTT-3.1.2-3", "5.0/RULE-3.1.2.3-reserved-flag", "3.1.1/MQTT-3.1.2-3");
        return Err(malformed(rules::CONNECT_FLAGS_RESERVED, at, "the reserved bit of Connect Flags is 1"));
    }
    let Some(will_qos) = QoS::from_bits(flags >> 3 & 3) else {
        cite!("5.0/MQTT-3.1.2-12", "5.0/RULE-3.1.2.6-will-qos-3", "3.1.1/MQTT-3.1.2-14");
        return Err(malformed(rules::WILL_QOS, at, "Will QoS is 3"));
    };
    if flags & WILL == 0 && will_qos != QoS::AtMostOnce {
        cite!("5.0/MQTT-3.1.2-11", "3.1.1/MQTT-3.1.2-13", "3.1.1/MQTT-3.1.2-11");
        let text = format!("Will QoS is {will_qos} although Will Flag is 0");
        return Err(malformed(rules::WILL_QOS_WITHOUT_WILL, at, text));
    }
    if flags & WILL == 0 && flags & WILL_RETAIN != 0 {
        cite!("5.0/MQTT-3.1.2-13", "3.1.1/MQTT-3.1.2-15", "3.1.1/MQTT-3.1.2-11");
        let text = "Will Retain is 1 although Will Flag is 0";
        return Err(malformed(rules::WILL_RETAIN_WITHOUT_WILL, at, text));
    }
    if version == Version::V311 && flags & PASSWORD != 0 && flags & USER_NAME == 0 {
        cite!("3.1.1/MQTT-3.1.2-22");
        let text = "Password Flag is 1 although User Name Flag is 0";
        return Err(malformed(rules::PASSWORD_WITHOUT_USER_NAME, at, text));
    }
    Ok(will_qos)
}

/// Authentication Data needs a method (section 3.1.2.11.10).
fn check_authentication(properties: &Properties, at: usize) -> Result<(), Box<Fault>> {
    let has = |id| properties.get(id).is_some();
    if has(PropertyId::AuthenticationData) && !has(PropertyId::AuthenticationMethod) {
        cite!("5.0/RULE-3.1.2.11.10-data-without-method");
        let text = "there is Authentication Data without an Authentication Method";
        return Err(protocol_error(rules::DATA_WITHOUT_METHOD, at, text));
    }
    Ok(())
}

/// Reads Will Properties, Will Topic and Will Payload (sections 3.1.3.2 to 3.1.3.4).
fn read_will(reader: &mut Reader<'_>, version: Version, qos: QoS, retain: bool) -> Result<Will, Box<Fault>> {
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.1.2-9", "3.1.1/MQTT-3.1.2-9");
        return Err(malformed(
            rules::WILL_MISSING,
            reader.at(),
            "Will Flag is 1, and there is no Will Message",
        ));
    }
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(reader, PropertyPlace::Will, Role::Client)?,
    };
    let topic_at = reader.at();
    let topic = reader.string("Will Topic")?;
    if topic.is_empty() {
        cite!("5.0/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-1");
        return Err(protocol_error(rules::EMPTY_TOPIC, topic_at, "Will Topic is empty"));
    }
    if has_wildcard(&topic) {
        cite!("5.0/MQTT-4.7.0-1", "3.1.1/MQTT-4.7.1-1");
        let text = "Will Topic holds a wildcard character";
        return Err(protocol_error(rules::WILL_TOPIC_WILDCARD, topic_at, text));
    }
    let payload = reader.binary("Will Payload")?;
    Ok(Will { qos, retain, topic, payload, properties })
}
