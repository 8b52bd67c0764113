//! The verdict in words, the same in every rendering.

use crate::encode::html;
use record::{Record, Role, RunVerdict, Testbed, Verdict};

/// The verdict of a run in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// `NOT CONFORMANT`.
    pub verdict: &'static str,
    /// The glyph that stands before it.
    pub glyph: &'static str,
    /// The verdict whose colour it has.
    pub like: Verdict,
    /// `3 MUST statements broken`: what stands beside the verdict.
    pub count: String,
    /// One or two sentences that say how much was tested, so that the verdict can not promise more.
    pub scope: String,
}

/// Makes the headline.
#[must_use]
pub fn headline(record: &Record) -> Headline {
    let musts = record.musts();
    let kept = musts.passed + musts.informed;
    let tested = format!("{} of {}", musts.tested(), statements(musts.applicable, ""));
    let (glyph, like) = match record.verdict {
        RunVerdict::Conformant => ("✓", Verdict::Pass),
        RunVerdict::ConformantWithWaivers => ("✓", Verdict::Warn),
        RunVerdict::NotConformant => ("✗", Verdict::Fail),
        RunVerdict::NoVerdict => ("?", Verdict::Inconclusive),
    };
    let count = match record.verdict {
        RunVerdict::Conformant => format!("in everything tested: {tested}"),
        RunVerdict::ConformantWithWaivers => {
            format!("in everything tested but {}: {tested}", statements(musts.waived, "waived "))
        }
        RunVerdict::NotConformant => format!("{} broken", statements(musts.failed, "")),
        RunVerdict::NoVerdict => record
            .verdict_reasons
            .first()
            .map_or("nothing ran", |reason| reason.trim_end_matches('.'))
            .to_owned(),
    };
    let mut scope = format!(
        "Of the {} MUST statements that bind a {}, {} were tested: {kept} kept, {} broken.",
        musts.applicable,
        record.subject.role.word(),
        musts.tested(),
        musts.failed + musts.waived,
    );
    let others: Vec<String> = [
        (musts.inconclusive, "inconclusive"),
        (musts.errors, "lost to harness errors"),
        (musts.not_run, "not run"),
        (musts.not_exercised, "not exercised"),
        (musts.untested, "without a check"),
        (musts.untestable, "untestable"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    if !others.is_empty() {
        scope.push_str(&format!(" The others: {}.", others.join(", ")));
    }
    let numbered = record.tally(|requirement| requirement.level.is_must() && !requirement.unnumbered);
    if numbered.total() < musts.total() {
        scope.push_str(&format!(
            " Of these {}, {} have a number in the standard, and {} of those were tested.",
            musts.applicable,
            numbered.applicable,
            numbered.tested()
        ));
    }
    if musts.not_applicable > 0 {
        scope.push_str(&format!(" {} more do not apply to it.", musts.not_applicable));
    }
    Headline { verdict: record.verdict.headline(), glyph, like, count, scope }
}

fn statements(number: usize, kind: &str) -> String {
    if number == 1 { format!("1 {kind}MUST statement") } else { format!("{number} {kind}MUST statements") }
}

/// `mosquitto 2.0.11`, visible but not yet encoded.
#[must_use]
pub fn subject(record: &Record) -> String {
    let name = html::sentence(&record.subject.name, 80);
    let name = if name.is_empty() { format!("unnamed {}", record.subject.role.word()) } else { name };
    match &record.subject.version {
        Some(version) => format!("{name} {}", html::sentence(version, 40)),
        None => name,
    }
}

/// How long it took, or that time was simulated.
#[must_use]
pub fn duration(record: &Record) -> String {
    match record.run.duration_ms {
        Some(ms) if ms < 1000 => format!("{ms} ms"),
        Some(ms) if ms < 60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        Some(ms) => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
        None if record.run.testbed == Testbed::Live => "unknown".to_owned(),
        None => "simulated time".to_owned(),
    }
}

/// What the tested side is called in a diagram.
#[must_use]
pub const fn peer(role: Role) -> &'static str {
    role.word()
}
