//! The encoder: typed packets out, in the shortest form.

use crate::{Packet, Version};
use bytes::BytesMut;

/// Why a packet has no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A string or Binary Data is longer than 65,535 bytes.
    #[error("{0} is longer than 65,535 bytes")]
    FieldTooLong(&'static str),
    /// The packet is longer than a Remaining Length can say.
    #[error("the packet is longer than 268,435,455 bytes")]
    PacketTooLong,
}

/// Appends the packet to `buffer`. What the version cannot express (Properties in 3.1.1, say) is left out; nothing else is checked, so that
/// semantic violations can be sent too. On an error `buffer` is as it was.
///
/// # Errors
/// If a length does not fit into its field.
pub fn encode(_packet: &Packet, _version: Version, _buffer: &mut BytesMut) -> Result<(), EncodeError> {
    todo!("the codec replaces this file")
}

/// The length of the whole packet in bytes, fixed header included.
#[must_use]
pub fn encoded_len(_packet: &Packet, _version: Version) -> usize {
    todo!("the codec replaces this file")
}
