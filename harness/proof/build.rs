//! Compiles the list of citations into the binary, so that it runs without the repository.

use rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where code outside of tests names a Requirement: what `cite!` and the decoder's rules say that it obeys.
fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for part in
        ["crates/protocol/src", "crates/transport/src", "reference-broker/src", "reference-client/src"]
    {
        let directory = root.join(part);
        println!("cargo::rerun-if-changed={}", directory.display());
        let mut files = Vec::new();
        rust_files(&directory, &mut files);
        for file in files {
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            for (literal, line) in literals(&text) {
                if is_requirement(literal) {
                    found.push((literal.to_owned(), name.clone(), line));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    let mut code =
        String::from("/// Every citation, sorted by name.\npub static CITATIONS: &[Citation] = &[\n");
    for (id, file, line) in found {
        let _ = writeln!(code, "    Citation {{ id: {id:?}, file: {file:?}, line: {line} }},");
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("citations.rs");
    std::fs::write(&out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

fn is_requirement(literal: &str) -> bool {
    literal.split_once('/').is_some_and(|(version, id)| {
        ["3.1.1", "5.0"].contains(&version)
            && ["MQTT-", "RULE-", "SHOULD-"].iter().any(|prefix| id.starts_with(prefix))
    })
}

/// The string literals of a source, each with the line on which it begins (from 1), but for those in items that are compiled for tests alone. They
/// are as written: a name of a Requirement has nothing to escape.
fn literals(source: &str) -> Vec<(&str, usize)> {
    const TESTS: &str = "#[cfg(test)]";
    let mut literals = Vec::new();
    let (mut start, mut line) = (0, 1);
    // How many brackets are open in an item for tests, from its attribute on.
    let mut tests: Option<usize> = None;
    for token in tokenize(source, FrontmatterAllowed::No) {
        let text = &source[start..start + token.len as usize];
        tests = match (token.kind, tests) {
            (TokenKind::Pound, None) if source[start..].starts_with(TESTS) => Some(0),
            (TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket, Some(open)) => {
                Some(open + 1)
            }
            (TokenKind::CloseBrace, Some(1)) | (TokenKind::Semi, Some(0)) => None,
            (TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket, Some(open)) => {
                Some(open.saturating_sub(1))
            }
            (TokenKind::Literal { kind: LiteralKind::Str { .. }, .. }, None) => {
                literals.push((text.trim_matches('"'), line));
                None
            }
            (_, tests) => tests,
        };
        start += text.len();
        line += text.matches('\n').count();
    }
    literals
}

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_stem().is_none_or(|s| s != "tests")
        {
            files.push(path);
        }
    }
}
