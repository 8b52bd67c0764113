//! The corpus through whole documents for machines and through pages of several Records; `untrusted.rs` has the sinks one by one.

mod harmless;
#[path = "../../record/tests/records/mod.rs"]
mod records;
mod tables;

use harmless::{is_harmless, skeleton};
use std::collections::BTreeSet;
use tables::table;

use pulldown_cmark::{Event as Markdown, Options, Parser, Tag};
use record::diff::Diff;
use record::event::Event;
use record::hostile::corpus;
use record::{Record, Untrusted, Verdict, schema};
use render::{csv, ctrf, html, matrix};
use scraper::Html;
use serde_json::Value;

/// Another run of the same hostile Subject, so that something got better and something got worse.
fn before(nasty: &[u8]) -> Record {
    let mut record = records::hostile(nasty);
    record.checks[0].verdict = Verdict::Pass;
    record.checks[3].verdict = Verdict::Fail;
    record.conclude();
    record
}

/// The names of all members and the kinds of all values, in order.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name}:{}", shape(value))).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// The places of the schema that hold received text, and of these the ones where the document has this text.
fn received(schema: &Value, root: &Value, document: &[&Value], place: &str, found: &mut Vec<(String, bool)>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        if name == "Untrusted" {
            found.push((place.to_owned(), document.iter().any(|value| *value == "needle")));
        } else {
            received(&root["$defs"][name], root, document, place, found);
        }
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        for option in schema[keyword].as_array().into_iter().flatten() {
            received(option, root, document, place, found);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let inner: Vec<&Value> = document.iter().filter_map(|value| value.get(name)).collect();
        received(member, root, &inner, &format!("{place}/{name}"), found);
    }
    if schema["items"].is_object() {
        let inner: Vec<&Value> = document.iter().filter_map(|value| value.as_array()).flatten().collect();
        received(&schema["items"], root, &inner, place, found);
    }
}

#[test]
fn the_hostile_record_has_the_string_wherever_a_record_holds_received_text() {
    let schema: Value = serde_json::from_str(&schema::record()).unwrap();
    let mut record = records::hostile(b"needle");
    record.baseline = Some(record::compare::compare(&before(b"needle"), &record));
    let record: Value = serde_json::from_slice(&record.to_json()).unwrap();
    let mut found = Vec::new();

    received(&schema, &schema, &[&record], "", &mut found);

    let places: BTreeSet<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert!(places.len() >= 13, "{places:?}");
    let missing: Vec<_> = found.iter().filter(|(_, is_there)| !is_there).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn ctrf_has_the_same_members_whatever_the_subject_sends() {
    let parse =
        |nasty: &[u8]| serde_json::from_str::<Value>(&ctrf::render(&records::hostile(nasty))).unwrap();
    let expected = shape(&parse(b"harmless"));
    for nasty in corpus() {
        let document = parse(&nasty);

        assert_eq!(shape(&document), expected, "{:?}", Untrusted::new(nasty));
        for test in document["results"]["tests"].as_array().unwrap() {
            assert!(is_harmless(test["message"].as_str().unwrap()));
            assert!(is_harmless(test["name"].as_str().unwrap()), "{}", test["name"]);
        }
    }
}

#[test]
fn a_table_has_the_same_lines_and_columns_whatever_the_subject_sends() {
    let expected = table(&csv::render(&records::hostile(b"harmless")));
    let width = expected[0].len();
    let differing = |nasty: &[u8]| [records::hostile(nasty), records::small()];
    let columns = table(&matrix::csv(&differing(b"harmless")));
    for nasty in corpus() {
        let document = csv::render(&records::hostile(&nasty));
        let lines = table(&document);
        assert!(lines.iter().all(|line| line.len() == width), "{:?}", Untrusted::new(nasty));
        assert!(is_harmless(&document.replace("\r\n", "\n")));
        // All but the last cell are ours.
        let ours =
            |lines: &[Vec<String>]| lines.iter().map(|line| line[..width - 1].to_vec()).collect::<Vec<_>>();
        assert_eq!(ours(&lines), ours(&expected));
        assert!(lines.iter().flatten().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])));

        let lines = table(&matrix::csv(&differing(&nasty)));
        assert_eq!(lines.len(), columns.len());
        assert!(lines.iter().all(|line| line.len() == columns[0].len()));
    }
}

#[test]
fn an_event_is_one_line_of_json_whatever_the_subject_sends() {
    for nasty in corpus() {
        let record = records::hostile(&nasty);
        for event in [Event::check_finished(&record.checks[0]), Event::run_finished(&record)] {
            let line = event.line();

            let content = line.strip_suffix('\n').expect("it ends with its newline");
            assert!(!content.contains('\n') && is_harmless(content), "{content}");
            serde_json::from_str::<record::event::Line>(content).unwrap();
        }
    }
}

#[test]
fn pages_that_compare_two_runs_have_the_same_elements_whatever_the_subject_sends() {
    let render = |nasty: &[u8]| -> [String; 2] {
        let (before, now) = (before(nasty), records::hostile(nasty));
        let mut judged: Record = now.clone();
        judged.baseline = Some(record::compare::compare(&before, &now));
        [render::diff::html(&Diff::new(&before, &now)), html::render(&judged)]
    };
    let expected = render(b"harmless").map(|page| skeleton(&Html::parse_document(&page)));
    for nasty in corpus().into_iter().filter(|nasty| !nasty.trim_ascii().is_empty()) {
        let pages = render(&nasty);

        for (page, expected) in pages.iter().zip(&expected) {
            let page = Html::parse_document(page);
            assert!(&skeleton(&page) == expected, "{:?}", Untrusted::new(nasty));
            assert!(is_harmless(&page.root_element().text().collect::<String>()));
        }
    }
}

#[test]
fn a_difference_in_text_holds_nothing_of_the_subject_but_printable_characters() {
    for nasty in corpus() {
        let (before, now) = (before(&nasty), records::hostile(&nasty));
        let diff = Diff::new(&before, &now);

        assert!(is_harmless(&render::diff::text(&diff, 100, false)), "{:?}", Untrusted::new(nasty));
        assert!(render::diff::text(&diff, 100, true).is_ascii());
        let summary = render::diff::markdown(&diff);
        assert!(is_harmless(&summary));
        let markup =
            Parser::new_ext(&summary, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).find(|event| {
                match event {
                    Markdown::Start(
                        Tag::Link { .. } | Tag::Image { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_),
                    ) => true,
                    Markdown::InlineHtml(_) => true,
                    Markdown::Html(html) => !html.starts_with("<!-- mqtt-certify"),
                    _ => false,
                }
            });
        assert_eq!(markup, None, "{summary}");
        for document in [render::diff::json(&diff), matrix::json(&[before.clone(), now.clone()])] {
            assert!(is_harmless(&document));
            serde_json::from_str::<Value>(&document).unwrap();
        }
    }
}
