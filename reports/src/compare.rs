//! Two Records of one Subject, compared by the transitions of their checks, never by totals.
//!
//! Checks that only one of the two has belong to a change of the suite: they are listed apart and are no regressions.

use std::collections::BTreeMap;

use crate::record::{Baseline, Check, Record, Verdict};

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
            (Some(_), _) => continue,
        };
        list.push(id.to_owned());
    }
    baseline
}

impl Baseline {
    /// Whether something that was judged well is now worse. A withdrawn capability counts: it is the easiest way to lose a failure.
    #[must_use]
    pub fn is_regression(&self) -> bool {
        !self.broken.is_empty() || !self.became_not_applicable.is_empty()
    }
}
