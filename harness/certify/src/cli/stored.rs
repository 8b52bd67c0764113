//! Stored Records: where a command line names one, it names a results.json or the directory of a run. A campaign is stored beside it as campaign.json.

use super::Failure;
use record::{Campaign, Record};
use std::path::{Path, PathBuf};

/// The file that a path stands for.
pub fn file(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let [record, campaign] = ["results.json", "campaign.json"].map(|name| path.join(name));
    if campaign.exists() && !record.exists() { campaign } else { record }
}

/// The directory in which it stands.
pub fn directory(path: &Path) -> PathBuf {
    file(path).parent().unwrap_or(Path::new("")).to_owned()
}

/// Reads a Record.
pub fn read(path: &Path) -> Result<Record, Failure> {
    let path = file(path);
    Record::from_json(&bytes(&path)?).map_err(|error| wrong(&path, &error))
}

/// Reads a Campaign; `None` if it is something else.
pub fn campaign(path: &Path) -> Result<Option<Campaign>, Failure> {
    let path = file(path);
    let bytes = bytes(&path)?;
    if !record::campaign::is_campaign(&bytes) {
        return Ok(None);
    }
    Campaign::from_json(&bytes).map(Some).map_err(|error| wrong(&path, &error))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| wrong(path, &error))
}

fn wrong(path: &Path, what: &dyn std::fmt::Display) -> Failure {
    Failure::usage(format!("{}: {what}", path.display()))
}
