//! Payloads that name their message, so that each can be told from all others: its number, then dots.

use bytes::Bytes;
use guarantees::MessageId;

/// The payload of a message, at least so many bytes long.
pub(crate) fn write(message: MessageId, length: usize) -> Bytes {
    let mut text = message.0.to_string();
    while text.len() < length {
        text.push('.');
    }
    Bytes::from(text)
}

/// The message that a payload names, if it is one of the first `count`.
pub(crate) fn read(payload: &[u8], count: u32) -> Option<MessageId> {
    let digits = payload.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, filling) = payload.split_at(digits);
    let is_canonical = digits > 0 && (number[0] != b'0' || digits == 1);
    if !is_canonical || digits > 9 || !filling.iter().all(|byte| *byte == b'.') {
        return None;
    }
    let number = number.iter().fold(0u32, |number, digit| number * 10 + u32::from(digit - b'0'));
    (number < count).then_some(MessageId(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_names_the_message_that_it_was_written_for_and_nothing_else_does() {
        for (number, length) in [(0, 0), (7, 0), (10, 1), (123, 100)] {
            let payload = write(MessageId(number), length);
            assert!(payload.len() >= length);
            assert_eq!(read(&payload, number + 1), Some(MessageId(number)));
            assert_eq!(read(&payload, number), None);
        }
        for stranger in ["", ".", "01", "1x", "1..x", "9999999999"] {
            assert_eq!(read(stranger.as_bytes(), u32::MAX), None);
        }
    }
}
