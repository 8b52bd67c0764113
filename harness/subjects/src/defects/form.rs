//! Packets of the Server whose bytes are not as they have to be (sections 2 and 3): flags, lengths, Properties, Reason Codes. The Monitors of the
//! transcript see them.

use super::{Memory, change_packet};
use crate::defect;
use bytes::Bytes;
use protocol::wire::{Frame, dissect};
use protocol::{Packet, Property, ReasonCode, Version};
use transport::{ConnectionId, Effect};

/// The same CONNACK with these Properties added, if it accepts a Client of 5.0.
fn connack_with(memory: &Memory, effect: Effect, properties: Vec<Property>) -> Vec<Effect> {
    let v5 = memory.version(effect.connection()) == Version::V500;
    change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && v5
            && connack.reason == ReasonCode::SUCCESS
        {
            for property in properties {
                connack.properties.push(property);
            }
        }
    })
}

macro_rules! connack_has {
    ($($name:literal, $title:literal, [$($id:literal),+], [$($property:expr),+];)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            effect: |memory, _, effect| connack_with(memory, effect, vec![$($property),+]),
        })+
    };
}

connack_has! {
    "session-expiry-interval-stands-twice-in-connack", "CONNACK has session expiry interval twice",
        ["5.0/RULE-3.2.2.3.2-twice"], [Property::SessionExpiryInterval(10), Property::SessionExpiryInterval(10)];
    "receive-maximum-stands-twice-in-connack", "CONNACK has receive maximum twice",
        ["5.0/RULE-3.2.2.3.3-twice"], [Property::ReceiveMaximum(10), Property::ReceiveMaximum(10)];
    "maximum-qos-stands-twice-in-connack", "CONNACK has maximum qos twice",
        ["5.0/RULE-3.2.2.3.4-twice"], [Property::MaximumQoS(1), Property::MaximumQoS(1)];
    "retain-available-stands-twice-in-connack", "CONNACK has retain available twice",
        ["5.0/RULE-3.2.2.3.5-twice"], [Property::RetainAvailable(1), Property::RetainAvailable(1)];
    "maximum-packet-size-stands-twice-in-connack", "CONNACK has maximum packet size twice",
        ["5.0/RULE-3.2.2.3.6-twice"], [Property::MaximumPacketSize(100_000), Property::MaximumPacketSize(100_000)];
    "assigned-client-identifier-stands-twice-in-connack", "CONNACK has assigned client identifier twice",
        ["5.0/RULE-3.2.2.3.7-twice"], [Property::AssignedClientIdentifier("assigned".into()), Property::AssignedClientIdentifier("assigned".into())];
    "topic-alias-maximum-stands-twice-in-connack", "CONNACK has topic alias maximum twice",
        ["5.0/RULE-3.2.2.3.8-twice"], [Property::TopicAliasMaximum(0), Property::TopicAliasMaximum(0)];
    "reason-string-stands-twice-in-connack", "CONNACK has reason string twice",
        ["5.0/RULE-3.2.2.3.9-twice"], [Property::ReasonString("fine".into()), Property::ReasonString("fine".into())];
    "wildcard-subscription-available-stands-twice-in-connack", "CONNACK has wildcard subscription available twice",
        ["5.0/RULE-3.2.2.3.11-twice"], [Property::WildcardSubscriptionAvailable(1), Property::WildcardSubscriptionAvailable(1)];
    "subscription-identifiers-available-stands-twice-in-connack", "CONNACK has subscription identifiers available twice",
        ["5.0/RULE-3.2.2.3.12-twice"], [Property::SubscriptionIdentifierAvailable(1), Property::SubscriptionIdentifierAvailable(1)];
    "shared-subscription-available-stands-twice-in-connack", "CONNACK has shared subscription available twice",
        ["5.0/RULE-3.2.2.3.13-twice"], [Property::SharedSubscriptionAvailable(1), Property::SharedSubscriptionAvailable(1)];
    "server-keep-alive-stands-twice-in-connack", "CONNACK has server keep alive twice",
        ["5.0/RULE-3.2.2.3.14-twice"], [Property::ServerKeepAlive(60), Property::ServerKeepAlive(60)];
    "response-information-stands-twice-in-connack", "CONNACK has response information twice",
        ["5.0/RULE-3.2.2.3.15-twice"], [Property::ResponseInformation("reply".into()), Property::ResponseInformation("reply".into())];
    "receive-maximum-0-in-connack", "CONNACK has receive maximum 0, a value that it must not have",
        ["5.0/RULE-3.2.2.3.3-zero"], [Property::ReceiveMaximum(0)];
    "maximum-qos-2-in-connack", "CONNACK has maximum qos 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.4-value"], [Property::MaximumQoS(2)];
    "retain-available-2-in-connack", "CONNACK has retain available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.5-value"], [Property::RetainAvailable(2)];
    "maximum-packet-size-0-in-connack", "CONNACK has maximum packet size 0, a value that it must not have",
        ["5.0/RULE-3.2.2.3.6-zero"], [Property::MaximumPacketSize(0)];
    "wildcard-subscription-available-2-in-connack", "CONNACK has wildcard subscription available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.11-value"], [Property::WildcardSubscriptionAvailable(2)];
    "subscription-identifiers-available-2-in-connack", "CONNACK has subscription identifiers available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.12-value"], [Property::SubscriptionIdentifierAvailable(2)];
    "shared-subscription-available-2-in-connack", "CONNACK has shared subscription available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.13-value"], [Property::SharedSubscriptionAvailable(2)];
}

/// The bytes with the lower four bits of the first one changed, if it is a packet of this type.
fn with_flags(mut bytes: Vec<u8>, packet_type: u8, flags: u8) -> Vec<u8> {
    if bytes.first().is_some_and(|first| first >> 4 == packet_type) {
        bytes[0] |= flags;
    }
    bytes
}

/// A short packet of this type with one byte more at its end.
fn longer(bytes: &Bytes, packet_type: u8) -> Vec<Bytes> {
    let mut frame = bytes.to_vec();
    if frame.first().is_some_and(|first| first >> 4 == packet_type) && frame[1] < 0x7F {
        frame[1] += 1;
        frame.push(0);
    }
    vec![frame.into()]
}

macro_rules! sends_bytes {
    ($($name:literal, $title:literal, [$($id:literal),+], $change:expr;)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            frame_out: $change,
        })+
    };
}

/// The bytes of an accepting CONNACK, taken apart and changed.
fn connack_frame(
    memory: &Memory,
    connection: ConnectionId,
    bytes: Bytes,
    change: impl FnOnce(&mut [u8], Version),
) -> Vec<Bytes> {
    let mut frame = bytes.to_vec();
    if frame.first() == Some(&0x20) && frame.len() >= 4 {
        change(&mut frame, memory.version(connection));
    }
    vec![frame.into()]
}

sends_bytes! {
    "suback-has-flags", "The first byte of SUBACK has a flag that is reserved",
        ["3.1.1/MQTT-2.2.2-1", "5.0/MQTT-2.1.3-1"],
        |_, _, bytes| vec![with_flags(bytes.to_vec(), 9, 1).into()];
    "publish-has-qos-3", "PUBLISH goes out with both bits of QoS set",
        ["3.1.1/MQTT-3.3.1-4", "5.0/MQTT-3.3.1-4"],
        |_, _, bytes| vec![with_flags(bytes.to_vec(), 3, 6).into()];
    "connack-flags-are-not-zero", "A reserved bit of the Connect Acknowledge Flags is set",
        ["3.1.1/RULE-3.2.2.1-reserved-flags", "5.0/MQTT-3.2.2-1"],
        |memory, connection, bytes| connack_frame(memory, connection, bytes, |frame, _| frame[2] |= 0x80);
    "connack-has-a-code-of-its-own", "A refusal comes with a code that is not in the table of CONNACK",
        ["3.1.1/RULE-3.2.2.3-reserved-return-code", "5.0/MQTT-3.2.2-8"],
        |memory, connection, bytes| connack_frame(memory, connection, bytes, |frame, version| {
            if frame[3] != 0 {
                frame[3] = if version == Version::V500 { 0x93 } else { 6 };
            }
        });
    "pingreq-to-the-client", "PINGREQ goes to a Client that pings",
        ["3.1.1/RULE-2.2.1-not-from-server", "5.0/RULE-2.1.2-not-from-server"],
        |_, _, bytes| if bytes.first() == Some(&0xD0) { vec![Bytes::from_static(&[0xC0, 0]), bytes] } else { vec![bytes] };
    "a-packet-of-type-0", "Two bytes of a packet type that is forbidden go out before PINGRESP",
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"],
        |_, _, bytes| if bytes.first() == Some(&0xD0) { vec![Bytes::from_static(&[0, 0]), bytes] } else { vec![bytes] };
    "pingresp-has-bytes-behind-its-end", "PINGRESP has a byte behind its end",
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"],
        |_, _, bytes| longer(&bytes, 13);
    "unsuback-is-too-long", "UNSUBACK of 3.1.1 has a third byte behind its fixed header",
        ["3.1.1/RULE-3.11.1-remaining-length"],
        |memory, connection, bytes| if memory.version(connection) == Version::V311 { longer(&bytes, 11) } else { vec![bytes] };
    "remaining-length-is-longer-than-it-need-be", "Remaining Length of SUBACK takes two bytes where one is enough",
        ["5.0/MQTT-1.5.5-1"],
        |_, _, bytes| {
            let mut frame = bytes.to_vec();
            if frame.first() == Some(&0x90) && frame[1] < 0x80 {
                frame[1] |= 0x80;
                frame.insert(2, 0);
            }
            vec![frame.into()]
        };
    "property-length-0-is-left-out", "CONNACK without Properties has no Property Length",
        ["5.0/MQTT-2.2.2-1"],
        |memory, connection, bytes| {
            let v5 = memory.version(connection) == Version::V500;
            if v5 && bytes.first() == Some(&0x20) && bytes.get(4) == Some(&0) {
                return vec![Bytes::from(vec![0x20, 2, bytes[2], bytes[3]])];
            }
            vec![bytes]
        };
    "the-topic-name-is-not-first", "PUBLISH begins with a byte that is no part of a Topic Name",
        ["3.1.1/MQTT-3.3.2-1", "5.0/MQTT-3.3.2-1"],
        |_, _, bytes| {
            let mut frame = bytes.to_vec();
            if frame.first().is_some_and(|first| first >> 4 == 3) && frame[1] < 0x7F {
                frame[1] += 1;
                frame.insert(2, 0xFF);
            }
            vec![frame.into()]
        };
}

/// The bytes of a 5.0 PUBLISH in which a text of its Properties was spoilt.
fn spoilt(memory: &Memory, connection: ConnectionId, bytes: Bytes, property: u8, byte: u8) -> Vec<Bytes> {
    let is_publish = bytes.first().is_some_and(|first| first >> 4 == 3);
    if !is_publish || memory.version(connection) != Version::V500 {
        return vec![bytes];
    }
    let frame: Frame = dissect(&bytes, Some(Version::V500));
    let text = frame.layout().into_iter().find_map(|placed| {
        let value = bytes.slice(placed.offset..placed.offset + placed.length);
        (value.first() == Some(&property) && value.len() > 3).then_some(placed.offset + 3)
    });
    let mut out = bytes.to_vec();
    if let Some(at) = text {
        out[at] = byte;
    }
    vec![out.into()]
}

sends_bytes! {
    "response-topic-is-no-text", "The Response Topic goes on with a byte that no UTF-8 string has",
        ["5.0/MQTT-3.3.2-13"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x08, 0xFF);
    "response-topic-has-a-wildcard", "The Response Topic goes on with a wildcard character in it",
        ["5.0/MQTT-3.3.2-14"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x08, b'+');
    "content-type-is-no-text", "The Content Type goes on with a byte that no UTF-8 string has",
        ["5.0/MQTT-3.3.2-19"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x03, 0xFF);
    "user-property-is-no-text", "The name of a User Property goes on with a byte that no UTF-8 string has",
        ["5.0/MQTT-1.5.7-1"],
        |memory, connection, bytes| spoilt(memory, connection, bytes, 0x26, 0xFF);
}

/// The same PUBLISH with this Property, for a Client of 5.0.
fn publish_with(memory: &Memory, effect: Effect, property: Property) -> Vec<Effect> {
    let v5 = memory.version(effect.connection()) == Version::V500;
    change_packet(effect, |packet| {
        if let Packet::Publish(publish) = packet
            && v5
        {
            publish.properties.push(property);
        }
    })
}

defect! {
    "topic-alias-0", "PUBLISH goes out with the Topic Alias 0",
    breaks: ["5.0/MQTT-3.3.2-8"],
    effect: |memory, _, effect| publish_with(memory, effect, Property::TopicAlias(0)),
}

defect! {
    "subscription-identifier-0", "PUBLISH goes out with the Subscription Identifier 0",
    breaks: ["5.0/RULE-3.3.2.3.8-zero"],
    effect: |memory, _, effect| publish_with(memory, effect, Property::SubscriptionIdentifier(0)),
}

defect! {
    "reason-string-stands-twice-in-disconnect", "DISCONNECT of the Server has two Reason Strings",
    breaks: ["5.0/RULE-3.14.2.2.3-twice"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.properties.push(Property::ReasonString("once".into()));
            disconnect.properties.push(Property::ReasonString("twice".into()));
        }
    }),
}

defect! {
    "disconnect-has-a-code-for-clients", "DISCONNECT of the Server has the Reason Code 0x04, which only Clients use",
    breaks: ["5.0/MQTT-3.14.2-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.reason = ReasonCode(0x04);
        }
    }),
}

macro_rules! acknowledges_with {
    ($($name:literal, $title:literal, $id:literal, $kind:ident, $code:literal;)+) => {
        $(defect! {
            $name, $title,
            breaks: [$id],
            effect: |memory, _, effect| {
                let v5 = memory.version(effect.connection()) == Version::V500;
                change_packet(effect, |packet| match packet {
                    Packet::$kind(acknowledgement) if v5 => acknowledgement.reason = ReasonCode($code),
                    _ => {}
                })
            },
        })+
    };
}

acknowledges_with! {
    "pubrec-with-a-code-of-pubrel", "PUBREC has the Reason Code 0x92, which is not in its table", "5.0/MQTT-3.5.2-1", Pubrec, 0x92;
    "pubrel-with-a-code-of-puback", "PUBREL has the Reason Code 0x10, which is not in its table", "5.0/MQTT-3.6.2-1", Pubrel, 0x10;
    "pubcomp-with-a-code-of-puback", "PUBCOMP has the Reason Code 0x10, which is not in its table", "5.0/MQTT-3.7.2-1", Pubcomp, 0x10;
}
