//! Two Records of one Subject, compared by the transitions of their checks, never by totals.
//!
//! Checks that only one of the two has belong to a change of the suite: they are listed apart and are no regressions.

use std::collections::BTreeMap;

use crate::{Baseline, Check, Record, Verdict};

/// What changed from `before` to `now`.
#[must_use]
pub fn compare(before: &Record, now: &Record) -> Baseline {
    let then: BTreeMap<&str, Verdict> =
        before.checks.iter().map(|check| (check.id.as_str(), check.verdict)).collect();
    let today: BTreeMap<&str, &Check> = now.checks.iter().map(|check| (check.id.as_str(), check)).collect();
    let mut baseline = Baseline {
        suite: before.suite.clone(),
        subject: before.subject.clone(),
        verdict: before.verdict,
        broken: Vec::new(),
        fixed: Vec::new(),
        still_broken: Vec::new(),
        newly_inconclusive: Vec::new(),
        became_not_applicable: Vec::new(),
        newly_warned: Vec::new(),
        no_longer_judged: Vec::new(),
        added: Vec::new(),
        removed: then.keys().filter(|id| !today.contains_key(*id)).map(|id| (*id).to_owned()).collect(),
    };
    for (id, check) in today {
        let list = match (then.get(id), check.verdict) {
            (None, _) => &mut baseline.added,
            (Some(Verdict::Fail), Verdict::Fail) => &mut baseline.still_broken,
            (Some(_), Verdict::Fail) => &mut baseline.broken,
            (Some(Verdict::Fail), Verdict::Pass | Verdict::Info | Verdict::Warn) => &mut baseline.fixed,
            (Some(before), Verdict::Inconclusive | Verdict::Error) if before.is_observed() => {
                &mut baseline.newly_inconclusive
            }
            (Some(before), Verdict::NotApplicable) if before.is_observed() => {
                &mut baseline.became_not_applicable
            }
            (Some(Verdict::Pass | Verdict::Info), Verdict::Warn) => &mut baseline.newly_warned,
            (Some(before), Verdict::NotRun | Verdict::NotExercised) if before.is_observed() => {
                &mut baseline.no_longer_judged
            }
            (Some(_), _) => continue,
        };
        list.push(id.to_owned());
    }
    baseline
}

/// A kind of change of a check between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// Failing now, not then.
    Broken,
    /// Judged then, not applicable now.
    BecameNotApplicable,
    /// Judged then, inconclusive now.
    NewlyInconclusive,
    /// Judged then; now not run or not exercised.
    NoLongerJudged,
    /// A SHOULD followed then and not now.
    NewlyWarned,
    /// Failing then and now.
    StillBroken,
    /// Failing then, passing now.
    Fixed,
    /// Only in the later Record.
    Added,
    /// Only in the earlier Record.
    Removed,
}

impl Transition {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Transition::Broken => "broken",
            Transition::BecameNotApplicable => "became_not_applicable",
            Transition::NewlyInconclusive => "newly_inconclusive",
            Transition::NoLongerJudged => "no_longer_judged",
            Transition::NewlyWarned => "newly_warned",
            Transition::StillBroken => "still_broken",
            Transition::Fixed => "fixed",
            Transition::Added => "added",
            Transition::Removed => "removed",
        }
    }

    /// The same for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Transition::Broken => "Newly failing",
            Transition::BecameNotApplicable => "Became not applicable (a capability was withdrawn)",
            Transition::NewlyInconclusive => "Newly inconclusive",
            Transition::NoLongerJudged => "No longer judged (not run, or no occasion)",
            Transition::NewlyWarned => "Recommendations no longer followed",
            Transition::StillBroken => "Still failing",
            Transition::Fixed => "Newly passing",
            Transition::Added => "Added checks",
            Transition::Removed => "Removed checks",
        }
    }

    /// Whether it stands in the way of a release that must not be worse.
    #[must_use]
    pub const fn is_regression(self) -> bool {
        matches!(self, Transition::Broken | Transition::BecameNotApplicable)
    }

    /// Whether it keeps the question whether something became worse without an answer.
    #[must_use]
    pub const fn is_unsettled(self) -> bool {
        matches!(self, Transition::NewlyInconclusive | Transition::NoLongerJudged)
    }
}

impl Baseline {
    /// The names of the checks of each kind of change, what matters most first.
    #[must_use]
    pub fn lists(&self) -> [(Transition, &[String]); 9] {
        [
            (Transition::Broken, &self.broken),
            (Transition::BecameNotApplicable, &self.became_not_applicable),
            (Transition::NewlyInconclusive, &self.newly_inconclusive),
            (Transition::NoLongerJudged, &self.no_longer_judged),
            (Transition::NewlyWarned, &self.newly_warned),
            (Transition::StillBroken, &self.still_broken),
            (Transition::Fixed, &self.fixed),
            (Transition::Added, &self.added),
            (Transition::Removed, &self.removed),
        ]
    }

    /// Whether something that was judged well is now worse. A withdrawn capability counts: it is the easiest way to lose a failure.
    #[must_use]
    pub fn is_regression(&self) -> bool {
        !self.broken.is_empty() || !self.became_not_applicable.is_empty()
    }
}
