//! Histories of real clocks: what is late or early by less than their tolerance is no breach, what is so by more is one.

mod notation;

use guarantees::{Kind, judge};
use protocol::Version::V500;
use std::time::Duration;

/// What is found in a story whose clocks may be wrong by so many seconds.
fn found(story: &str, tolerance: u64) -> Vec<Kind> {
    let mut history = notation::read(V500, story);
    history.tolerance = Duration::from_secs(tolerance);
    judge(&history).findings.iter().map(|finding| finding.kind).collect()
}

macro_rules! tolerated {
    ($($name:ident: $kind:ident, up to $enough:literal, $story:literal;)+) => { $(
        #[test]
        fn $name() {
            assert_eq!(found($story, 0), [Kind::$kind], "by a clock that is right");
            assert_eq!(found($story, $enough - 1), [Kind::$kind]);
            assert_eq!(found($story, $enough), []);
        }
    )+ };
}

tolerated! {
    a_message_that_is_sent_after_its_expiry: AfterExpiry, up to 5, "
        A connects
        A subscribes a 1
        A breaks
        B connects clean
        B publishes 1 a 1 expiry=5
        +10s
        A connects present
        A gets 1 a 1 expiry=0
        end";
    an_interval_that_is_not_counted_down: ExpiryNotCounted, up to 10, "
        A connects
        A subscribes a 1
        A breaks
        B connects clean
        B publishes 1 a 1 expiry=60
        +10s
        A connects present
        A gets 1 a 1 expiry=60
        end";
    an_interval_that_is_counted_too_fast: ExpiryNotCounted, up to 9, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=60
        A gets 1 a 1 expiry=50
        end";
    a_session_that_ends_before_its_interval: SessionPresent, up to 5, "
        A connects expiry=10
        A breaks
        +4s
        A connects expiry=10
        end";
    a_session_that_outlives_its_interval: SessionPresent, up to 10, "
        A connects expiry=10
        A breaks
        +20s
        A connects present expiry=10
        end";
    a_will_before_its_delay_has_passed: WillEarly, up to 6, "
        A connects
        A subscribes w 1
        B connects expiry=100 will=9:w/1 delay=10
        B breaks
        +3s
        A gets 9 w 1
        end";
    a_message_that_is_missing_just_before_it_expires: Lost, up to 3, "
        A connects
        A subscribes a 1
        A breaks
        B connects clean
        B publishes 1 a 1 expiry=5
        +2s
        A connects present
        end";
}
