//! Where a packet ends, and its variable header begins, for those who change bytes.

/// The length of the first whole packet by its fixed header. A Remaining Length that is none is a piece of five bytes: the decoder has the words for it.
#[must_use]
pub fn frame_length(bytes: &[u8]) -> Option<usize> {
    let mut length = 0usize;
    for (index, byte) in bytes.iter().skip(1).take(4).enumerate() {
        length |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(2 + index + length);
        }
    }
    (bytes.len() >= 5).then_some(5)
}

/// Where the variable header of a packet begins.
#[must_use]
pub fn header_length(frame: &[u8]) -> Option<usize> {
    frame.iter().skip(1).take(4).position(|byte| byte & 0x80 == 0).map(|index| index + 2)
}
