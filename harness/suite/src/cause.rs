//! Why a check has the verdict that it has, as data. The text that people read is made of it at the end.

use crate::pulse::Pace;
use catalogue::RequirementId;
use std::fmt;
use tester::stop::{Party, Stop, Violation};

/// Why a check has its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// All that was to be seen was seen.
    Fulfilled,
    /// The standard does not say what a Server does here; what it does is recorded.
    LeftOpen,
    /// Recommendations that were not followed.
    Warnings(Vec<String>),
    /// A Then, or what came before it, stopped the check.
    Stopped(Stop),
    /// A Given or a When met with what would be a violation in a Then: the situation is not there.
    Precondition(Violation),
    /// What was seen breaks a statement that this check is not about.
    Elsewhere {
        /// That statement.
        broken: RequirementId,
        /// What was seen.
        violation: Violation,
    },
    /// It failed, and not each time: nobody knows whose fault that is.
    Unsteady {
        /// Why it failed first, or came to no verdict.
        first: Box<Cause>,
        /// How often it failed.
        failed: u32,
        /// How often it was run, the first time beside other checks and then alone.
        runs: u32,
    },
    /// The Server did not keep pace while the check ran, and so each time.
    Stalled(Pace),
    /// The Testbed itself has failed.
    Testbed(String),
    /// The Subject does not have what the check needs.
    Lacking(Lack),
}

/// What a Subject does not have that a check needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// A listener with this configuration.
    Listener(String),
    /// Commands that end it and start it again.
    Hooks,
    /// Something that it says it does not offer, in words.
    Capability(String),
}

impl Cause {
    /// The violation that was seen, whatever it means for this check.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        match self {
            Cause::Stopped(Stop::Violation(violation))
            | Cause::Precondition(violation)
            | Cause::Elsewhere { violation, .. } => Some(violation),
            Cause::Unsteady { first, .. } => first.violation(),
            _ => None,
        }
    }

    /// Whether the Server could not be reached, or did not serve a Client that is new to it.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Cause::Stopped(stop) if stop.is_unreachable())
    }

    /// Whose fault it is; `None` if nothing is wrong.
    #[must_use]
    pub fn by(&self) -> Option<Party> {
        match self {
            Cause::Fulfilled | Cause::LeftOpen => None,
            Cause::Stopped(stop) => Some(stop.by()),
            Cause::Warnings(_)
            | Cause::Precondition(_)
            | Cause::Elsewhere { .. }
            | Cause::Unsteady { .. }
            | Cause::Stalled(_) => Some(Party::Subject),
            Cause::Testbed(_) => Some(Party::Tester),
            Cause::Lacking(Lack::Capability(_)) => Some(Party::Subject),
            Cause::Lacking(Lack::Listener(_) | Lack::Hooks) => Some(Party::User),
        }
    }
}

impl fmt::Display for Cause {
    /// Nothing for [`Cause::Fulfilled`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Fulfilled => Ok(()),
            Cause::LeftOpen => f.write_str(
                "the standard does not say what a Server does with this fault; its choice is recorded",
            ),
            Cause::Warnings(warnings) => f.write_str(&warnings.join("; ")),
            Cause::Stopped(stop) => stop.fmt(f),
            Cause::Precondition(violation) => {
                write!(f, "the situation to test did not come about: {violation}")
            }
            Cause::Elsewhere { broken, violation } => {
                write!(f, "{broken} is broken, which is judged elsewhere: {violation}")
            }
            Cause::Unsteady { first, failed, runs } => {
                write!(
                    f,
                    "intermittent: it failed in {failed} of {runs} runs, the first beside other checks and the others alone. First seen: {first}"
                )
            }
            Cause::Stalled(pace) => {
                write!(f, "{pace} while this check ran, so nothing that is missing proves anything")
            }
            Cause::Testbed(why) => write!(f, "the Testbed has failed: {why}"),
            Cause::Lacking(lack) => lack.fmt(f),
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lack::Listener(name) => {
                write!(f, "it needs a Server configured as \"{name}\", and this Subject has no such listener")
            }
            Lack::Hooks => f.write_str(
                "it ends the Server and starts it again, and no commands for that were given (--hook-start, --hook-stop, --hook-kill)",
            ),
            Lack::Capability(words) => f.write_str(words),
        }
    }
}
