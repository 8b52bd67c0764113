//! Waivers: failures that were agreed to be lived with for a while.
//!
//! A waiver covers a failing check whose name fits one of its patterns and whose signature is the one that was agreed upon, until a day. It never
//! covers an error of the suite, and never hides anything: a waived failure stays a failure in every list. A waiver that has expired covers nothing;
//! one that covers nothing although its checks ran is stale.

use std::collections::BTreeSet;

use crate::{Record, Verdict, Waiver, WaiverState};

/// More checks than this under one waiver is a blanket, and refused unless the file allows it.
pub const MATCHES: usize = 10;

/// Why waivers can not be applied.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WaiveError {
    /// Something that has to be there is empty.
    #[error("waiver {id}: `{field}` is missing")]
    Missing {
        /// Which waiver.
        id: String,
        /// What is missing.
        field: &'static str,
    },
    /// A day is not `YYYY-MM-DD`.
    #[error("waiver {id}: `{day}` is not a day as YYYY-MM-DD")]
    Day {
        /// Which waiver.
        id: String,
        /// What stands there.
        day: String,
    },
    /// Two waivers have one name.
    #[error("there are two waivers {id}")]
    Twice {
        /// Their name.
        id: String,
    },
    /// It would cover too much.
    #[error("waiver {id} covers {found} failing checks, and at most {limit} are allowed")]
    Blanket {
        /// Which waiver.
        id: String,
        /// How many it covers.
        found: usize,
        /// How many it may cover.
        limit: usize,
    },
}

impl Record {
    /// Applies waivers on a day (`YYYY-MM-DD`), and concludes. `limit` is how many checks one of them may cover.
    ///
    /// # Errors
    /// If one is incomplete, or covers more than `limit`; the Record is then as before.
    pub fn waive(&mut self, waivers: &[Waiver], today: &str, limit: usize) -> Result<(), WaiveError> {
        let now = day("today", today)?;
        let mut names = BTreeSet::new();
        let mut applied = Vec::new();
        for waiver in waivers {
            complete(waiver)?;
            if !names.insert(waiver.id.as_str()) {
                return Err(WaiveError::Twice { id: waiver.id.clone() });
            }
            let mut waiver = waiver.clone();
            let left = day(&waiver.id, &waiver.expires)? - now;
            day(&waiver.id, &waiver.added)?;
            waiver.days_left = Some(left);
            let fits = |id: &str| waiver.checks.iter().any(|pattern| fits(pattern, id));
            waiver.matched = self
                .checks
                .iter()
                .filter(|check| {
                    check.verdict == Verdict::Fail
                        && fits(&check.id)
                        && check.signature.as_deref().unwrap_or_default() == waiver.signature
                })
                .map(|check| check.id.clone())
                .collect();
            if waiver.matched.len() > limit {
                return Err(WaiveError::Blanket { id: waiver.id, found: waiver.matched.len(), limit });
            }
            // What did not run, or came to nothing, says nothing about the waiver.
            let ran = self.checks.iter().any(|check| fits(&check.id) && check.verdict.is_observed());
            waiver.state = if left < 0 {
                WaiverState::Expired
            } else if waiver.matched.is_empty() && ran {
                WaiverState::Stale
            } else {
                WaiverState::InForce
            };
            applied.push(waiver);
        }
        for check in &mut self.checks {
            check.waived_by = applied
                .iter()
                .find(|waiver| waiver.state == WaiverState::InForce && waiver.matched.contains(&check.id))
                .map(|waiver| waiver.id.clone());
        }
        self.waivers = applied;
        self.conclude();
        Ok(())
    }
}

fn complete(waiver: &Waiver) -> Result<(), WaiveError> {
    let fields = [
        ("id", waiver.id.trim().is_empty()),
        ("checks", waiver.checks.is_empty()),
        ("signature", waiver.signature.trim().is_empty()),
        ("reason", waiver.reason.trim().is_empty()),
        ("owner", waiver.owner.trim().is_empty()),
        ("added", waiver.added.trim().is_empty()),
        ("expires", waiver.expires.trim().is_empty()),
    ];
    match fields.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((field, _)) => Err(WaiveError::Missing { id: waiver.id.clone(), field }),
        None => Ok(()),
    }
}

/// Whether a pattern, in which `*` stands for anything, fits the whole name.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| fits(after, rest)))
        }),
    }
}

/// Days since 1970-01-01 (after Howard Hinnant's algorithm).
fn day(id: &str, text: &str) -> Result<i64, WaiveError> {
    let wrong = || WaiveError::Day { id: id.to_owned(), day: text.to_owned() };
    let parts: Vec<i64> =
        text.split('-').map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let [year, month, day] = parts[..] else { return Err(wrong()) };
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(wrong());
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    Ok(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_counted_as_everybody_counts_them() {
        assert_eq!(day("", "1970-01-01"), Ok(0));
        assert_eq!(day("", "2000-03-01"), Ok(11_017));
        assert_eq!(day("", "2026-11-25"), Ok(20_782));
        assert!(day("", "2026-13-01").is_err() && day("", "soon").is_err());
    }
}
