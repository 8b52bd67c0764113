//! `selftest`: proves the suite on Servers whose faults are known.

use super::{Failure, print, scenarios};
use crate::selftest::{self, SelfTestReport};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;

/// Arguments of `selftest`.
#[derive(Debug, Args)]
pub struct SelfTestArguments {
    /// Only Defects, Variants and null servers whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// The seed of everything
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show also what is as it should be
    #[arg(long, short)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs it. 0 only if every Defect is caught, no Variant is accused, and no null server passes without an argument.
pub fn selftest(arguments: &SelfTestArguments) -> Result<u8, Failure> {
    let checks = scenarios()?;
    let report =
        selftest::selftest(&checks, arguments.seed, arguments.only.as_deref()).map_err(Failure::internal)?;
    match arguments.format {
        Format::Json => {
            let json = serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::internal(error.to_string()))?;
            print(&format!("{json}\n"));
        }
        Format::Text => print(&text(&report, arguments.verbose)),
    }
    if report.is_empty() {
        return Ok(super::NOTHING_RAN);
    }
    Ok(u8::from(!report.holds()))
}

fn text(report: &SelfTestReport, verbose: bool) -> String {
    // Writing to a String cannot fail.
    let mut out = String::new();
    for defect in &report.defects {
        if !defect.caught {
            let _ = writeln!(
                out,
                "NOT CAUGHT   {}\n             breaks {}",
                defect.name,
                defect.breaks.join(", ")
            );
        } else if verbose {
            let _ = writeln!(out, "caught       {} by {}", defect.name, defect.by.join(", "));
        }
        if verbose && !defect.missed.is_empty() {
            let _ = writeln!(out, "             no check says fail for {}", defect.missed.join(", "));
        }
    }
    for variant in &report.variants {
        if !variant.fails.is_empty() {
            let _ = writeln!(out, "ACCUSED      {}", variant.name);
            for fail in &variant.fails {
                let _ = writeln!(out, "             {}: {}", fail.check, fail.reason);
            }
        } else if verbose {
            let _ = writeln!(out, "spared       {} ({} checks pass)", variant.name, variant.passed);
        }
    }
    for server in &report.null_servers {
        if !server.unexplained.is_empty() || !server.stale.is_empty() {
            let _ = writeln!(out, "PASSES       {}", server.name);
            for id in &server.unexplained {
                let _ = writeln!(out, "             {id} without an argument");
            }
            for id in &server.stale {
                let _ = writeln!(out, "             {id} has an argument, but nothing of it passes");
            }
        } else if verbose {
            let _ = writeln!(
                out,
                "nothing      {} ({} checks pass, each with an argument)",
                server.name,
                server.passes.len()
            );
        }
    }
    let _ = writeln!(out, "{}", report.score);
    out
}
