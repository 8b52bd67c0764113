//! The score of the suite on itself: every Defect is caught, every Variant spared, and nothing useless passes.

use harness::{plan, runner, selftest};

#[test]
fn every_defect_is_caught_and_every_variant_spared() {
    runner::quiet_step_panics();
    let checks = plan::checks().unwrap_or_else(|errors| panic!("{errors:?}"));

    let report = selftest::selftest(&checks, 1, None).unwrap_or_else(|error| panic!("{error}"));

    let missed: Vec<_> = report.defects.iter().filter(|d| !d.caught).map(|d| (d.name, &d.missed)).collect();
    let accused: Vec<_> = report.variants.iter().filter(|v| !v.fails.is_empty()).collect();
    let unexplained: Vec<_> =
        report.null_servers.iter().filter(|n| !n.unexplained.is_empty() || !n.stale.is_empty()).collect();
    assert!(
        report.holds(),
        "{}\nnot caught: {missed:?}\naccused: {accused:#?}\nunexplained: {unexplained:#?}",
        report.score
    );
}
