//! `results.csv`: one line per check and statement, for spreadsheets.

use crate::encode::csv::cell;
use record::Record;

/// The table, with a line of titles.
#[must_use]
pub fn render(record: &Record) -> String {
    let mut out =
        String::from("statement,level,statement_verdict,check,check_verdict,version,transport,reason\r\n");
    for requirement in &record.requirements {
        let head = [requirement.id.as_str(), requirement.level.word(), requirement.verdict.name()];
        let head: Vec<String> = head.iter().map(|text| cell(text.as_bytes())).collect();
        let checks = record.checks.iter().filter(|check| check.requirements.contains(&requirement.id));
        let mut any = false;
        for check in checks {
            any = true;
            let tail = [
                cell(check.id.as_bytes()),
                cell(check.verdict.name().as_bytes()),
                cell(check.version.number().as_bytes()),
                cell(check.transport.as_bytes()),
                cell(check.reason.as_bytes()),
            ];
            out.push_str(&format!("{},{}\r\n", head.join(","), tail.join(",")));
        }
        if !any {
            let reason = cell(requirement.reason.as_deref().unwrap_or_default().as_bytes());
            let version = cell(requirement.version.number().as_bytes());
            out.push_str(&format!("{},\"\",\"\",{version},\"\",{reason}\r\n", head.join(",")));
        }
    }
    out
}
