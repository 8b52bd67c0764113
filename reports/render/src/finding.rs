//! Findings: checks grouped by what went wrong, because sixty failing checks are seven causes.

use std::collections::BTreeMap;

use record::{Check, CheckKind, Record, Requirement, Verdict};

/// Checks that ended badly for the same reason.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The worst verdict of its checks.
    pub verdict: Verdict,
    /// What they have in common.
    pub signature: String,
    /// The statements that it is about: those it breaks, or those it leaves without a verdict.
    pub requirements: Vec<&'a Requirement>,
    /// Its checks; the first represents them.
    pub checks: Vec<&'a Check>,
    /// Whether every failing check is covered by a live waiver.
    pub waived: bool,
}

impl Finding<'_> {
    /// The check whose evidence is shown.
    #[must_use]
    pub fn representative(&self) -> &Check {
        self.checks[0]
    }

    /// What is wrong, in the words of the check: `Not so: a second CONNECT closes the Network Connection`.
    #[must_use]
    pub fn title(&self) -> String {
        let check = self.representative();
        let what = match (self.verdict, check.kind) {
            // Its title is the packet and what is wrong with it.
            (Verdict::Fail, CheckKind::Malformed) => "Not refused as it must be",
            (Verdict::Warn, CheckKind::Malformed) => "Not noticed",
            (Verdict::Fail | Verdict::Warn, _) => "Not so",
            (Verdict::Error, _) => "Lost to a harness error",
            _ => "Not decided",
        };
        format!("{what}: {}", check.title)
    }

    /// Whether it breaks a MUST or a MUST NOT.
    #[must_use]
    pub fn breaks_must(&self) -> bool {
        self.verdict == Verdict::Fail && !self.waived
    }
}

/// The findings of a Record, the worst first; of equals, the one with more checks.
#[must_use]
pub fn findings(record: &Record) -> Vec<Finding<'_>> {
    let requirements: BTreeMap<&str, &Requirement> =
        record.requirements.iter().map(|requirement| (requirement.id.as_str(), requirement)).collect();
    let mut groups: BTreeMap<(Verdict, String), Vec<&Check>> = BTreeMap::new();
    for check in record.checks.iter().filter(|check| check.verdict.is_finding()) {
        groups.entry((check.verdict, signature(check))).or_default().push(check);
    }
    let mut findings: Vec<Finding<'_>> = groups
        .into_iter()
        .map(|((verdict, signature), mut checks)| {
            // The one that shows most: with packets, then with the fewest of them.
            checks.sort_by_key(|check| {
                let events =
                    check.transcript.as_ref().map_or(usize::MAX, |transcript| transcript.events.len().max(1));
                (events, check.id.as_str())
            });
            let mut about: Vec<&Requirement> = Vec::new();
            for id in checks.iter().flat_map(|check| check.accuses()) {
                if let Some(requirement) = requirements.get(id)
                    && requirement.binds(record.subject.role)
                    && !about.iter().any(|known| known.id == requirement.id)
                {
                    about.push(requirement);
                }
            }
            let waived = verdict == Verdict::Fail && checks.iter().all(|check| check.waived_by.is_some());
            Finding { verdict, signature, requirements: about, checks, waived }
        })
        .collect();
    findings.sort_by(|a, b| {
        (a.verdict, a.waived, b.checks.len(), &a.signature).cmp(&(
            b.verdict,
            b.waived,
            a.checks.len(),
            &b.signature,
        ))
    });
    findings
}

/// What checks of one cause have in common. A failure without a signature of its own is grouped by the statement that it breaks;
/// anything else by its reason.
fn signature(check: &Check) -> String {
    if let Some(signature) = &check.signature {
        return signature.clone();
    }
    match check.verdict {
        Verdict::Fail | Verdict::Warn => check.accuses().next().unwrap_or(&check.id).to_owned(),
        _ => String::from_utf8_lossy(check.reason.as_bytes()).into_owned(),
    }
}
