//! `expect`: compares a Record with a committed list of what is known to fail, each entry argued from the standard's text.

use super::{Failure, print};
use clap::Args;
use reports::waive::fits;
use reports::{Check, Record, Verdict};
use serde::Deserialize;
use std::path::PathBuf;

/// Arguments of `expect`.
#[derive(Debug, Args)]
pub struct ExpectArguments {
    /// The results.json of a run, or its directory
    #[arg(value_name = "RUN", default_value = "results")]
    run: PathBuf,
    /// The list of what is known to fail
    #[arg(long, value_name = "FILE")]
    known: PathBuf,
}

/// One thing that is known to fail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The name of a check; `*` stands for anything.
    check: String,
    /// The statement that the Subject breaks.
    requirement: String,
    /// Why it is a breach, from the standard's text.
    argument: String,
    /// The Subject breaks it in some runs only, by its own timing: the check may pass as well. The argument says so.
    #[serde(default)]
    intermittent: bool,
    /// The check comes to no verdict on this Subject, because of a breach that the argument names.
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
    let path =
        if arguments.run.is_dir() { arguments.run.join("results.json") } else { arguments.run.clone() };
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
    };
    let record = Record::from_json(read(&path)?.as_bytes())
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    let known: Vec<Known> = serde_yaml::from_str(&read(&arguments.known)?)
        .map_err(|error| Failure::usage(format!("{}: {error}", arguments.known.display())))?;
    let mut complaints = Vec::new();
    for entry in &known {
        if catalogue::RequirementId::parse(&entry.requirement).is_none() {
            complaints.push(format!("{} is no Requirement (entry {})", entry.requirement, entry.check));
        }
        if entry.argument.trim().len() < 40 {
            complaints.push(format!("{}: the argument is missing", entry.check));
        }
    }
    let mut used = vec![false; known.len()];
    for check in &record.checks {
        let mut argued = false;
        for (_, used) in known.iter().zip(&mut used).filter(|(entry, _)| entry.explains(check)) {
            (argued, *used) = (true, true);
        }
        match check.verdict {
            Verdict::Fail if !argued => complaints.push(format!("{} fails, which nothing argues", check.id)),
            Verdict::Error | Verdict::Inconclusive if !argued => {
                complaints.push(format!("{} came to no verdict, which nothing argues", check.id));
            }
            _ => {}
        }
    }
    for (entry, used) in known.iter().zip(used) {
        let mut checks = record.checks.iter().filter(|check| fits(&entry.check, &check.id)).peekable();
        // Without the listener that it needs a check says nothing.
        let applies = checks.peek().is_none() || checks.any(|check| check.verdict != Verdict::NotApplicable);
        if !used && applies && !entry.intermittent {
            let what = if entry.no_verdict { "come to no verdict" } else { "fail" };
            complaints.push(format!("{} is known to {what} and does not", entry.check));
        }
    }
    if complaints.is_empty() {
        print(&format!("as expected: {} known failures, nothing else\n", known.len()));
        return Ok(0);
    }
    for complaint in &complaints {
        print(&format!("{complaint}\n"));
    }
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything_and_the_rest_for_itself() {
        assert!(fits("v5/*/x", "v5/a/b/x"));
        assert!(fits("*", ""));
        assert!(fits("v5/a", "v5/a"));
        assert!(!fits("v5/a", "v5/a/b"));
        assert!(!fits("v5/*/x", "v5/a/y"));
    }
}
