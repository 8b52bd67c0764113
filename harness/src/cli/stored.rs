//! Stored Records: where a command line names one, it names a results.json or the directory of a run.

use super::Failure;
use reports::Record;
use std::path::{Path, PathBuf};

/// The file that a path stands for.
pub fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("results.json") } else { path.to_owned() }
}

/// The directory in which it stands.
pub fn directory(path: &Path) -> PathBuf {
    file(path).parent().unwrap_or(Path::new("")).to_owned()
}

/// Reads a Record.
pub fn read(path: &Path) -> Result<Record, Failure> {
    let path = file(path);
    let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    let bytes = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
    Record::from_json(&bytes).map_err(|error| wrong(error.to_string()))
}
