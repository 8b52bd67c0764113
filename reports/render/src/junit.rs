//! `junit.xml`, for CI servers.
//!
//! A suite per chapter, a case per check. A failure is a `failure`; what has no verdict is an `error`, because a CI server must not show it
//! green; a waived failure and what does not apply are `skipped`; a warning is a pass with its text in `system-out`. What was
//! not run is left out. The document is parsed back before it is handed out, since one control byte makes a CI server drop all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::encode::xml;
use crate::{sentence, standard};
use record::encode::terminal;
use record::{Check, Record, Requirement, Verdict, Version};

/// Bytes of the text of one case.
const BODY: usize = 8 * 1024;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum JunitError {
    /// The writer failed.
    #[error("the JUnit document could not be written: {0}")]
    Write(#[from] quick_junit::SerializeError),
    /// What was written does not parse.
    #[error("the JUnit document does not parse: {0}")]
    Parse(#[from] quick_junit::DeserializeError),
    /// What was parsed is not what was written.
    #[error("the JUnit document has {found} cases after parsing, and {written} were written")]
    Lost {
        /// Cases written.
        written: usize,
        /// Cases found again.
        found: usize,
    },
}

/// The document.
///
/// # Errors
/// If it does not survive being parsed.
pub fn render(record: &Record) -> Result<String, JunitError> {
    let requirements: BTreeMap<&str, &Requirement> =
        record.requirements.iter().map(|requirement| (requirement.id.as_str(), requirement)).collect();
    let mut report = Report::new(xml::attribute(
        format!("{} {} {}", record.suite.name, record.specs(), sentence::subject(record)).as_bytes(),
    ));
    let mut suites: BTreeMap<(Version, Vec<u32>, String), TestSuite> = BTreeMap::new();
    let mut names = BTreeSet::new();
    let mut written = 0;
    for check in record.checks.iter().filter(|check| check.verdict != Verdict::NotRun) {
        let (order, title) = chapter(check, &requirements);
        let suite = suites
            .entry((check.version, order, title.clone()))
            .or_insert_with(|| TestSuite::new(xml::attribute(title.as_bytes())));
        let mut name = name(check);
        if !names.insert((title.clone(), name.clone())) {
            name = format!("{name} {{{}}}", check.id);
            names.insert((title.clone(), name.clone()));
        }
        suite.add_test_case(case(check, &name, &title));
        written += 1;
    }
    for (_, mut suite) in suites {
        suite.add_property(("seed", xml::attribute(record.run.seed.as_bytes()).as_str()));
        suite.add_property(("verdict", record.verdict.name()));
        report.add_test_suite(suite);
    }
    let text = report.to_string()?;
    let found =
        Report::deserialize_from_str(&text)?.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
    if found == written { Ok(text) } else { Err(JunitError::Lost { written, found }) }
}

/// The chapter of the first statement, as GitLab shows it.
fn chapter(check: &Check, requirements: &BTreeMap<&str, &Requirement>) -> (Vec<u32>, String) {
    let prefix = if check.version == Version::V5 { "5.0" } else { "3.1.1" };
    match check.accuses().find_map(|id| requirements.get(id)) {
        Some(requirement) => {
            let chapter = standard::chapter(&requirement.section);
            let order = chapter.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect();
            let title = standard::chapter_title(requirement.version, chapter);
            (order, format!("{prefix} {chapter} {title}").trim_end().to_owned())
        }
        None => (vec![u32::MAX], format!("{prefix} {}", check.feature)),
    }
}

fn name(check: &Check) -> String {
    let statements: Vec<&str> = check.requirements.iter().take(3).map(String::as_str).collect();
    let more = if check.requirements.len() > 3 { ", …" } else { "" };
    format!("{} ({}) [{}{more}]", check.title, check.transport, statements.join(", "))
}

fn case(check: &Check, name: &str, classname: &str) -> TestCase {
    let mut status = status(check);
    if !matches!(check.verdict, Verdict::Pass | Verdict::Info | Verdict::Warn) {
        let reason =
            if check.reason.is_empty() { check.verdict.word().as_bytes() } else { check.reason.as_bytes() };
        let message = match &check.waived_by {
            Some(waiver) => format!("waived by {waiver}: {}", xml::attribute(reason)),
            None => xml::attribute(reason),
        };
        status.set_message(xml::attribute(terminal::fit(&message, 500).as_bytes()));
        if check.verdict.is_finding() {
            status.set_description(body(check));
        }
    }
    let mut case = TestCase::new(xml::attribute(name.as_bytes()), status);
    case.set_classname(xml::attribute(classname.as_bytes()));
    case.set_time(Duration::from_millis(check.milliseconds));
    case.add_property(("check", xml::attribute(check.id.as_bytes()).as_str()));
    case.add_property(("seed", xml::attribute(check.seed.as_bytes()).as_str()));
    if check.verdict == Verdict::Warn {
        case.set_system_out(format!("warn: {}", body(check)));
    }
    case
}

fn status(check: &Check) -> TestCaseStatus {
    let kind = match check.verdict {
        Verdict::Fail if check.waived_by.is_some() => return TestCaseStatus::skipped(),
        Verdict::Fail => NonSuccessKind::Failure,
        Verdict::Error | Verdict::Inconclusive => NonSuccessKind::Error,
        Verdict::Pass | Verdict::Info | Verdict::Warn => return TestCaseStatus::success(),
        Verdict::NotRun
        | Verdict::NotExercised
        | Verdict::NotApplicable
        | Verdict::Untested
        | Verdict::Untestable => return TestCaseStatus::skipped(),
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(match check.verdict {
        Verdict::Fail => "violation",
        Verdict::Error => "harness-error",
        _ => "inconclusive",
    });
    status
}

/// What a reader of a CI page needs, in lines of text.
fn body(check: &Check) -> String {
    let mut text = String::new();
    let mut line = |label: &str, bytes: &[u8]| {
        // The same as on a terminal: a CI server prints it into one sooner or later.
        text.push_str(&format!("{label}: {}\n", terminal::fit(&terminal::text(bytes), 1200)));
    };
    line("statements", check.requirements.join(" ").as_bytes());
    line("seen", check.reason.as_bytes());
    if let Some(expected) = &check.expected {
        line("expected", expected.as_bytes());
    }
    if let Some(actual) = &check.actual {
        line("actual", actual.as_bytes());
    }
    line("rerun", check.reproduce.rerun.as_bytes());
    if let Some(shell) = &check.reproduce.shell {
        line("without tools", shell.as_bytes());
    }
    let mut end = text.len().min(BODY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    xml::characters(text.as_bytes())
}
