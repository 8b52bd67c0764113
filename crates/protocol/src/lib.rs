//! MQTT Control Packets of both versions, as data.
//!
//! Two faces. The *strict* face ([`mod@decode`], [`mod@encode`]) turns bytes into typed [`Packet`]s, or says which Requirement
//! the bytes break and where. The *lossless* face ([`wire`]) expresses any bytes, right or wrong, field by field; the
//! suite crafts malformed packets with it, and reports explain bytes with it.
//!
//! Deliberately not here: sockets, clocks, Sessions, and any behaviour of a Client or a Server.

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
pub mod decode;
pub mod encode;
pub mod packet;
pub mod property;
pub mod reason;
mod summary;
pub mod topic;
pub mod wire;

pub use decode::{DecodeError, Decoder, ErrorKind, Limits, decode};
pub use encode::{EncodeError, encode, encoded_len};
pub use packet::*;
pub use property::*;
pub use reason::{ReasonCode, Role};

/// A moment, as the time since an epoch that whoever drives an engine has chosen. Engines never ask a clock.
pub type Time = std::time::Duration;
