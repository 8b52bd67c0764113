//! `selftest`: proves the suite on Servers whose faults are known.

use super::{Failure, print, scenarios};
use clap::{Args, ValueEnum};
use proof::hunt::{self, Hunt};
use proof::selftest::{self, SelfTestReport};
use serde::Serialize;
use std::fmt::Write as _;

/// Arguments of `selftest`.
#[derive(Debug, Args)]
pub struct SelfTestArguments {
    /// Only Defects, Variants and null Servers whose name contains NAME
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Let campaigns find the Defects unaided, without the scenarios: 10,000 seeds for each Defect, 1,000 for each Variant. It takes minutes
    #[arg(long, conflicts_with = "seed")]
    campaign: bool,
    /// The seed of all runs
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every result, including those that are as expected
    #[arg(long, short)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs it. 0 only if every Defect is caught, no Variant is accused, and no null Server passes without an argument.
pub fn selftest(arguments: &SelfTestArguments) -> Result<u8, Failure> {
    if arguments.campaign {
        return by_campaign(arguments);
    }
    let checks = scenarios()?;
    let report =
        selftest::selftest(&checks, arguments.seed, arguments.only.as_deref()).map_err(Failure::internal)?;
    match arguments.format {
        Format::Json => print_json(&report)?,
        Format::Text => print(&text(&report, arguments.verbose)),
    }
    if report.is_empty() {
        return Ok(super::NOTHING_RAN);
    }
    Ok(u8::from(!report.holds()))
}

/// The same by campaigns. 0 only if no Variant is accused; that a Defect shows in a history is not promised.
fn by_campaign(arguments: &SelfTestArguments) -> Result<u8, Failure> {
    let hunt = hunt::hunt(|name| arguments.only.as_ref().is_none_or(|only| name.contains(only)));
    match arguments.format {
        Format::Json => print_json(&hunt)?,
        Format::Text => print(&text_of_hunt(&hunt, arguments.verbose)),
    }
    if hunt.defects.is_empty() && hunt.variants.is_empty() {
        return Ok(super::NOTHING_RAN);
    }
    Ok(u8::from(!hunt.spares_all()))
}

fn print_json(result: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(result).map_err(|error| Failure::internal(error.to_string()))?;
    print(&format!("{json}\n"));
    Ok(())
}

fn text_of_hunt(hunt: &Hunt, verbose: bool) -> String {
    let mut out = String::new();
    for hunted in &hunt.defects {
        match &hunted.trace {
            Some(trace) => {
                let _ = writeln!(out, "found        {}: {trace}", hunted.name);
            }
            None if verbose => {
                let _ = writeln!(out, "not found    {}", hunted.name);
            }
            None => {}
        }
    }
    for variant in &hunt.variants {
        for reason in &variant.accused {
            let _ = writeln!(out, "ACCUSED      {}\n             {reason}", variant.name);
        }
    }
    let [.., most] = hunt::BOUNDS;
    let spared = hunt.variants.iter().filter(|variant| variant.accused.is_empty()).count();
    let _ = writeln!(
        out,
        "{} of {} Defects found within {most} seeds, {} of them in at most {} steps, {spared} of {} Variants spared",
        hunt.found().count(),
        hunt.defects.len(),
        hunt.short(),
        hunt::SHORT,
        hunt.variants.len()
    );
    out
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
            let _ = writeln!(out, "             no check fails for {}", defect.missed.join(", "));
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
                let _ = writeln!(out, "             {id} has no argument in harness/expectations");
            }
            for id in &server.stale {
                let _ = writeln!(
                    out,
                    "             {id} has an argument in harness/expectations, but no check of it passes"
                );
            }
        } else if verbose {
            let _ = writeln!(
                out,
                "explained    {} ({} checks pass, each with an argument)",
                server.name,
                server.passes.len()
            );
        }
    }
    let _ = writeln!(out, "{}", report.score);
    out
}
