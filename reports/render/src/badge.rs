//! `badge.json` for shields.io: green only for a conformant run.

use record::{Record, RunVerdict};

/// The badge.
#[must_use]
pub fn render(record: &Record) -> String {
    let musts = record.musts();
    let (message, colour) = match record.verdict {
        RunVerdict::Conformant => {
            (format!("conformant, {} of {} tested", musts.tested(), musts.applicable), "brightgreen")
        }
        RunVerdict::ConformantWithWaivers => (format!("conformant, {} waived", musts.waived), "yellow"),
        RunVerdict::NotConformant => (format!("not conformant ({})", musts.failed), "red"),
        RunVerdict::NoVerdict if record.run.filters.is_empty() => ("no verdict".to_owned(), "lightgrey"),
        RunVerdict::NoVerdict => ("partial".to_owned(), "lightgrey"),
    };
    let badge = serde_json::json!({
        "schemaVersion": 1,
        "label": record.specs(),
        "message": message,
        "color": colour,
        "isError": record.verdict == RunVerdict::NotConformant,
    });
    format!("{badge}\n")
}
