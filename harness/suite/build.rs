//! Compiles the feature files into the binary, so that it runs without the repository.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../features");
    println!("cargo::rerun-if-changed={}", features.display());
    let mut files = Vec::new();
    collect(&features, &mut files);
    files.sort();
    let mut code =
        String::from("/// Every feature file, sorted by path.\npub static SOURCES: &[Source] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let path = file.strip_prefix(&features).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let absolute = file.canonicalize().unwrap_or_else(|_| file.clone());
        let _ = writeln!(
            code,
            "    Source {{ path: {path:?}, text: include_str!({:?}) }},",
            absolute.display().to_string()
        );
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("features.rs");
    std::fs::write(&out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "feature") {
            files.push(path);
        }
    }
}
