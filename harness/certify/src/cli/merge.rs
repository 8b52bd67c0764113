//! `merge`: the Records of shards become one Record, with its reports.

use super::question::Question;
use super::{Failure, stored};
use clap::Args;
use record::Record;
use std::path::PathBuf;

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The results.json of each shard (or its directory)
    #[arg(value_name = "RECORD", required = true)]
    records: Vec<PathBuf>,
    /// How many shards there must be
    #[arg(long, value_name = "N")]
    expect_shards: Option<u32>,
    /// The directory for results.json and the reports
    #[arg(long, short, value_name = "DIR", default_value = "results")]
    output: PathBuf,
    #[command(flatten)]
    question: Question,
}

/// Merges. The exit code is that of the whole run; missing shards leave it without a verdict.
pub fn merge(arguments: &MergeArguments) -> Result<u8, Failure> {
    let asked = arguments.question.read()?;
    let records: Vec<Record> =
        arguments.records.iter().map(|path| stored::read(path)).collect::<Result<_, _>>()?;
    let mut record = record::merge::merge(&records, arguments.expect_shards)
        .map_err(|error| Failure::usage(error.to_string()))?;
    asked.put_to(&mut record)?;
    let code = super::run::write(&record, &arguments.output, false);
    super::ci::tell(asked.ci, &record, &arguments.output);
    code
}
