//! Renderings on a disk: the Record first, each file whole or not at all.
//!
//! A rendering that fails takes nothing else with it: the others are written, and the error names every file that is missing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{badge, csv, ctrf, html, junit, markdown};
use record::Record;

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

/// A rendering of a Record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The Record itself.
    Json,
    /// The page.
    Html,
    /// JUnit, for CI servers.
    Junit,
    /// The summary of a CI job.
    Markdown,
    /// A badge for shields.io.
    Badge,
    /// A table for spreadsheets.
    Csv,
    /// The Common Test Report Format.
    Ctrf,
}

impl Format {
    /// All of them, the Record first.
    pub const ALL: [Format; 7] = [
        Format::Json,
        Format::Html,
        Format::Junit,
        Format::Markdown,
        Format::Badge,
        Format::Csv,
        Format::Ctrf,
    ];

    /// The file in a directory of reports.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Format::Json => "results.json",
            Format::Html => "report.html",
            Format::Junit => "junit.xml",
            Format::Markdown => "summary.md",
            Format::Badge => "badge.json",
            Format::Csv => "results.csv",
            Format::Ctrf => "ctrf.json",
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// If the rendering does not survive its own check, in words.
    pub fn render(self, record: &Record) -> Result<Vec<u8>, String> {
        Ok(match self {
            Format::Json => record.to_json(),
            Format::Html => html::render(record).into_bytes(),
            Format::Junit => junit::render(record).map_err(|error| error.to_string())?.into_bytes(),
            Format::Markdown => markdown::render(record).into_bytes(),
            Format::Badge => badge::render(record).into_bytes(),
            Format::Csv => csv::render(record).into_bytes(),
            Format::Ctrf => ctrf::render(record).into_bytes(),
        })
    }
}

/// Writes every [`Format`] into `directory`. Returns the paths in the order of [`Format::ALL`].
///
/// # Errors
/// If any file could not be written; the others are.
pub fn write_all(record: &Record, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    write(record, directory, &Format::ALL)
}

/// Writes these formats into `directory`, which is made if it is not there. Returns the paths in the same order.
///
/// # Errors
/// If any file could not be written; the others are.
pub fn write(record: &Record, directory: &Path, formats: &[Format]) -> Result<Vec<PathBuf>, WriteError> {
    put(directory, formats.iter().map(|format| (format.file_name(), format.render(record))))
}

/// Writes the page with its style and its script beside it, for servers that block what stands in the page: `index.html`, `report.css`,
/// `report.js`.
///
/// # Errors
/// If any file could not be written; the others are.
pub fn write_directory(record: &Record, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    put(
        directory,
        [
            ("report.css", Ok(html::STYLE.as_bytes().to_vec())),
            ("report.js", Ok(html::SCRIPT.as_bytes().to_vec())),
            ("index.html", Ok(html::render_beside(record).into_bytes())),
        ],
    )
}

/// Writes these files, or what can be written of them.
pub(crate) fn put<'a>(
    directory: &Path,
    files: impl IntoIterator<Item = (&'a str, Result<Vec<u8>, String>)>,
) -> Result<Vec<PathBuf>, WriteError> {
    if let Err(error) = fs::create_dir_all(directory) {
        return Err(WriteError { failures: vec![(directory.to_owned(), error.to_string())] });
    }
    let mut written = Vec::new();
    let mut failures = Vec::new();
    for (name, bytes) in files {
        let path = directory.join(name);
        match bytes.and_then(|bytes| whole(&path, &bytes).map_err(|error| error.to_string())) {
            Ok(()) => written.push(path),
            Err(cause) => failures.push((path, cause)),
        }
    }
    if failures.is_empty() { Ok(written) } else { Err(WriteError { failures }) }
}

/// Writes one file, whole or not at all. The directories above it are made if they are not there.
///
/// # Errors
/// If it could not be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    let made = above.map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| whole(path, bytes))
        .map_err(|error| WriteError { failures: vec![(path.to_owned(), error.to_string())] })
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
