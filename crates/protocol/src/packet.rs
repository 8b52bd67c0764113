//! The Control Packets of chapter 3, one struct each, shared by both versions.
//!
//! A field that only MQTT 5.0 has is empty or zero in MQTT 3.1.1 ([`Properties`] empty, [`ReasonCode`] 0x00, the
//! Subscription Options other than Maximum QoS at their defaults); the encoder of 3.1.1 leaves it out.

use crate::{Properties, ReasonCode};
use bytes::Bytes;
use bytestring::ByteString;
use std::fmt;

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// MQTT 3.1.1, Protocol Level 4.
    V311,
    /// MQTT 5.0, Protocol Version 5.
    V500,
}

impl Version {
    /// Both versions, oldest first.
    pub const ALL: [Version; 2] = [Version::V311, Version::V500];

    /// The byte of the CONNECT packet that names the version: 4 or 5 (section 3.1.2.2).
    #[must_use]
    pub const fn protocol_level(self) -> u8 {
        match self {
            Version::V311 => 4,
            Version::V500 => 5,
        }
    }

    /// The version as Requirement identifiers spell it: `3.1.1` or `5.0`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::V311 => "3.1.1",
            Version::V500 => "5.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Quality of Service (section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum QoS {
    /// QoS 0: at most once delivery.
    #[default]
    AtMostOnce = 0,
    /// QoS 1: at least once delivery.
    AtLeastOnce = 1,
    /// QoS 2: exactly once delivery.
    ExactlyOnce = 2,
}

impl QoS {
    /// All levels, lowest first.
    pub const ALL: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

    /// The level for the two bits 0, 1 or 2; `None` for 3, which no packet may have.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<QoS> {
        match bits {
            0 => Some(QoS::AtMostOnce),
            1 => Some(QoS::AtLeastOnce),
            2 => Some(QoS::ExactlyOnce),
            _ => None,
        }
    }
}

impl fmt::Display for QoS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", *self as u8)
    }
}

/// The type of a Control Packet, with its value in the fixed header (section 2.1.2; 2.2.1 of 3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum PacketType {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketType {
    /// Every type, in the order of its value.
    pub const ALL: [PacketType; 15] = [
        PacketType::Connect,
        PacketType::Connack,
        PacketType::Publish,
        PacketType::Puback,
        PacketType::Pubrec,
        PacketType::Pubrel,
        PacketType::Pubcomp,
        PacketType::Subscribe,
        PacketType::Suback,
        PacketType::Unsubscribe,
        PacketType::Unsuback,
        PacketType::Pingreq,
        PacketType::Pingresp,
        PacketType::Disconnect,
        PacketType::Auth,
    ];

    /// The type for a value of the upper four bits of byte 1; `None` for 0, which is forbidden in both versions.
    /// 15 is AUTH here; it is forbidden in 3.1.1.
    #[must_use]
    pub const fn from_value(value: u8) -> Option<PacketType> {
        match value {
            1..=15 => Some(PacketType::ALL[value as usize - 1]),
            _ => None,
        }
    }

    /// The name that the standard uses, in capitals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PacketType::Connect => "CONNECT",
            PacketType::Connack => "CONNACK",
            PacketType::Publish => "PUBLISH",
            PacketType::Puback => "PUBACK",
            PacketType::Pubrec => "PUBREC",
            PacketType::Pubrel => "PUBREL",
            PacketType::Pubcomp => "PUBCOMP",
            PacketType::Subscribe => "SUBSCRIBE",
            PacketType::Suback => "SUBACK",
            PacketType::Unsubscribe => "UNSUBSCRIBE",
            PacketType::Unsuback => "UNSUBACK",
            PacketType::Pingreq => "PINGREQ",
            PacketType::Pingresp => "PINGRESP",
            PacketType::Disconnect => "DISCONNECT",
            PacketType::Auth => "AUTH",
        }
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Packet Identifier (section 2.2.1; 2.3.1 of 3.1.1). The type admits 0, which no packet may carry, so that the Tester can craft it;
/// the strict decoder refuses it.
pub type PacketId = u16;

/// A Control Packet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Packet {
    Connect(Box<Connect>),
    Connack(Connack),
    Publish(Publish),
    Puback(Acknowledgement),
    Pubrec(Acknowledgement),
    Pubrel(Acknowledgement),
    Pubcomp(Acknowledgement),
    Subscribe(Subscribe),
    Suback(Suback),
    Unsubscribe(Unsubscribe),
    Unsuback(Unsuback),
    Pingreq,
    Pingresp,
    Disconnect(Disconnect),
    Auth(Auth),
}

impl Packet {
    /// The type of this packet.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        match self {
            Packet::Connect(_) => PacketType::Connect,
            Packet::Connack(_) => PacketType::Connack,
            Packet::Publish(_) => PacketType::Publish,
            Packet::Puback(_) => PacketType::Puback,
            Packet::Pubrec(_) => PacketType::Pubrec,
            Packet::Pubrel(_) => PacketType::Pubrel,
            Packet::Pubcomp(_) => PacketType::Pubcomp,
            Packet::Subscribe(_) => PacketType::Subscribe,
            Packet::Suback(_) => PacketType::Suback,
            Packet::Unsubscribe(_) => PacketType::Unsubscribe,
            Packet::Unsuback(_) => PacketType::Unsuback,
            Packet::Pingreq => PacketType::Pingreq,
            Packet::Pingresp => PacketType::Pingresp,
            Packet::Disconnect(_) => PacketType::Disconnect,
            Packet::Auth(_) => PacketType::Auth,
        }
    }

    /// The Packet Identifier, for the types that have one. `None` for a QoS 0 PUBLISH.
    #[must_use]
    pub fn packet_id(&self) -> Option<PacketId> {
        match self {
            Packet::Publish(p) => p.packet_id,
            Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
                Some(a.packet_id)
            }
            Packet::Subscribe(p) => Some(p.packet_id),
            Packet::Suback(p) => Some(p.packet_id),
            Packet::Unsubscribe(p) => Some(p.packet_id),
            Packet::Unsuback(p) => Some(p.packet_id),
            Packet::Connect(_)
            | Packet::Connack(_)
            | Packet::Pingreq
            | Packet::Pingresp
            | Packet::Disconnect(_)
            | Packet::Auth(_) => None,
        }
    }

    /// The Properties of the variable header, for the types that have them. Will Properties are not among them.
    #[must_use]
    pub fn properties(&self) -> Option<&Properties> {
        match self {
            Packet::Connect(p) => Some(&p.properties),
            Packet::Connack(p) => Some(&p.properties),
            Packet::Publish(p) => Some(&p.properties),
            Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
                Some(&a.properties)
            }
            Packet::Subscribe(p) => Some(&p.properties),
            Packet::Suback(p) => Some(&p.properties),
            Packet::Unsubscribe(p) => Some(&p.properties),
            Packet::Unsuback(p) => Some(&p.properties),
            Packet::Pingreq | Packet::Pingresp => None,
            Packet::Disconnect(p) => Some(&p.properties),
            Packet::Auth(p) => Some(&p.properties),
        }
    }

    /// As [`Packet::properties`], to change them.
    #[must_use]
    pub fn properties_mut(&mut self) -> Option<&mut Properties> {
        match self {
            Packet::Connect(p) => Some(&mut p.properties),
            Packet::Connack(p) => Some(&mut p.properties),
            Packet::Publish(p) => Some(&mut p.properties),
            Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
                Some(&mut a.properties)
            }
            Packet::Subscribe(p) => Some(&mut p.properties),
            Packet::Suback(p) => Some(&mut p.properties),
            Packet::Unsubscribe(p) => Some(&mut p.properties),
            Packet::Unsuback(p) => Some(&mut p.properties),
            Packet::Pingreq | Packet::Pingresp => None,
            Packet::Disconnect(p) => Some(&mut p.properties),
            Packet::Auth(p) => Some(&mut p.properties),
        }
    }
}

/// CONNECT (section 3.1). The strict decoder only produces versions that it was told to accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// The version that the Protocol Level byte names.
    pub version: Version,
    /// Clean Start; Clean Session in 3.1.1.
    pub clean_start: bool,
    /// Keep Alive, in seconds; 0 switches it off.
    pub keep_alive: u16,
    /// CONNECT Properties.
    pub properties: Properties,
    /// The Client Identifier; may be empty.
    pub client_id: ByteString,
    /// The Will Message, with the Will Flag.
    pub will: Option<Will>,
    /// The User Name, with its flag.
    pub user_name: Option<ByteString>,
    /// The Password, with its flag.
    pub password: Option<Bytes>,
}

impl Connect {
    /// A CONNECT with a fresh Session (Clean Start 1), Keep Alive 0, and nothing optional.
    #[must_use]
    pub fn new(version: Version, client_id: impl Into<ByteString>) -> Self {
        Connect {
            version,
            clean_start: true,
            keep_alive: 0,
            properties: Properties::new(),
            client_id: client_id.into(),
            will: None,
            user_name: None,
            password: None,
        }
    }
}

/// The Will Message of a CONNECT (section 3.1.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    /// Will QoS.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Topic.
    pub topic: ByteString,
    /// Will Payload; Will Message in 3.1.1. At most 65,535 bytes.
    pub payload: Bytes,
    /// Will Properties.
    pub properties: Properties,
}

/// CONNACK (section 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connack {
    /// Session Present.
    pub session_present: bool,
    /// The Connect Reason Code. In 3.1.1 it holds the return code 0x00 to 0x05 of Table 3.1 as it is on the wire.
    pub reason: ReasonCode,
    /// CONNACK Properties.
    pub properties: Properties,
}

impl Connack {
    /// The code with its name: 0x01 to 0x05 are return codes of 3.1.1 alone (its Table 3.1), all others are Reason Codes.
    #[must_use]
    pub fn code(&self) -> String {
        let name = match self.reason.0 {
            1 => "Unacceptable protocol version",
            2 => "Identifier rejected",
            3 => "Server unavailable",
            4 => "Bad user name or password",
            5 => "Not authorized",
            _ => return self.reason.to_string(),
        };
        format!("0x{:02X} ({name})", self.reason.0)
    }
}

/// PUBLISH (section 3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// DUP.
    pub dup: bool,
    /// QoS.
    pub qos: QoS,
    /// RETAIN.
    pub retain: bool,
    /// The Topic Name; empty with a Topic Alias in 5.0.
    pub topic: ByteString,
    /// The Packet Identifier; `Some` exactly if QoS is above 0.
    pub packet_id: Option<PacketId>,
    /// PUBLISH Properties.
    pub properties: Properties,
    /// The Application Message itself.
    pub payload: Bytes,
}

impl Publish {
    /// A QoS 0 PUBLISH without flags and Properties.
    #[must_use]
    pub fn new(topic: impl Into<ByteString>, payload: impl Into<Bytes>) -> Self {
        Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: topic.into(),
            packet_id: None,
            properties: Properties::new(),
            payload: payload.into(),
        }
    }
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP (sections 3.4 to 3.7): they have the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The Packet Identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// The Reason Code; 0x00 in 3.1.1, and where a packet of 5.0 leaves it out.
    pub reason: ReasonCode,
    /// Properties: Reason String and User Property.
    pub properties: Properties,
}

impl Acknowledgement {
    /// A successful acknowledgement.
    #[must_use]
    pub fn new(packet_id: PacketId) -> Self {
        Self::with_reason(packet_id, ReasonCode::SUCCESS)
    }

    /// An acknowledgement with a Reason Code.
    #[must_use]
    pub fn with_reason(packet_id: PacketId, reason: ReasonCode) -> Self {
        Acknowledgement { packet_id, reason, properties: Properties::new() }
    }
}

/// SUBSCRIBE (section 3.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// The Packet Identifier.
    pub packet_id: PacketId,
    /// SUBSCRIBE Properties.
    pub properties: Properties,
    /// Topic Filters, each with its options, in the order of the payload. At least one.
    pub filters: Vec<(ByteString, SubscriptionOptions)>,
}

/// The Subscription Options of one Topic Filter (section 3.8.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SubscriptionOptions {
    /// Maximum QoS; Requested QoS in 3.1.1.
    pub qos: QoS,
    /// No Local.
    pub no_local: bool,
    /// Retain As Published.
    pub retain_as_published: bool,
    /// Retain Handling.
    pub retain_handling: RetainHandling,
}

impl SubscriptionOptions {
    /// Options with this Maximum QoS and the rest zero.
    #[must_use]
    pub const fn at(qos: QoS) -> Self {
        SubscriptionOptions {
            qos,
            no_local: false,
            retain_as_published: false,
            retain_handling: RetainHandling::SendAtSubscribe,
        }
    }
}

/// Retain Handling (section 3.8.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RetainHandling {
    /// 0: retained messages are sent at the time of the SUBSCRIBE.
    #[default]
    SendAtSubscribe = 0,
    /// 1: only if the Subscription does not exist yet.
    SendIfNew = 1,
    /// 2: never at the time of the SUBSCRIBE.
    DoNotSend = 2,
}

/// SUBACK (section 3.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suback {
    /// The Packet Identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// SUBACK Properties.
    pub properties: Properties,
    /// One Reason Code for each Topic Filter, in order; in 3.1.1 the return codes 0, 1, 2 and 0x80.
    pub reasons: Vec<ReasonCode>,
}

/// UNSUBSCRIBE (section 3.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// The Packet Identifier.
    pub packet_id: PacketId,
    /// UNSUBSCRIBE Properties.
    pub properties: Properties,
    /// Topic Filters, in the order of the payload. At least one.
    pub filters: Vec<ByteString>,
}

/// UNSUBACK (section 3.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsuback {
    /// The Packet Identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// UNSUBACK Properties.
    pub properties: Properties,
    /// One Reason Code for each Topic Filter, in order; empty in 3.1.1.
    pub reasons: Vec<ReasonCode>,
}

/// DISCONNECT (section 3.14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnect {
    /// The Reason Code; 0x00 in 3.1.1, and where a packet of 5.0 leaves it out.
    pub reason: ReasonCode,
    /// DISCONNECT Properties.
    pub properties: Properties,
}

impl Disconnect {
    /// A DISCONNECT with this Reason Code and no Properties.
    #[must_use]
    pub fn new(reason: ReasonCode) -> Self {
        Disconnect { reason, properties: Properties::new() }
    }
}

/// AUTH (section 3.15); 5.0 only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// The Reason Code: 0x00, 0x18 or 0x19.
    pub reason: ReasonCode,
    /// AUTH Properties.
    pub properties: Properties,
}
