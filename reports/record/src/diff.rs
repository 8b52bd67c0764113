//! Two Records, one after the other: what became worse, what became better, and whether that can be said at all.
//!
//! By transitions of checks, never by totals. What only one of the two suites has is listed apart and is no regression.

use crate::compare::{Transition, compare};
use crate::{Baseline, Check, Record, Verdict, count};

/// A comparison.
#[derive(Debug)]
pub struct Diff<'a> {
    /// The earlier Record.
    pub before: &'a Record,
    /// The later one.
    pub now: &'a Record,
    /// The transitions.
    pub changes: Baseline,
}

impl<'a> Diff<'a> {
    /// Compares.
    #[must_use]
    pub fn new(before: &'a Record, now: &'a Record) -> Diff<'a> {
        Diff { before, now, changes: compare(before, now) }
    }

    /// 1 if something became worse and is not covered by a waiver, 3 if that can not be said, else 0; with one sentence.
    #[must_use]
    pub fn exit(&self) -> (u8, String) {
        let broken = self.changes.broken.iter().filter(|id| !self.is_waived(id)).count();
        let withdrawn = self.changes.became_not_applicable.len();
        if broken + withdrawn > 0 {
            let mut parts = Vec::new();
            if broken > 0 {
                parts.push(format!("{} newly failing", count(broken, "check")));
            }
            if withdrawn > 0 {
                parts.push(format!("{} not applicable any more", count(withdrawn, "check")));
            }
            return (1, format!("worse: {}", parts.join(", ")));
        }
        let unsettled: usize = self
            .changes
            .lists()
            .iter()
            .filter(|(transition, _)| transition.is_unsettled())
            .map(|(_, checks)| checks.len())
            .sum();
        if unsettled > 0 {
            return (3, format!("can not be said: {} lost the verdict", count(unsettled, "check")));
        }
        if !self.now.run.complete || !self.now.run.filters.is_empty() {
            return (3, "can not be said: the later run is not complete".to_owned());
        }
        (0, "nothing became worse".to_owned())
    }

    /// Whether the failure of this check in the later Record is covered by a waiver.
    #[must_use]
    pub fn is_waived(&self, id: &str) -> bool {
        self.now.check(id).is_some_and(|check| check.waived_by.is_some())
    }

    /// What makes the two less comparable than they look.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let (before, now) = (self.before, self.now);
        let mut remarks = Vec::new();
        let suite = |record: &Record| {
            let commit = if record.suite.commit.is_empty() { "" } else { " " };
            format!("{}{commit}{}", record.suite.version, record.suite.commit)
        };
        if (&before.suite.version, &before.suite.commit) != (&now.suite.version, &now.suite.commit) {
            remarks.push(format!(
                "The suite changed from {} to {}: a check that both have may still judge differently. Added and removed checks are listed apart and count for nothing.",
                suite(before),
                suite(now)
            ));
        }
        if before.subject.name != now.subject.name {
            remarks.push("The Subjects have different names.".to_owned());
        }
        if before.run.testbed != now.run.testbed {
            remarks.push(format!(
                "The first run was {}, the second {}.",
                before.run.testbed.name(),
                now.run.testbed.name()
            ));
        }
        if before.run.specs != now.run.specs {
            remarks.push(format!("The first run tested {}, the second {}.", before.specs(), now.specs()));
        }
        for (which, record) in [("first", before), ("second", now)] {
            if !record.run.complete || !record.run.filters.is_empty() {
                remarks.push(format!("The {which} run is partial: {}.", record.completeness()));
            }
        }
        remarks
    }

    /// The later check, or the earlier one where there is no later.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&'a Check> {
        self.now.check(id).or_else(|| self.before.check(id))
    }

    /// What the check was and is, as verdicts.
    #[must_use]
    pub fn verdicts(&self, id: &str) -> (Option<Verdict>, Option<Verdict>) {
        let verdict = |record: &Record| record.check(id).map(|check| check.verdict);
        (verdict(self.before), verdict(self.now))
    }

    /// Why it is as it is now; why it failed before, where it passes now.
    #[must_use]
    pub fn reason(&self, transition: Transition, id: &str) -> &[u8] {
        let record = if transition == Transition::Fixed { self.before } else { self.now };
        record.check(id).map_or(&[], |check| check.reason.as_bytes())
    }

    /// The first statement that the check is about or breaks; empty if there is none.
    #[must_use]
    pub fn statement(&self, id: &str) -> &str {
        self.check(id).and_then(|check| check.accuses().next()).unwrap_or_default()
    }
}
