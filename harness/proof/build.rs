//! Compiles the list of citations into the binary, so that it runs without the repository.

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
            for (number, line) in text.lines().enumerate() {
                if line.trim_start().starts_with("#[cfg(test)]") {
                    break;
                }
                for literal in line.split('"').skip(1).step_by(2) {
                    if let Some((version, id)) = literal.split_once('/')
                        && ["3.1.1", "5.0"].contains(&version)
                        && ["MQTT-", "RULE-", "SHOULD-"].iter().any(|prefix| id.starts_with(prefix))
                    {
                        found.push((literal.to_owned(), name.clone(), number + 1));
                    }
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
