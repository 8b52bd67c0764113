//! Workloads that have failed before, in a file: they are run first.
//!
//! The file is JSON, a list of regressions. The workload itself is in it, so that a seed may mean something else one day; its steps
//! in words stand beside it for people, and are not read.

use crate::Driver;
use crate::workload::Workload;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A workload that has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Regression {
    /// What was found: the class and the Requirement.
    pub signature: String,
    /// On which Server.
    pub subject: String,
    /// With which driver.
    pub driver: Driver,
    /// The seed that it was found with.
    pub seed: u64,
    /// The workload, perhaps made shorter; without it, that of the seed.
    #[serde(default)]
    pub workload: Option<Workload>,
    /// The workload in words.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Regression {
    /// A regression with this workload.
    #[must_use]
    pub fn new(signature: String, subject: &str, driver: Driver, workload: Workload) -> Self {
        let words = workload.to_string().lines().map(str::to_owned).collect();
        let subject = subject.to_owned();
        Regression { signature, subject, driver, seed: workload.seed, workload: Some(workload), words }
    }

    /// The workload.
    #[must_use]
    pub fn workload(&self) -> Workload {
        self.workload.clone().unwrap_or_else(|| self.driver.workload(self.seed))
    }
}

/// Why a file of regressions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegressionsError {
    /// It cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Its contents are no list of regressions.
    #[error("{}, {error}", path.display())]
    Contents {
        /// The file.
        path: PathBuf,
        /// What and where.
        error: serde_json::Error,
    },
}

/// Reads a file; one that does not exist has no regressions.
///
/// # Errors
/// If it cannot be read, or is no list of regressions.
pub fn read(path: &Path) -> Result<Vec<Regression>, RegressionsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RegressionsError::File { path: path.to_owned(), error }),
    };
    serde_json::from_str(&text).map_err(|error| RegressionsError::Contents { path: path.to_owned(), error })
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, regressions: &[Regression]) -> Result<(), RegressionsError> {
    let mut text = serde_json::to_string_pretty(regressions)
        .map_err(|error| RegressionsError::Contents { path: path.to_owned(), error })?;
    text.push('\n');
    std::fs::write(path, text).map_err(|error| RegressionsError::File { path: path.to_owned(), error })
}
