//! `report`: renders the reports again from a stored Record.

use super::{Failure, print};
use clap::Args;
use reports::Record;
use std::path::PathBuf;

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The results.json of a run, or its directory
    #[arg(value_name = "RUN", default_value = "results")]
    run: PathBuf,
    /// Where the reports are written
    #[arg(long, short, value_name = "DIR", default_value = "results")]
    output: PathBuf,
}

/// Renders.
pub fn report(arguments: &ReportArguments) -> Result<u8, Failure> {
    let path =
        if arguments.run.is_dir() { arguments.run.join("results.json") } else { arguments.run.clone() };
    let name = path.display();
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let record =
        Record::from_json(text.as_bytes()).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let files = reports::write_all(&record, &arguments.output)
        .map_err(|error| Failure::internal(error.to_string()))?;
    for file in files {
        print(&format!("wrote {}\n", file.display()));
    }
    Ok(0)
}
