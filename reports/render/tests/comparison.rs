//! Records beside Records: the transitions since a baseline, and several Subjects in one table.

#[path = "../../record/tests/records/mod.rs"]
mod records;

use record::Verdict;
use record::compare::compare;
use scraper::{Html, Selector};

#[test]
fn a_baseline_lists_transitions_and_sets_changes_of_the_suite_apart() {
    let before = records::small();
    let mut now = before.clone();
    now.checks.retain(|check| check.id != "5.0/tcp/alias/kept");
    let id = |index: usize| before.checks[index].id.clone();
    for check in &mut now.checks {
        check.verdict = match check.verdict {
            Verdict::Fail if check.id == id(0) => Verdict::Pass,
            Verdict::Pass => Verdict::Fail,
            Verdict::Warn => Verdict::NotApplicable,
            other => other,
        };
    }
    let mut added = now.checks[1].clone();
    added.id = "5.0/tcp/new".into();
    now.checks.push(added);

    let changes = compare(&before, &now);

    assert_eq!(changes.fixed, [id(0)]);
    assert_eq!(changes.still_broken, [id(1)]);
    assert_eq!(changes.broken, ["5.0/tcp/ping/answered"]);
    assert_eq!(changes.became_not_applicable, ["5.0/tcp/topics/dollar"]);
    assert_eq!(changes.added, ["5.0/tcp/new"]);
    assert_eq!(changes.removed, ["5.0/tcp/alias/kept"]);
    assert!(changes.is_regression());
    assert!(!compare(&before, &before).is_regression());

    now.baseline = Some(changes);
    let page = render::html::render(&now);
    assert!(page.contains("id=diff") && page.contains("Newly failing (1)"));
}

#[test]
fn a_matrix_has_a_column_for_each_record_in_alphabetical_order() {
    let mut other = records::small();
    other.subject.name = "another".into();
    other.checks[0].verdict = Verdict::Pass;
    other.conclude();

    let source = render::matrix::render(&[records::small(), other]);

    let page = Html::parse_document(&source);
    let all = |selector: &str| page.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>();
    let titles: Vec<String> = all(".matrix thead th").iter().map(|title| title.text().collect()).collect();
    assert_eq!(titles, ["Statement", "another 2.0.11", "mosquitto 2.0.11"]);
    let differing: Vec<_> =
        all("tr[data-v=differs]").iter().map(|row| row.attr("id").unwrap().to_owned()).collect();
    assert_eq!(differing, ["v5-MQTT-3.3.1-1", "v5-MQTT-4.4.0-1"]);
}

#[test]
fn a_matrix_keeps_its_elements_whatever_a_subject_sends() {
    let count = |name: &[u8]| {
        let page = Html::parse_document(&render::matrix::render(&[records::hostile(name), records::small()]));
        page.tree.nodes().filter(|node| node.value().is_element()).count()
    };
    let expected = count(b"harmless");
    for nasty in record::hostile::corpus().into_iter().filter(|nasty| !nasty.trim_ascii().is_empty()) {
        assert_eq!(count(&nasty), expected, "{:?}", record::Untrusted::new(nasty));
    }
}

#[test]
fn a_check_of_two_shards_says_in_how_many_attempts_it_failed() {
    let (one, mut two) = (records::small(), records::small());
    two.checks.iter_mut().find(|check| check.id == "5.0/tcp/ping/answered").unwrap().verdict = Verdict::Fail;

    let merged = record::merge::merge(&[one, two], None).unwrap();

    assert!(render::html::render(&merged).contains("in 1 of 2 attempts"));
}

#[test]
fn a_waived_failure_is_listed_as_one() {
    let mut record = records::small();
    record.waivers = vec![record::Waiver {
        id: "W-1".into(),
        checks: vec!["5.0/*/redelivery-*".into()],
        signature: "publish.dup expected 1 got 0".into(),
        reason: "known".into(),
        owner: "somebody".into(),
        added: "2026-10-01".into(),
        expires: "2026-12-31".into(),
        ..record::Waiver::default()
    }];
    let waivers = record.waivers.clone();

    record.waive(&waivers, "2026-11-25", 10).unwrap();

    assert!(render::html::render(&record).contains("(waived)"));
}
