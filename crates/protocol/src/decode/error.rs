//! Why the decoder refuses bytes.

use crate::{ReasonCode, Version};
use catalogue::RequirementId;
use std::borrow::Cow;
use std::fmt;

/// Why bytes are not a packet that this end may receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// The version of the Network Connection, as far as it is known: `None` before a CONNECT has named one that is supported.
    pub version: Option<Version>,
    /// The first byte of the packet, with its type and flags; `None` if not even that could be used.
    pub first_byte: Option<u8>,
    /// The Requirement, or the rule of our own, that the bytes break.
    pub requirement: RequirementId,
    /// Where, in bytes from the first byte of the packet.
    pub offset: usize,
    /// What is wrong, as a sentence without a full stop.
    pub text: Cow<'static, str>,
}

/// The kinds of [`DecodeError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes cannot be parsed according to the standard (5.0 section 1.2: Malformed Packet). In 3.1.1 every such error.
    MalformedPacket,
    /// The bytes parse, but hold what the protocol does not allow (5.0 section 1.2: Protocol Error).
    ProtocolError,
    /// A CONNECT whose Protocol Name is right and whose Protocol Level is not supported (section 3.1.2.2).
    UnsupportedProtocolVersion {
        /// The level in the packet.
        level: u8,
    },
    /// The packet is longer than the Maximum Packet Size of this end.
    PacketTooLarge,
    /// A Topic Alias of 0: a Protocol Error with a Reason Code of its own (section 3.3.2.3.4).
    TopicAliasInvalid,
}

impl ErrorKind {
    /// The Reason Code that 5.0 recommends for the kind.
    #[must_use]
    pub const fn reason(self) -> ReasonCode {
        match self {
            ErrorKind::MalformedPacket => ReasonCode::MALFORMED_PACKET,
            ErrorKind::ProtocolError => ReasonCode::PROTOCOL_ERROR,
            ErrorKind::UnsupportedProtocolVersion { .. } => ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            ErrorKind::PacketTooLarge => ReasonCode::PACKET_TOO_LARGE,
            ErrorKind::TopicAliasInvalid => ReasonCode::TOPIC_ALIAS_INVALID,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} ({})", self.text, self.offset, self.requirement)
    }
}

impl std::error::Error for DecodeError {}
