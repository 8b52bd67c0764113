//! Why a step stops a scenario, and what that means for the verdict.
//!
//! Gherkin keywords are verdict classes: *Given* and *When* can only make a scenario inconclusive; only *Then*, a Monitor or the
//! history checker may say *fail*.

use catalogue::RequirementId;
use std::fmt;

/// Why a scenario cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The Subject did what the standard forbids, or did not do what it demands. A *fail* in a Then; else *inconclusive*.
    Violation(Violation),
    /// No verdict is possible.
    Inconclusive(String),
    /// The Subject does not offer what the scenario needs.
    NotApplicable(String),
    /// The occasion that the statement speaks of did not arise.
    NotExercised(String),
    /// A SHOULD was not followed.
    Warning(String),
    /// The suite itself is at fault.
    Error(String),
}

/// What was expected and what came instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// One sentence: who did what instead of what.
    pub text: String,
    /// What the standard demands here; each acceptable outcome.
    pub expected: String,
    /// What was seen.
    pub actual: String,
    /// The index of the offending observation in the transcript, if it is not something missing.
    pub observation: Option<usize>,
    /// The Requirement that the bytes themselves break, where that is known better than from the tags.
    pub requirement: Option<RequirementId>,
    /// Groups failures of the same kind: no values of the run in it.
    pub signature: String,
}

impl Stop {
    /// A violation by something that was seen.
    pub fn seen(expected: impl Into<String>, actual: impl Into<String>, observation: Option<usize>) -> Stop {
        let (expected, actual) = (expected.into(), actual.into());
        Stop::Violation(Violation {
            text: format!("expected {expected}; got {actual}"),
            signature: signature(&expected),
            expected,
            actual,
            observation,
            requirement: None,
        })
    }

    /// The same violation, which breaks this Requirement and none of the others that the check is about.
    #[must_use]
    pub fn about(mut self, id: RequirementId) -> Stop {
        if let Stop::Violation(violation) = &mut self {
            violation.requirement = Some(id);
        }
        self
    }

    /// A violation by something that did not come.
    pub fn missing(expected: impl Into<String>, actual: impl Into<String>) -> Stop {
        Stop::seen(expected, actual, None)
    }
}

/// Drops what differs between two runs or two examples of the same failure: digits and quoted text.
fn signature(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if quoted {
                    out.push('…');
                }
            }
            _ if quoted => {}
            c if c.is_ascii_digit() => {
                if !out.ends_with('#') {
                    out.push('#');
                }
            }
            c => out.push(c),
        }
    }
    out
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Violation(violation) => f.write_str(&violation.text),
            Stop::Inconclusive(text)
            | Stop::NotApplicable(text)
            | Stop::NotExercised(text)
            | Stop::Warning(text)
            | Stop::Error(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Stop {}

thread_local! {
    static LAST: std::cell::RefCell<Option<Stop>> = const { std::cell::RefCell::new(None) };
}

/// What a step function gives back to cucumber when it stops. cucumber turns it into a panic with its text alone, so the [`Stop`] itself is put
/// aside here, on the same thread, and taken by the runner ([`Stopped::take`]).
#[derive(Debug)]
pub struct Stopped(String);

impl Stopped {
    /// The [`Stop`] that was put aside last on this thread.
    #[must_use]
    pub fn take() -> Option<Stop> {
        LAST.with_borrow_mut(Option::take)
    }
}

impl From<Stop> for Stopped {
    fn from(stop: Stop) -> Self {
        let text = stop.to_string();
        LAST.set(Some(stop));
        Stopped(text)
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a step gives back.
pub type StepResult = Result<(), Stopped>;
