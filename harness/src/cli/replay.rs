//! `replay` and `shrink`: one workload of a campaign, shown, or made short and shown.

use super::campaign::Where;
use super::{Failure, print};
use campaign::regressions::{self, Regression};
use campaign::{Workload, fails, generate, replay as carry_out, shrink as make_short};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// A seed, or a file of regressions
    #[arg(value_name = "SEED|FILE")]
    what: String,
    #[command(flatten)]
    place: Where,
}

/// Arguments of `shrink`.
#[derive(Debug, Args)]
pub struct ShrinkArguments {
    /// A seed, or a file of regressions
    #[arg(value_name = "SEED|FILE")]
    what: String,
    #[command(flatten)]
    place: Where,
    /// A file of regressions to write the result to
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The workload of a seed, or those of a file.
fn workloads(what: &str) -> Result<Vec<Workload>, Failure> {
    if let Ok(seed) = what.parse() {
        return Ok(vec![generate::workload(seed)]);
    }
    let path = Path::new(what);
    if !path.exists() {
        return Err(Failure::usage(format!("{what} is neither a seed nor a file")));
    }
    let regressions = regressions::read(path).map_err(|error| Failure::usage(error.to_string()))?;
    Ok(regressions.iter().map(Regression::workload).collect())
}

/// Shows what happens. 1 if something is wrong with it.
pub fn replay(arguments: &ReplayArguments) -> Result<u8, Failure> {
    let subject = arguments.place.subject()?;
    let mut wrong = false;
    for workload in workloads(&arguments.what)? {
        let shown = carry_out(&workload, arguments.place.driver, &subject);
        wrong |= !shown.verdict.findings.is_empty();
        print(&format!("{shown}\nmqtt-certify replay {} {}\n", arguments.what, arguments.place.command()));
    }
    Ok(u8::from(wrong))
}

/// Makes each finding short, and shows it. 1 if there was one.
pub fn shrink(arguments: &ShrinkArguments) -> Result<u8, Failure> {
    let (subject, driver) = (arguments.place.subject()?, arguments.place.driver);
    let mut short = Vec::new();
    for workload in workloads(&arguments.what)? {
        let mut signatures: Vec<_> =
            carry_out(&workload, driver, &subject).verdict.findings.iter().map(|f| f.signature()).collect();
        signatures.sort_unstable();
        signatures.dedup();
        for signature in signatures {
            let shortest = make_short(&workload, |candidate| fails(candidate, driver, &subject, signature));
            let text = carry_out(&shortest, driver, &subject).to_string();
            print(&format!(
                "{signature}: {} steps of {}\n\n{text}\n",
                shortest.steps.len(),
                workload.steps.len()
            ));
            short.push(Regression::new(signature.to_string(), subject.name(), driver, shortest));
        }
    }
    if short.is_empty() {
        print("Nothing is wrong.\n");
    }
    if let Some(path) = &arguments.output {
        regressions::write(path, &short).map_err(|error| Failure::internal(error.to_string()))?;
    }
    Ok(u8::from(!short.is_empty()))
}
