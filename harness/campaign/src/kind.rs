//! Which drivers there are.

use crate::driver::Outcome;
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::workload::Workload;
use crate::{generate, live, simulated, virtual_time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What carries workloads out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Driver {
    /// [`virtual_time`]: fast.
    Virtual,
    /// [`simulated`]: in turmoil.
    Simulated,
    /// [`live`]: over real sockets.
    Live,
}

impl Driver {
    /// All.
    pub const ALL: [Driver; 3] = [Driver::Virtual, Driver::Simulated, Driver::Live];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Driver::Virtual => "virtual",
            Driver::Simulated => "simulated",
            Driver::Live => "live",
        }
    }

    /// Carries a workload out; what it did is added to the statistics.
    #[must_use]
    pub fn run(
        self,
        workload: &Workload,
        subject: &Subject,
        statistics: &mut Statistics,
        transcript: bool,
    ) -> Outcome {
        match self {
            Driver::Virtual => virtual_time::run(workload, subject, statistics, transcript),
            Driver::Simulated => simulated::run(workload, subject, statistics, transcript),
            Driver::Live => live::run(workload, subject, statistics, transcript),
        }
    }

    /// The workload of a seed: one that a live run can wait for, or any.
    #[must_use]
    pub fn workload(self, seed: u64) -> Workload {
        match self {
            Driver::Virtual | Driver::Simulated => generate::workload(seed),
            Driver::Live => generate::live(seed),
        }
    }

    /// How often a workload is carried out before it is said not to fail: a live run is not the same twice.
    #[must_use]
    pub const fn attempts(self) -> u32 {
        match self {
            Driver::Virtual | Driver::Simulated => 1,
            Driver::Live => 3,
        }
    }
}

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Driver {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Driver::ALL
            .into_iter()
            .find(|driver| driver.name() == name)
            .ok_or_else(|| format!("there is no driver `{name}`: virtual, simulated and live are"))
    }
}
