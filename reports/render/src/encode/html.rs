//! HTML text: visible, escaped, and isolated so that its direction does not reach its neighbours.
//!
//! Only for text. Attributes are never made of untrusted bytes: identifiers come from [`super::name`], and nothing that was
//! received becomes a link.

use maud::{Markup, PreEscaped, html};

use record::Untrusted;
use record::encode::visible::{visible, visible_start};

/// Bytes that are shown of one text before it is cut.
pub const LIMIT: usize = 4096;

/// Received text in a `bdi` element, cut with a notice.
#[must_use]
pub fn untrusted(text: &Untrusted) -> Markup {
    cut(text, LIMIT)
}

/// The same with a limit of its own.
#[must_use]
pub fn cut(text: &Untrusted, limit: usize) -> Markup {
    let (shown, is_cut) = visible_start(text.as_bytes(), limit);
    html! {
        bdi { (PreEscaped(escape(&shown))) }
        @if is_cut { " … (" (text.as_bytes().len()) " bytes in all)" }
    }
}

/// Text of our own, which may quote received text.
#[must_use]
pub fn own(text: &str) -> Markup {
    PreEscaped(escape(&visible(text.as_bytes())))
}

/// A sentence of which parts were received: no element around it, but visible and cut.
#[must_use]
pub fn sentence(text: &Untrusted, limit: usize) -> String {
    let (mut shown, is_cut) = visible_start(text.as_bytes(), limit);
    if is_cut {
        shown.push('…');
    }
    shown
}

/// The five characters that mean something to HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// JSON that may stand in a `script` element that is not executed: no character that could end or open anything.
#[must_use]
pub fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // In JSON these characters occur in strings only, where an escape means the same.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => out.push(other),
        }
    }
    out
}
