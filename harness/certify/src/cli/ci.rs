//! What a CI server is told: annotations and outputs in its own language. Elsewhere nothing is said.

use clap::ValueEnum;
use record::Record;
use std::io::Write as _;
use std::path::Path;

/// Whom to tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// GitHub if GITHUB_ACTIONS is set
    #[default]
    Auto,
    /// GitHub: annotations, step summary, outputs
    Github,
    /// None
    None,
}

/// Tells GitHub: annotations on standard output, the summary and the outputs in the files that it names.
pub fn tell(ci: Ci, record: &Record, directory: &Path) {
    let is_github = match ci {
        Ci::Github => true,
        Ci::None => false,
        Ci::Auto => std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
    };
    if !is_github {
        return;
    }
    for line in render::ci::annotations(record) {
        super::print(&format!("{line}\n"));
    }
    append("GITHUB_STEP_SUMMARY", &render::markdown::render(record));
    let outputs = format!(
        "verdict={}\nfailed={}\nexit-code={}\nreport={}\n",
        record.verdict,
        record.musts().failed,
        record.exit.code,
        // A path with a line break would be another output.
        directory.join("report.html").display().to_string().replace(['\n', '\r'], " "),
    );
    append("GITHUB_OUTPUT", &outputs);
}

/// Appends to the file that a variable names. That a summary is not shown changes no verdict, so it is only said.
fn append(variable: &str, text: &str) {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else { return };
    let written = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    if let Err(error) = written {
        eprintln!("mqtt-certify: {variable}: {error}");
    }
}
