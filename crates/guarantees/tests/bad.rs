//! Histories that no conforming Server leaves behind: each breach is found, and nothing else.

mod notation;

use guarantees::{Kind, judge};
use protocol::Version::{V311, V500};

macro_rules! bad {
    ($($name:ident: $kind:ident, $($version:ident $rule:literal)+, $story:literal;)+) => { $(
        #[test]
        fn $name() {
            for (version, rule) in [$(($version, $rule)),+] {
                let history = notation::read(version, $story);

                let verdict = judge(&history);

                let found: Vec<(Kind, &str)> = verdict
                    .findings
                    .iter()
                    .map(|finding| (finding.kind, finding.requirements[0].as_str()))
                    .collect();
                assert_eq!(found, [(Kind::$kind, rule)], "{version}: {:#?}\n{:#?}", verdict.findings, history.events);
            }
        }
    )+ };
}

bad! {
    a_qos_1_message_is_lost: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a/# 1
        B connects clean
        B publishes 1 a/b 1
        end";
    a_qos_2_message_is_lost: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a/# 2
        B connects clean
        B publishes 1 a/b 2
        end";
    a_message_for_a_client_that_was_away_is_lost: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 1
        A breaks
        B connects clean
        B publishes 1 a 1
        A connects present
        end";
    a_message_is_lost_in_a_restart: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        server dies
        server returns kept
        A connects present
        end";
    a_message_is_lost_while_the_subscription_is_replaced: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 1
        B connects clean
        A subscribing a 1
        B publishes 1 a 1
        A subscribed
        end";
    a_connect_without_answer_that_would_resume_is_no_excuse: Lost, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 1
        A breaks
        B connects clean
        B publishes 1 a 1
        A connecting
        A breaks
        A connects present
        end";
    a_message_reaches_no_member_of_a_share: Lost, V500 "5.0/RULE-4.8.2-one-member-gets-it", "
        A connects
        A subscribes $share/g/a 1
        B connects
        B subscribes $share/g/a 1
        B publishes 1 a 1
        end";
    a_member_that_was_connected_does_not_get_what_another_let_fall: Lost, V500 "5.0/RULE-4.8.2-one-member-gets-it", "
        A connects
        A subscribes $share/g/a 1
        B connects
        B subscribes $share/g/a 1
        A breaks
        B publishes 1 a 1
        A connects present
        end";
    a_qos_2_message_comes_twice_on_one_connection: Duplicated, V311 "3.1.1/MQTT-4.3.3-1" V500 "5.0/MQTT-4.3.3-6", "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        A gets 1 a 2 #1
        A gets 1 a 2 #2
        end";
    a_qos_2_message_comes_again_after_pubcomp: Duplicated, V311 "3.1.1/MQTT-4.3.3-1" V500 "5.0/MQTT-4.3.3-6", "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        A gets 1 a 2 #1
        A breaks
        A connects present
        A gets 1 a 2 #1 dup
        end";
    a_qos_2_message_comes_again_under_another_identifier: Duplicated, V311 "3.1.1/MQTT-4.3.3-1" V500 "5.0/MQTT-4.3.3-6", "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        A got 1 a 2 #1
        A breaks
        A connects present
        A gets 1 a 2 #2 dup
        end";
    a_server_forgets_over_a_reconnection_what_qos_2_it_has: Duplicated, V311 "3.1.1/MQTT-4.3.3-2" V500 "5.0/MQTT-4.3.3-10", "
        A connects
        A subscribes a 2
        B connects
        B publishing 1 a 2
        A gets 1 a 2
        B breaks
        B connects present
        B publishes 1 a 2 dup
        A gets 1 a 2
        end";
    a_qos_0_message_comes_twice: Duplicated, V311 "3.1.1/MQTT-4.3.1-1" V500 "5.0/MQTT-4.3.1-1", "
        A connects
        A subscribes a 0
        B connects clean
        B publishes 1 a 0
        A gets 1 a 0
        A gets 1 a 0
        end";
    a_qos_1_message_comes_twice_as_a_new_one: Duplicated, V311 "3.1.1/MQTT-3.3.1-1" V500 "5.0/MQTT-3.3.1-1", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 #1
        A gets 1 a 1 #2
        end";
    more_copies_than_subscriptions: Duplicated, V311 "3.1.1/MQTT-3.3.1-1" V500 "5.0/MQTT-3.3.1-1", "
        A connects
        A subscribes a/# 1
        A subscribes a/b 1
        B connects clean
        B publishes 1 a/b 1
        A gets 1 a/b 1
        A gets 1 a/b 1
        A gets 1 a/b 1
        end";
    qos_1_is_repeated_after_puback_had_arrived: Duplicated, V311 "3.1.1/MQTT-4.3.2-1" V500 "5.0/MQTT-4.4.0-1", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 #1
        A pings
        A breaks
        A connects present
        A gets 1 a 1 #1 dup
        end";
    a_message_that_nobody_published: Unexpected, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 1
        A gets ? a 1
        end";
    a_message_before_it_was_published: Unexpected, V311 "3.1.1/MQTT-4.5.0-1" V500 "5.0/MQTT-4.5.0-1", "
        A connects
        A subscribes a 0
        A gets 1 a 0
        B connects clean
        B publishes 1 a 0
        end";
    a_message_changes_its_topic: OtherTopic, V311 "3.1.1/MQTT-3.3.2-3" V500 "5.0/MQTT-3.3.2-3", "
        A connects
        A subscribes + 1
        B connects clean
        B publishes 1 a 1
        A gets 1 b 1
        end";
    a_message_without_subscription: WithoutSubscription, V311 "3.1.1/MQTT-3.3.2-3" V500 "5.0/MQTT-3.3.2-3", "
        A connects
        A subscribes b 1
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    a_message_for_a_refused_subscription: WithoutSubscription, V311 "3.1.1/MQTT-3.3.2-3" V500 "5.0/MQTT-3.3.2-3", "
        A connects
        A subscribes a 1 fails
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    a_subscription_survives_its_session: WithoutSubscription, V311 "3.1.1/MQTT-3.1.2-6" V500 "5.0/MQTT-3.1.2-4", "
        A connects
        A subscribes a 1
        A leaves
        A connects clean
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    a_subscription_survives_a_restart_without_store: WithoutSubscription, V311 "3.1.1/MQTT-3.1.2-6" V500 "5.0/MQTT-3.1.2-4", "
        A connects
        A subscribes a 1
        server dies
        server returns
        A connects
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    a_message_after_unsuback: AfterUnsubscribe, V311 "3.1.1/MQTT-3.10.4-2" V500 "5.0/MQTT-3.10.4-2", "
        A connects
        A subscribes a 1
        A unsubscribes a
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    messages_swap: OutOfOrder, V311 "3.1.1/MQTT-4.6.0-6" V500 "5.0/MQTT-4.6.0-5", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 1
        A gets 2 a 1
        A gets 1 a 1
        end";
    messages_swap_over_a_reconnection: OutOfOrder, V311 "3.1.1/MQTT-4.6.0-6" V500 "5.0/MQTT-4.6.0-5", "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        B publishes 2 a 2
        A breaks
        A connects present
        A gets 2 a 2 dup
        A gets 1 a 2 dup
        end";
    qos_0_messages_swap: OutOfOrder, V311 "3.1.1/MQTT-4.6.0-6" V500 "5.0/MQTT-4.6.0-5", "
        A connects
        A subscribes a 0
        B connects clean
        B publishes 1 a 0
        B publishes 2 a 0
        A gets 2 a 0
        A gets 1 a 0
        end";
    an_expired_message_is_sent: AfterExpiry, V500 "5.0/MQTT-3.3.2-5", "
        A connects
        A subscribes a 1
        A leaves
        B connects clean
        B publishes 1 a 1 expiry=5
        +10s
        A connects present
        A gets 1 a 1 expiry=1
        end";
    an_expired_retained_message_is_sent: AfterExpiry, V500 "5.0/RULE-3.3.1.3-expired-retained-message", "
        B connects clean
        B publishes 1 a 1 retain expiry=5
        A connects
        +10s
        A subscribes a 1
        A gets 1 a 1 retain expiry=1
        end";
    the_expiry_is_not_counted_down: ExpiryNotCounted, V500 "5.0/MQTT-3.3.2-6", "
        A connects
        A subscribes a 1
        A leaves
        B connects clean
        B publishes 1 a 1 expiry=60
        +10s
        A connects present
        A gets 1 a 1 expiry=60
        end";
    the_expiry_is_counted_too_fast: ExpiryNotCounted, V500 "5.0/MQTT-3.3.2-6", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=60
        A gets 1 a 1 expiry=50
        end";
    the_expiry_grows: ExpiryNotCounted, V500 "5.0/MQTT-3.3.2-6", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=60
        A gets 1 a 1 expiry=61
        end";
    the_expiry_is_lost: ExpiryNotCounted, V500 "5.0/MQTT-3.3.2-6", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=60
        A gets 1 a 1
        end";
    a_replaced_retained_message_is_sent: StaleRetained, V311 "3.1.1/MQTT-3.3.1-6" V500 "5.0/MQTT-3.3.1-5", "
        B connects clean
        B publishes 1 a 1 retain
        B publishes 2 a 1 retain
        A connects
        A subscribes a 1
        A gets 1 a 1 retain
        A gets 2 a 1 retain
        end";
    a_deleted_retained_message_is_sent: StaleRetained, V311 "3.1.1/MQTT-3.3.1-10" V500 "5.0/MQTT-3.3.1-6", "
        B connects clean
        B publishes 1 a 1 retain
        B publishes 2 a 1 retain empty
        A connects
        A subscribes a 1
        A gets 1 a 1 retain
        end";
    a_retained_message_does_not_come: RetainedMissing, V311 "3.1.1/MQTT-3.3.1-6" V500 "5.0/MQTT-3.3.1-9", "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1
        end";
    a_retained_message_does_not_come_again_with_a_second_subscribe: RetainedMissing, V311 "3.1.1/MQTT-3.3.1-6" V500 "5.0/MQTT-3.3.1-9", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1
        A subscribes a 1
        end";
    retain_handling_2_is_ignored: RetainedUnasked, V500 "5.0/MQTT-3.3.1-11", "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1 rh=2
        A gets 1 a 1 retain
        end";
    retain_handling_1_is_ignored: RetainedUnasked, V500 "5.0/MQTT-3.3.1-10", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1
        A subscribes a 1 rh=1
        A gets 1 a 1 retain
        end";
    a_share_gets_a_retained_message: RetainedUnasked, V500 "5.0/RULE-3.8.4-no-retained-messages-for-shares", "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes $share/g/a 1
        A gets 1 a 1 retain
        end";
    a_live_message_has_retain_1: RetainFlag, V311 "3.1.1/MQTT-3.3.1-9" V500 "5.0/MQTT-3.3.1-12", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1 retain
        end";
    a_message_that_is_not_retained_has_retain_1: RetainFlag, V311 "3.1.1/MQTT-3.3.1-12" V500 "5.0/MQTT-3.3.1-8", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 retain
        end";
    a_retained_message_has_retain_0: RetainFlag, V311 "3.1.1/MQTT-3.3.1-8" V500 "5.0/RULE-3.3.1.3-retain-flag-at-subscription", "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1
        A gets 1 a 1
        end";
    retain_as_published_is_ignored: RetainFlag, V500 "5.0/MQTT-3.3.1-13", "
        A connects
        A subscribes a 1 rap
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1
        end";
    a_repeat_has_dup_0: DupFlag, V311 "3.1.1/MQTT-3.3.1-1" V500 "5.0/MQTT-3.3.1-1", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A got 1 a 1 #1
        A breaks
        A connects present
        A gets 1 a 1 #1
        end";
    version_5_repeats_in_time: RepeatedOnConnection, V500 "5.0/MQTT-4.4.0-1", "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A got 1 a 1 #1
        +20s
        A gets 1 a 1 #1 dup
        end";
    qos_is_raised: WrongQoS, V311 "3.1.1/MQTT-3.8.4-6" V500 "5.0/MQTT-3.8.4-8", "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 1
        A gets 1 a 2
        end";
    qos_is_above_the_granted_one: WrongQoS, V311 "3.1.1/MQTT-3.8.4-6" V500 "5.0/MQTT-3.8.4-8", "
        A connects
        A subscribes a 2 granted=1
        B connects clean
        B publishes 1 a 2
        A gets 1 a 2
        end";
    the_best_qos_of_overlapping_filters_is_missing: WrongQoS, V311 "3.1.1/MQTT-3.3.5-1" V500 "5.0/MQTT-3.3.4-2", "
        A connects
        A subscribes a/# 0
        A subscribes a/b 1
        B connects clean
        B publishes 1 a/b 1
        A gets 1 a/b 0
        end";
    a_foreign_subscription_identifier: SubscriptionIdentifier, V500 "5.0/RULE-3.3.4-foreign-identifier", "
        A connects
        A subscribes a 1 id=7
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 id=8
        end";
    a_replaced_subscription_identifier: SubscriptionIdentifier, V500 "5.0/RULE-3.3.4-foreign-identifier", "
        A connects
        A subscribes a 1 id=7
        A subscribes a 1 id=8
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 id=7
        end";
    a_missing_subscription_identifier: SubscriptionIdentifier, V500 "5.0/MQTT-3.3.4-3", "
        A connects
        A subscribes a 1 id=7
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1
        end";
    no_local_is_ignored: NoLocal, V500 "5.0/MQTT-3.8.3-3", "
        A connects
        A subscribes a 1 nl
        A publishes 1 a 1
        A gets 1 a 1
        end";
    two_members_of_a_share_get_one_message: SharedTwice, V500 "5.0/RULE-4.8.2-one-member-gets-it", "
        A connects
        A subscribes $share/g/a 1
        B connects
        B subscribes $share/g/a 1
        C connects
        C publishes 1 a 1
        A gets 1 a 1
        B gets 1 a 1
        A pings
        B pings
        end";
    a_qos_2_message_goes_to_a_second_member_after_the_first_broke: SharedTwice, V500 "5.0/RULE-4.8.2-one-member-gets-it", "
        A connects
        A subscribes $share/g/a 2
        B connects
        B subscribes $share/g/a 2
        C connects
        C publishes 1 a 2
        A got 1 a 2
        A breaks
        B gets 1 a 2
        end";
    more_is_open_than_receive_maximum: ReceiveMaximum, V500 "5.0/MQTT-3.3.4-9", "
        A connects max=2
        A subscribes a 2
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 2
        B publishes 3 a 2
        A got 1 a 1 #1
        A got 2 a 2 #2
        A acks #2 pubrec
        A got 3 a 2 #3
        A acks #1 puback
        end";
    session_present_for_a_clean_start: SessionPresent, V311 "3.1.1/MQTT-3.2.2-1" V500 "5.0/MQTT-3.2.2-2", "
        A connects
        A leaves
        A connects clean present
        end";
    session_present_for_a_client_that_never_was: SessionPresent, V311 "3.1.1/MQTT-3.2.2-3" V500 "5.0/MQTT-3.2.2-3", "
        A connects present
        end";
    session_present_after_a_session_that_ended_with_its_connection: SessionPresent, V311 "3.1.1/MQTT-3.2.2-3" V500 "5.0/MQTT-3.2.2-3", "
        A connects clean
        A leaves
        A connects present
        end";
    session_present_after_it_expired: SessionPresent, V500 "5.0/MQTT-3.2.2-3", "
        A connects expiry=10
        A breaks
        +20s
        A connects present
        end";
    session_present_after_the_interval_of_disconnect: SessionPresent, V500 "5.0/MQTT-3.2.2-3", "
        A connects expiry=100
        A leaves expiry=10
        +20s
        A connects present
        end";
    session_present_after_a_restart_without_store: SessionPresent, V311 "3.1.1/MQTT-3.2.2-3" V500 "5.0/MQTT-3.2.2-3", "
        A connects
        server dies
        server returns
        A connects present
        end";
    no_session_present_although_it_is_held: SessionPresent, V311 "3.1.1/MQTT-3.2.2-2" V500 "5.0/MQTT-3.2.2-3", "
        A connects
        A breaks
        A connects
        end";
    session_present_after_a_disconnect_that_ends_it_on_a_server_with_a_limit: SessionPresent, V500 "5.0/MQTT-3.2.2-3", "
        A connects expiry=1000 granted=10
        A leaves expiry=0
        A connects present
        end";
    no_session_present_after_a_little_trouble: SessionPresent, V311 "3.1.1/MQTT-3.2.2-2", "
        A connects
        A breaks
        +9s
        A connects
        end";
    no_session_present_before_it_expires: SessionPresent, V500 "5.0/MQTT-3.2.2-3", "
        A connects expiry=100
        A breaks
        +50s
        A connects
        end";
    no_session_present_after_a_restart_with_store: SessionPresent, V311 "3.1.1/MQTT-3.2.2-2" V500 "5.0/MQTT-3.2.2-3", "
        A connects
        server dies
        server returns kept
        A connects
        end";
    no_session_present_at_a_takeover: SessionPresent, V311 "3.1.1/MQTT-3.2.2-2" V500 "5.0/MQTT-3.2.2-3", "
        A connects
        A connects
        end";
    a_will_is_early_although_its_connack_was_lost: WillEarly, V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects expiry=1000
        B leaves
        B connecting expiry=1000 will=9:w/1 delay=100
        B breaks
        A gets 9 w 1
        +5s
        end";
    a_will_is_missing: WillMissing, V311 "3.1.1/MQTT-3.1.2-8" V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B breaks
        +5s
        end";
    a_will_is_missing_after_disconnect_with_will: WillMissing, V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaves with-will
        +5s
        end";
    a_delayed_will_is_missing: WillMissing, V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=10
        B breaks
        +20s
        end";
    a_will_at_takeover_is_missing: WillMissing, V311 "3.1.1/MQTT-3.1.2-8" V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects will=9:w/1
        B connects present
        B~ dropped
        +5s
        end";
    a_will_comes_while_the_connection_is_open: WillEarly, V311 "3.1.1/MQTT-3.1.2-8" V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        A gets 9 w 1
        B pings
        end";
    a_will_comes_before_its_delay: WillEarly, V500 "5.0/MQTT-3.1.2-8", "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=10
        B breaks
        +5s
        A gets 9 w 1
        end";
    a_will_comes_twice: WillTwice, V311 "3.1.1/MQTT-3.1.2-10" V500 "5.0/MQTT-3.1.2-10", "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B breaks
        A gets 9 w 1
        A gets 9 w 1
        +5s
        end";
    a_will_comes_after_disconnect: WillAfterDisconnect, V311 "3.1.1/MQTT-3.14.4-3" V500 "5.0/MQTT-3.14.4-3", "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaves
        A gets 9 w 1
        end";
    a_will_comes_after_a_resumption: WillAfterResumption, V500 "5.0/MQTT-3.1.3-9", "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=10
        B breaks
        +5s
        B connects present
        +10s
        A gets 9 w 1
        end";
    the_will_of_a_refused_connect_is_published: Unexpected, V311 "3.1.1/MQTT-3.1.2-8" V500 "5.0/MQTT-3.1.2-7", "
        A connects
        A subscribes w 1
        B connecting will=9:w/1
        B refused
        B dropped
        A gets 9 w 1
        end";
}
