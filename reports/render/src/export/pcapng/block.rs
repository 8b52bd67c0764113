//! The blocks of a pcapng file: Section Header, Interface Description, Enhanced Packet (IETF draft-ietf-opsawg-pcapng), little-endian.

/// `LINKTYPE_RAW`: packets begin with the IP header.
const LINK_RAW: u16 = 101;

/// `opt_comment`.
const COMMENT: u16 = 1;

/// The Section Header with a comment, and the one interface, whose times are in microseconds.
pub(super) fn start(comment: &str) -> Vec<u8> {
    let mut section = Vec::new();
    section.extend(0x1A2B_3C4D_u32.to_le_bytes());
    section.extend(1u16.to_le_bytes());
    section.extend(0u16.to_le_bytes());
    // The length of the section is not given.
    section.extend(u64::MAX.to_le_bytes());
    option(&mut section, comment);
    let mut interface = Vec::new();
    interface.extend(LINK_RAW.to_le_bytes());
    interface.extend(0u16.to_le_bytes());
    // No limit for the length of packets.
    interface.extend(0u32.to_le_bytes());
    let mut out = Vec::new();
    block(&mut out, 0x0A0D_0D0A, &section);
    block(&mut out, 1, &interface);
    out
}

/// One packet.
pub(super) fn packet(out: &mut Vec<u8>, at_us: u64, packet: &[u8], comment: Option<&str>) {
    let mut body = Vec::new();
    // A packet is at most 1,500 bytes long, and the two halves of a time are meant to be cut.
    let length = u32::try_from(packet.len()).unwrap_or(u32::MAX).to_le_bytes();
    body.extend(0u32.to_le_bytes());
    body.extend(((at_us >> 32) as u32).to_le_bytes());
    body.extend((at_us as u32).to_le_bytes());
    body.extend(length);
    body.extend(length);
    body.extend(packet);
    pad(&mut body);
    if let Some(comment) = comment {
        option(&mut body, comment);
    }
    block(out, 6, &body);
}

/// A comment and the end of the options.
fn option(body: &mut Vec<u8>, comment: &str) {
    let mut end = comment.len().min(4000);
    while !comment.is_char_boundary(end) {
        end -= 1;
    }
    body.extend(COMMENT.to_le_bytes());
    body.extend((end as u16).to_le_bytes());
    body.extend(&comment.as_bytes()[..end]);
    pad(body);
    body.extend([0; 4]);
}

fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = (body.len() as u32 + 12).to_le_bytes();
    out.extend(kind.to_le_bytes());
    out.extend(length);
    out.extend(body);
    out.extend(length);
}

/// Everything stands at a multiple of four.
fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}
