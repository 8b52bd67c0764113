//! Waivers cover what was agreed upon, as long as it was agreed upon, and nothing else.

mod records;

use record::waive::WaiveError;
use record::{Record, Verdict};
use record::{RunVerdict, Waiver, WaiverState};

fn waiver(check: &str, signature: &str) -> Waiver {
    Waiver {
        id: "W-1".into(),
        checks: vec![check.into()],
        signature: signature.into(),
        reason: "Fixed upstream".into(),
        owner: "team".into(),
        added: "2026-09-01".into(),
        expires: "2026-12-31".into(),
        ..Waiver::default()
    }
}

/// A Record with one failing check.
fn failing() -> Record {
    let mut record = records::small();
    record.checks.retain(|check| !check.verdict.is_finding() || check.id.contains("redelivery"));
    record.conclude();
    assert_eq!(record.verdict, RunVerdict::NotConformant);
    record
}

const SIGNATURE: &str = "publish.dup expected 1 got 0";

#[test]
fn a_live_waiver_covers_the_failure_which_stays_one_in_every_list() {
    let mut record = failing();

    record.waive(&[waiver("5.0/*/redelivery-*", SIGNATURE)], "2026-11-25", 10).unwrap();

    assert_eq!(record.waivers[0].state, WaiverState::InForce);
    assert_eq!(record.waivers[0].days_left, Some(36));
    assert_eq!(record.checks[0].verdict, Verdict::Fail);
    assert_eq!(record.musts().waived, 1);
    assert_ne!(record.exit.code, 1, "{:?}", record.exit);
}

#[test]
fn another_failure_of_the_same_check_is_not_covered_and_makes_the_waiver_stale() {
    let mut record = failing();

    record.waive(&[waiver("5.0/*/redelivery-*", "something else")], "2026-11-25", 10).unwrap();

    assert_eq!(record.waivers[0].state, WaiverState::Stale);
    assert_eq!((record.exit.code, record.verdict), (1, RunVerdict::NotConformant));
}

#[test]
fn a_waiver_of_a_check_that_passes_is_stale_and_has_its_own_exit_code() {
    let mut record = failing();
    record.checks[0].verdict = Verdict::Pass;

    record.waive(&[waiver("5.0/*/redelivery-*", SIGNATURE)], "2026-11-25", 10).unwrap();

    assert_eq!(record.waivers[0].state, WaiverState::Stale);
    assert!(record.exit.reasons.iter().any(|reason| reason.contains("stale")), "{:?}", record.exit);
}

#[test]
fn an_expired_waiver_covers_nothing() {
    let mut record = failing();

    record.waive(&[waiver("*", SIGNATURE)], "2027-01-01", 10).unwrap();

    assert_eq!(record.waivers[0].state, WaiverState::Expired);
    assert_eq!(record.exit.code, 1);
    assert!(record.checks[0].waived_by.is_none());
}

#[test]
fn a_waiver_of_what_did_not_run_is_not_stale() {
    let mut record = failing();

    record.waive(&[waiver("elsewhere/*", SIGNATURE)], "2026-11-25", 10).unwrap();

    assert_eq!(record.waivers[0].state, WaiverState::InForce);
}

#[test]
fn incomplete_double_and_blanket_waivers_are_refused_and_change_nothing() {
    let mut record = failing();
    let before = record.clone();
    let good = waiver("*", SIGNATURE);

    let ownerless = Waiver { owner: String::new(), ..good.clone() };
    let dateless = Waiver { expires: "soon".into(), ..good.clone() };

    assert!(matches!(
        record.waive(&[ownerless], "2026-11-25", 10),
        Err(WaiveError::Missing { field: "owner", .. })
    ));
    assert!(matches!(record.waive(&[dateless], "2026-11-25", 10), Err(WaiveError::Day { .. })));
    assert!(matches!(
        record.waive(&[good.clone(), good.clone()], "2026-11-25", 10),
        Err(WaiveError::Twice { .. })
    ));
    assert!(matches!(record.waive(&[good], "2026-11-25", 0), Err(WaiveError::Blanket { found: 1, .. })));
    assert_eq!(record, before);
}
