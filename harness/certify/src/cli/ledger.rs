//! `ledger`: how the suite accounts for each Requirement.

use super::{Failure, print, scenarios};
use catalogue::{SpecVersion, executed};
use clap::{Args, ValueEnum};
use proof::{ledger, selftest};

/// Arguments of `ledger`.
#[derive(Debug, Args)]
pub struct LedgerArguments {
    /// Show only Requirements whose name contains PATTERN
    #[arg(value_name = "PATTERN", default_value = "")]
    pattern: String,
    /// Show only Requirements whose checks no Defect proves
    #[arg(long)]
    unproved: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the suite on the reference broker and on every Defect, and writes what came of it.
pub fn ledger(arguments: &LedgerArguments) -> Result<u8, Failure> {
    let checks = scenarios()?;
    let record = ledger::reference_record(&checks, 1);
    let executed = executed::all_marked().collect();
    let report = selftest::selftest(&checks, 1, None).map_err(Failure::internal)?;
    let all = ledger::lines(&checks, &record, &executed, &report);
    let lines: Vec<ledger::Line> = all
        .iter()
        .filter(|line| line.id.contains(&arguments.pattern))
        .filter(|line| {
            !arguments.unproved || (line.killed_by.is_empty() && line.visible != ledger::Visible::Client)
        })
        .cloned()
        .collect();
    if lines.is_empty() {
        eprintln!("mqtt-certify: no Requirement contains \"{}\"", arguments.pattern);
        return Ok(super::NOTHING_RAN);
    }
    match arguments.format {
        Format::Json => {
            let json =
                serde_json::to_string_pretty(&lines).map_err(|error| Failure::internal(error.to_string()))?;
            print(&format!("{json}\n"));
        }
        Format::Text => {
            print(&ledger::text(&lines));
            if lines.len() < all.len() {
                for version in [SpecVersion::V311, SpecVersion::V500] {
                    for line in ledger::summary(&all, version) {
                        print(&format!("# of all: {line}\n"));
                    }
                }
            }
        }
    }
    Ok(0)
}
