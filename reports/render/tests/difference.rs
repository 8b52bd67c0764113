//! The renderings of a comparison of two Records.

#[path = "../../record/tests/records/mod.rs"]
mod records;

use record::diff::Diff;
use record::{Untrusted, Verdict, Version};
use render::diff;

const PING: &str = "5.0/tcp/ping/answered";

#[test]
fn every_rendering_of_a_comparison_names_what_changed_and_that_the_suite_did() {
    let before = records::small();
    let mut now = before.clone();
    now.checks.iter_mut().find(|check| check.id == PING).unwrap().verdict = Verdict::Fail;
    now.conclude();
    now.suite.version = "0.2.0".into();
    now.run.specs = vec![Version::V5];
    let judged = Diff::new(&before, &now);

    for text in
        [diff::text(&judged, 100, false), diff::markdown(&judged), diff::json(&judged), diff::html(&judged)]
    {
        for part in [PING, "0.2.0", "5.0/MQTT-3.12.4-1"] {
            assert!(text.contains(part) || text.contains(&part.replace('.', "\\.")), "{part} in {text}");
        }
    }
    assert!(diff::text(&judged, 100, true).is_ascii());
    let parsed: serde_json::Value = serde_json::from_str(&diff::json(&judged)).unwrap();
    assert_eq!(parsed["transitions"]["broken"][0]["check"], PING);
    assert_eq!(parsed["exit"]["code"], 1);
}

#[test]
fn a_comparison_keeps_its_elements_and_its_lines_whatever_a_subject_sends() {
    let count = |html: &str| {
        scraper::Html::parse_document(html).tree.nodes().filter(|node| node.value().is_element()).count()
    };
    let make = |nasty: &[u8]| {
        let (mut before, mut now) = (records::hostile(nasty), records::hostile(nasty));
        before.checks[3].verdict = Verdict::Pass;
        now.checks[3].verdict = Verdict::Fail;
        now.checks[3].reason = Untrusted::new(nasty);
        (before, now)
    };
    let (before, now) = make(b"harmless");
    let judged = Diff::new(&before, &now);
    let (expected, lines) = (count(&diff::html(&judged)), diff::text(&judged, 100, false).lines().count());
    for nasty in record::hostile::corpus().into_iter().filter(|nasty| !nasty.trim_ascii().is_empty()) {
        let (before, now) = make(&nasty);
        let judged = Diff::new(&before, &now);

        assert_eq!(count(&diff::html(&judged)), expected, "{:?}", Untrusted::new(nasty.clone()));
        let text = diff::text(&judged, 100, false);
        assert_eq!(text.lines().count(), lines, "{:?}", Untrusted::new(nasty.clone()));
        assert!(!text.contains('\x1b') && !text.contains('\r'));
    }
}
