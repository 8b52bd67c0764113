//! Two hundred nasty strings through every output: each is parsed, and holds nothing that we did not put there.

mod harmless;
#[path = "../../record/tests/records/mod.rs"]
mod records;

use harmless::{is_harmless, skeleton};
use pulldown_cmark::{Event, Options, Parser, Tag};
use quick_xml::events::Event as Xml;
use record::encode::{shell, terminal};
use record::hostile::corpus;
use record::{Record, Untrusted};
use render::encode::{ci, csv, html, markdown};
use scraper::Html;

#[test]
fn the_corpus_has_two_hundred_strings() {
    assert!(corpus().len() >= 200, "{}", corpus().len());
}

#[test]
fn a_page_has_the_same_elements_whatever_the_subject_sends() {
    let expected = skeleton(&Html::parse_document(&render::html::render(&records::hostile(b"harmless"))));
    for nasty in corpus().into_iter().filter(|nasty| !nasty.trim_ascii().is_empty()) {
        let page = Html::parse_document(&render::html::render(&records::hostile(&nasty)));

        assert_eq!(skeleton(&page), expected, "{:?}", Untrusted::new(nasty));
        let text: String = page.root_element().text().collect();
        assert!(is_harmless(&text));
    }
}

#[test]
fn a_page_keeps_its_rules_when_a_string_is_empty() {
    let page = Html::parse_document(&render::html::render(&records::hostile(b"")));
    assert_eq!(skeleton(&page).iter().filter(|(name, _)| name == "script").count(), 1);
}

#[test]
fn junit_parses_strictly_whatever_the_subject_sends() {
    for nasty in corpus() {
        let document = render::junit::render(&records::hostile(&nasty)).expect("it was parsed back");

        let mut reader = quick_xml::Reader::from_str(&document);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event().expect("well-formed") {
                Xml::Eof => break,
                Xml::CData(_) | Xml::DocType(_) | Xml::PI(_) | Xml::Comment(_) => {
                    panic!("not ours: {:?}", Untrusted::new(nasty))
                }
                Xml::Start(element) | Xml::Empty(element) => {
                    let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                    assert!(
                        [
                            "testsuites",
                            "testsuite",
                            "testcase",
                            "failure",
                            "error",
                            "skipped",
                            "properties",
                            "property",
                            "system-out"
                        ]
                        .contains(&name.as_str()),
                        "{name}"
                    );
                    assert!(element.attributes().all(|attribute| attribute.is_ok()));
                }
                _ => {}
            }
        }
        assert!(is_harmless(&document));
    }
}

#[test]
fn a_record_survives_json_whatever_the_subject_sends() {
    for nasty in corpus() {
        let record = records::hostile(&nasty);
        let json = record.to_json();
        assert_eq!(Record::from_json(&json).unwrap(), record);
        assert!(is_harmless(std::str::from_utf8(&json).unwrap()), "{:?}", Untrusted::new(nasty));
    }
}

#[test]
fn a_summary_holds_no_markup_of_the_subject() {
    for nasty in corpus() {
        let summary = render::markdown::render(&records::hostile(&nasty));

        assert!(summary.len() <= render::markdown::LIMIT);
        assert!(is_harmless(&summary));
        let mut rows = 0;
        for event in Parser::new_ext(
            &summary,
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS,
        ) {
            match event {
                Event::Start(
                    Tag::Link { .. } | Tag::Image { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_),
                )
                | Event::InlineHtml(_) => {
                    panic!("not ours: {:?}", Untrusted::new(nasty))
                }
                Event::Html(html) => assert_eq!(html.trim(), "<!-- mqtt-certify -->"),
                Event::Start(Tag::TableRow) => rows += 1,
                _ => {}
            }
        }
        assert_eq!(rows, 11, "{:?}\n{summary}", Untrusted::new(nasty));
    }
}

#[test]
fn a_terminal_gets_printable_characters_only() {
    for nasty in corpus() {
        let record = records::hostile(&nasty);
        let mut out = render::terminal::summary(&record, 100, false, false);
        assert!(out.lines().count() <= 25);
        out.push_str(&render::terminal::failure(&record.checks[0]));
        assert!(is_harmless(&out), "{:?}", Untrusted::new(nasty));

        let ascii = render::terminal::summary(&record, 100, false, true);
        assert!(ascii.is_ascii(), "{ascii}");
        assert!(ascii.chars().all(|character| character == '\n' || !character.is_control()));
    }
}

#[test]
fn a_log_line_holds_no_command() {
    for nasty in corpus() {
        for line in
            [ci::line("check", &nasty), ci::annotation_message(&nasty), ci::annotation_property(&nasty)]
        {
            assert!(!line.contains('\n') && !line.contains('\r') && is_harmless(&line));
            for mark in ["::", "##[", "##vso", "##teamcity", "section_start:", "section_end:"] {
                assert!(!line.contains(mark), "{line}");
            }
        }
        assert!(!ci::annotation_property(&nasty).contains([',', ':']));
    }
}

#[test]
fn a_cell_is_quoted_and_no_formula() {
    for nasty in corpus() {
        let cell = csv::cell(&nasty);
        let inner = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap();
        assert!(!inner.replace("\"\"", "").contains('"') && !inner.contains(['\n', '\r', '\t']));
        assert!(!inner.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn a_script_data_block_can_not_be_left() {
    for nasty in corpus() {
        let text = String::from_utf8_lossy(&nasty).into_owned();
        let encoded = html::json(&serde_json::to_string(&text).unwrap());
        assert!(!encoded.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
        assert_eq!(serde_json::from_str::<String>(&encoded).unwrap(), text);
    }
}

#[test]
fn a_code_span_is_one_code_span() {
    for nasty in corpus() {
        let span = markdown::code(&nasty, 4096);
        let events: Vec<_> = Parser::new(&span).collect();
        assert!(
            matches!(events.as_slice(), [Event::Start(_), Event::Code(_), Event::End(_)]),
            "{span}: {events:?}"
        );
    }
}

#[test]
fn terminal_text_stays_on_its_line() {
    for nasty in corpus() {
        let text = terminal::text(&nasty);
        assert!(is_harmless(&text) && !text.contains('\n'));
        for mark in ["##[", "##vso", "##teamcity", "section_start:", "section_end:"] {
            assert!(!text.contains(mark), "{text}");
        }
        assert!(terminal::ascii(&nasty).bytes().all(|byte| (0x20..0x7F).contains(&byte)));
    }
}

#[test]
fn bash_prints_exactly_the_bytes_that_it_was_given() {
    for nasty in corpus().into_iter().filter(|nasty| nasty.len() < 4096) {
        let command = format!("bash -c '{}'", shell::printf(&nasty));
        let output =
            std::process::Command::new("bash").arg("-c").arg(&command).output().expect("bash is installed");
        assert_eq!(output.stdout, nasty, "{command}");
    }
}

#[test]
fn an_annotation_is_one_command_on_one_line() {
    for nasty in corpus() {
        for line in render::ci::annotations(&records::hostile(&nasty)) {
            assert!(line.starts_with("::error title=") || line.starts_with("::warning title="));
            assert_eq!(line.matches("::").count(), 2, "{line}");
            assert!(!line.contains(['\n', '\r']) && is_harmless(&line));
        }
    }
    assert_eq!(render::ci::annotations(&records::large(40, 20)).len(), 10);
}
