//! JSON that may be printed: nothing in it moves a cursor or changes the order of its neighbours, and it means what it meant before.
//!
//! JSON itself demands escapes for the controls below U+0020 only, and leaves the rest of them, which terminals obey as well, as they are.

use std::fmt::Write;

use super::visible::is_invisible;

/// The same document with `\u` escapes for characters that can not be seen. Newlines of its layout stay.
#[must_use]
pub fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        // Outside of strings JSON has no invisible character but newlines and blanks.
        if character != '\n' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn the_document_means_what_it_meant_and_can_be_printed() {
        for character in ['\u{7f}', '\u{9b}', '\u{202e}', '\u{e0041}', '\u{10ffff}', 'é', '\n'] {
            let document = serde_json::json!({ "text": format!("a{character}b") });

            let printed = printable(&format!("{document:#}\n"));

            assert!(printed.chars().all(|each| each == '\n' || !super::is_invisible(each)), "{printed}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap(), document);
        }
    }
}
