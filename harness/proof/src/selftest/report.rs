//! What the self-test found, as data.

use serde::Serialize;
use std::fmt;

/// The whole result.
#[derive(Debug, Clone, Serialize)]
pub struct SelfTestReport {
    /// The seed that gives the same result again.
    pub seed: u64,
    /// One for each Defect, by name.
    pub defects: Vec<DefectResult>,
    /// One for each Variant, by name.
    pub variants: Vec<VariantResult>,
    /// One for each null Server.
    pub null_servers: Vec<NullServerResult>,
    /// The sums.
    pub score: Score,
}

/// What became of a Defect.
#[derive(Debug, Clone, Serialize)]
pub struct DefectResult {
    /// Its name.
    pub name: &'static str,
    /// The Requirements that it breaks.
    pub breaks: Vec<&'static str>,
    /// Whether a check about one of them says fail.
    pub caught: bool,
    /// The checks and Monitors that do.
    pub by: Vec<String>,
    /// Those of the Requirements for which none does.
    pub missed: Vec<&'static str>,
}

/// What became of a Variant.
#[derive(Debug, Clone, Serialize)]
pub struct VariantResult {
    /// Its name.
    pub name: &'static str,
    /// How many checks pass.
    pub passed: usize,
    /// The checks that accuse it; there must be none.
    pub fails: Vec<Accusation>,
}

/// A check that accuses a conforming Server.
#[derive(Debug, Clone, Serialize)]
pub struct Accusation {
    /// Which check or Monitor.
    pub check: String,
    /// What it says.
    pub reason: String,
}

/// What became of a null Server.
#[derive(Debug, Clone, Serialize)]
pub struct NullServerResult {
    /// Its name.
    pub name: &'static str,
    /// The checks that it passes.
    pub passes: Vec<String>,
    /// Requirements of such checks for which no argument says why the pass is right.
    pub unexplained: Vec<String>,
    /// Requirements with an argument, but without a passing check (stale).
    pub stale: Vec<String>,
}

/// The sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// How many Defects there are.
    pub defects: usize,
    /// How many of them are caught.
    pub caught: usize,
    /// How many Variants there are.
    pub variants: usize,
    /// How many of them are spared.
    pub spared: usize,
    /// How many null Servers there are.
    pub null_servers: usize,
    /// How many of them pass nothing but what an argument explains.
    pub explained: usize,
}

impl SelfTestReport {
    pub(super) fn new(
        seed: u64,
        defects: Vec<DefectResult>,
        variants: Vec<VariantResult>,
        null_servers: Vec<NullServerResult>,
    ) -> Self {
        let score = Score {
            defects: defects.len(),
            caught: defects.iter().filter(|d| d.caught).count(),
            variants: variants.len(),
            spared: variants.iter().filter(|v| v.fails.is_empty()).count(),
            null_servers: null_servers.len(),
            explained: null_servers.iter().filter(|n| n.unexplained.is_empty() && n.stale.is_empty()).count(),
        };
        SelfTestReport { seed, defects, variants, null_servers, score }
    }

    /// Whether everything is as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        let s = &self.score;
        s.defects == s.caught && s.variants == s.spared && s.null_servers == s.explained
    }

    /// Whether nothing was tried.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.defects.is_empty() && self.variants.is_empty() && self.null_servers.is_empty()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} Defects caught, {} of {} Variants spared, {} of {} null Servers pass nothing unexplained",
            self.caught, self.defects, self.spared, self.variants, self.explained, self.null_servers
        )
    }
}
