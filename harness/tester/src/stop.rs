//! Why a scenario cannot go on, as data from where it arises to the Record. Text is made of it once, at the end.
//!
//! What a [`Stop`] means for the verdict is not said here: Gherkin keywords decide that, in the runner of the suite.

mod expectation;
mod obstacle;

pub use expectation::{Actual, Ending, Expectation, Expected};
pub use obstacle::{Obstacle, Witness};

use catalogue::RequirementId;
use std::fmt;

/// Why a scenario cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The Subject did what the standard forbids, or did not do what it demands. A *fail* in a Then; else *inconclusive*.
    Violation(Violation),
    /// No verdict is possible.
    Inconclusive(Obstacle),
    /// The Subject does not offer what the scenario needs.
    NotApplicable(String),
    /// The occasion that the statement speaks of did not arise.
    NotExercised(String),
    /// A SHOULD was not followed.
    Warning(String),
    /// The suite itself is at fault.
    Error(String),
}

/// Who has to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The implementation under test.
    Subject,
    /// The suite.
    Tester,
    /// The network between the two, or whatever keeps them from meeting.
    Network,
    /// Whoever set the run up.
    User,
}

/// What was expected and what came instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What the standard demands here.
    pub expected: Expected,
    /// What was seen.
    pub actual: Actual,
    /// The index of the offending observation in the transcript, if it is not something missing.
    pub observation: Option<usize>,
    /// The Requirement that the bytes themselves break, where that is known better than from the tags.
    pub requirement: Option<RequirementId>,
}

impl Violation {
    /// Groups failures of the same kind: no values of the run in it.
    #[must_use]
    pub fn signature(&self) -> String {
        match &self.actual {
            Actual::NoPacket(error) => format!("undecodable: {}", error.requirement),
            _ => without_values(&self.expected.words),
        }
    }
}

impl fmt::Display for Violation {
    /// One sentence: who did what instead of what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actual {
            Actual::NoPacket(error) => write!(f, "the Server sent bytes that are no valid packet: {error}"),
            actual => write!(f, "expected {}; got {actual}", self.expected),
        }
    }
}

impl Stop {
    /// A violation by something that was seen.
    pub fn seen(
        expected: impl Into<Expected>,
        actual: impl Into<Actual>,
        observation: Option<usize>,
    ) -> Stop {
        Stop::Violation(Violation {
            expected: expected.into(),
            actual: actual.into(),
            observation,
            requirement: None,
        })
    }

    /// A violation by something that did not come.
    pub fn missing(expected: impl Into<Expected>, actual: impl Into<Actual>) -> Stop {
        Stop::seen(expected, actual, None)
    }

    /// No verdict, because the situation is not the one that the scenario speaks of. The words are for people: nothing is decided by them.
    pub fn inconclusive(situation: impl Into<String>) -> Stop {
        Stop::Inconclusive(Obstacle::Situation(situation.into()))
    }

    /// The same violation, which breaks this Requirement and none of the others that the check is about.
    #[must_use]
    pub fn about(mut self, id: RequirementId) -> Stop {
        if let Stop::Violation(violation) = &mut self {
            violation.requirement = Some(id);
        }
        self
    }

    /// Whose fault it is.
    #[must_use]
    pub fn by(&self) -> Party {
        match self {
            Stop::Violation(_) | Stop::NotExercised(_) | Stop::Warning(_) => Party::Subject,
            Stop::NotApplicable(_) => Party::User,
            Stop::Error(_) => Party::Tester,
            Stop::Inconclusive(obstacle) => obstacle.by(),
        }
    }

    /// Whether the Server could not be reached, or did not serve a Client that is new to it.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Stop::Inconclusive(obstacle) if obstacle.is_unreachable())
    }
}

/// Drops what differs between two runs or two examples of the same failure: digits and quoted text.
#[must_use]
pub fn without_values(text: &str) -> String {
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
            Stop::Violation(violation) => violation.fmt(f),
            Stop::Inconclusive(obstacle) => obstacle.fmt(f),
            Stop::NotApplicable(text)
            | Stop::NotExercised(text)
            | Stop::Warning(text)
            | Stop::Error(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Stop {}

/// What a step function gives back to cucumber when it stops, which is never: cucumber would make a panic with a text of it. So the `?` that turns a
/// [`Stop`] into this unwinds by itself, with the [`Stop`] as its payload, and the runner takes it from there. No panic hook hears of it.
#[derive(Debug)]
pub struct Stopped(std::convert::Infallible);

impl From<Stop> for Stopped {
    fn from(stop: Stop) -> Self {
        std::panic::resume_unwind(Box::new(stop))
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

/// What a step gives back.
pub type StepResult = Result<(), Stopped>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_one_kind_have_one_signature_whatever_their_values_are() {
        let signature = |expected: &str| match Stop::missing(expected, "nothing") {
            Stop::Violation(violation) => violation.signature(),
            other => panic!("{other}"),
        };

        assert_eq!(
            signature("PUBLISH \"a\" on \"t1\" at QoS 2"),
            signature("PUBLISH \"b\" on \"t\" at QoS 1")
        );
        assert_ne!(signature("PUBLISH \"a\""), signature("PUBREL 1"));
    }

    #[test]
    fn a_stop_reaches_whoever_catches_it_as_it_was() {
        let stop = Stop::inconclusive("it rains");
        let thrown = stop.clone();
        let caught = std::panic::catch_unwind(move || {
            let step = || -> StepResult { Err(thrown)? };
            step()
        });

        let payload = caught.expect_err("it unwinds");
        assert_eq!(payload.downcast_ref::<Stop>(), Some(&stop));
    }

    #[test]
    fn whoever_is_out_of_reach_is_so_behind_every_fence() {
        let refused = Stop::Inconclusive(Obstacle::SubjectGone(Witness::NoConnack));
        let fence = Stop::Inconclusive(Obstacle::NoFence {
            from: None,
            to: "S".to_owned(),
            because: Box::new(refused.clone()),
        });

        assert!(refused.is_unreachable());
        assert!(fence.is_unreachable());
        assert!(!Stop::inconclusive("it cannot be opened").is_unreachable());
        assert!(!Stop::missing("PUBACK", "nothing").is_unreachable());
    }
}
