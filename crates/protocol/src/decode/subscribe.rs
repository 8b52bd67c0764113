//! SUBSCRIBE (section 3.8) and UNSUBSCRIBE (section 3.10).
//!
//! The syntax of a Topic Filter is not checked here ([`crate::topic`] does): 5.0 states no reaction, and a Server of
//! 3.1.1 may be asked to judge it together with what it supports.

use super::fault::{Fault, malformed, protocol_error};
use super::properties;
use super::reader::Reader;
use super::rules;
use crate::{
    Properties, PropertyPlace, QoS, RetainHandling, Role, Subscribe, SubscriptionOptions, Unsubscribe,
    Version,
};
use bytestring::ByteString;
use catalogue::cite;

/// Reads a SUBSCRIBE.
pub(super) fn read(mut reader: Reader<'_>, version: Version) -> Result<Subscribe, Box<Fault>> {
    let packet_id = super::packet_id(&mut reader, rules::PACKET_ID_OF_CLIENT)?;
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(&mut reader, PropertyPlace::Subscribe, Role::Client)?,
    };
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.8.3-2", "3.1.1/MQTT-3.8.3-3");
        return Err(protocol_error(rules::NO_FILTER_TO_SUBSCRIBE, reader.at(), "there is no Topic Filter"));
    }
    let mut filters = Vec::new();
    while !reader.is_at_end() {
        let filter = topic_filter(&mut reader)?;
        let options_at = reader.at();
        let options = options(&mut reader, version)?;
        if options.no_local && filter.starts_with("$share/") {
            cite!("5.0/MQTT-3.8.3-4");
            let text = "No Local is 1 on a Shared Subscription";
            return Err(protocol_error(rules::NO_LOCAL_ON_SHARED, options_at, text));
        }
        filters.push((filter, options));
    }
    Ok(Subscribe { packet_id, properties, filters })
}

/// Reads an UNSUBSCRIBE.
pub(super) fn read_unsubscribe(mut reader: Reader<'_>, version: Version) -> Result<Unsubscribe, Box<Fault>> {
    let packet_id = super::packet_id(&mut reader, rules::PACKET_ID_OF_CLIENT)?;
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(&mut reader, PropertyPlace::Unsubscribe, Role::Client)?,
    };
    if reader.is_at_end() {
        cite!("5.0/MQTT-3.10.3-2", "3.1.1/MQTT-3.10.3-2");
        return Err(protocol_error(rules::NO_FILTER_TO_UNSUBSCRIBE, reader.at(), "there is no Topic Filter"));
    }
    let mut filters = Vec::new();
    while !reader.is_at_end() {
        filters.push(topic_filter(&mut reader)?);
    }
    Ok(Unsubscribe { packet_id, properties, filters })
}

fn topic_filter(reader: &mut Reader<'_>) -> Result<ByteString, Box<Fault>> {
    let start = reader.at();
    let filter = reader.string("Topic Filter")?;
    if filter.is_empty() {
        cite!("5.0/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-1");
        return Err(protocol_error(rules::EMPTY_TOPIC, start, "Topic Filter is empty"));
    }
    Ok(filter)
}

/// Reads the Subscription Options (section 3.8.3.1), or the Requested QoS of 3.1.1 (section 3.8.3).
fn options(reader: &mut Reader<'_>, version: Version) -> Result<SubscriptionOptions, Box<Fault>> {
    let at = reader.at();
    let byte = reader.byte("Subscription Options")?;
    let reserved = match version {
        Version::V311 => 0b1111_1100,
        Version::V500 => 0b1100_0000,
    };
    if byte & reserved != 0 {
        cite!("5.0/MQTT-3.8.3-5", "3.1.1/MQTT-3.8.3-4");
        let text = format!("a reserved bit of the Subscription Options is 1: {byte:08b}");
        return Err(malformed(rules::SUBSCRIPTION_OPTIONS_RESERVED, at, text));
    }
    let Some(qos) = QoS::from_bits(byte & 3) else {
        cite!("5.0/RULE-3.8.3.1-qos-3", "3.1.1/MQTT-3.8.3-4");
        return Err(protocol_error(rules::SUBSCRIPTION_QOS, at, "Maximum QoS is 3"));
    };
    let retain_handling = match byte >> 4 & 3 {
        0 => RetainHandling::SendAtSubscribe,
        1 => RetainHandling::SendIfNew,
        2 => RetainHandling::DoNotSend,
        _ => {
            cite!("5.0/RULE-3.8.3.1-retain-handling-3");
            return Err(protocol_error(rules::RETAIN_HANDLING, at, "Retain Handling is 3"));
        }
    };
    Ok(SubscriptionOptions {
        qos,
        no_local: byte & 0b0100 != 0,
        retain_as_published: byte & 0b1000 != 0,
        retain_handling,
    })
}
