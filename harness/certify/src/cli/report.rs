//! `report`: renders the reports again from a stored Record, or several Records side by side.

use super::question::Question;
use super::{Failure, stored};
use clap::{Args, ValueEnum};
use record::{Campaign, Record};
use render::{Format, WriteError};
use std::path::{Path, PathBuf};

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The results.json of a run (or its directory); several with --matrix; or the campaign.json of a campaign, for html or json
    #[arg(value_name = "RECORD", default_value = "results")]
    records: Vec<PathBuf>,
    /// Where to write: a directory, or a file if there is one format [default: standard output for one format, the directory of the
    /// Record for all]
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write only these formats
    #[arg(long, value_enum, value_name = "FORMATS", value_delimiter = ',')]
    format: Vec<FormatName>,
    /// Write the page with its style and script in separate files, for CI servers that block inline ones
    #[arg(long, value_name = "DIR")]
    html_dir: Option<PathBuf>,
    /// Compare several Records side by side: statements, features and limits by Subject (html, json or csv)
    #[arg(long, conflicts_with_all = ["html_dir", "gate", "baseline", "strict", "waivers"])]
    matrix: bool,
    #[command(flatten)]
    question: Question,
}

/// A format by the name that the command line has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// results.json, the Record itself
    Json,
    /// report.html, one self-contained page
    Html,
    /// junit.xml, for CI servers
    Junit,
    /// summary.md, for the summary of a CI job
    #[value(alias = "md")]
    Markdown,
    /// badge.json, for shields.io
    Badge,
    /// results.csv, for spreadsheets
    Csv,
    /// ctrf.json, the Common Test Report Format
    Ctrf,
}

impl FormatName {
    const fn format(self) -> Format {
        match self {
            FormatName::Json => Format::Json,
            FormatName::Html => Format::Html,
            FormatName::Junit => Format::Junit,
            FormatName::Markdown => Format::Markdown,
            FormatName::Badge => Format::Badge,
            FormatName::Csv => Format::Csv,
            FormatName::Ctrf => Format::Ctrf,
        }
    }
}

/// Renders. 0 if it could be rendered; with a gate, its answer.
pub fn report(arguments: &ReportArguments) -> Result<u8, Failure> {
    if arguments.matrix {
        return matrix(arguments);
    }
    let [path] = arguments.records.as_slice() else {
        return Err(Failure::usage(
            "several Records: use --matrix to compare them side by side, `merge` to combine shards, `diff` to compare two",
        ));
    };
    let asked = arguments.question.read()?;
    if let Some(campaign) = stored::campaign(path)? {
        if asked.is_any() {
            return Err(Failure::usage("a campaign has no gate, baseline or waivers"));
        }
        return of_campaign(arguments, path, &campaign);
    }
    let mut record = stored::read(path)?;
    asked.put_to(&mut record)?;
    let mut written = Vec::new();
    if let Some(directory) = &arguments.html_dir {
        written.extend(render::write_directory(&record, directory).map_err(incomplete)?);
    }
    let formats: Vec<Format> = arguments.format.iter().map(|name| name.format()).collect();
    match (&formats[..], &arguments.output) {
        ([], None) if arguments.html_dir.is_some() => {}
        ([], output) => {
            let beside = stored::directory(path);
            let directory = output.as_ref().unwrap_or(&beside);
            written.extend(render::write_all(&record, directory).map_err(incomplete)?);
        }
        ([format], output) if output.as_ref().is_none_or(|output| !names_directory(output)) => {
            let bytes = format.render(&record).map_err(Failure::internal)?;
            written.extend(deliver(&bytes, output.as_deref())?);
        }
        (formats, output) => {
            let directory = output.as_deref().unwrap_or(Path::new("."));
            written.extend(render::write(&record, directory, formats).map_err(incomplete)?);
        }
    }
    tell(&written);
    if asked.has_gate() {
        super::ci::tell(asked.ci, &record, &stored::directory(path));
    }
    Ok(if asked.has_gate() { record.exit.code } else { 0 })
}

/// The page of a campaign, or what it is made of.
fn of_campaign(arguments: &ReportArguments, path: &Path, campaign: &Campaign) -> Result<u8, Failure> {
    let mut written = Vec::new();
    if let Some(directory) = &arguments.html_dir {
        written.extend(render::campaign::write_directory(campaign, directory).map_err(incomplete)?);
    }
    match (arguments.format.as_slice(), &arguments.output) {
        ([], None) if arguments.html_dir.is_some() => {}
        ([], output) => {
            let beside = stored::directory(path);
            written.extend(
                render::campaign::write(campaign, output.as_ref().unwrap_or(&beside)).map_err(incomplete)?,
            );
        }
        ([FormatName::Html], output) => {
            written.extend(deliver(render::campaign::html(campaign).as_bytes(), output.as_deref())?);
        }
        ([FormatName::Json], output) => written.extend(deliver(&campaign.to_json(), output.as_deref())?),
        _ => return Err(Failure::usage("a campaign is rendered as html or json")),
    }
    tell(&written);
    Ok(0)
}

fn matrix(arguments: &ReportArguments) -> Result<u8, Failure> {
    let records: Vec<Record> =
        arguments.records.iter().map(|path| stored::read(path)).collect::<Result<_, _>>()?;
    let text = match arguments.format.as_slice() {
        [] | [FormatName::Html] => render::matrix::render(&records),
        [FormatName::Csv] => render::matrix::csv(&records),
        [FormatName::Json] => render::matrix::json(&records),
        _ => return Err(Failure::usage("a matrix is rendered as html, csv or json")),
    };
    tell(&deliver(text.as_bytes(), arguments.output.as_deref())?);
    Ok(0)
}

/// Whether a path stands for a directory: there is one, or it ends like one.
fn names_directory(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// One rendering into a file, or to standard output if none is named.
pub fn deliver(bytes: &[u8], output: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    match output {
        None => {
            super::print_bytes(bytes);
            Ok(None)
        }
        Some(path) if path == Path::new("-") => {
            super::print_bytes(bytes);
            Ok(None)
        }
        Some(path) => {
            render::write_file(path, bytes).map_err(incomplete)?;
            Ok(Some(path.to_owned()))
        }
    }
}

/// Says what was written, beside what a rendering may have sent to standard output.
pub fn tell<'a>(files: impl IntoIterator<Item = &'a PathBuf>) {
    for file in files {
        eprintln!("wrote {}", file.display());
    }
}

/// What to say when a report could not be written.
#[expect(clippy::needless_pass_by_value, reason = "it maps the error of a Result")]
pub fn incomplete(error: WriteError) -> Failure {
    Failure::internal(format!("the reports are incomplete: {error}"))
}
