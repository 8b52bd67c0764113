//! `campaign.html`: the page of a campaign, made of its `campaign.json` alone.

mod blind_spots;
mod exercised;
mod page;
mod plots;
mod signatures;
mod words;

use std::path::{Path, PathBuf};

use record::Campaign;

use crate::html::{Assets, SCRIPT, STYLE};
use crate::write::{WriteError, put};

pub use blind_spots::{BlindSpot, Why, blind_spots};
pub use words::{Headline, headline};

/// `campaign.html`: one page that needs nothing else.
#[must_use]
pub fn html(campaign: &Campaign) -> String {
    page::page(campaign, Assets::Inline)
}

/// Writes `campaign.json` and `campaign.html` into `directory`, which is made if it is not there. Returns the paths.
///
/// # Errors
/// If a file could not be written; the other one is.
pub fn write(campaign: &Campaign, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let files = [("campaign.json", campaign.to_json()), ("campaign.html", html(campaign).into_bytes())];
    put(directory, files.map(|(name, bytes)| (name, Ok(bytes))))
}

/// Writes the page with its style and its script beside it: `index.html`, `report.css`, `report.js`.
///
/// # Errors
/// If any file could not be written; the others are.
pub fn write_directory(campaign: &Campaign, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let page = page::page(campaign, Assets::Beside);
    let files = [
        ("report.css", STYLE.as_bytes().to_vec()),
        ("report.js", SCRIPT.as_bytes().to_vec()),
        ("index.html", page.into_bytes()),
    ];
    put(directory, files.map(|(name, bytes)| (name, Ok(bytes))))
}
