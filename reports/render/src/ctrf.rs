//! `ctrf.json`, the Common Test Report Format. Its core knows passed, failed, skipped and other; our word is in `rawStatus`.

use serde_json::{Value, json};

use record::encode::json::printable;
use record::encode::visible::{visible, visible_start};
use record::{Check, Record, Verdict};

/// The document.
#[must_use]
pub fn render(record: &Record) -> String {
    let checks: Vec<&Check> = record.checks.iter().filter(|check| check.verdict != Verdict::NotRun).collect();
    let count = |status: &str| checks.iter().filter(|check| self::status(check) == status).count();
    let tests: Vec<Value> = checks.iter().map(|check| test(check)).collect();
    let document = json!({
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {
            "tool": { "name": record.suite.name, "version": record.suite.version },
            "summary": {
                "tests": checks.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "skipped": count("skipped"),
                "pending": 0,
                "other": count("other"),
                "start": 0,
                "stop": record.run.duration_ms.unwrap_or(0),
            },
            "tests": tests,
            "extra": { "org.mqtt-certify": { "verdict": record.verdict, "digest": record.digest() } },
        },
    });
    printable(&format!("{document}\n"))
}

fn test(check: &Check) -> Value {
    json!({
        "name": format!("{} ({})", visible(check.title.as_bytes()), check.id),
        "status": status(check),
        "rawStatus": check.verdict,
        "duration": check.milliseconds,
        "suite": check.feature,
        "message": visible_start(check.reason.as_bytes(), 4096).0,
        "extra": { "org.mqtt-certify": { "check": check.id, "requirements": check.requirements, "seed": check.seed } },
    })
}

/// A warning conforms; a waived failure is agreed upon; what has no verdict is neither passed nor failed.
const fn status(check: &Check) -> &'static str {
    match check.verdict {
        Verdict::Fail if check.waived_by.is_some() => "skipped",
        Verdict::Fail => "failed",
        Verdict::Pass | Verdict::Info | Verdict::Warn => "passed",
        Verdict::Error | Verdict::Inconclusive => "other",
        _ => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{CheckKind, Run, Subject, Suite, Version};

    #[test]
    fn every_check_is_counted_once() {
        let mut record = Record::new(Suite::default(), Subject::default(), Run::default());
        for (index, verdict) in Verdict::ALL.into_iter().enumerate() {
            record.checks.push(
                Check::new(index.to_string(), "t", Version::V5, CheckKind::Monitor).observed(verdict, "r"),
            );
        }

        let document: Value = serde_json::from_str(&render(&record)).unwrap();

        let summary = &document["results"]["summary"];
        let number = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(
            number("tests"),
            number("passed") + number("failed") + number("skipped") + number("other")
        );
        assert_eq!((number("failed"), number("other")), (1, 2));
    }
}
