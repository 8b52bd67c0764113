//! The rules that the page promises to keep, checked with an HTML parser.

mod headings;
#[path = "../../record/tests/records/mod.rs"]
mod records;

use std::collections::BTreeSet;

use render::html::{BUDGET, CAP, SCRIPT, STYLE, render};
use scraper::{Html, Selector};
use sha2::{Digest, Sha256};

fn all<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("selectors in tests are valid")).collect()
}

fn text(page: &Html) -> String {
    page.root_element().text().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_policy_allows_exactly_the_one_script_and_the_one_style() {
    let page = Html::parse_document(&render(&records::sample()));

    let policy = all(&page, "meta[http-equiv='Content-Security-Policy']")[0].attr("content").unwrap();
    let (scripts, styles) = (all(&page, "script"), all(&page, "style"));

    assert_eq!((scripts.len(), styles.len()), (1, 1));
    assert!(policy.starts_with("default-src 'none';"));
    for (element, directive) in [(&scripts[0], "script-src"), (&styles[0], "style-src")] {
        let content: String = element.text().collect();
        assert!(
            policy.contains(&format!("{directive} 'sha256-{}'", base64(&Sha256::digest(content)))),
            "{directive}"
        );
    }
}

#[test]
fn nothing_is_requested_and_nothing_runs_but_the_one_script() {
    let page = Html::parse_document(&render(&records::sample()));

    for forbidden in
        ["link", "iframe", "img", "object", "embed", "form", "base", "video", "audio", "use", "image"]
    {
        assert!(all(&page, forbidden).is_empty(), "{forbidden}");
    }
    for element in all(&page, "*") {
        for (name, value) in element.value().attrs() {
            assert!(
                !name.starts_with("on") && name != "style" && name != "src" && name != "srcset",
                "{name}"
            );
            assert!(!value.to_ascii_lowercase().contains("javascript:"));
        }
        if let Some(href) = element.attr("href") {
            assert_eq!(element.value().name(), "a");
            assert!(href.starts_with('#') || href.starts_with("https://docs.oasis-open.org/"), "{href}");
        }
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("eval("));
    assert!(SCRIPT.len() <= 12 * 1024);
}

#[test]
fn every_fragment_resolves_and_every_identifier_is_unique() {
    for record in [records::sample(), records::small(), records::large(2_000, 60)] {
        let page = Html::parse_document(&render(&record));
        let mut ids = BTreeSet::new();
        for element in all(&page, "[id]") {
            assert!(
                ids.insert(element.attr("id").unwrap().to_owned()),
                "{:?} occurs twice",
                element.attr("id")
            );
        }
        for link in all(&page, "a[href^='#']") {
            let fragment = &link.attr("href").unwrap()[1..];
            assert!(ids.contains(fragment), "#{fragment} leads nowhere");
        }
    }
}

#[test]
fn statements_checks_and_packets_have_stable_addresses() {
    let page = Html::parse_document(&render(&records::sample()));

    for id in [
        "v5-MQTT-3.3.1-1",
        "v311-MQTT-3.1.0-2",
        "c-5.0-tcp-session-redelivery-sets-dup",
        "c-5.0-tcp-session-redelivery-sets-dup-p10",
        "findings",
        "coverage",
        "statements",
    ] {
        assert_eq!(all(&page, &format!("[id='{id}']")).len(), 1, "{id}");
    }
}

#[test]
fn the_page_is_complete_without_its_script() {
    let record = records::small();
    let source = render(&record).replace(SCRIPT, "");

    let text = text(&Html::parse_document(&source));

    for part in [
        "NOT CONFORMANT",
        "DUP is 1 when a PUBLISH is sent again.",
        "fixed header flags: DUP 1 (1010)",
        "fixed header flags: DUP 0 (0010)",
        "32 09 00 03 61 2f 62 00 07 00 68",
        "✗ violation",
        "expected here, missing",
        "mqtt-certify run mqtt://127.0.0.1:1883 --only 5.0/tcp/session/redelivery-sets-dup --seed 0x5eed7f3a",
        "exec 3<>/dev/tcp/127.0.0.1/1883",
        "Binds Clients, and the Subject is a Server.",
        &record.digest(),
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn headings_tables_and_pictures_can_be_read_aloud() {
    let page = Html::parse_document(&render(&records::sample()));

    headings::assert_in_order(&page);
    assert_eq!(all(&page, "svg").len(), all(&page, "svg[role=img] > title").len());
    assert!(all(&page, ".scroll:not([tabindex]), .scroll:not([aria-label])").is_empty());
    assert_eq!(all(&page, "html[lang=en]").len(), 1);
    // Verdicts are words with glyphs, not colours.
    for verdict in all(&page, ".v") {
        assert!(verdict.text().collect::<String>().chars().any(char::is_alphabetic));
    }
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    assert_eq!(render(&records::sample()), render(&records::sample()));
}

#[test]
fn a_page_keeps_within_its_budget_and_says_what_was_cut() {
    let many = render(&records::large(2_000, 400));

    let clean = render(&records::large(600, 0)).len();
    assert!(clean < 300 * 1024, "600 checks without a failure: {clean}");
    let twelve = render(&records::large(600, 12)).len();
    assert!(twelve < 600 * 1024, "600 checks, 12 failing: {twelve}");
    assert!(many.len() <= BUDGET, "{}", many.len());
    let text = text(&Html::parse_document(&many));
    assert!(text.contains(" of 400 findings in full"), "the cut is announced");
}

#[test]
fn no_record_makes_a_page_larger_than_the_cap() {
    let mut record = records::large(8_000, 6_000);
    for check in &mut record.checks {
        check.reason = "x".repeat(5_000).into();
        check.title.push_str(&"y".repeat(200));
    }

    let page = render(&record);

    assert!(page.len() <= CAP, "{}", page.len());
    let text = text(&Html::parse_document(&page));
    assert!(text.contains(" of 6000 findings."), "the cut is announced");
    assert!(text.contains(" of 8000 checks shown"));
}

fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits: Vec<bool> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    while !bits.len().is_multiple_of(6) {
        bits.push(false);
    }
    let mut text: String = bits
        .chunks(6)
        .map(|chunk| char::from(alphabet[chunk.iter().fold(0, |index, &bit| index << 1 | usize::from(bit))]))
        .collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
