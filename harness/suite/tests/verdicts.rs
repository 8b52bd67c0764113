//! The keystone: who may say *fail*.

use catalogue::RequirementId;
use record::Verdict;
use suite::cause::Cause;
use suite::plan::StepClass;
use suite::runner::conclude;
use tester::stop::{Expected, Obstacle, Stop, Witness};

const ABOUT: RequirementId = RequirementId::known("5.0/MQTT-3.12.4-1");
const OTHER: RequirementId = RequirementId::known("5.0/MQTT-2.1.3-1");

fn verdict(class: StepClass, stop: Stop) -> Verdict {
    conclude(class, stop, &[ABOUT]).0
}

#[test]
fn only_a_then_says_fail() {
    let violation = || Stop::missing(Expected::packet("PINGRESP"), "nothing");

    assert_eq!(verdict(StepClass::Judgement, violation()), Verdict::Fail);
    assert_eq!(verdict(StepClass::Stimulus, violation()), Verdict::Inconclusive);
}

#[test]
fn nothing_but_a_violation_says_fail() {
    let stops = [
        (Stop::inconclusive("it rains"), Verdict::Inconclusive),
        (Stop::Inconclusive(Obstacle::SubjectGone(Witness::NoConnack)), Verdict::Inconclusive),
        (Stop::NotApplicable(String::new()), Verdict::NotApplicable),
        (Stop::NotExercised(String::new()), Verdict::NotExercised),
        (Stop::Warning(String::new()), Verdict::Warn),
        (Stop::Error(String::new()), Verdict::Error),
    ];

    for (stop, expected) in stops {
        for class in [StepClass::Stimulus, StepClass::Judgement] {
            assert_eq!(verdict(class, stop.clone()), expected, "{stop:?}");
        }
    }
}

#[test]
fn a_check_does_not_accuse_of_what_it_is_not_about() {
    let broken = |id| Stop::seen("PINGRESP", "flags", Some(0)).about(id);

    assert_eq!(verdict(StepClass::Judgement, broken(ABOUT)), Verdict::Fail);
    let (verdict, cause) = conclude(StepClass::Judgement, broken(OTHER), &[ABOUT]);
    assert_eq!(verdict, Verdict::Inconclusive);
    assert!(matches!(cause, Cause::Elsewhere { broken: OTHER, .. }), "{cause:?}");
}
