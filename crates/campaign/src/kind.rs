//! Which drivers there are.

use crate::driver::Outcome;
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::workload::Workload;
use crate::{simulated, virtual_time};
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
}

impl Driver {
    /// All.
    pub const ALL: [Driver; 2] = [Driver::Virtual, Driver::Simulated];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Driver::Virtual => "virtual",
            Driver::Simulated => "simulated",
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
            .ok_or_else(|| format!("there is no driver `{name}`: virtual and simulated are"))
    }
}
