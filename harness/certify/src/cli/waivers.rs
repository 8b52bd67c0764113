//! The file of waivers: accepted failures, reviewed like code.

use super::Failure;
use record::{Waiver, WaiverState};
use serde::Deserialize;
use std::path::Path;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// 1.
    version: u32,
    #[serde(default)]
    policy: Policy,
    waivers: Vec<Entry>,
}

/// What holds for all of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    /// How many failing checks one waiver may cover; 10 if it is left out.
    max_matches: Option<usize>,
}

/// One waiver. What is left out is empty, and refused by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    id: String,
    checks: Vec<String>,
    signature: String,
    reason: String,
    owner: String,
    issue: Option<String>,
    added: String,
    expires: String,
}

/// Waivers, and how many checks one may cover.
pub struct Agreed {
    pub waivers: Vec<Waiver>,
    pub limit: usize,
}

/// Reads the file.
pub fn read(path: &Path) -> Result<Agreed, Failure> {
    let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let file: File = serde_yaml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if file.version != 1 {
        return Err(wrong(format!("version {} is unknown; expected 1", file.version)));
    }
    let waivers = file
        .waivers
        .into_iter()
        .map(|entry| Waiver {
            id: entry.id,
            checks: entry.checks,
            signature: entry.signature,
            reason: entry.reason,
            owner: entry.owner,
            issue: entry.issue,
            added: entry.added,
            expires: entry.expires,
            days_left: None,
            state: WaiverState::InForce,
            matched: Vec::new(),
        })
        .collect();
    Ok(Agreed { waivers, limit: file.policy.max_matches.unwrap_or(record::waive::MATCHES) })
}
