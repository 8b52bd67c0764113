//! `features/README.md`: every sentence of the vocabulary, rendered from the step functions and compared with the committed page.
//!
//! `UPDATE=1 cargo test -p suite --test vocabulary` writes it again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const INTRODUCTION: &str = "# Features

What must be true of a Server, written for people: each file is about one section of the standard, each Rule about one or a few Requirements
(numbered statements of the standard), each Scenario about one way to break them. Features use the words of the
standard; they know nothing of Rust or ports, and speak of bytes only where the standard has no word.

`requirements/` holds every normative statement of both versions, with its own page. The rest of this page is generated from the step
functions by a test (`UPDATE=1 cargo test -p suite --test vocabulary`): it lists every sentence that a Scenario can use.

## How a feature is read

- *Given* is the situation and *When* the stimulus. If they cannot be reached, the verdict is *inconclusive*. Only *Then* can fail.
- Tags of a Rule or Scenario name the Requirements that it tests, each with its version. A Scenario is one check for each version whose
  Requirements it names.
- Where the Thens of a Scenario are about different Requirements, each says in brackets behind its sentence which of the tags its failure breaks:
  `Then no packet to S is larger than 120 bytes [5.0/MQTT-3.1.2-24]`. A Then without brackets is about all tags.
- `@needs:WORD` is something that the Server must support; `requirements/README.md` lists the words.
- `@server:NAME` is a Server in a special configuration; `harness/suite/src/configurations.rs` describes each.
- `@only:5.0` and `@only:3.1.1` restrict a Scenario to one version.
- Clients have one-word names. Topics, Topic Filters and Client Identifiers get a prefix of their own in each Scenario, so that Scenarios can
  share a Server; sentences with *bare* leave a topic as it is.
- Tables have a field of the packet on the left, by the name in the standard, and its value on the right. Where a packet is compared, the
  value may be `absent`, `present`, `A or B` or `A to B`.
- In sentences, `{word}` is a name or a word, `{string}` is text in quotes, `{int}` and `{float}` are numbers. Sentences between `^` and `$`
  are regular expressions.

# Vocabulary
";

/// One step function.
#[derive(Default)]
struct Entry {
    comment: Vec<String>,
    sentences: Vec<(&'static str, String)>,
}

fn directory(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text between the outermost quotes of an attribute.
fn literal(attribute: &str) -> Option<&str> {
    let first = attribute.find('"')?;
    let last = attribute.rfind('"')?;
    (first < last).then(|| &attribute[first + 1..last])
}

fn keyword(line: &str) -> Option<&'static str> {
    [("#[given(", "Given"), ("#[when(", "When"), ("#[then(", "Then")]
        .into_iter()
        .find_map(|(prefix, keyword)| line.starts_with(prefix).then_some(keyword))
}

/// The step functions of one file, in the order in which they stand there.
fn entries(source: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut entry = Entry::default();
    let mut attribute: Option<(&'static str, String)> = None;
    for line in source.lines() {
        if let Some((_, text)) = &mut attribute {
            text.push_str(line.trim());
        } else if let Some(keyword) = keyword(line) {
            attribute = Some((keyword, line.to_owned()));
        } else if let Some(comment) = line.strip_prefix("///") {
            entry.comment.push(comment.trim().to_owned());
            continue;
        } else {
            if !entry.sentences.is_empty() {
                entries.push(std::mem::take(&mut entry));
            }
            entry = Entry::default();
            continue;
        }
        if let Some((keyword, text)) = attribute.take_if(|(_, text)| text.ends_with(")]")) {
            entry.sentences.push((keyword, literal(&text).unwrap_or_default().to_owned()));
        }
    }
    entries
}

/// The first paragraph of the comment at the top of a file, without its full stop.
fn title(source: &str) -> String {
    let paragraph: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!").map(str::trim))
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ").trim_end_matches('.').to_owned()
}

fn render() -> String {
    let steps = directory("src/steps");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&steps)
        .expect("the steps are there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    let mut page = INTRODUCTION.to_owned();
    for file in files {
        let source = std::fs::read_to_string(&file).expect("a source file can be read");
        let entries = entries(&source);
        if entries.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n## {}\n", title(&source));
        for entry in entries {
            for (index, (keyword, sentence)) in entry.sentences.iter().enumerate() {
                let indent = if index == 0 { "- " } else { "  " };
                let end = if index + 1 < entry.sentences.len() { "\\" } else { "" };
                let _ = writeln!(page, "{indent}*{keyword}* `{sentence}`{end}");
            }
            if !entry.comment.is_empty() {
                let _ = writeln!(page, "\n  {}", entry.comment.join(" "));
            }
        }
    }
    page
}

#[test]
fn the_page_of_the_features_has_every_sentence() {
    let path = directory("../../features/README.md");
    let rendered = render();

    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &rendered).expect("the page can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();

    assert!(
        committed == rendered,
        "features/README.md is out of date; UPDATE=1 cargo test -p suite --test vocabulary writes it again"
    );
}

#[test]
fn a_sentence_is_found_whether_or_not_its_attribute_fits_on_one_line() {
    let source = "/// What it does.\n#[given(expr = \"{word} is\")]\n#[then(\n    regex = r#\"^(\\w+) \"is\"$\"#\n)]\nasync fn is() {}\n";

    let entries = entries(source);

    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].comment, ["What it does."]);
    assert_eq!(
        entries[0].sentences,
        [("Given", "{word} is".to_owned()), ("Then", "^(\\w+) \"is\"$".to_owned())]
    );
}
