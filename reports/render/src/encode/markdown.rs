//! Markdown: received text only in code spans; text of our own with its special characters escaped.

use record::encode::visible::{visible, visible_start};

/// A code span whose fence is longer than any row of backticks in it. Safe in a table cell.
#[must_use]
pub fn code(bytes: &[u8], limit: usize) -> String {
    let (mut text, is_cut) = visible_start(bytes, limit);
    if is_cut {
        text.push('…');
    }
    // A pipe ends a table cell even in a code span, unless it is escaped; outside of tables the backslash would
    // show. A look-alike is right in both.
    let text = text.replace('|', "¦");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if text.trim().is_empty() {
        return "`(empty)`".to_owned();
    }
    // Blanks only where a backtick or a blank would otherwise meet the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text of our own on one line: nothing in it is markup, a link, a mention or raw HTML.
#[must_use]
pub fn text(own: &str) -> String {
    let mut out = String::with_capacity(own.len());
    let own = visible(own.as_bytes());
    let mut characters = own.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            // A colon before a blank begins neither an address nor an emoji.
            ':' if characters.peek().is_none_or(|next| *next != ' ') => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}
