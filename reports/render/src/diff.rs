//! The comparison of two Records for a terminal, for Markdown, for programs and for a browser.

mod page;

use record::Record;
use record::compare::Transition;
use record::diff::Diff;
use record::encode::json::printable;
use record::encode::terminal::{ascii, fit, text as harmless};
use record::encode::visible::visible_start;
use serde_json::{Value, json as object};

use crate::encode::markdown::{code, text as markdown_text};
use crate::sentence;

/// Checks of one kind that a rendering for people lists before it counts the rest.
const LISTED: usize = 50;

/// For a terminal of `width` columns.
#[must_use]
pub fn text(diff: &Diff<'_>, width: usize, ascii_only: bool) -> String {
    let clean = |line: String| {
        let line = fit(&harmless(line.as_bytes()), width.max(40));
        if ascii_only {
            ascii(line.replace('→', "->").replace('…', "~").replace('·', "-").as_bytes())
        } else {
            line
        }
    };
    let (exit, sentence) = diff.exit();
    let mut lines = vec![
        clean(format!(
            "{} ({})  →  {} ({})",
            sentence::subject(diff.before),
            diff.before.verdict.headline(),
            sentence::subject(diff.now),
            diff.now.verdict.headline()
        )),
        clean(sentence.clone()),
    ];
    lines.extend(diff.remarks().into_iter().map(|remark| clean(format!("  ! {remark}"))));
    for (transition, checks) in diff.changes.lists() {
        if checks.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(clean(format!("{} ({})", transition.title(), checks.len())));
        for id in checks.iter().take(LISTED) {
            let waived = if diff.is_waived(id) { " (waived)" } else { "" };
            lines.push(clean(format!("  {id}   {}{waived}", diff.statement(id))));
            let reason = diff.reason(transition, id);
            if !reason.is_empty() && !matches!(transition, Transition::Added | Transition::Removed) {
                lines.push(clean(format!("      {}", harmless(reason))));
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
pub fn markdown(diff: &Diff<'_>) -> String {
    let name = |record: &Record| {
        format!("{} ({})", code(sentence::subject(record).as_bytes(), 120), record.verdict.headline())
    };
    let mut out = format!(
        "<!-- mqtt-certify diff -->\n## {}\n\n{} → {}\n\n",
        markdown_text(&sentence_case(&diff.exit().1)),
        name(diff.before),
        name(diff.now)
    );
    for remark in diff.remarks() {
        out.push_str(&format!("- {}\n", markdown_text(&remark)));
    }
    for (transition, checks) in diff.changes.lists() {
        if checks.is_empty() {
            continue;
        }
        out.push_str(&format!("\n### {} ({})\n\n", transition.title(), checks.len()));
        for id in checks.iter().take(LISTED) {
            let waived = if diff.is_waived(id) { " (waived)" } else { "" };
            let statement = diff.statement(id);
            let statement = if statement.is_empty() {
                String::new()
            } else {
                format!(" {}", code(statement.as_bytes(), 60))
            };
            out.push_str(&format!("- {}{statement}{waived}", code(id.as_bytes(), 200)));
            let reason = diff.reason(transition, id);
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
pub fn json(diff: &Diff<'_>) -> String {
    let side = |record: &Record| {
        object!({
            "subject": record.subject, "suite": record.suite, "verdict": record.verdict,
            "digest": record.digest(), "started": record.run.started,
        })
    };
    let mut transitions = serde_json::Map::new();
    for (transition, checks) in diff.changes.lists() {
        let listed: Vec<Value> = checks
            .iter()
            .map(|id| {
                let (before, now) = diff.verdicts(id);
                object!({
                    "check": id,
                    "statement": diff.statement(id),
                    "before": before,
                    "now": now,
                    "waived": diff.is_waived(id),
                    "reason": visible_start(diff.reason(transition, id), 4096).0,
                })
            })
            .collect();
        transitions.insert(transition.name().to_owned(), Value::Array(listed));
    }
    let (code, reason) = diff.exit();
    let document = object!({
        "schema": "mqtt-certify/diff/1",
        "before": side(diff.before),
        "now": side(diff.now),
        "exit": { "code": code, "reasons": [reason] },
        "remarks": diff.remarks(),
        "transitions": transitions,
    });
    printable(&format!("{document:#}\n"))
}

/// For a browser.
#[must_use]
pub fn html(diff: &Diff<'_>) -> String {
    page::page(diff)
}

/// With a capital letter at its start.
fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
