//! How files of workloads write types of other crates.

use protocol::QoS;
use std::fmt;

/// A number of a file that has no meaning.
fn no_such<E: serde::de::Error>(what: &str, value: impl fmt::Display) -> E {
    E::custom(format!("there is no {what} {value}"))
}

pub(crate) mod version {
    //! `3.1.1` or `5.0`.
    use super::no_such;
    use protocol::Version;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(version.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
        let text = String::deserialize(deserializer)?;
        Version::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or_else(|| no_such("version", text))
    }
}

pub(crate) mod qos {
    //! `0`, `1` or `2`.
    use super::{QoS, no_such};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(qos: &QoS, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*qos as u8)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<QoS, D::Error> {
        let bits = u8::deserialize(deserializer)?;
        QoS::from_bits(bits).ok_or_else(|| no_such("QoS", bits))
    }
}

pub(crate) mod retain_handling {
    //! `0`, `1` or `2`.
    use super::no_such;
    use protocol::RetainHandling;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        handling: &RetainHandling,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*handling as u8)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<RetainHandling, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(RetainHandling::SendAtSubscribe),
            1 => Ok(RetainHandling::SendIfNew),
            2 => Ok(RetainHandling::DoNotSend),
            other => Err(no_such("Retain Handling", other)),
        }
    }
}

pub(crate) mod packet_type {
    //! `PUBLISH` and so on.
    use super::no_such;
    use protocol::PacketType;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(packet: &PacketType, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(packet.name())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PacketType, D::Error> {
        let name = String::deserialize(deserializer)?;
        PacketType::ALL
            .into_iter()
            .find(|packet| packet.name() == name)
            .ok_or_else(|| no_such("packet", name))
    }
}
