//! Shards become one Record, and only shards of one plan do.

mod records;

use record::merge::{MergeError, merge};
use record::{Check, Record, Verdict};
use record::{CheckKind, Partition, RunVerdict};

/// The small Record, divided: this part has the checks whose places give this remainder.
fn shard(number: u32, of: u32) -> Record {
    let mut record = records::small();
    let mut place = 0;
    record.checks.retain(|_| {
        place += 1;
        (place - 1) % of == number - 1
    });
    record.run.partition = Some(Partition { parts: vec![number], of, plan: "p".into() });
    record.conclude();
    record
}

fn monitor(id: &str, verdict: Verdict, statements: &[&str]) -> Check {
    Check::new(id, "t", record::Version::V5, CheckKind::Monitor)
        .tests(statements.iter().copied())
        .observed(verdict, "r")
}

#[test]
fn all_shards_together_are_the_whole_run() {
    let whole = records::small();

    let merged = merge(&[shard(2, 2), shard(1, 2)], Some(2)).unwrap();

    let mut ids: Vec<&str> = merged.checks.iter().map(|check| check.id.as_str()).collect();
    let mut expected: Vec<&str> = whole.checks.iter().map(|check| check.id.as_str()).collect();
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    assert_eq!(merged.verdict, whole.verdict);
    assert_eq!(merged.run.partition.as_ref().unwrap().parts, [1, 2]);
    assert_eq!(merged.exit.code, whole.exit.code);
}

#[test]
fn a_missing_shard_is_named_and_leaves_no_verdict() {
    let clean = |number| {
        let mut record = shard(number, 3);
        record.checks.retain(|check| check.verdict == Verdict::Pass);
        record.conclude();
        record
    };

    let merged = merge(&[clean(1), clean(2)], Some(3)).unwrap();

    assert_eq!((merged.verdict, merged.exit.code), (RunVerdict::NoVerdict, 3));
    assert!(
        merged.verdict_reasons.contains(&"Shard 3 of 3 is missing.".to_owned()),
        "{:?}",
        merged.verdict_reasons
    );
}

#[test]
fn a_single_shard_is_never_conformant() {
    let mut record = shard(1, 2);
    record.checks.retain(|check| check.verdict == Verdict::Pass);
    record.checks.push(shard(2, 2).checks.into_iter().find(|check| check.verdict == Verdict::Pass).unwrap());
    record.conclude();

    assert_eq!(record.verdict, RunVerdict::NoVerdict);
}

#[test]
fn records_of_different_plans_are_refused_and_the_difference_is_named() {
    let (one, mut two) = (shard(1, 2), shard(2, 2));
    two.run.partition.as_mut().unwrap().plan = "q".into();

    let error = merge(&[one.clone(), two], None).unwrap_err();

    assert!(matches!(error, MergeError::Different { what: "plan", number: 2, .. }), "{error}");
    assert_eq!(merge(&[], None), Err(MergeError::Nothing));
    assert_eq!(merge(&[one], Some(4)), Err(MergeError::Shards { expected: 4, found: 2 }));
}

#[test]
fn a_check_with_two_outcomes_keeps_both_and_counts_as_the_worst() {
    let (one, mut two) = (records::small(), records::small());
    let pinged = |record: &mut Record| {
        record.checks.iter_mut().position(|check| check.id == "5.0/tcp/ping/answered").unwrap()
    };
    let index = pinged(&mut two);
    two.checks[index].verdict = Verdict::Fail;

    for order in [[one.clone(), two.clone()], [two, one]] {
        let merged = merge(&order, None).unwrap();

        let check = merged.check("5.0/tcp/ping/answered").unwrap();
        assert_eq!(check.verdict, Verdict::Fail);
        assert_eq!(check.intermittent(), Some((1, 2)));
    }
}

#[test]
fn what_one_shard_saw_broken_no_other_makes_kept() {
    let with = |checks: Vec<Check>| {
        let mut record = records::small();
        record.checks = checks;
        record.conclude();
        record
    };
    let one = with(vec![
        monitor("5.0/monitor/m", Verdict::Pass, &["5.0/MQTT-3.3.1-1", "5.0/MQTT-4.4.0-1"]),
        monitor(
            "5.0/monitor/m/no-occasion",
            Verdict::NotExercised,
            &["5.0/MQTT-3.3.2-7", "5.0/MQTT-4.8.2-4"],
        ),
    ]);
    let two = with(vec![
        monitor("5.0/monitor/m", Verdict::Fail, &["5.0/MQTT-3.3.1-1"]),
        monitor("5.0/monitor/m/kept", Verdict::Pass, &["5.0/MQTT-3.3.2-7"]),
        monitor(
            "5.0/monitor/m/no-occasion",
            Verdict::NotExercised,
            &["5.0/MQTT-4.4.0-1", "5.0/MQTT-4.8.2-4"],
        ),
    ]);

    for order in [[one.clone(), two.clone()], [two, one]] {
        let merged = merge(&order, None).unwrap();

        let listed: Vec<(&str, Verdict, Vec<&str>)> = merged
            .checks
            .iter()
            .map(|check| {
                (check.id.as_str(), check.verdict, check.requirements.iter().map(String::as_str).collect())
            })
            .collect();
        assert_eq!(
            listed,
            [
                ("5.0/monitor/m", Verdict::Fail, vec!["5.0/MQTT-3.3.1-1"]),
                ("5.0/monitor/m/kept", Verdict::Pass, vec!["5.0/MQTT-3.3.2-7", "5.0/MQTT-4.4.0-1"]),
                ("5.0/monitor/m/no-occasion", Verdict::NotExercised, vec!["5.0/MQTT-4.8.2-4"]),
            ]
        );
    }
}
