//! The strict decoder: bytes in, typed packets or the first broken Requirement out.
//!
//! Incremental: bytes may arrive one at a time or all at once. Memory is bounded by [`Limits`], never by a length field.

use crate::{Packet, ReasonCode, Version};
use bytes::Bytes;
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
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} ({})", self.text, self.offset, self.requirement)
    }
}

impl std::error::Error for DecodeError {}

/// What a [`Decoder`] takes in at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest whole packet, in bytes (fixed header included). A longer one is refused as soon as its length is known.
    pub maximum_packet_size: u32,
}

impl Default for Limits {
    /// 268,435,460 bytes: the largest packet that a Remaining Length can describe.
    fn default() -> Self {
        Limits { maximum_packet_size: 268_435_460 }
    }
}

/// Cuts a byte stream into packets, and checks each of them.
#[derive(Debug)]
pub struct Decoder {
    version: Option<Version>,
}

impl Decoder {
    /// A decoder for what a Client sends: the first CONNECT decides the version.
    #[must_use]
    pub fn for_server(_limits: Limits) -> Self {
        Decoder { version: None }
    }

    /// A decoder for what a Server sends on a Network Connection of this version.
    #[must_use]
    pub fn for_client(version: Version, _limits: Limits) -> Self {
        Decoder { version: Some(version) }
    }

    /// The version of the stream, once known.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Takes bytes in. Nothing is decoded before [`Decoder::next_packet`].
    pub fn feed(&mut self, _bytes: Bytes) {
        todo!("the codec replaces this file")
    }

    /// The next packet, `None` if more bytes are needed. After an error the stream is dead: the same error comes again.
    pub fn next_packet(&mut self) -> Option<Result<Packet, DecodeError>> {
        todo!("the codec replaces this file")
    }
}
