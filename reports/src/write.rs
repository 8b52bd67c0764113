//! All renderings into a directory: the Record first, each file whole or not at all.
//!
//! A rendering that fails takes nothing else with it: the others are written, and the error names every file that is missing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::record::Record;
use crate::{badge, csv, ctrf, html, junit, markdown};

/// What could not be written. The files that are not named here are there.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.lines())]
pub struct WriteError {
    /// Each file, and what went wrong with it.
    pub failures: Vec<(PathBuf, String)>,
}

impl WriteError {
    fn lines(&self) -> String {
        let lines: Vec<String> =
            self.failures.iter().map(|(path, cause)| format!("{}: {cause}", path.display())).collect();
        lines.join("\n")
    }
}

/// Writes `results.json`, `report.html`, `junit.xml`, `summary.md`, `badge.json`, `results.csv` and `ctrf.json` into `directory`, which is made if
/// it is not there. Returns the paths in this order.
///
/// # Errors
/// If any file could not be written; the others are.
pub fn write_all(record: &Record, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut written = Vec::new();
    let mut failures = Vec::new();
    if let Err(error) = fs::create_dir_all(directory) {
        return Err(WriteError { failures: vec![(directory.to_owned(), error.to_string())] });
    }
    let mut put = |name: &str, bytes: Result<Vec<u8>, String>| {
        let path = directory.join(name);
        match bytes.and_then(|bytes| whole(&path, &bytes).map_err(|error| error.to_string())) {
            Ok(()) => written.push(path),
            Err(cause) => failures.push((path, cause)),
        }
    };
    put("results.json", Ok(record.to_json()));
    put("report.html", Ok(html::render(record).into_bytes()));
    put("junit.xml", junit::render(record).map(String::into_bytes).map_err(|error| error.to_string()));
    put("summary.md", Ok(markdown::render(record).into_bytes()));
    put("badge.json", Ok(badge::render(record).into_bytes()));
    put("results.csv", Ok(csv::render(record).into_bytes()));
    put("ctrf.json", Ok(ctrf::render(record).into_bytes()));
    if failures.is_empty() { Ok(written) } else { Err(WriteError { failures }) }
}

/// Writes beside the target and renames, so that a reader never sees half a file.
fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let result = (|| {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}
