//! XML 1.0: what its grammar has no place for, in any form of escape, becomes text such as `\u{1b}`.
//!
//! The five reserved characters are escaped by the XML writer. CDATA sections are never used.

use record::encode::visible::{is_invisible, map};

/// Text that every XML 1.0 parser accepts once its reserved characters are escaped. Line breaks and tabs stay.
#[must_use]
pub fn characters(bytes: &[u8]) -> String {
    map(bytes, |text, character| {
        if matches!(character, '\n' | '\t') || (is_allowed(character) && !is_invisible(character)) {
            text.push(character);
        } else {
            text.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
    })
}

/// The same on one line, for attributes.
#[must_use]
pub fn attribute(bytes: &[u8]) -> String {
    characters(bytes).replace('\n', "\\n").replace('\t', "\\t")
}

/// The production `Char` of XML 1.0.
const fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
