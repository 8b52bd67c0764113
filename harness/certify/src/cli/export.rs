//! `export`: the evidence of one check for the tools of others.

use super::report::{deliver, tell};
use super::{Failure, stored};
use clap::{Args, ValueEnum};
use record::{Check, Record, reproduce};
use render::export;
use std::path::PathBuf;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The results.json of a run (or its directory)
    #[arg(value_name = "RECORD", default_value = "results")]
    record: PathBuf,
    /// The name of the check, or a part of it that fits only one check with packets
    #[arg(long, value_name = "ID")]
    check: String,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Script)]
    format: Format,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A capture for Wireshark, with invented IP and TCP headers
    Pcapng,
    /// A script that sends the same bytes again; needs Python only
    Script,
    /// A line for bash, if the stimulus is one fixed sequence of bytes on one Network Connection
    Shell,
    /// The exchange as text, with bytes and decoded fields
    Text,
    /// The check as it is in the Record
    Json,
}

/// Exports.
pub fn export(arguments: &ExportArguments) -> Result<u8, Failure> {
    let record = stored::read(&arguments.record)?;
    let check = find(&record, &arguments.check)?;
    let no_packets = || {
        Failure::usage(format!(
            "{} has no recorded packets: they are kept only for checks that did not pass",
            check.id
        ))
    };
    let bytes = match arguments.format {
        Format::Pcapng => export::pcapng::render(check).ok_or_else(no_packets)?,
        Format::Script => {
            export::script::render(check, &record.subject.address).ok_or_else(no_packets)?.into_bytes()
        }
        Format::Shell => {
            let line = reproduce::shell_line(check, &record.subject.address).ok_or_else(|| {
                Failure::usage(format!(
                    "the stimulus of {} is not one fixed sequence of bytes on one Network Connection; use --format script",
                    check.id
                ))
            })?;
            (line + "\n").into_bytes()
        }
        Format::Text => render::terminal::failure(check).into_bytes(),
        Format::Json => {
            let json = serde_json::to_string_pretty(check);
            (json.map_err(|error| Failure::internal(error.to_string()))? + "\n").into_bytes()
        }
    };
    tell(&deliver(&bytes, arguments.output.as_deref())?);
    Ok(0)
}

/// The check with this name, or the only one with packets whose name has this part.
fn find<'a>(record: &'a Record, name: &str) -> Result<&'a Check, Failure> {
    if let Some(check) = record.check(name) {
        return Ok(check);
    }
    let fitting: Vec<&Check> =
        record.checks.iter().filter(|check| check.transcript.is_some() && check.id.contains(name)).collect();
    match fitting[..] {
        [only] => Ok(only),
        [] => Err(Failure::usage(format!("no check with recorded packets has \"{name}\" in its name"))),
        [..] => {
            let names: Vec<&str> = fitting.iter().take(5).map(|check| check.id.as_str()).collect();
            Err(Failure::usage(format!("{} checks fit: {}, …", fitting.len(), names.join(", "))))
        }
    }
}
