//! `report.html`: one page that needs nothing else.
//!
//! One file, no external request, a Content-Security-Policy by hash, complete without scripts and readable without styles.
//! The order lets a reader stop early: the verdict, the findings, what was agreed, coverage, then everything else. Rendered twice
//! it has the same bytes. When a page would grow beyond what a browser opens at once, evidence is cut and every cut
//! is announced where it happens.

mod about;
mod compact;
mod coverage;
mod decoded;
mod evidence;
mod findings;
mod head;
mod packets;
mod page;
mod sequence;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, findings};
use record::{Check, Record, Requirement};

pub(crate) use coverage::chapter_list;
pub(crate) use evidence::{commands, quote};
pub(crate) use packets::{Shown, kind_words, table as events_table};
pub(crate) use page::{Assets, badge, bar, document, scroll};
pub use page::{SCRIPT, STYLE};
pub(crate) use sequence::diagram;

/// A page is made smaller until it fits into this.
pub const BUDGET: usize = 2 * 1024 * 1024;

/// No page is larger than this, whatever a Record holds.
pub const CAP: usize = 5 * 1024 * 1024;

/// How much of the evidence is shown.
#[derive(Debug, Clone, Copy)]
struct Detail {
    /// Findings that are shown in full.
    findings: usize,
    /// Findings that have a line.
    lines: usize,
    /// Events of one Transcript.
    events: usize,
    /// Decoded fields of every packet, or of those that stand out.
    all_fields: bool,
    /// Rows of checks that did not pass, before the rest is only counted.
    failing: usize,
    /// Rows of passing checks, likewise.
    passing: usize,
}

/// From everything to almost nothing; each is tried until the page fits.
const DETAILS: [Detail; 6] = [
    Detail { findings: 50, lines: 1000, events: 40, all_fields: true, failing: 4000, passing: 4000 },
    Detail { findings: 50, lines: 1000, events: 40, all_fields: false, failing: 4000, passing: 1500 },
    Detail { findings: 50, lines: 500, events: 24, all_fields: false, failing: 2000, passing: 200 },
    Detail { findings: 25, lines: 500, events: 16, all_fields: false, failing: 1000, passing: 100 },
    Detail { findings: 10, lines: 200, events: 12, all_fields: false, failing: 200, passing: 0 },
    Detail { findings: 3, lines: 50, events: 8, all_fields: false, failing: 0, passing: 0 },
];

/// What all sections need to know.
struct Context<'a> {
    record: &'a Record,
    findings: Vec<Finding<'a>>,
    requirements: BTreeMap<&'a str, &'a Requirement>,
    checks: BTreeMap<&'a str, &'a Check>,
    /// The checks that have a row or an evidence block, and so a fragment.
    rows: BTreeSet<&'a str>,
    /// The checks that have an evidence block.
    evidence: BTreeSet<&'a str>,
    digest: String,
    detail: Detail,
}

impl<'a> Context<'a> {
    fn requirement(&self, id: &str) -> Option<&'a Requirement> {
        self.requirements.get(id).copied()
    }

    /// Findings whose evidence is shown.
    fn shown(&self) -> &[Finding<'a>] {
        &self.findings[..self.findings.len().min(self.detail.findings)]
    }
}

/// The page, which is one file.
#[must_use]
pub fn render(record: &Record) -> String {
    render_with(record, Assets::Inline)
}

/// The page with its style and its script in `report.css` and `report.js` beside it.
#[must_use]
pub fn render_beside(record: &Record) -> String {
    render_with(record, Assets::Beside)
}

fn render_with(record: &Record, assets: Assets) -> String {
    let mut context = Context {
        record,
        findings: findings(record),
        requirements: record
            .requirements
            .iter()
            .map(|requirement| (requirement.id.as_str(), requirement))
            .collect(),
        checks: record.checks.iter().map(|check| (check.id.as_str(), check)).collect(),
        rows: BTreeSet::new(),
        evidence: BTreeSet::new(),
        digest: record.digest(),
        detail: DETAILS[0],
    };
    let mut page = String::new();
    for detail in DETAILS {
        context.detail = detail;
        context.rows = statements::rows(&record.checks, detail.failing, detail.passing)
            .into_iter()
            .map(|check| check.id.as_str())
            .collect();
        context.evidence = context
            .findings
            .iter()
            .take(detail.findings)
            .map(|finding| finding.checks[0].id.as_str())
            .collect();
        context.rows.extend(&context.evidence);
        page = page::page(&context, assets);
        if page.len() <= BUDGET {
            break;
        }
    }
    page
}
