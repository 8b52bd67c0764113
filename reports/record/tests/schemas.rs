//! The committed JSON Schemas are those of the types, and what is written follows them.

mod campaigns;
mod records;

use record::event::Event;
use serde_json::Value;

/// The committed file; `UPDATE_SCHEMAS=1` writes it anew.
fn committed(name: &str, current: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema").join(name);
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, current).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text == current,
        "{name} is not what the types say: run the test with UPDATE_SCHEMAS=1 and review the change"
    );
    serde_json::from_str(&text).unwrap()
}

fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("the schema is one");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

#[test]
fn every_record_follows_its_schema_and_another_document_does_not() {
    let schema = committed("record.json", &record::schema::record());
    let mut merged = record::merge::merge(&[records::small(), records::small()], None).unwrap();
    merged.baseline = Some(record::compare::compare(&records::sample(), &merged));

    for record in [records::sample(), records::small(), records::hostile(b"\xff<\\"), merged] {
        let value: Value = serde_json::from_slice(&record.to_json()).unwrap();

        assert_eq!(complaints(&schema, &value), Vec::<String>::new());

        let mut wrong = value.clone();
        wrong["checks"][0]["verdict"] = "maybe".into();
        assert!(!complaints(&schema, &wrong).is_empty());
        let mut short = value;
        short.as_object_mut().unwrap().remove("run");
        assert!(!complaints(&schema, &short).is_empty());
    }
}

#[test]
fn every_event_follows_its_schema_is_one_line_and_can_be_read_back() {
    let schema = committed("event.json", &record::schema::event());
    let record = records::hostile(b"\n\x1b\xff");
    let mut events: Vec<Event> = record.checks.iter().map(Event::check_finished).collect();
    events.push(Event::run_finished(&record));

    for event in events {
        let line = event.clone().line();

        assert_eq!(line.matches('\n').count(), 1);
        assert!(!line.contains('\x1b'));
        assert_eq!(complaints(&schema, &serde_json::from_str(&line).unwrap()), Vec::<String>::new());
        assert_eq!(serde_json::from_str::<record::event::Line>(&line).unwrap().event, event);
    }
    assert!(!complaints(&schema, &serde_json::json!({ "v": 1, "event": "else" })).is_empty());
}

#[test]
fn every_campaign_follows_its_schema() {
    let schema = committed("campaign.json", &record::schema::campaign());

    for campaign in [campaigns::clean(), campaigns::found(), campaigns::hostile(b"\xff<\\")] {
        let value: Value = serde_json::from_slice(&campaign.to_json()).unwrap();

        assert_eq!(complaints(&schema, &value), Vec::<String>::new());

        let mut wrong = value;
        wrong["conclusion"] = "maybe".into();
        assert!(!complaints(&schema, &wrong).is_empty());
    }
}
