//! `expect`: compares a Record with a committed list of what is known to fail, each entry argued from the standard's text.

use super::known::is_argument;
use super::{Failure, print, stored};
use clap::Args;
use record::waive::fits;
use record::{Check, Verdict};
use serde::Deserialize;
use std::path::PathBuf;

/// Arguments of `expect`.
#[derive(Debug, Args)]
pub struct ExpectArguments {
    /// The results.json of a run (or its directory)
    #[arg(value_name = "RUN", default_value = "results")]
    run: PathBuf,
    /// The list of known failures (YAML), each with an argument from the standard
    #[arg(long, value_name = "FILE")]
    known: PathBuf,
}

/// One thing that is known to fail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The name of a check; `*` stands for anything.
    check: String,
    /// The statement that the Subject breaks, or of a check without verdict the one that stays open.
    requirement: String,
    /// Why it is a breach, from the standard's text.
    argument: String,
    /// The Subject breaks it in some runs only, by its own timing: the check may pass as well. The argument says so.
    #[serde(default)]
    intermittent: bool,
    /// The check comes to no verdict on this Subject, because of a breach or a choice that the argument names.
    #[serde(default)]
    no_verdict: bool,
}

impl Known {
    fn explains(&self, check: &Check) -> bool {
        let is_kind = match check.verdict {
            Verdict::Fail => !self.no_verdict,
            Verdict::Inconclusive => self.no_verdict,
            _ => false,
        };
        is_kind && fits(&self.check, &check.id)
    }
}

/// Compares. Exit code 1 if a failure is not on the list, an entry of the list that applies does not fail any more, or a check came to no verdict without an argument.
pub fn expect(arguments: &ExpectArguments) -> Result<u8, Failure> {
    let record = stored::read(&arguments.run)?;
    let wrong = |what: String| Failure::usage(format!("{}: {what}", arguments.known.display()));
    let text = std::fs::read_to_string(&arguments.known).map_err(|error| wrong(error.to_string()))?;
    let known: Vec<Known> = serde_yaml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let complaints = complaints(&record.checks, &known);
    if complaints.is_empty() {
        print(&format!("as expected: {} known failures and no others\n", known.len()));
        return Ok(0);
    }
    for complaint in &complaints {
        print(&format!("{complaint}\n"));
    }
    Ok(1)
}

/// What is not as the list says.
fn complaints(checks: &[Check], known: &[Known]) -> Vec<String> {
    let mut complaints = Vec::new();
    for entry in known {
        if catalogue::RequirementId::parse(&entry.requirement).is_none() {
            complaints.push(format!("{} is not a Requirement (entry {})", entry.requirement, entry.check));
        }
        if !is_argument(&entry.argument) {
            complaints.push(format!("{}: the argument is missing or too short", entry.check));
        }
    }
    let mut used = vec![false; known.len()];
    for check in checks {
        let mut argued = false;
        for (_, used) in known.iter().zip(&mut used).filter(|(entry, _)| entry.explains(check)) {
            (argued, *used) = (true, true);
        }
        match check.verdict {
            Verdict::Fail if !argued => {
                complaints.push(format!("{} fails, and no entry of the list explains it", check.id))
            }
            Verdict::Error | Verdict::Inconclusive if !argued => {
                complaints
                    .push(format!("{} came to no verdict, and no entry of the list explains it", check.id));
            }
            _ => {}
        }
    }
    for (entry, used) in known.iter().zip(used) {
        let mut its_checks = checks.iter().filter(|check| fits(&entry.check, &check.id)).peekable();
        // Without the listener that it needs a check says nothing.
        let applies =
            its_checks.peek().is_none() || its_checks.any(|check| check.verdict != Verdict::NotApplicable);
        if !used && applies && !entry.intermittent {
            let what = if entry.no_verdict { "come to no verdict" } else { "fail" };
            complaints.push(format!("{} is listed to {what}, but does not", entry.check));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{Known, complaints, fits};
    use record::{Check, Verdict};
    use record::{CheckKind, Version};

    fn check(verdict: Verdict) -> Check {
        let check = Check::new("5.0/a/x", "x", Version::V5, CheckKind::Scenario);
        Check { verdict, ..check }
    }

    fn known(no_verdict: bool) -> Known {
        Known {
            check: "5.0/a/*".to_owned(),
            requirement: "5.0/MQTT-4.5.0-1".to_owned(),
            argument: "The Server does this, and the standard forbids it in so many words.".to_owned(),
            intermittent: false,
            no_verdict,
        }
    }

    #[test]
    fn an_entry_explains_a_failure_or_a_missing_verdict_and_not_the_other() {
        for (verdict, no_verdict) in [(Verdict::Fail, false), (Verdict::Inconclusive, true)] {
            let checks = [check(verdict)];

            assert!(complaints(&checks, &[known(no_verdict)]).is_empty());
            assert_eq!(
                complaints(&checks, &[known(!no_verdict)]).len(),
                2,
                "unexplained, and not so any more"
            );
            assert_eq!(complaints(&checks, &[]).len(), 1);
        }
    }

    #[test]
    fn an_error_of_the_suite_is_explained_by_nothing() {
        for no_verdict in [false, true] {
            let complaints = complaints(&[check(Verdict::Error)], &[known(no_verdict)]);

            assert!(complaints.iter().any(|it| it.contains("came to no verdict")), "{complaints:?}");
        }
    }

    #[test]
    fn a_star_stands_for_anything_and_the_rest_for_itself() {
        assert!(fits("5.0/*/x", "5.0/a/b/x"));
        assert!(fits("*", ""));
        assert!(fits("5.0/a", "5.0/a"));
        assert!(!fits("5.0/a", "5.0/a/b"));
        assert!(!fits("5.0/*/x", "5.0/a/y"));
    }
}
