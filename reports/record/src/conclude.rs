//! From the verdicts of checks to those of the Requirements, of the run, and to the exit code.
//!
//! The rules, in one place:
//! - A Requirement has the worst verdict of its checks. A failed check whose `violated` names some of its Requirements leaves the
//!   others inconclusive. A SHOULD that is not followed is a warning and never a failure.
//! - A Requirement that binds only the other role is not applicable; one without a check is untested, or untestable
//!   when nothing of it is visible from outside. None of these is ever a pass.
//! - A check that fails without naming a Requirement that binds the Subject accuses nobody: it is our error.
//! - The run is *conformant* when it is complete and unfiltered, at least one MUST statement passed, and every applicable MUST
//!   statement with a check has been judged and kept. Statements that hold vacuously (not exercised) or have no check yet do not stand in the
//!   way, but the verdict says "in everything tested, N of M statements", so that the word can not promise more
//!   than was seen. A filtered or broken-off run is *not conformant* or has *no verdict*.

use std::collections::BTreeMap;

use super::{
    Actor, Check, Gate, Interruption, Level, Observe, Record, Requirement, Role, RunVerdict, Untrusted,
    Verdict, WaiverState,
};

/// How many Requirements of a kind came to what. Counts statements, not checks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bind the Subject in principle: everything but *not applicable*.
    pub applicable: usize,
    /// Kept.
    pub passed: usize,
    /// Broken, and not waived.
    pub failed: usize,
    /// Broken, with every failing check covered by a live waiver.
    pub waived: usize,
    /// A SHOULD that is not followed.
    pub warned: usize,
    /// A choice that was recorded.
    pub informed: usize,
    /// Without a verdict although checked.
    pub inconclusive: usize,
    /// Left without a verdict by a fault of ours.
    pub errors: usize,
    /// Left out of this run.
    pub not_run: usize,
    /// Held vacuously.
    pub not_exercised: usize,
    /// Do not bind this Subject.
    pub not_applicable: usize,
    /// Without a check.
    pub untested: usize,
    /// Out of reach of any test.
    pub untestable: usize,
}

impl Tally {
    /// Statements on which the Subject was judged by what it sent.
    #[must_use]
    pub const fn tested(&self) -> usize {
        self.passed + self.failed + self.waived + self.warned + self.informed
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.applicable + self.not_applicable
    }

    fn add(&mut self, verdict: Verdict, waived: bool) {
        let count = match verdict {
            Verdict::Fail if waived => &mut self.waived,
            Verdict::Fail => &mut self.failed,
            Verdict::Error => &mut self.errors,
            Verdict::Inconclusive => &mut self.inconclusive,
            Verdict::NotRun => &mut self.not_run,
            Verdict::Warn => &mut self.warned,
            Verdict::Pass => &mut self.passed,
            Verdict::Info => &mut self.informed,
            Verdict::NotExercised => &mut self.not_exercised,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Untested => &mut self.untested,
            Verdict::Untestable => &mut self.untestable,
        };
        *count += 1;
        if verdict != Verdict::NotApplicable {
            self.applicable += 1;
        }
    }
}

impl Requirement {
    /// Whether it binds a Subject of this role.
    #[must_use]
    pub const fn binds(&self, role: Role) -> bool {
        matches!(
            (self.actor, role),
            (Actor::Both, _) | (Actor::Server, Role::Server) | (Actor::Client, Role::Client)
        )
    }
}

impl Record {
    /// Computes the verdicts of the Requirements, of the run, the reasons and the exit code from the checks.
    ///
    /// Running it again changes nothing.
    pub fn conclude(&mut self) {
        self.own_up();
        for requirement in &mut self.requirements {
            requirement.checks.clear();
        }
        self.judge_requirements();
        self.judge_run();
        self.choose_exit();
        self.add_shell_lines();
    }

    /// Counts the Requirements for which `filter` holds.
    #[must_use]
    pub fn tally(&self, filter: impl Fn(&Requirement) -> bool) -> Tally {
        let mut tally = Tally::default();
        for requirement in self.requirements.iter().filter(|requirement| filter(requirement)) {
            tally.add(requirement.verdict, self.is_waived(requirement));
        }
        tally
    }

    /// Counts the MUST and MUST NOT statements.
    #[must_use]
    pub fn musts(&self) -> Tally {
        self.tally(|requirement| requirement.level.is_must())
    }

    /// Counts the SHOULD and SHOULD NOT statements.
    #[must_use]
    pub fn shoulds(&self) -> Tally {
        self.tally(|requirement| requirement.level.is_should())
    }

    /// How many checks have each verdict, the worst first, without those that occur never.
    #[must_use]
    pub fn check_counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for check in &self.checks {
            *counts.entry(check.verdict).or_default() += 1;
        }
        counts
    }

    /// Whether a failed Requirement is covered by live waivers in each of its failing checks.
    #[must_use]
    pub fn is_waived(&self, requirement: &Requirement) -> bool {
        requirement.verdict == Verdict::Fail
            && self
                .checks
                .iter()
                .filter(|check| check.verdict == Verdict::Fail && check.breaks(&requirement.id))
                .all(|check| check.waived_by.is_some())
    }

    /// Checks that say something they can not: a failure that accuses nobody is an error of ours, and a failure of nothing
    /// but SHOULDs is a warning.
    fn own_up(&mut self) {
        let levels: BTreeMap<&str, (bool, Level)> = self
            .requirements
            .iter()
            .map(|requirement| {
                (requirement.id.as_str(), (requirement.binds(self.subject.role), requirement.level))
            })
            .collect();
        for check in &mut self.checks {
            if matches!(check.verdict, Verdict::Untested | Verdict::Untestable) {
                check.verdict = Verdict::NotRun;
            }
            if check.verdict != Verdict::Fail {
                continue;
            }
            let accused: Vec<Level> = check
                .accuses()
                .filter_map(|id| levels.get(id).filter(|(binds, _)| *binds).map(|(_, level)| *level))
                .collect();
            if accused.is_empty() {
                check.verdict = Verdict::Error;
                let seen = String::from_utf8_lossy(check.reason.as_bytes()).into_owned();
                check.reason = Untrusted::from(format!(
                    "The check failed without naming a statement that binds the Subject, so this counts against the suite. Seen: {seen}"
                ));
            } else if !accused.iter().any(|level| level.is_must()) {
                check.verdict = Verdict::Warn;
            }
        }
    }

    fn judge_requirements(&mut self) {
        let mut by_requirement: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
        for check in &self.checks {
            for id in &check.requirements {
                by_requirement.entry(id).or_default().push(check);
            }
        }
        for requirement in &mut self.requirements {
            let checks = by_requirement.get(requirement.id.as_str()).map_or(&[][..], Vec::as_slice);
            requirement.checks = checks.iter().map(|check| check.id.clone()).collect();
            requirement.checks.dedup();
            let (verdict, reason) = judge(requirement, checks, self.subject.role);
            requirement.verdict = verdict;
            if let Some(reason) = reason {
                requirement.reason = Some(reason);
            }
        }
    }

    fn judge_run(&mut self) {
        let musts = self.musts();
        let mut reasons = Vec::new();
        if musts.failed > 0 {
            reasons.push(format!(
                "{} {} broken.",
                count(musts.failed, "MUST statement"),
                if musts.failed == 1 { "is" } else { "are" }
            ));
        }
        let gaps = self.gaps(&musts);
        self.verdict = if musts.failed > 0 {
            RunVerdict::NotConformant
        } else if !gaps.is_empty() {
            RunVerdict::NoVerdict
        } else if musts.waived > 0 || self.checks.iter().any(|check| check.verdict == Verdict::Fail) {
            reasons.push(format!(
                "{} broken, each covered by a live waiver.",
                count(musts.waived, "MUST statement")
            ));
            RunVerdict::ConformantWithWaivers
        } else {
            reasons
                .push(format!("{} tested and kept.", count(musts.passed + musts.informed, "MUST statement")));
            RunVerdict::Conformant
        };
        reasons.extend(gaps);
        if let Some(words) = &self.run.cut_short {
            reasons.insert(0, words.clone());
        }
        self.verdict_reasons = reasons;
    }

    /// What stands between this run and a verdict.
    fn gaps(&self, musts: &Tally) -> Vec<String> {
        let mut gaps = Vec::new();
        match self.run.interruption {
            None => {}
            Some(Interruption::InternalError) => gaps.push("The suite itself broke.".to_owned()),
            Some(Interruption::SubjectUnavailable) => {
                gaps.push("The Subject could not be reached.".to_owned())
            }
            Some(Interruption::Interrupted) => gaps.push("The run was interrupted.".to_owned()),
            Some(Interruption::Terminated) => gaps.push("The run was terminated.".to_owned()),
            Some(Interruption::BudgetExhausted) => gaps.push("The time budget was used up.".to_owned()),
        }
        if !self.run.filters.is_empty() {
            gaps.push(format!("The run was filtered ({}).", self.run.filters.join(", ")));
        }
        if let Some(partition) = &self.run.partition {
            let missing: Vec<String> = partition.missing().iter().map(u32::to_string).collect();
            if !missing.is_empty() {
                let noun = if missing.len() == 1 { "Shard" } else { "Shards" };
                let verb = if missing.len() == 1 { "is" } else { "are" };
                gaps.push(format!("{noun} {} of {} {verb} missing.", missing.join(", "), partition.of));
            }
        }
        if !self.run.complete && self.run.interruption.is_none() {
            gaps.push("The run did not come to its end.".to_owned());
        }
        let errors = self.checks.iter().filter(|check| check.verdict == Verdict::Error).count();
        if errors > 0 {
            gaps.push(format!("{} ended in an error of the suite.", count(errors, "check")));
        }
        if musts.inconclusive > 0 {
            gaps.push(format!("{} inconclusive.", count(musts.inconclusive, "MUST statement")));
        }
        if musts.not_run > 0 {
            gaps.push(format!("{} not run.", count(musts.not_run, "MUST statement")));
        }
        if musts.passed + musts.informed + musts.failed + musts.waived == 0 {
            gaps.push("No MUST statement was tested.".to_owned());
        }
        gaps
    }

    /// When several apply: 70, a signal, 6, 1, 3, 5, 4.
    fn choose_exit(&mut self) {
        let ran = self.checks.iter().any(|check| !matches!(check.verdict, Verdict::NotRun));
        let strict = self.run.strict && self.checks.iter().any(|check| check.verdict == Verdict::Warn);
        let expired = self.waivers.iter().any(|waiver| waiver.state == WaiverState::Expired);
        let stale = self.waivers.iter().any(|waiver| waiver.state == WaiverState::Stale);
        let mut all: Vec<(u8, String)> = Vec::new();
        match self.run.interruption {
            Some(Interruption::InternalError) => {
                all.push((70, "internal error: the results are not trustworthy".to_owned()));
            }
            Some(Interruption::Interrupted) => all.push((130, "interrupted (SIGINT)".to_owned())),
            Some(Interruption::Terminated) => all.push((143, "terminated (SIGTERM)".to_owned())),
            Some(Interruption::SubjectUnavailable) => {
                all.push((6, "the Subject is not available".to_owned()));
            }
            Some(Interruption::BudgetExhausted) | None => {}
        }
        let regressions = if self.run.gate == Gate::NoRegression { self.regressions() } else { Vec::new() };
        match self.run.gate {
            Gate::Conformant if self.verdict == RunVerdict::NotConformant => {
                all.push((1, "non-conformance".to_owned()));
            }
            Gate::Conformant => {}
            Gate::NoRegression => all.extend(regressions.into_iter().map(|reason| (1, reason))),
        }
        if strict {
            all.push((1, "a SHOULD is not followed, and the run is strict".to_owned()));
        }
        if expired {
            all.push((1, "a waiver has expired".to_owned()));
        }
        if !ran && self.run.interruption.is_none() {
            all.push((4, "nothing ran".to_owned()));
        } else {
            match self.run.gate {
                Gate::Conformant if self.verdict == RunVerdict::NoVerdict => {
                    all.push((3, "no verdict".to_owned()));
                }
                Gate::Conformant => {}
                Gate::NoRegression => all.extend(self.unsettled().into_iter().map(|reason| (3, reason))),
            }
        }
        if stale {
            all.push((5, "a waiver is stale".to_owned()));
        }
        self.exit.code = all.first().map_or(0, |(code, _)| *code);
        self.exit.reasons = all.into_iter().map(|(_, reason)| reason).collect();
        if self.exit.code == 0 {
            self.exit.reasons = vec![
                match self.run.gate {
                    Gate::Conformant => "everything selected ran and met expectations",
                    Gate::NoRegression => "nothing is worse than in the baseline",
                }
                .to_owned(),
            ];
        }
    }

    /// What became worse than the baseline and is not covered by a live waiver.
    fn regressions(&self) -> Vec<String> {
        let Some(baseline) = &self.baseline else { return Vec::new() };
        let broken = baseline
            .broken
            .iter()
            .filter(|id| self.check(id).is_none_or(|check| check.waived_by.is_none()))
            .count();
        let withdrawn = baseline.became_not_applicable.len();
        let mut reasons = Vec::new();
        if broken > 0 {
            reasons.push(format!("{} newly failing", count(broken, "check")));
        }
        if withdrawn > 0 {
            reasons.push(format!(
                "{} not applicable any more: a capability was withdrawn",
                count(withdrawn, "check")
            ));
        }
        reasons
    }

    /// What keeps the question for regressions without an answer.
    fn unsettled(&self) -> Vec<String> {
        let Some(baseline) = &self.baseline else {
            return vec!["there is no baseline to compare with".to_owned()];
        };
        let mut reasons = Vec::new();
        if !baseline.newly_inconclusive.is_empty() {
            reasons.push(format!("{} newly inconclusive", count(baseline.newly_inconclusive.len(), "check")));
        }
        if !baseline.no_longer_judged.is_empty() {
            reasons.push(format!("{} no longer judged", count(baseline.no_longer_judged.len(), "check")));
        }
        let missing_shards =
            self.run.partition.as_ref().is_some_and(|partition| !partition.missing().is_empty());
        if !self.run.complete || !self.run.filters.is_empty() || missing_shards {
            reasons.push("the run is not complete".to_owned());
        }
        reasons
    }

    fn add_shell_lines(&mut self) {
        for check in &mut self.checks {
            if check.verdict.is_finding()
                && check.reproduce.shell.is_none()
                && self.subject.role == Role::Server
            {
                check.reproduce.shell = crate::reproduce::shell_line(check, &self.subject.address);
            }
        }
    }
}

impl Verdict {
    /// Whether the reader has to look at it.
    #[must_use]
    pub const fn is_finding(self) -> bool {
        matches!(self, Verdict::Fail | Verdict::Error | Verdict::Inconclusive | Verdict::Warn)
    }
}

impl Check {
    /// The Requirements that its failure breaks.
    pub fn accuses(&self) -> impl Iterator<Item = &str> {
        let named = if self.violated.is_empty() { &self.requirements } else { &self.violated };
        named.iter().map(String::as_str)
    }

    /// Whether its failure breaks this Requirement.
    #[must_use]
    pub fn breaks(&self, requirement: &str) -> bool {
        self.accuses().any(|id| id == requirement)
    }
}

/// The verdict on one Requirement, with the reason when it has none of its own.
fn judge(requirement: &Requirement, checks: &[&Check], role: Role) -> (Verdict, Option<String>) {
    if !requirement.binds(role) {
        let other = if role == Role::Server { Role::Client } else { Role::Server };
        let reason = format!("Binds {}s, and the Subject is a {}.", other.word(), role.word());
        return (Verdict::NotApplicable, Some(reason));
    }
    let worst = checks.iter().map(|check| counted(requirement, check)).reduce(Verdict::worst);
    match worst {
        None if requirement.observe == Observe::Internal => {
            let reason = requirement.reason.clone().unwrap_or_else(|| "Not visible from outside.".to_owned());
            (Verdict::Untestable, Some(reason))
        }
        None => (Verdict::Untested, None),
        Some(verdict @ (Verdict::NotApplicable | Verdict::NotExercised)) => {
            let reason = checks
                .iter()
                .find(|check| check.verdict == verdict && !check.reason.is_empty())
                .map(|check| String::from_utf8_lossy(check.reason.as_bytes()).into_owned());
            (verdict, reason)
        }
        Some(verdict) => (verdict, None),
    }
}

/// What a check counts for a Requirement.
fn counted(requirement: &Requirement, check: &Check) -> Verdict {
    let broken = check.breaks(&requirement.id);
    match (check.verdict, requirement.level) {
        (Verdict::Fail | Verdict::Warn, _) if !broken => Verdict::Inconclusive,
        (Verdict::Fail, Level::Should | Level::ShouldNot) => Verdict::Warn,
        (Verdict::Fail | Verdict::Warn, Level::May) => Verdict::Info,
        (verdict, _) => verdict,
    }
}

/// `1 statement`, `2 statements`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
