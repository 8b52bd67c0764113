//! Two Records, one after the other: what became worse, what became better, and whether that can be said at all.
//!
//! By transitions of checks, never by totals. What only one of the two suites has is listed apart and is no regression. The renderings are for a
//! terminal, for Markdown, for programs and for a browser.

mod page;

use serde_json::{Value, json};

use crate::compare::{Transition, compare};
use crate::encode::json::printable;
use crate::encode::markdown::{code, text as markdown_text};
use crate::encode::terminal::{ascii, fit, text};
use crate::encode::visible::visible_start;
use crate::record::{Baseline, Check, Record, Verdict, count};
use crate::sentence;

/// Checks of one kind that a rendering for people lists before it counts the rest.
const LISTED: usize = 50;

/// A comparison.
#[derive(Debug)]
pub struct Diff<'a> {
    /// The earlier Record.
    pub before: &'a Record,
    /// The later one.
    pub now: &'a Record,
    /// The transitions.
    pub changes: Baseline,
}

impl<'a> Diff<'a> {
    /// Compares.
    #[must_use]
    pub fn new(before: &'a Record, now: &'a Record) -> Diff<'a> {
        Diff { before, now, changes: compare(before, now) }
    }

    /// 1 if something became worse and is not covered by a waiver, 3 if that can not be said, else 0; with one sentence.
    #[must_use]
    pub fn exit(&self) -> (u8, String) {
        let broken = self.changes.broken.iter().filter(|id| !self.is_waived(id)).count();
        let withdrawn = self.changes.became_not_applicable.len();
        if broken + withdrawn > 0 {
            let mut parts = Vec::new();
            if broken > 0 {
                parts.push(format!("{} newly failing", count(broken, "check")));
            }
            if withdrawn > 0 {
                parts.push(format!("{} not applicable any more", count(withdrawn, "check")));
            }
            return (1, format!("worse: {}", parts.join(", ")));
        }
        let unsettled: usize = self
            .changes
            .lists()
            .iter()
            .filter(|(transition, _)| transition.is_unsettled())
            .map(|(_, checks)| checks.len())
            .sum();
        if unsettled > 0 {
            return (3, format!("can not be said: {} lost the verdict", count(unsettled, "check")));
        }
        if !self.now.run.complete || !self.now.run.filters.is_empty() {
            return (3, "can not be said: the later run is not complete".to_owned());
        }
        (0, "nothing became worse".to_owned())
    }

    fn is_waived(&self, id: &str) -> bool {
        self.now.check(id).is_some_and(|check| check.waived_by.is_some())
    }

    /// What makes the two less comparable than they look.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let (before, now) = (self.before, self.now);
        let mut remarks = Vec::new();
        let suite = |record: &Record| {
            let commit = if record.suite.commit.is_empty() { "" } else { " " };
            format!("{}{commit}{}", record.suite.version, record.suite.commit)
        };
        if (&before.suite.version, &before.suite.commit) != (&now.suite.version, &now.suite.commit) {
            remarks.push(format!(
                "The suite changed from {} to {}: a check that both have may still judge differently. Added and removed checks are listed apart and count for nothing.",
                suite(before),
                suite(now)
            ));
        }
        if before.subject.name != now.subject.name {
            remarks.push("The Subjects have different names.".to_owned());
        }
        if before.run.testbed != now.run.testbed {
            remarks.push(format!(
                "The first run was {}, the second {}.",
                before.run.testbed.name(),
                now.run.testbed.name()
            ));
        }
        if before.run.specs != now.run.specs {
            remarks.push(format!(
                "The first run tested {}, the second {}.",
                sentence::specs(before),
                sentence::specs(now)
            ));
        }
        for (which, record) in [("first", before), ("second", now)] {
            if !record.run.complete || !record.run.filters.is_empty() {
                remarks.push(format!("The {which} run is partial: {}.", sentence::completeness(record)));
            }
        }
        remarks
    }

    /// The later check, or the earlier one where there is no later.
    fn check(&self, id: &str) -> Option<&'a Check> {
        self.now.check(id).or_else(|| self.before.check(id))
    }

    /// What the check was and is, as verdicts.
    fn verdicts(&self, id: &str) -> (Option<Verdict>, Option<Verdict>) {
        let verdict = |record: &Record| record.check(id).map(|check| check.verdict);
        (verdict(self.before), verdict(self.now))
    }

    /// Why it is as it is now; why it failed before, where it passes now.
    fn reason(&self, transition: Transition, id: &str) -> &[u8] {
        let record = if transition == Transition::Fixed { self.before } else { self.now };
        record.check(id).map_or(&[], |check| check.reason.as_bytes())
    }

    fn statement(&self, id: &str) -> &str {
        self.check(id).and_then(|check| check.accuses().next()).unwrap_or_default()
    }

    /// For a terminal of `width` columns.
    #[must_use]
    pub fn text(&self, width: usize, ascii_only: bool) -> String {
        let clean = |line: String| {
            let line = fit(&text(line.as_bytes()), width.max(40));
            if ascii_only {
                ascii(line.replace('→', "->").replace('…', "~").replace('·', "-").as_bytes())
            } else {
                line
            }
        };
        let (exit, sentence) = self.exit();
        let mut lines = vec![
            clean(format!(
                "{} ({})  →  {} ({})",
                sentence::subject(self.before),
                self.before.verdict.headline(),
                sentence::subject(self.now),
                self.now.verdict.headline()
            )),
            clean(sentence.clone()),
        ];
        lines.extend(self.remarks().into_iter().map(|remark| clean(format!("  ! {remark}"))));
        for (transition, checks) in self.changes.lists() {
            if checks.is_empty() {
                continue;
            }
            lines.push(String::new());
            lines.push(clean(format!("{} ({})", transition.title(), checks.len())));
            for id in checks.iter().take(LISTED) {
                let waived = if self.is_waived(id) { " (waived)" } else { "" };
                lines.push(clean(format!("  {id}   {}{waived}", self.statement(id))));
                let reason = self.reason(transition, id);
                if !reason.is_empty() && !matches!(transition, Transition::Added | Transition::Removed) {
                    lines.push(clean(format!("      {}", text(reason))));
                }
            }
            if checks.len() > LISTED {
                lines.push(clean(format!("  and {} more; --format json has all", checks.len() - LISTED)));
            }
        }
        lines.push(String::new());
        lines.push(clean(format!("exit {exit}   {sentence}")));
        lines.join("\n") + "\n"
    }

    /// For a comment or a job summary.
    #[must_use]
    pub fn markdown(&self) -> String {
        let name = |record: &Record| {
            format!("{} ({})", code(sentence::subject(record).as_bytes(), 120), record.verdict.headline())
        };
        let mut out = format!(
            "<!-- mqtt-certify diff -->\n## {}\n\n{} → {}\n\n",
            markdown_text(&sentence_case(&self.exit().1)),
            name(self.before),
            name(self.now)
        );
        for remark in self.remarks() {
            out.push_str(&format!("- {}\n", markdown_text(&remark)));
        }
        for (transition, checks) in self.changes.lists() {
            if checks.is_empty() {
                continue;
            }
            out.push_str(&format!("\n### {} ({})\n\n", transition.title(), checks.len()));
            for id in checks.iter().take(LISTED) {
                let waived = if self.is_waived(id) { " (waived)" } else { "" };
                let statement = self.statement(id);
                let statement = if statement.is_empty() {
                    String::new()
                } else {
                    format!(" {}", code(statement.as_bytes(), 60))
                };
                out.push_str(&format!("- {}{statement}{waived}", code(id.as_bytes(), 200)));
                let reason = self.reason(transition, id);
                if !reason.is_empty() && !matches!(transition, Transition::Added | Transition::Removed) {
                    out.push_str(&format!(": {}", code(reason, 300)));
                }
                out.push('\n');
            }
            if checks.len() > LISTED {
                out.push_str(&format!("- and {} more\n", checks.len() - LISTED));
            }
        }
        out
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> String {
        let side = |record: &Record| {
            json!({
                "subject": record.subject, "suite": record.suite, "verdict": record.verdict,
                "digest": record.digest(), "started": record.run.started,
            })
        };
        let mut transitions = serde_json::Map::new();
        for (transition, checks) in self.changes.lists() {
            let listed: Vec<Value> = checks
                .iter()
                .map(|id| {
                    let (before, now) = self.verdicts(id);
                    json!({
                        "check": id,
                        "statement": self.statement(id),
                        "before": before,
                        "now": now,
                        "waived": self.is_waived(id),
                        "reason": visible_start(self.reason(transition, id), 4096).0,
                    })
                })
                .collect();
            transitions.insert(transition.name().to_owned(), Value::Array(listed));
        }
        let (code, reason) = self.exit();
        let document = json!({
            "schema": "mqtt-certify/diff/1",
            "before": side(self.before),
            "now": side(self.now),
            "exit": { "code": code, "reasons": [reason] },
            "remarks": self.remarks(),
            "transitions": transitions,
        });
        printable(&format!("{document:#}\n"))
    }

    /// For a browser.
    #[must_use]
    pub fn html(&self) -> String {
        page::page(self)
    }
}

/// With a capital letter at its start.
fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
