//! Annotations for GitHub: one line per finding, at most ten, because the server shows no more.

use crate::encode::ci::{annotation_message, annotation_property};
use crate::finding::findings;
use record::{Record, Verdict};

/// Lines that the server shows. The last one says how many are missing.
const SHOWN: usize = 10;

/// The lines, each of which is a command to the server; print them to standard output.
#[must_use]
pub fn annotations(record: &Record) -> Vec<String> {
    let findings = findings(record);
    let listed = if findings.len() > SHOWN { SHOWN - 1 } else { findings.len() };
    let mut lines: Vec<String> = findings
        .iter()
        .take(listed)
        .map(|finding| {
            let command = if finding.breaks_must() { "error" } else { "warning" };
            let statement = finding.requirements.first().map_or("", |requirement| requirement.id.as_str());
            let title = format!("{} {statement}", finding.verdict.word());
            let check = finding.representative();
            let mut message = finding.title().into_bytes();
            if !check.reason.is_empty() {
                message.extend_from_slice(b" - ");
                message.extend_from_slice(check.reason.as_bytes());
            }
            format!(
                "::{command} title={}::{}",
                annotation_property(title.trim().as_bytes()),
                annotation_message(&message)
            )
        })
        .collect();
    if listed < findings.len() {
        let command = if findings[listed..].iter().any(|finding| finding.verdict == Verdict::Fail) {
            "error"
        } else {
            "warning"
        };
        lines.push(format!(
            "::{command} title=mqtt-certify::and {} more findings, in report.html",
            findings.len() - listed
        ));
    }
    lines
}
