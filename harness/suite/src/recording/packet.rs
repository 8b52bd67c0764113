//! What a Record says of the bytes of one packet.

use protocol::{Packet, Version};
use record as r;
use record::Untrusted;

/// Fills in what the bytes are: the packet, if they could be decoded, and its fields.
pub(super) fn packet_event(
    event: &mut r::Event,
    bytes: &[u8],
    packet: Option<&Packet>,
    version: Option<Version>,
) {
    event.kind = if packet.is_some() { r::EventKind::Packet } else { r::EventKind::Bytes };
    event.packet = packet.map(|p| p.packet_type().name().to_owned());
    // The name of the packet has its own place.
    event.summary = packet.map(|p| {
        let summary = p.summary();
        let rest = summary.strip_prefix(p.packet_type().name()).unwrap_or(&summary).trim_start();
        Untrusted::from(rest)
    });
    event.summary = event.summary.take().filter(|s| !s.is_empty());
    event.fields = decode_fields(bytes, version);
    *event = std::mem::take(event).with_wire(bytes);
}

/// The fields of a packet with their places, for a reader who wants to check us byte by byte.
fn decode_fields(bytes: &[u8], version: Option<Version>) -> Vec<r::Field> {
    let frame = protocol::wire::dissect(bytes, version);
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    frame
        .layout()
        .into_iter()
        .filter(|placed| !matches!(placed.field.value, protocol::wire::Value::Group(_)))
        .map(|placed| r::Field {
            name: placed.field.name.to_owned(),
            offset: narrow(placed.offset),
            length: narrow(placed.length),
            value: placed.text.into(),
            mark: None,
        })
        .collect()
}
