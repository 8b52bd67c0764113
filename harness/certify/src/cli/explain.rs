//! `explain`: what a Requirement demands and how it is tested, or what a check does.

use super::{Failure, print, scenarios};
use catalogue::RequirementId;
use clap::Args;
use proof::ledger;
use subjects::defects;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A Requirement, such as 5.0/MQTT-3.12.4-1, or the name of a check
    #[arg(value_name = "ID")]
    id: String,
}

/// Explains.
pub fn explain(arguments: &ExplainArguments) -> Result<u8, Failure> {
    let checks = scenarios()?;
    if let Some(id) = RequirementId::parse(&arguments.id) {
        let q = id.requirement();
        let mut out = format!(
            "{}  {}\n{} {}\n{}\n\n  {}\n\n  How it can be tested: {}\n",
            q.name,
            q.level.as_str(),
            q.section,
            q.title,
            q.url(),
            q.summary,
            q.probe
        );
        if q.ours {
            out.push_str("  This rule has no number in the standard; its name is ours.\n");
        }
        if let Some(note) = q.note {
            out.push_str(&format!("  Interpretation: {note}\n"));
        }
        if !q.needs.is_empty() {
            out.push_str(&format!("  Tested only on a Server that offers: {}\n", q.needs.join(", ")));
        }
        for twin in q.equivalents {
            let diff = twin.diff.map(|d| format!(" ({d})")).unwrap_or_default();
            out.push_str(&format!("  Equivalent in the other version: {}{diff}\n", twin.id));
        }
        out.push('\n');
        let mut tested = false;
        let (packets, scenarios): (Vec<_>, Vec<_>) =
            checks.iter().filter(|c| c.requirements.contains(&id)).partition(|c| c.malformed.is_some());
        for check in scenarios {
            tested = true;
            out.push_str(&format!("check    {}\n", check.id));
        }
        if let Some(first) = packets.first() {
            tested = true;
            out.push_str(&match packets.len() {
                1 => format!("packet   {}\n", first.id),
                n => format!("packet   {} and {} more: mqtt-certify list malformed\n", first.id, n - 1),
            });
        }
        for monitor in monitors::all().into_iter().filter(|m| m.requirements.contains(&id)) {
            tested = true;
            out.push_str(&format!("monitor  {}: {}\n", monitor.name, monitor.title));
        }
        if !tested {
            out.push_str("No check tests it.\n");
        }
        for defect in defects::all().into_iter().filter(|d| d.breaks.contains(&id)) {
            out.push_str(&format!("defect   {}: {}\n", defect.name, defect.title));
        }
        for citation in ledger::cited(id.as_str()) {
            out.push_str(&format!("cited    {}:{}\n", citation.file, citation.line));
        }
        print(&out);
        return Ok(0);
    }
    if let Some(check) = checks.iter().find(|c| c.id == arguments.id) {
        let mut out = format!("{}\n{}\n\n", check.id, check.rule);
        for id in &check.requirements {
            out.push_str(&format!("  {id}  {}\n", id.requirement().summary));
        }
        out.push('\n');
        for step in &check.steps {
            out.push_str(&format!("  {:>5} {}\n", step.keyword, step.text));
        }
        out.push_str(&format!("\n  features/{}\n", check.feature));
        print(&out);
        return Ok(0);
    }
    let near: Vec<String> = checks
        .iter()
        .map(|c| c.id.clone())
        .chain(RequirementId::all().map(|id| id.as_str().to_owned()))
        .filter(|name| name.contains(arguments.id.as_str()))
        .take(5)
        .collect();
    let hint = if near.is_empty() {
        "`mqtt-certify list` shows all of them".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Err(Failure::usage(format!("there is no Requirement or check \"{}\"; {hint}", arguments.id)))
}
