//! `summary.md`: what fits into the summary of a CI job.
//!
//! At most 64 KiB, because CI servers drop a longer one as a whole. Received text stands in code spans only.

use std::fmt::Write;

use crate::encode::markdown::{code, text};
use crate::finding::findings;
use crate::html::chapter_list;
use crate::{sentence, standard};
use record::encode::visible::visible_start;
use record::{Record, Version};

/// Never more than this.
pub const LIMIT: usize = 64 * 1024;

/// Findings that are listed.
const LISTED: usize = 10;

/// The summary.
#[must_use]
pub fn render(record: &Record) -> String {
    let mut out = String::new();
    // Nothing can go wrong when writing to a String.
    let _ = write(record, &mut out);
    if out.len() > LIMIT {
        let notice = "\n\n(Cut here. The rest is in report.html.)\n";
        let mut end = LIMIT - notice.len();
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        // At the end of a line, so that no code span stays open.
        end = out[..end].rfind('\n').unwrap_or(0);
        out.truncate(end);
        out.push_str(notice);
    }
    out
}

fn write(record: &Record, out: &mut String) -> std::fmt::Result {
    let headline = sentence::headline(record);
    writeln!(out, "<!-- mqtt-certify -->")?;
    writeln!(out, "## {} {} {}\n", headline.glyph, headline.verdict, text(&headline.count))?;
    let version = record
        .subject
        .version
        .as_ref()
        .map_or(String::new(), |version| format!(" {}", code(version.as_bytes(), 40)));
    writeln!(
        out,
        "{}{version}, a {} for {}. {}\n",
        code(record.subject.name.as_bytes(), 80),
        record.subject.role.word(),
        record.specs(),
        text(&headline.scope),
    )?;
    for reason in &record.verdict_reasons {
        writeln!(out, "- {}", text(reason))?;
    }
    writeln!(out)?;
    chapters(record, out)?;
    found(record, out)?;
    compared(record, out)?;
    writeln!(
        out,
        "{} {}. {}; {}; seed {}; exit code {} ({}).",
        text(&record.suite.name),
        text(&record.suite.version),
        text(&record.completeness()),
        sentence::duration(record),
        code(record.run.seed.as_bytes(), 40),
        record.exit.code,
        text(&record.exit.reasons.join("; ")),
    )
}

fn chapters(record: &Record, out: &mut String) -> std::fmt::Result {
    let chapters = chapter_list(record);
    if chapters.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "| MUST statements | applicable | passed | failed | waived | inconclusive | not run | not exercised | untested |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    for version in [Version::V311, Version::V5] {
        for (_, chapter) in chapters.iter().filter(|(of, _)| *of == version) {
            let tally = record.tally(|requirement| {
                requirement.level.is_must()
                    && requirement.version == version
                    && standard::chapter(&requirement.section) == chapter
            });
            if tally.applicable == 0 {
                continue;
            }
            let failed = if tally.failed > 0 { format!("**{}**", tally.failed) } else { "0".to_owned() };
            writeln!(
                out,
                "| {version} {} {} | {} | {} | {failed} | {} | {} | {} | {} | {} |",
                text(chapter),
                standard::chapter_title(version, chapter),
                tally.applicable,
                tally.passed + tally.informed,
                tally.waived,
                tally.inconclusive + tally.errors,
                tally.not_run,
                tally.not_exercised,
                tally.untested,
            )?;
        }
    }
    writeln!(out)
}

fn found(record: &Record, out: &mut String) -> std::fmt::Result {
    let findings = findings(record);
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Findings ({})\n", findings.len())?;
    writeln!(out, "| verdict | statement | what was seen | checks |")?;
    writeln!(out, "|---|---|---|--:|")?;
    for finding in findings.iter().take(LISTED) {
        let statements: Vec<String> = finding
            .requirements
            .iter()
            .take(3)
            .map(|requirement| code(requirement.id.as_bytes(), 60))
            .collect();
        let waived = if finding.waived { " (waived)" } else { "" };
        writeln!(
            out,
            "| {} {}{waived} | {} | {}. {} | {} |",
            finding.verdict.glyph(),
            finding.verdict.word(),
            statements.join(" "),
            text(&visible_start(finding.title().as_bytes(), 300).0),
            code(finding.representative().reason.as_bytes(), 300),
            finding.checks.len(),
        )?;
    }
    if findings.len() > LISTED {
        writeln!(out, "\nand {} more, in report.html", findings.len() - LISTED)?;
    }
    let first = &findings[0].representative().reproduce.rerun;
    if !first.is_empty() {
        writeln!(out, "\nThe first one again: {}", code(first.as_bytes(), 400))?;
    }
    writeln!(out)
}

fn compared(record: &Record, out: &mut String) -> std::fmt::Result {
    let Some(baseline) = &record.baseline else { return Ok(()) };
    writeln!(
        out,
        "Since the baseline: newly failing {}, newly passing {}, still failing {}, newly inconclusive {}, became not applicable {}, added {}, removed {}.\n",
        baseline.broken.len(),
        baseline.fixed.len(),
        baseline.still_broken.len(),
        baseline.newly_inconclusive.len(),
        baseline.became_not_applicable.len(),
        baseline.added.len(),
        baseline.removed.len(),
    )
}
