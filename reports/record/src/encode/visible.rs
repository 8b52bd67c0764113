//! The step that the encoders share: bytes become text in which everything can be seen.
//!
//! Invalid UTF-8 becomes `\xNN`; what has no shape of its own or changes the order of its neighbours (controls, bidirectional marks,
//! zero-width characters, byte order marks, tags, noncharacters) becomes `⟨U+202E⟩`. For people: the lossless form is in `results.json`.

use std::fmt::Write;

/// Everything visible.
#[must_use]
pub fn visible(bytes: &[u8]) -> String {
    map(bytes, |text, character| {
        if is_invisible(character) {
            let _ = write!(text, "⟨U+{:04X}⟩", u32::from(character));
        } else {
            text.push(character);
        }
    })
}

/// The same for at most `limit` bytes of the source; the flag says whether something was cut.
#[must_use]
pub fn visible_start(bytes: &[u8], limit: usize) -> (String, bool) {
    let start = start(bytes, limit);
    (visible(start), start.len() < bytes.len())
}

/// The longest beginning of at most `limit` bytes that splits no character.
fn start(bytes: &[u8], limit: usize) -> &[u8] {
    if bytes.len() <= limit {
        return bytes;
    }
    // A character of UTF-8 has at most three continuation bytes; anything longer is invalid and may be cut anywhere.
    let cut = (limit.saturating_sub(3)..=limit).rev().find(|&at| bytes[at] & 0xC0 != 0x80).unwrap_or(limit);
    &bytes[..cut]
}

/// Decodes and lets `push` decide about each character.
#[must_use]
pub fn map(bytes: &[u8], push: impl Fn(&mut String, char)) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push(&mut text, character);
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Characters that a reader can not see, or that move what stands beside them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || matches!(code,
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F
            | 0xFDD0..=0xFDEF | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1D173..=0x1D17A
            | 0xE000..=0xF8FF | 0xE0000..=0x10FFFF)
        || code & 0xFFFE == 0xFFFE
}

/// Marks that are drawn over their neighbours and can cover whole lines when there are many.
#[must_use]
pub fn is_combining(character: char) -> bool {
    matches!(u32::from(character),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x0610..=0x061A | 0x064B..=0x065F | 0x0E31
        | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_seen_is_named() {
        assert_eq!(visible(b"a\0b\x1b[31m\xff\xc0\xaf"), "a⟨U+0000⟩b⟨U+001B⟩[31m\\xff\\xc0\\xaf");
        assert_eq!(visible("x\u{202e}y\u{feff}\u{200b}é".as_bytes()), "x⟨U+202E⟩y⟨U+FEFF⟩⟨U+200B⟩é");
    }

    #[test]
    fn a_cut_splits_no_character() {
        assert_eq!(visible_start("ééé".as_bytes(), 3), ("é".to_owned(), true));
        assert_eq!(visible_start("ééé".as_bytes(), 6), ("ééé".to_owned(), false));
        assert_eq!(visible_start(&[0x80; 9], 4), ("\\x80".repeat(4), true));
    }
}
