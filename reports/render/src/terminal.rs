//! What a person sees on the terminal: the summary of a run, and one failure with its packets.

use std::fmt::Write;

use crate::finding::findings;
use crate::sentence;
use record::encode::terminal::{ascii as to_ascii, fit, text};
use record::{Check, Direction, Event, EventKind, EventMark, FieldMark, Record, Tally, Verdict};

/// Findings that the summary lists, so that it stays within 25 lines.
const LISTED: usize = 8;

/// Events that a failure shows.
const EVENTS: usize = 24;

/// How to write to this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns; lines are cut to them.
    pub width: usize,
    /// Whether colours are understood and wanted.
    pub colour: bool,
    /// Whether nothing but ASCII may be written.
    pub ascii: bool,
}

impl Style {
    /// A line that fits, in ASCII if need be. Colours are put on afterwards.
    fn line(self, line: &str) -> String {
        let line = if self.ascii { plain(line) } else { line.to_owned() };
        let mut cut = fit(&line, self.width.max(20));
        if self.ascii {
            cut = cut.replace('…', "~");
        }
        cut
    }

    /// A text over as many lines as it takes, at most six.
    fn wrap(self, indent: &str, text: &str) -> Vec<String> {
        const MOST: usize = 6;
        let room = self.width.max(20) - indent.len();
        let mut lines: Vec<String> = vec![String::new()];
        for word in text.split(' ') {
            let last = lines.len() - 1;
            if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > room {
                lines.push(String::new());
            } else if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            let last = lines.len() - 1;
            lines[last].push_str(word);
        }
        if lines.len() > MOST {
            lines.truncate(MOST);
            lines[MOST - 1].push_str(" …");
        }
        lines.iter().map(|line| self.line(&format!("{indent}{line}"))).collect()
    }

    fn paint(self, line: String, verdict: Verdict) -> String {
        let code = match verdict {
            Verdict::Fail => "31;1",
            Verdict::Pass => "32;1",
            Verdict::Warn => "33;1",
            Verdict::Error | Verdict::Inconclusive => "35;1",
            _ => "2",
        };
        if self.colour { format!("\x1b[{code}m{line}\x1b[0m") } else { line }
    }
}

/// Our own glyphs as ASCII, before anything else is escaped.
fn plain(line: &str) -> String {
    let glyphs = [
        ("✗ FAIL", "[FAIL]"),
        ("✗", "[x]"),
        ("✓", "[ok]"),
        ("⚠", "[!!]"),
        ("──▶", "-->"),
        ("◀──", "<--"),
        ("──✕", "--x"),
        ("✕──", "x--"),
        ("◀ ", "<- "),
        ("·", "-"),
        ("○", "o"),
        ("–", "-"),
        ("⚑", "[!]"),
        ("…", "..."),
        ("^", "^"),
    ];
    let line = glyphs.iter().fold(line.to_owned(), |line, (glyph, ascii)| line.replace(glyph, ascii));
    to_ascii(line.as_bytes())
}

/// The summary of a run: at most 25 lines, the same on a terminal and in a log.
#[must_use]
pub fn summary(record: &Record, width: usize, colour: bool, ascii: bool) -> String {
    let style = Style { width, colour, ascii };
    let headline = sentence::headline(record);
    let mut lines = vec![
        style.paint(
            style.line(&text(
                format!("{} {}  {}", headline.glyph, headline.verdict, headline.count).as_bytes(),
            )),
            headline.like,
        ),
        style.line(&text(
            format!(
                "{} · {} · {} · {}",
                sentence::subject(record),
                record.specs(),
                record.completeness(),
                sentence::duration(record)
            )
            .as_bytes(),
        )),
        String::new(),
    ];
    lines.extend(style.wrap("  ", &tally("MUST  ", &record.musts())));
    let shoulds = record.shoulds();
    if shoulds.total() > 0 {
        lines.push(style.line(&format!("  SHOULD  followed {},  warned {}", shoulds.passed, shoulds.warned)));
    }
    let findings = findings(record);
    if !findings.is_empty() {
        lines.push(style.line(&format!("  Findings ({})", findings.len())));
        for (index, finding) in findings.iter().take(LISTED).enumerate() {
            let id = finding.requirements.first().map_or("", |requirement| requirement.id.as_str());
            let glyph = finding.verdict.glyph();
            let checks = record::count(finding.checks.len(), "check");
            let title = text(finding.title().as_bytes());
            let line = format!("  {:>2}  {glyph} {id:<22} {checks:<9} {title}", index + 1);
            // Not cut: a log has no width, and a terminal breaks the line.
            let line = if style.ascii { plain(&line) } else { line };
            lines.push(style.paint(line, finding.verdict));
        }
        if findings.len() > LISTED {
            lines.push(style.line(&format!("      and {} more, in report.html", findings.len() - LISTED)));
        }
    }
    if !record.waivers.is_empty() {
        lines.push(style.line(&format!("  Waivers: {}", record.waivers.len())));
    }
    if let Some(baseline) = &record.baseline {
        lines.push(style.line(&format!(
            "  Since the baseline: newly failing {}, newly passing {}, added checks {}",
            baseline.broken.len(),
            baseline.fixed.len(),
            baseline.added.len()
        )));
    }
    lines.push(String::new());
    lines.push(
        style.line(&text(
            format!(
                "exit {}   {}   seed {}",
                record.exit.code,
                record.exit.reasons.join("; "),
                record.run.seed
            )
            .as_bytes(),
        )),
    );
    lines.join("\n") + "\n"
}

fn tally(label: &str, tally: &Tally) -> String {
    let mut line = format!("{label}  passed {},  failed {}", tally.passed + tally.informed, tally.failed);
    for (number, what) in [
        (tally.waived, "waived"),
        (tally.inconclusive, "inconclusive"),
        (tally.errors, "harness errors"),
        (tally.not_run, "not run"),
        (tally.not_exercised, "not exercised"),
        (tally.not_applicable, "n/a"),
        (tally.untested, "untested"),
        (tally.untestable, "untestable"),
    ] {
        if number > 0 {
            let _ = write!(line, ",  {what} {number}");
        }
    }
    line
}

/// One failure with its packets, for 100 columns without colours.
#[must_use]
pub fn failure(check: &Check) -> String {
    failure_in(check, Style { width: 100, colour: false, ascii: false })
}

/// One failure with its packets.
#[must_use]
pub fn failure_in(check: &Check, style: Style) -> String {
    let statements: Vec<&str> = check.accuses().take(3).collect();
    let mut lines = vec![
        style.paint(
            style.line(&text(
                format!(
                    "{:<5} {}   {}   {} ms",
                    check.verdict.word(),
                    check.id,
                    statements.join(" "),
                    check.milliseconds
                )
                .as_bytes(),
            )),
            check.verdict,
        ),
    ];
    lines.extend(style.wrap("      ", &text(check.reason.as_bytes())));
    for (label, value) in [("expected", &check.expected), ("actual", &check.actual)] {
        if let Some(value) = value {
            lines.push(style.line(&format!("      {label:<9} {}", text(value.as_bytes()))));
        }
    }
    if let Some(transcript) = &check.transcript {
        lines.push(String::new());
        lines.push(style.line("      #       ms  conn"));
        let skipped = transcript.events.len().saturating_sub(EVENTS);
        if skipped > 0 {
            lines.push(
                style.line(&format!(
                    "      … {skipped} events before these; all of them are in results.json …"
                )),
            );
        }
        for event in &transcript.events[skipped..] {
            lines.extend(event_lines(event, style));
        }
    }
    lines.push(String::new());
    for (label, command) in [
        ("rerun", Some(&check.reproduce.rerun)),
        ("replay", check.reproduce.replay.as_ref()),
        ("no tools", check.reproduce.shell.as_ref()),
    ] {
        if let Some(command) = command.filter(|command| !command.is_empty()) {
            // Not cut: half a command is worse than a wrapped one.
            let command = if style.ascii { to_ascii(command.as_bytes()) } else { text(command.as_bytes()) };
            lines.push(format!("      {label:<9} {command}"));
        }
    }
    lines.join("\n") + "\n"
}

fn event_lines(event: &Event, style: Style) -> Vec<String> {
    let arrow = match (event.direction, event.kind) {
        (Direction::ToServer, EventKind::ClosedByTester | EventKind::EndOfStream | EventKind::Reset) => "──✕",
        (Direction::FromServer, EventKind::EndOfStream | EventKind::Reset | EventKind::ClosedByTester) => {
            "✕──"
        }
        (Direction::ToServer, _) => "──▶",
        (Direction::FromServer, _) => "◀──",
        (Direction::None, _) => "   ",
    };
    let name = event.packet.clone().unwrap_or_else(|| crate::html::kind_words(event.kind).to_owned());
    let mut line = format!(
        "    {:>3} {:>6}.{}  {:<3} {arrow}  {}",
        event.number,
        event.at_us / 1000,
        event.at_us % 1000 / 100,
        event.connection,
        name
    );
    if let Some(summary) = &event.summary {
        let _ = write!(line, " {}", text(summary.as_bytes()));
    }
    if let Some(mark) = event.mark {
        line.push_str(match mark {
            EventMark::Violation => "   ◀ violation",
            EventMark::ExpectedMissing => "   ◀ expected here, missing",
            EventMark::Deliberate => "   ⚑ wrong on purpose",
        });
    }
    if let Some(remark) = &event.text {
        let _ = write!(line, " ({})", text(remark.as_bytes()));
    }
    let line = style.line(&text(line.as_bytes()));
    let mut lines = vec![match event.mark {
        Some(EventMark::Violation | EventMark::ExpectedMissing) => style.paint(line, Verdict::Fail),
        _ => line,
    }];
    if event.mark == Some(EventMark::Violation) {
        let wire = event.wire();
        if !wire.is_empty() {
            let digits: Vec<String> = wire.iter().take(24).map(|byte| format!("{byte:02x}")).collect();
            lines.push(style.line(&format!(
                "          {}{}",
                digits.join(" "),
                if wire.len() > 24 { " …" } else { "" }
            )));
        }
        for field in event.fields.iter().filter(|field| field.mark == Some(FieldMark::Fault)) {
            // Under the bytes of the field, as long as they are on the line.
            let indent = 10 + 3 * field.offset.min(23) as usize;
            let carets = "^^ ".repeat(field.length.clamp(1, 4) as usize);
            let name = text(field.name.as_bytes());
            lines.push(style.line(&format!(
                "{:indent$}{carets}{name}: {}",
                "",
                text(field.value.as_bytes())
            )));
        }
    }
    lines
}
