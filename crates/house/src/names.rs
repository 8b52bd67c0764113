//! The paths that a Rust source names, such as `std::net::TcpStream`, whether in a `use`, an expression or the arguments of a macro.

use rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use std::collections::BTreeSet;

/// Every path that a source names outside of comments, strings and what is compiled for tests alone. Groups are taken apart: `use a::{b, c::d}` names
/// `a::b` and `a::c::d`.
#[must_use]
pub fn names(source: &str) -> BTreeSet<String> {
    let mut reader = Reader::default();
    for word in without_tests(&words(source)) {
        reader.take(word);
    }
    reader.finish();
    reader.names
}

/// The tokens of a source as text, without spaces and comments; `::` is one, and whatever is in quotation marks is `""`.
fn words(source: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut after_colon = false;
    for token in tokenize(source, FrontmatterAllowed::No) {
        let end = start + token.len as usize;
        let text = &source[start..end];
        let is_colon = token.kind == TokenKind::Colon;
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {}
            TokenKind::Literal { .. } => words.push("\"\""),
            TokenKind::Colon if after_colon => {
                words.pop();
                words.push("::");
            }
            TokenKind::RawIdent => words.push(text.trim_start_matches("r#")),
            _ => words.push(text),
        }
        after_colon = is_colon && !after_colon;
        start = end;
    }
    words
}

/// Leaves out each item that has `#[cfg(test)]` before it.
fn without_tests<'w>(words: &[&'w str]) -> Vec<&'w str> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut out = Vec::new();
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        match rest.strip_prefix(&TEST) {
            Some(item) => rest = &item[length_of_item(item)..],
            None => {
                out.push(*first);
                rest = others;
            }
        }
    }
    out
}

/// How many words belong to an item: up to its semicolon, or the end of its braces.
fn length_of_item(words: &[&str]) -> usize {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate() {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *word == "}" {
                    return index + 1;
                }
            }
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    words.len()
}

/// Puts paths together.
#[derive(Default)]
struct Reader {
    names: BTreeSet<String>,
    /// The path that is being read.
    path: Vec<String>,
    /// For each brace that is open, the path before it if it is a group of a `use`.
    groups: Vec<Vec<String>>,
    /// Whether the last word was `::`.
    goes_on: bool,
}

impl Reader {
    fn take(&mut self, word: &str) {
        let goes_on = std::mem::replace(&mut self.goes_on, word == "::");
        match word {
            "::" => {}
            "{" => {
                let before = std::mem::take(&mut self.path);
                if goes_on {
                    self.groups.push(before);
                } else {
                    self.path = before;
                    self.finish();
                    self.groups.push(Vec::new());
                }
            }
            "}" => {
                self.finish();
                self.groups.pop();
            }
            _ if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                if !goes_on {
                    self.finish();
                    self.path = self.groups.last().cloned().unwrap_or_default();
                }
                self.path.push(word.to_owned());
            }
            _ => self.finish(),
        }
    }

    fn finish(&mut self) {
        if !self.path.is_empty() {
            self.names.insert(std::mem::take(&mut self.path).join("::"));
        }
    }
}
