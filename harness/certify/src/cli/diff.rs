//! `diff`: what changed between two Records, by transitions.

use super::report::{deliver, tell};
use super::{Failure, stored};
use clap::{Args, ValueEnum};
use record::diff::Diff;
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The earlier results.json (or its directory)
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// The later one
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    #[value(alias = "md")]
    Markdown,
    Json,
    Html,
}

/// Compares. 1 if something became worse, 3 if that cannot be told, else 0.
pub fn diff(arguments: &DiffArguments) -> Result<u8, Failure> {
    let before = stored::read(&arguments.before)?;
    let after = stored::read(&arguments.after)?;
    let diff = Diff::new(&before, &after);
    let text = match arguments.format {
        Format::Text => render::diff::text(&diff, super::terminal_width(), super::is_ascii()),
        Format::Markdown => render::diff::markdown(&diff),
        Format::Json => render::diff::json(&diff),
        Format::Html => render::diff::html(&diff),
    };
    tell(&deliver(text.as_bytes(), arguments.output.as_deref())?);
    Ok(diff.exit().0)
}
