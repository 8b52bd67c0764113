//! The page in a real browser: what only a browser shows.
//!
//! Run by name, `cargo test -p render --test browser`, because it needs Chromium (`chromium`, or what `CHROMIUM` names) and axe-core
//! (`AXE_CORE` names its `axe.min.js`; `npm pack axe-core@4` fetches it). Without them these tests fail; they never pass unseen.
//! What an HTML parser can see is in `page.rs`.

#[path = "../../record/tests/campaigns/mod.rs"]
mod campaigns;
mod devtools;
mod pages;
#[path = "../../record/tests/records/mod.rs"]
mod records;

use std::path::PathBuf;

use base64::Engine;
use devtools::Page;
use pages::{another, pages};
use render::html::render;
use render::matrix;
use serde_json::Value;

/// Functions for expressions in the page.
const LENSES: &str = include_str!("devtools/lenses.js");

/// The axe rules that are run: all levels of WCAG 2.2 AA, and what its authors hold for good practice.
const AXE_RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// A browser that shows this page.
fn opened(source: &str) -> (Page, PathBuf) {
    let mut page = Page::start();
    let file = page.file("report.html", source);
    page.open(&file, "");
    (page, file)
}

/// The value of an expression that may use [`LENSES`].
fn look(page: &mut Page, expression: &str) -> Value {
    page.evaluate(&format!("(() => {{ {LENSES}; return {expression}; }})()"))
}

fn number(page: &mut Page, expression: &str) -> u64 {
    look(page, expression).as_u64().unwrap_or_else(|| panic!("{expression} is no number"))
}

#[test]
fn nothing_is_requested_and_nothing_is_complained_of() {
    let mut page = Page::start();
    for (name, source) in pages() {
        let file = page.file("report.html", &source);

        page.open(&file, "");

        assert_eq!(page.requests(), [format!("file://{}", file.display())], "{name}");
        assert_eq!(page.complaints(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_the_policy_forbids_is_not_done_and_is_noticed() {
    let source = render(&records::small());
    let foreign = "<script>document.title = 'foreign'</script><p id=styled style='color: red'>x</p>\
        <img src='picture.png' onerror='document.title = 1'></main>";
    let without_policy = "<!doctype html><title>x</title><img src='picture.png'><script>missing()</script>";

    let (mut page, _) = opened(&source.replace("</main>", foreign));

    let complaints = page.complaints();
    for directive in ["script-src", "style-src", "img-src"] {
        assert!(
            complaints.iter().any(|complaint| complaint.contains(directive)),
            "{directive}: {complaints:?}"
        );
    }
    assert!(
        page.evaluate("document.title").as_str().is_some_and(|title| title.starts_with("NOT CONFORMANT"))
    );
    assert_ne!(page.evaluate("getComputedStyle(styled).color"), "rgb(255, 0, 0)");

    let file = page.file("without.html", without_policy);
    page.open(&file, "");
    assert_eq!(page.requests().len(), 2);
    assert!(page.complaints().iter().any(|complaint| complaint.contains("missing is not defined")));
}

#[test]
fn search_and_filter_reduce_the_rows_and_are_kept_in_the_address() {
    let (mut page, file) = opened(&render(&records::sample()));
    let total = number(&mut page, "rows().length");
    assert_eq!(total as usize, records::sample().requirements.len());

    page.evaluate("document.querySelector('.filter input').focus()");
    page.send("Input.insertText", serde_json::json!({"text": "dup publish"}));
    let found = number(&mut page, "rows().length");
    assert!(0 < found && found < total, "{found} of {total}");
    assert_eq!(look(&mut page, "rows().every((row) => /dup/i.test(row.textContent))"), true);
    let said = look(&mut page, "document.querySelector('.result').textContent");
    assert_eq!(said, format!("{found} of {total} statements"));

    page.evaluate("document.querySelector('[data-verdict=fail]').click()");
    assert_eq!(look(&mut page, "rows().map((row) => row.id)"), serde_json::json!(["v5-MQTT-3.3.1-1"]));
    assert_eq!(page.evaluate("location.search"), "?q=dup+publish&show=fail");

    page.reload();
    assert_eq!(look(&mut page, "rows().map((row) => row.id)"), serde_json::json!(["v5-MQTT-3.3.1-1"]));
    assert_eq!(page.evaluate("document.querySelector('.filter input').value"), "dup publish");

    page.open(&file, "?show=fail,inconclusive");
    assert_eq!(number(&mut page, "rows().length"), 4);
    page.open(&file, "?q=zzz#v5-MQTT-3.12.4-1");
    assert_eq!(look(&mut page, "rows().map((row) => row.id)"), serde_json::json!(["v5-MQTT-3.12.4-1"]));

    page.open(&file, "?q=zzz");
    page.evaluate("document.querySelector('.tiles [data-show=fail]').click()");
    assert_eq!(number(&mut page, "rows().length"), 2);
    assert_eq!(page.evaluate("location.search + location.hash"), "?show=fail#statements");
    page.evaluate("document.querySelector('[data-verdict=fail]').click()");
    assert_eq!(number(&mut page, "rows().length"), total);
    assert_eq!(page.evaluate("location.search"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn a_matrix_can_show_only_where_subjects_differ() {
    let (mut page, _) = opened(&matrix::render(&[records::small(), another()]));
    let total = number(&mut page, "rows().length");

    page.evaluate("document.querySelector('[data-verdict=differs]').click()");

    let differing = number(&mut page, "rows().length");
    assert!(0 < differing && differing < total, "{differing} of {total}");
    assert_eq!(look(&mut page, "rows().every((row) => row.dataset.v === 'differs')"), true);
}

#[test]
fn every_column_of_a_matrix_can_be_scrolled_into_view_on_a_narrow_screen() {
    let mut page = Page::start();
    page.size(320, 640);
    let file = page.file("matrix.html", &matrix::render(&[records::sample(), another(), records::small()]));
    page.open(&file, "");

    page.evaluate("document.querySelector('.scroll:has(.matrix)').scrollLeft = 9999");

    // The first column stays where it is, so that it must not stand on the last.
    let row = look(
        &mut page,
        "(([first, last]) => [last.left - first.right, innerWidth - last.right].map(Math.floor))(
            ['td:first-child', 'td:last-child'].map((cell) => rows()[0].querySelector(cell).getBoundingClientRect()))",
    );
    let free = |index: usize| row[index].as_f64().expect("a width");
    assert!(free(0) >= -1.0 && free(1) >= 0.0, "{row}");
}

#[test]
fn a_deep_link_opens_what_it_points_at() {
    let (mut page, file) = opened(&render(&records::large(600, 12)));
    let targets = look(
        &mut page,
        "['.evidence:not([open])', '.evidence:not([open]) tr[id]', '.statements details:not([open]) li[id]', '.statements tr[id]']
            .map((selector) => all(selector).at(-1).id)",
    );
    for target in targets.as_array().expect("one for each selector") {
        let target = target.as_str().expect("an identifier");

        page.open(&file, &format!("#{target}"));

        let seen = look(&mut page, "inView(document.querySelector(':target'))");
        assert_eq!(seen, true, "{target} at the first load");

        page.open(&file, "");
        page.evaluate(&format!("location.hash = '#{target}'"));
        // The event comes in a task of its own.
        page.evaluate("new Promise((done) => setTimeout(done))");
        assert_eq!(look(&mut page, "inView(document.querySelector(':target'))"), true, "{target} later");
    }
}

#[test]
fn the_keyboard_reaches_every_control_and_shows_where_it_is() {
    let (mut page, _) = opened(&render(&records::small()));
    let controls = number(&mut page, "controls().length");

    let mut reached = Vec::new();
    loop {
        page.press("Tab", "", 9);
        let place = look(&mut page, "focused()");
        if place.is_null() || reached.len() as u64 > 2 * controls {
            break;
        }
        assert_eq!(place["visible"], true, "the focus is not seen: {place}");
        reached.push(place["index"].as_u64().expect("it is one of the controls"));
    }

    assert!(controls > 40, "{controls}");
    assert_eq!(reached, (0..controls).collect::<Vec<_>>(), "each once, in the order of the page");
}

#[test]
fn the_keyboard_works_the_controls() {
    let (mut page, _) = opened(&render(&records::small()));

    page.press("Tab", "", 9);
    page.press("Enter", "\r", 13);
    assert_eq!(page.evaluate("location.hash"), "#findings", "the first stop skips to the content");

    page.evaluate("document.querySelector('[data-verdict=inconclusive]').focus()");
    page.press(" ", " ", 32);
    assert_eq!(page.evaluate("document.activeElement.getAttribute('aria-pressed')"), "true");
    assert_eq!(
        look(&mut page, "rows().map((row) => row.id)"),
        serde_json::json!(["v5-MQTT-3.1.2-22", "v5-MQTT-4.4.0-1"])
    );

    page.evaluate("document.querySelector('.evidence>summary').focus()");
    page.press("Enter", "\r", 13);
    assert_eq!(page.evaluate("document.querySelector('.evidence').open"), false);
}

#[test]
fn every_theme_can_be_read_and_a_choice_wins_over_the_system() {
    let source = render(&records::sample());
    let (mut page, file) = opened(&source);
    let ground = "getComputedStyle(document.body).backgroundColor";
    let mut grounds = Vec::new();
    for dark in [false, true] {
        page.media("", dark);
        page.open(&file, "");
        grounds.push(page.evaluate(ground));
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
        assert_eq!(look(&mut page, "faint(4.5)"), serde_json::json!([]), "dark: {dark}");
    }
    assert_ne!(grounds[0], grounds[1]);

    for (choice, dark, expected) in [("light", true, &grounds[0]), ("dark", false, &grounds[1])] {
        page.media("", dark);
        page.evaluate(&format!("document.querySelector('[data-set={choice}]').click()"));
        assert_eq!(&page.evaluate(ground), expected, "{choice} was chosen");
        page.reload();
        assert_eq!(&page.evaluate(ground), expected, "{choice} was chosen before the page was loaded again");
    }
}

#[test]
fn on_paper_everything_is_open_and_dark_on_white() {
    let (mut page, _) = opened(&render(&records::sample()));
    page.evaluate("document.querySelector('[data-set=dark]').click()");
    page.evaluate("addEventListener('beforeprint', () => { window.shut = document.querySelectorAll('details:not([open])').length; })");
    let shut = page.evaluate("document.querySelectorAll('details:not([open])').length");
    assert_ne!(shut, 0);

    let printed = page.send("Page.printToPDF", serde_json::json!({"printBackground": false}));

    let paper = base64::engine::general_purpose::STANDARD
        .decode(printed["data"].as_str().expect("a document"))
        .expect("base64");
    assert!(paper.starts_with(b"%PDF-") && paper.trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(page.evaluate("window.shut"), 0, "everything is open while it is printed");
    assert_eq!(
        page.evaluate("document.querySelectorAll('details:not([open])').length"),
        shut,
        "and shut after"
    );

    page.media("print", true);
    assert_eq!(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(look(&mut page, "faint(4.5)"), serde_json::json!([]));
    assert_eq!(page.evaluate("document.querySelector('nav').checkVisibility()"), false);
    assert_eq!(page.evaluate("document.querySelector('.filter').checkVisibility()"), false);
}

#[test]
fn the_largest_page_is_printed_without_the_lists_that_fill_hundreds_of_pages() {
    // As long as the browser may take for an answer, and no longer.
    let (mut page, _) = opened(&render(&records::large(4_700, 60)));
    page.evaluate("addEventListener('beforeprint', () => { window.shut = [...document.querySelectorAll('details:not([open])')].filter((each) => !each.closest('.statements')).length; window.lists = document.querySelectorAll('.statements details[open]').length; })");

    let printed = page.send("Page.printToPDF", serde_json::json!({"printBackground": false}));

    let paper = base64::engine::general_purpose::STANDARD
        .decode(printed["data"].as_str().expect("a document"))
        .expect("base64");
    assert!(paper.starts_with(b"%PDF-") && paper.trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(page.evaluate("[window.shut, window.lists]"), serde_json::json!([0, 0]));
    assert_eq!(page.evaluate("document.querySelector('.paper').checkVisibility()"), false);
    page.media("print", false);
    assert_eq!(page.evaluate("document.querySelector('.paper').checkVisibility()"), true);
}

#[test]
fn nothing_scrolls_sideways_at_any_width() {
    let mut page = Page::start();
    for (name, source) in pages() {
        let file = page.file("report.html", &source);
        for width in [320, 768, 1280] {
            page.size(width, 640);
            page.open(&file, "");
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");

            assert_eq!(look(&mut page, "beyond()"), serde_json::json!([]), "{name} at {width}");
            assert!(
                number(&mut page, "document.documentElement.scrollWidth") <= u64::from(width),
                "{name} at {width}"
            );
        }
    }
}

#[test]
fn axe_finds_nothing() {
    let path =
        std::env::var("AXE_CORE").expect("AXE_CORE names axe.min.js of axe-core 4 (npm pack axe-core@4)");
    let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let run = format!(
        "axe.run({{resultTypes: ['violations'], runOnly: {AXE_RULES}}}).then((result) => ({{
            rules: result.passes.length,
            violations: result.violations.map((rule) => [rule.id, rule.help, rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]),
        }}))"
    );
    let mut page = Page::start();
    for (name, source) in pages() {
        let file = page.file("report.html", &source);
        for (width, dark) in [(1280, false), (320, true)] {
            page.size(width, 800);
            page.media("", dark);
            page.open(&file, "");
            page.evaluate(&format!("{axe};0"));

            let result = page.evaluate(&run);

            assert_eq!(result["violations"], serde_json::json!([]), "{name}, {width} wide, dark: {dark}");
            assert!(result["rules"].as_u64().is_some_and(|rules| rules > 20), "{name}: {}", result["rules"]);
        }
    }
}

#[test]
fn axe_finds_what_is_wrong() {
    let path =
        std::env::var("AXE_CORE").expect("AXE_CORE names axe.min.js of axe-core 4 (npm pack axe-core@4)");
    let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (mut page, _) = opened(&render(&records::small()).replace("</main>", "<input></main>"));
    page.evaluate(&format!("{axe};0"));

    let found = page.evaluate("axe.run().then((result) => result.violations.map((rule) => rule.id))");

    assert_eq!(found, serde_json::json!(["label"]));
}
