//! `list`: every Requirement, every check, or every Server that the self-test tries.

use super::{Failure, print, scenarios};
use catalogue::RequirementId;
use clap::{Args, ValueEnum};
use subjects::variants;
use subjects::{defects, null_servers};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// List only names that contain PATTERN
    #[arg(value_name = "PATTERN", default_value = "")]
    pattern: String,
    /// What to list
    #[arg(long, value_enum, default_value_t = What::Checks)]
    what: What,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Checks: scenarios and malformed packets
    Checks,
    /// Requirements: the normative statements of both versions
    Requirements,
    /// Defects, Variants and null Servers, as `broker --defect` and the self-test use them
    Defects,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Lists.
pub fn list(arguments: &ListArguments) -> Result<u8, Failure> {
    let checks = scenarios()?;
    let rows: Vec<serde_json::Value> = match arguments.what {
        What::Checks => checks
            .iter()
            .filter(|c| c.id.contains(&arguments.pattern))
            .map(|c| {
                serde_json::json!({
                    "id": c.id,
                    "title": c.title,
                    "rule": c.rule,
                    "feature": c.feature,
                    "version": c.version.as_str(),
                    "requirements": c.requirements.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
                    "needs": c.needs,
                    "server": c.configuration,
                })
            })
            .collect(),
        What::Requirements => RequirementId::all()
            .filter(|id| id.as_str().contains(&arguments.pattern))
            .map(|id| {
                let q = id.requirement();
                let tested: Vec<&str> =
                    checks.iter().filter(|c| c.requirements.contains(&id)).map(|c| c.id.as_str()).collect();
                serde_json::json!({
                    "id": q.name, "level": q.level.as_str(), "section": q.section, "title": q.title, "summary": q.summary,
                    "checks": tested,
                })
            })
            .collect(),
        What::Defects => servers().filter(|row| row["id"].as_str().is_some_and(|id| id.contains(&arguments.pattern))).collect(),
    };
    if rows.is_empty() {
        eprintln!("mqtt-certify: no name contains \"{}\"", arguments.pattern);
        return Ok(super::NOTHING_RAN);
    }
    let mut out = String::new();
    for row in &rows {
        match arguments.format {
            Format::Json => out.push_str(&format!("{row}\n")),
            Format::Text => {
                let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
                let more = match arguments.what {
                    What::Checks => text("rule"),
                    What::Requirements => format!("{} {}", text("level"), text("summary")),
                    What::Defects => text("title"),
                };
                out.push_str(&format!("{:<60} {more}\n", text("id")));
            }
        }
    }
    print(&out);
    Ok(0)
}

/// Every Server that `broker --defect` knows.
fn servers() -> impl Iterator<Item = serde_json::Value> {
    let defects = defects::all().into_iter().map(|d| {
        let breaks: Vec<&str> = d.breaks.iter().map(|id| id.as_str()).collect();
        serde_json::json!({ "id": d.name, "kind": "defect", "title": d.title, "breaks": breaks })
    });
    let variants = variants::all()
        .into_iter()
        .map(|v| serde_json::json!({ "id": v.name, "kind": "variant", "title": v.title }));
    let null = null_servers::ALL
        .iter()
        .map(|n| serde_json::json!({ "id": n.name, "kind": "null server", "title": n.title }));
    defects.chain(variants).chain(null)
}
