//! A Server that says nasty things is certified, in virtual time and over sockets; every report of that run is parsed and holds nothing that we did not put
//! there.

#[path = "../../../reports/render/tests/harmless/mod.rs"]
mod harmless;
#[path = "../../../reports/render/tests/tables/mod.rs"]
mod tables;

use harmless::{is_harmless, skeleton};
use proof::everything;
use protocol::Version;
use protocol::wire::dissect;
use pulldown_cmark::{Event as Markdown, Options, Parser, Tag};
use quick_xml::events::Event as Xml;
use record::hostile::corpus;
use record::{Record, event};
use render::{Format, ci, terminal};
use scraper::Html;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use subjects::around::Behaviour;
use subjects::hostile::{HARMLESS, HOSTILE, said};
use suite::configurations;
use suite::recording::{self, Heading};

/// Each one of so many checks is run.
const EACH: usize = 9;

/// The Record of a run against the reference broker with this behaviour.
fn certified(behaviour: Behaviour) -> Record {
    let checks: Vec<_> =
        suite::plan::checks().expect("the features are right").into_iter().step_by(EACH).collect();
    assert!(checks.len() > 100, "{}", checks.len());
    let plan = everything::plan(&checks, behaviour, configurations::names(), 1);
    let findings = plan.run(&|_, _| {});
    recording::record(
        &plan,
        &findings,
        &Heading::of_the_reference("virtual", "mqtt-certify simulate", String::new(), "unknown"),
    )
}

/// The run that the tests look at.
static RECORD: LazyLock<Record> = LazyLock::new(|| certified(HOSTILE));

fn rendered(format: Format) -> String {
    String::from_utf8(format.render(&RECORD).expect("it can be rendered")).expect("reports are UTF-8")
}

/// Elements with their attributes, each once.
fn kinds(page: &str) -> BTreeSet<(String, Vec<String>)> {
    skeleton(&Html::parse_document(page)).into_iter().collect()
}

/// No character but printable ones and newlines; no command for a CI server that is not ours.
fn assert_log(text: &str, ours: &[&str]) {
    assert!(is_harmless(text), "{:?}", text.lines().find(|line| !is_harmless(line)));
    for line in text.lines() {
        let rest = ours.iter().find_map(|prefix| line.strip_prefix(prefix)).unwrap_or(line);
        let rest = if rest.len() < line.len() { rest.replacen("::", "", 1) } else { rest.to_owned() };
        for mark in ["##[", "##vso", "##teamcity", "section_start:", "section_end:"] {
            assert!(!rest.contains(mark), "{line}");
        }
        assert!(!rest.trim_start().starts_with("::"), "{line}");
        assert!(rest.len() == line.len() || !rest.contains("::"), "{line}");
    }
}

#[test]
fn the_corpus_is_heard_and_the_run_gets_far() {
    let heard: BTreeSet<Vec<u8>> = RECORD
        .checks
        .iter()
        .flat_map(|check| check.transcript.iter().flat_map(|transcript| &transcript.events))
        .flat_map(|event| said(&dissect(&event.wire(), Some(Version::V500))))
        .map(|text| text.to_vec())
        .collect();

    let nasty = corpus();
    let missing: Vec<_> = nasty
        .iter()
        .filter(|text| !heard.contains(*text))
        .map(|text| text.escape_ascii().to_string())
        .collect();
    assert!(nasty.len() - missing.len() >= 200, "{missing:?}");
    let packets: BTreeSet<&str> = RECORD
        .checks
        .iter()
        .flat_map(|check| check.transcript.iter().flat_map(|transcript| &transcript.events))
        .filter(|event| event.direction == record::Direction::FromServer)
        .filter_map(|event| event.packet.as_deref())
        .collect();
    for packet in ["CONNACK", "PUBLISH", "PUBACK", "SUBACK", "DISCONNECT"] {
        assert!(packets.contains(packet), "{packet} of {packets:?}");
    }
}

#[test]
fn the_page_has_no_element_and_no_attribute_that_is_not_ours() {
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/published/mosquitto-2.0.11.json");
    let published = Record::from_json(&std::fs::read(published).unwrap()).unwrap();
    let mut ours = kinds(&render::html::render(&certified(HARMLESS)));
    ours.extend(kinds(&render::html::render(&published)));

    let source = rendered(Format::Html);

    let foreign: Vec<_> = kinds(&source).difference(&ours).cloned().collect();
    assert_eq!(foreign, []);
    let page = Html::parse_document(&source);
    assert!(is_harmless(&page.root_element().text().collect::<String>()));
    for element in page.tree.nodes().filter_map(|node| node.value().as_element()) {
        for (name, value) in element.attrs() {
            assert!(is_harmless(value), "{name}={value:?}");
            let is_ours =
                name != "href" || value.starts_with('#') || value.starts_with("https://docs.oasis-open.org/");
            assert!(is_ours, "{name}={value:?}");
        }
    }
}

#[test]
fn junit_is_well_formed_and_has_no_node_that_is_not_ours() {
    let document = rendered(Format::Junit);

    let mut reader = quick_xml::Reader::from_str(&document);
    reader.config_mut().check_end_names = true;
    let mut elements = BTreeSet::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Xml::Eof => break,
            Xml::CData(_) | Xml::DocType(_) | Xml::PI(_) | Xml::Comment(_) => panic!("not ours"),
            Xml::Start(element) | Xml::Empty(element) => {
                elements.insert(String::from_utf8_lossy(element.name().as_ref()).into_owned());
                assert!(element.attributes().all(|attribute| attribute.is_ok()));
            }
            _ => {}
        }
    }
    let ours = "error failure properties property skipped system-out testcase testsuite testsuites";
    assert!(elements.iter().all(|element| ours.split(' ').any(|known| known == element)), "{elements:?}");
    assert!(elements.contains("failure"));
    assert!(is_harmless(&document));
}

#[test]
fn json_is_read_back_equal_and_can_be_printed() {
    let text = rendered(Format::Json);
    assert_eq!(Record::from_json(text.as_bytes()).unwrap(), *RECORD);
    for format in [Format::Json, Format::Ctrf, Format::Badge] {
        let text = rendered(format);
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let shown = text.lines().find(|line| !is_harmless(line)).map(|line| line.escape_debug().to_string());
        assert!(shown.is_none(), "{format:?}: {:.300}", shown.unwrap_or_default());
    }
}

#[test]
fn every_event_is_one_line_of_json() {
    let events =
        RECORD.checks.iter().map(event::Event::check_finished).chain([event::Event::run_finished(&RECORD)]);
    for event in events {
        let line = event.line();
        let content = line.strip_suffix('\n').expect("it ends with its newline");
        assert!(!content.contains('\n') && is_harmless(content));
        serde_json::from_str::<event::Line>(content).unwrap();
    }
}

#[test]
fn a_summary_for_ci_has_no_markup_that_is_not_ours() {
    let summary = rendered(Format::Markdown);

    assert!(is_harmless(&summary));
    assert_markdown(&summary);
}

fn assert_markdown(summary: &str) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(summary, options) {
        match event {
            Markdown::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
                | Tag::Strikethrough),
            ) => panic!("not ours: {tag:?}"),
            Markdown::InlineHtml(html) => panic!("not ours: {html}"),
            Markdown::Html(html) => assert_eq!(html.trim(), "<!-- mqtt-certify -->"),
            _ => {}
        }
    }
}

#[test]
fn a_table_has_as_many_columns_in_each_line_and_no_formula() {
    let document = rendered(Format::Csv);

    let lines = tables::table(&document);

    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    assert!(lines.iter().flatten().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])));
    assert!(is_harmless(&document.replace("\r\n", "\n")));
}

#[test]
fn a_terminal_gets_printable_characters_and_a_ci_log_no_commands() {
    for ascii in [false, true] {
        let summary = terminal::summary(&RECORD, 100, false, ascii);
        assert_log(&summary, &[]);
        assert!(!ascii || summary.is_ascii());
    }
    for check in RECORD.checks.iter().filter(|check| check.verdict.is_finding()) {
        assert_log(&terminal::failure(check), &[]);
    }
    for line in ci::annotations(&RECORD) {
        assert_log(&line, &["::error title=", "::warning title="]);
    }
}

/// The hostile Server as a process, which ends with this value.
struct Hostile {
    process: Child,
    url: String,
}

impl Hostile {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_mqtt-certify"))
            .args(["broker", "--hostile", "--listen", "mqtt://127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped"));
        lines.read_line(&mut line).expect("it says where it listens");
        let url = line.trim().strip_prefix("listening on ").expect("it says where it listens").to_owned();
        Hostile { process, url }
    }

    /// Certifies it as a CI job on GitHub would, in a directory of its own.
    fn certify(&self, directory: &Path, format: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_mqtt-certify"))
            .current_dir(directory)
            .args(["run", &self.url, "--only", "5.0/3.3", "--only", "5.0/3.14", "--seed", "1"])
            .args(["--ci", "github", "--format", format, "-o", format])
            .env("GITHUB_STEP_SUMMARY", directory.join("step-summary.md"))
            .env("GITHUB_OUTPUT", directory.join("outputs"))
            .output()
            .expect("the binary starts")
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn over_sockets_neither_the_log_nor_a_file_of_ci_has_anything_of_the_server_but_text() {
    let server = Hostile::start();
    let directory = tempfile::tempdir().expect("a temporary directory");

    let human = server.certify(directory.path(), "human");
    let events = server.certify(directory.path(), "json");

    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("logs are UTF-8");
    assert_eq!(human.status.code(), Some(1), "{}{}", text(&human.stdout), text(&human.stderr));
    for output in [&human, &events] {
        assert_log(&text(&output.stderr), &[]);
    }
    let log = text(&human.stdout);
    assert!(log.contains("::error title="), "{log}");
    assert_log(&log, &["::error title=", "::warning title="]);
    for line in text(&events.stdout).lines() {
        assert!(is_harmless(line));
        serde_json::from_str::<event::Line>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    let summary =
        std::fs::read_to_string(directory.path().join("step-summary.md")).expect("there is a summary");
    assert!(is_harmless(&summary));
    assert_markdown(&summary);
    let outputs = std::fs::read_to_string(directory.path().join("outputs")).expect("there are outputs");
    let names: Vec<&str> = outputs.lines().map(|line| line.split('=').next().unwrap_or_default()).collect();
    assert_eq!(names, ["verdict", "failed", "exit-code", "report"], "{outputs}");
    for file in
        ["report.html", "junit.xml", "summary.md", "results.csv", "results.json", "ctrf.json", "badge.json"]
    {
        let content = std::fs::read_to_string(directory.path().join("human").join(file)).expect(file);
        assert!(is_harmless(&content.replace("\r\n", "\n")), "{file}");
    }
}
