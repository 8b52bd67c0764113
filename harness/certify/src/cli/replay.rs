//! `replay` and `shrink`: one workload of a campaign, shown, or made short and shown.

use super::campaign::{NO_VERDICT, PATIENT_LIVE_CALLS, Where, shortened};
use super::{Failure, print};
use campaign::regressions::{self, Regression};
use campaign::{Driver, Workload, fails, replay as carry_out};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// A seed, or a regressions.json
    #[arg(value_name = "SEED|FILE")]
    what: String,
    #[command(flatten)]
    place: Where,
}

/// Arguments of `shrink`.
#[derive(Debug, Args)]
pub struct ShrinkArguments {
    /// A seed, or a regressions.json
    #[arg(value_name = "SEED|FILE")]
    what: String,
    #[command(flatten)]
    place: Where,
    /// Write the minimised workloads to this regressions.json
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The workload of a seed, or those of a file.
fn workloads(what: &str, driver: Driver) -> Result<Vec<Workload>, Failure> {
    if let Ok(seed) = what.parse() {
        return Ok(vec![driver.workload(seed)]);
    }
    let path = Path::new(what);
    if !path.exists() {
        return Err(Failure::usage(format!("{what} is neither a seed nor a file")));
    }
    let regressions = regressions::read(path).map_err(|error| Failure::usage(error.to_string()))?;
    Ok(regressions.iter().map(Regression::workload).collect())
}

/// Shows what happens; of a live Server in the attempt that fails, if one does. 1 if something is wrong with it, 3 if it proves nothing.
pub fn replay(arguments: &ReplayArguments) -> Result<u8, Failure> {
    let subject = arguments.place.subject()?;
    let (mut wrong, mut failed) = (false, false);
    for workload in workloads(&arguments.what, arguments.place.driver)? {
        let shown = carry_out(&workload, arguments.place.driver, &subject, None);
        wrong |= !shown.verdict.findings.is_empty();
        failed |= shown.failure.is_some();
        print(&format!("{shown}\nmqtt-certify replay {} {}\n", arguments.what, arguments.place.command()));
    }
    Ok(if wrong || !failed { u8::from(wrong) } else { NO_VERDICT })
}

/// Makes each finding short, and shows it. 1 if there was one.
pub fn shrink(arguments: &ShrinkArguments) -> Result<u8, Failure> {
    let (subject, driver) = (arguments.place.subject()?, arguments.place.driver);
    let mut short = Vec::new();
    for workload in workloads(&arguments.what, arguments.place.driver)? {
        let mut signatures: Vec<_> = carry_out(&workload, driver, &subject, None)
            .verdict
            .findings
            .iter()
            .map(|f| f.signature())
            .collect();
        signatures.sort_unstable();
        signatures.dedup();
        for signature in signatures {
            let holds = |candidate: &_| fails(candidate, driver, &subject, signature);
            let shortest = shortened(&workload, driver, PATIENT_LIVE_CALLS, holds);
            let text = carry_out(&shortest, driver, &subject, Some(signature)).to_string();
            print(&format!(
                "{signature}: minimised to {} of {} steps\n\n{text}\n",
                shortest.steps.len(),
                workload.steps.len()
            ));
            short.push(Regression::new(signature.to_string(), subject.name(), driver, shortest));
        }
    }
    if short.is_empty() {
        let attempts = match driver.attempts() {
            1 => String::new(),
            attempts => format!(" in {attempts} attempts"),
        };
        print(&format!("no breach found{attempts}\n"));
    }
    if let Some(path) = &arguments.output {
        regressions::write(path, &short).map_err(|error| Failure::internal(error.to_string()))?;
    }
    Ok(u8::from(!short.is_empty()))
}
