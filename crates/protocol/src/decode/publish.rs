//! PUBLISH (section 3.3).

use super::fault::{Fault, protocol_error};
use super::properties::{self, has_wildcard};
use super::reader::Reader;
use super::rules;
use crate::{Properties, PropertyId, PropertyPlace, Publish, QoS, Role, Version};
use catalogue::cite;

/// Reads a PUBLISH. The fixed header has been checked.
#[inline]
pub(super) fn read(
    mut reader: Reader<'_>,
    flags: u8,
    version: Version,
    sender: Role,
) -> Result<Publish, Box<Fault>> {
    // 3 does not get here.
    let qos = QoS::from_bits(flags >> 1 & 3).unwrap_or_default();
    let topic_at = reader.at();
    let topic = reader.string("Topic Name")?;
    if has_wildcard(&topic) {
        cite!("5.0/MQTT-3.3.2-2", "3.1.1/MQTT-3.3.2-2", "5.0/MQTT-4.7.0-1", "3.1.1/MQTT-4.7.1-1");
        let text = "Topic Name holds a wildcard character";
        return Err(protocol_error(rules::TOPIC_NAME_WILDCARD, topic_at, text));
    }
    let packet_id = match qos {
        QoS::AtMostOnce => None,
        QoS::AtLeastOnce | QoS::ExactlyOnce => {
            let rule = match sender {
                Role::Client => rules::PACKET_ID_OF_CLIENT,
                Role::Server => rules::PACKET_ID_OF_SERVER,
            };
            Some(super::packet_id(&mut reader, rule)?)
        }
    };
    let properties = match version {
        Version::V311 => Properties::new(),
        Version::V500 => properties::read(&mut reader, PropertyPlace::Publish, sender)?,
    };
    // In 3.1.1 there are no Properties, so that an empty Topic Name is always wrong.
    if topic.is_empty() && properties.get(PropertyId::TopicAlias).is_none() {
        cite!("5.0/RULE-3.3.2.1-empty-topic-without-alias", "5.0/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-1");
        let text = match version {
            Version::V311 => "Topic Name is empty",
            Version::V500 => "Topic Name is empty, and there is no Topic Alias",
        };
        return Err(protocol_error(rules::EMPTY_TOPIC_WITHOUT_ALIAS, topic_at, text));
    }
    Ok(Publish {
        dup: flags & 0b1000 != 0,
        qos,
        retain: flags & 1 != 0,
        topic,
        packet_id,
        properties,
        payload: reader.rest(),
    })
}
