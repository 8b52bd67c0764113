//! Histories that a conforming Server can leave behind: nothing may be found in them.

mod notation;

use guarantees::judge;
use protocol::Version::{V311, V500};

macro_rules! good {
    ($($name:ident: $($version:ident)+, $story:literal;)+) => { $(
        #[test]
        fn $name() {
            for version in [$($version),+] {
                let history = notation::read(version, $story);

                let verdict = judge(&history);

                assert!(verdict.findings.is_empty(), "{version}: {}\n{:#?}", verdict.findings[0], history.events);
            }
        }
    )+ };
}

good! {
    a_repeat_that_was_on_its_way_when_the_server_died_is_a_repeat: V311 V500, "
        A connects
        A subscribes a 2
        B connects
        B publishes 1 a 2
        A got 1 a 2 #5
        A breaks
        A connects present
        server dies
        server returns
        A got 1 a 2 #5 dup
        end";
    a_member_of_a_share_gets_what_another_member_left_behind: V500, "
        A connects expiry=5
        A subscribes $share/g/a 1
        P connects
        A breaks
        P publishes 1 a 1 retain
        B connects
        B subscribes $share/g/a 1
        +10s
        B gets 1 a 1
        end";
    a_repeat_may_be_the_first_of_a_message_that_was_dropped_at_qos_0: V311 V500, "
        A connects
        A subscribes a 0
        A breaks
        B connects
        B publishing 1 a 1
        A connects present
        B publishing 2 a 1
        A gets 2 a 0
        B breaks
        B connects present
        B publishing 1 a 1 dup
        B publishing 2 a 1 dup
        A gets 1 a 0
        A gets 2 a 0
        B accepted 1
        B accepted 2
        end";
    a_repeat_may_be_what_a_new_subscription_sees_first: V311 V500, "
        A connects
        B connects
        A subscribing a 1
        B publishing 1 a 1
        B publishing 2 a 1
        B breaks
        A subscribed
        A gets 2 a 1
        B connects present
        B publishing 1 a 1 dup
        B publishing 2 a 1 dup
        A gets 1 a 1
        B accepted 1
        A gets 2 a 1
        B accepted 2
        end";
    an_answer_from_before_a_restart_is_no_session: V311 V500, "
        A connecting
        server dies
        server returns
        A connected
        A dropped
        A connects
        end";
    messages_of_each_qos_arrive: V311 V500, "
        A connects
        A subscribes a/# 2
        B connects clean
        B publishes 0 a/b 0
        B publishes 1 a/b 1
        B publishes 2 a/b 2
        A gets 0 a/b 0
        A gets 1 a/b 1
        A gets 2 a/b 2
        end";
    a_lost_qos_0_message_is_no_breach: V311 V500, "
        A connects
        A subscribes a 0
        B connects clean
        B publishes 0 a 0
        B publishes 1 a 1
        end";
    nothing_is_lost_before_the_end_is_quiescent: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        end early";
    a_message_without_puback_may_be_missing: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishing 1 a 1
        B breaks
        end";
    a_message_without_puback_may_arrive: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishing 1 a 1
        B breaks
        A gets 1 a 1
        end";
    a_message_of_qos_2_without_pubcomp_may_be_missing: V311 V500, "
        A connects
        A subscribes a 2
        B connects clean
        B publishing 1 a 2
        B accepted 1
        B breaks
        end";
    a_refused_message_may_be_missing: V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 fails
        end";
    qos_1_may_be_repeated_after_resumption: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A got 1 a 1 #5
        A breaks
        A connects present
        A gets 1 a 1 #5 dup
        end";
    qos_1_may_be_repeated_though_puback_was_sent_as_it_may_not_have_arrived: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 #5
        A breaks
        A connects present
        A gets 1 a 1 #5 dup
        end";
    qos_1_may_be_repeated_in_time_by_version_3: V311, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A got 1 a 1 #5
        +20s
        A gets 1 a 1 #5 dup
        end";
    qos_2_may_be_repeated_under_its_identifier_before_pubcomp: V311 V500, "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        A got 1 a 2 #5
        A acks #5 pubrec
        A breaks
        A connects present
        A gets 1 a 2 #5 dup
        end";
    a_publisher_that_repeats_qos_1_makes_two_messages: V311 V500, "
        A connects
        A subscribes a 1
        B connects
        B publishing 1 a 1
        B breaks
        B connects present
        B publishes 1 a 1 dup
        A gets 1 a 1
        A gets 1 a 1
        end";
    a_publisher_that_lost_its_session_and_repeats_qos_2_makes_two_messages: V311 V500, "
        A connects
        A subscribes a 2
        B connects clean
        B publishing 1 a 2
        B breaks
        B connects clean
        B publishes 1 a 2
        A gets 1 a 2
        A gets 1 a 2
        end";
    overlapping_filters_may_give_one_copy: V311 V500, "
        A connects
        A subscribes a/# 1
        A subscribes a/b 2
        B connects clean
        B publishes 1 a/b 2
        A gets 1 a/b 2
        end";
    overlapping_filters_may_give_several_copies: V311 V500, "
        A connects
        A subscribes a/# 1
        A subscribes a/b 2
        B connects clean
        B publishes 1 a/b 2
        A gets 1 a/b 1
        A gets 1 a/b 2
        end";
    a_client_that_starts_clean_gives_up_the_promise: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A breaks
        B publishes 1 a 1
        A connects clean
        end";
    a_clean_connect_without_answer_may_have_ended_the_session: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A breaks
        B publishes 1 a 1
        A connecting clean
        A breaks
        A connects
        end";
    a_clean_connect_without_answer_may_not_have_arrived: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A breaks
        B publishes 1 a 1
        A connecting clean
        A breaks
        A connects present
        A gets 1 a 1
        end";
    a_crashed_client_gives_up_the_promise: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A crashes
        A breaks
        A connects clean
        end";
    a_client_that_stays_away_cannot_lose_anything: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A breaks
        B publishes 1 a 1
        end";
    messages_wait_for_a_client_with_a_session: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A leaves
        B publishes 1 a 1
        A connects present
        A gets 1 a 1
        end";
    a_subscribe_without_suback_promises_nothing: V311 V500, "
        A connects
        A subscribing a 1
        A breaks
        B connects clean
        B publishes 1 a 1
        A connects present
        end";
    a_subscribe_without_suback_may_hold: V311 V500, "
        A connects
        A subscribing a 1
        A breaks
        B connects clean
        B publishes 1 a 1
        A connects present
        A gets 1 a 1
        end";
    an_unsubscribe_without_unsuback_may_hold_or_not: V311 V500, "
        A connects
        A subscribes a 1
        A unsubscribing a
        A breaks
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 1
        A connects present
        A gets 2 a 1
        end";
    what_was_published_before_unsuback_may_still_come: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        A unsubscribing a
        B publishes 1 a 1
        A unsubscribed
        A gets 1 a 1
        end";
    a_refused_subscription_promises_nothing: V311 V500, "
        A connects
        A subscribes a 1 fails
        B connects clean
        B publishes 1 a 1
        end";
    the_granted_qos_counts_not_the_asked_one: V311 V500, "
        A connects
        A subscribes a 2 granted=1
        B connects clean
        B publishes 1 a 2
        A gets 1 a 1
        end";
    order_holds_for_each_qos_alone: V311 V500, "
        A connects
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        B publishes 2 a 1
        B publishes 3 a 0
        A gets 3 a 0
        A gets 2 a 1
        A gets 1 a 2
        end";
    order_holds_for_each_publisher_alone: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        C connects clean
        B publishes 1 a 1
        C publishes 2 a 1
        A gets 2 a 1
        A gets 1 a 1
        end";
    order_holds_for_each_topic_alone: V311 V500, "
        A connects
        A subscribes + 1
        B connects clean
        B publishes 1 a 1
        B publishes 2 b 1
        A gets 2 b 1
        A gets 1 a 1
        end";
    repeats_may_bring_older_messages_again: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 1
        A got 1 a 1 #1
        A got 2 a 1 #2
        A breaks
        A connects present
        A gets 1 a 1 #1 dup
        A gets 2 a 1 #2 dup
        end";
    a_publisher_that_repeats_out_of_order_cannot_complain: V311 V500, "
        A connects
        A subscribes a 1
        B connects
        B publishing 1 a 1
        B publishing 2 a 1
        B breaks
        B connects present
        B publishes 2 a 1 dup
        B publishes 1 a 1 dup
        A gets 2 a 1
        A gets 1 a 1
        end";
    a_publisher_that_tries_again_after_a_refusal_cannot_complain_of_order: V500, "
        A connects
        A subscribes a 1
        B connects
        B publishes 1 a 1 fails
        B publishes 2 a 1
        B breaks
        B connects present
        A gets 2 a 1
        B publishing 1 a 1
        A gets 1 a 1
        end";
    a_new_overlapping_subscription_has_a_queue_of_its_own: V311 V500, "
        A connects
        A subscribes a/# 1
        B connects clean
        B publishes 1 a/b 1
        A subscribes a/b 1
        B publishes 2 a/b 1
        A gets 2 a/b 1
        A gets 1 a/b 1
        A gets 2 a/b 1
        end";
    what_was_on_its_way_over_a_connection_that_is_taken_over_may_come_late: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 1
        A connects present
        A gets 1 a 1 #1 dup
        A gets 2 a 1 #2 dup
        A~ got 1 a 1 #1
        A~ got 2 a 1 #2
        end";
    a_session_ends_with_its_connection: V311 V500, "
        A connects clean
        A leaves
        A connects
        end";
    a_session_without_expiry_may_survive_a_takeover: V500, "
        A connects clean
        A connects present
        end";
    a_session_of_a_client_that_is_long_away_may_end_where_nobody_can_say_so: V311, "
        A connects
        A breaks
        +10s
        A connects
        end";
    a_session_may_end_when_its_interval_is_nearly_over: V500, "
        A connects expiry=10
        A breaks
        +10s
        A connects expiry=10 present
        A breaks
        +10s
        A connects expiry=10
        end";
    an_unnoticed_end_keeps_the_session_for_one_and_a_half_keep_alive_longer: V500, "
        A connects expiry=10 keep=10
        A vanishes
        +24s
        A connects expiry=10 present
        end";
    an_expiry_in_a_disconnect_that_may_be_lost_may_count_or_not: V500, "
        A connects expiry=100
        A leaving expiry=1
        A ended
        +50s
        A connects present
        B connects expiry=100
        B leaving expiry=1
        B ended
        +50s
        B connects
        end";
    a_server_without_a_store_forgets_everything: V311 V500, "
        A connects
        A subscribes a 1
        B connects
        B publishes 1 a 1
        server dies
        server returns
        A connects
        B connects
        end";
    a_server_with_a_store_goes_on: V311 V500, "
        A connects
        A subscribes a 1
        B connects
        B publishes 1 a 1
        server dies
        server returns kept
        A connects present
        A gets 1 a 1 dup
        end";
    quota_may_cost_messages: V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1
        A dropped 0x97
        A connects present
        end";
    a_retained_message_comes_with_a_new_subscription: V311 V500, "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1
        A gets 1 a 1 retain
        end";
    a_retained_qos_0_message_may_be_forgotten: V311 V500, "
        B connects clean
        B publishes 1 a 0 retain
        B pings
        A connects
        A subscribes a 1
        end";
    a_retained_message_that_is_replaced_at_the_time_may_be_either: V311 V500, "
        B connects clean
        B publishes 1 a 1 retain
        B publishing 2 a 1 retain
        A connects
        A subscribes a 1
        A gets 1 a 1 retain
        B accepted 2
        end early";
    a_deleted_retained_message_does_not_come: V311 V500, "
        B connects clean
        B publishes 1 a 1 retain
        B publishes 2 a 1 retain empty
        A connects
        A subscribes a 1
        end";
    a_retained_message_may_come_again_with_each_subscribe: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1
        A subscribes a 1
        A gets 1 a 1 retain
        end";
    retain_handling_1_asks_only_for_a_new_subscription: V500, "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1 rh=1
        A gets 1 a 1 retain
        A subscribes a 1 rh=1
        end";
    retain_handling_2_does_not_ask: V500, "
        B connects clean
        B publishes 1 a 1 retain
        A connects
        A subscribes a 1 rh=2
        end";
    retain_as_published_keeps_the_flag: V500, "
        A connects
        A subscribes a 1 rap
        B connects clean
        B publishes 1 a 1 retain
        A gets 1 a 1 retain
        end";
    a_live_message_while_suback_is_under_way_may_have_either_flag: V311 V500, "
        B connects clean
        A connects
        A subscribing a 1
        B publishes 1 a 1 retain
        A subscribed
        A gets 1 a 1
        A gets 1 a 1 retain
        end";
    an_expired_message_need_not_come: V500, "
        A connects
        A subscribes a 1
        A leaves
        B connects clean
        B publishes 1 a 1 expiry=5
        +10s
        A connects present
        end";
    a_repeat_may_be_later_than_the_expiry: V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=5
        A breaks
        +10s
        A connects present
        A gets 1 a 1 dup expiry=1
        end";
    a_message_may_be_under_way_for_longer_than_its_expiry: V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 1 a 1 expiry=5
        +10s
        A gets 1 a 1 expiry=5
        end";
    a_will_follows_a_broken_connection: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B breaks
        A gets 9 w 1
        +5s
        end";
    a_will_does_not_follow_disconnect: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaves
        +5s
        end";
    a_will_may_follow_a_disconnect_that_may_be_lost: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaving
        B ended
        A gets 9 w 1
        end";
    a_will_may_follow_a_disconnect_that_the_next_connect_overtook: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaving
        B connecting clean
        B~ ended complete
        A gets 9 w 1
        B connected
        end";
    a_will_may_come_as_soon_as_the_disconnect_that_asks_for_it: V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaving with-will
        A gets 9 w 1
        +1s
        B ended complete
        end";
    a_will_may_come_with_a_disconnect_of_the_server_that_leaves_the_close_to_the_client: V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        A gets 9 w 1
        +1s
        B closed 0x82
        B ended complete
        end";
    what_the_server_made_of_an_expiry_may_be_lost_with_its_connack: V500, "
        A connects
        A subscribes w 1
        B connects expiry=1000 granted=0
        B leaves
        B connecting expiry=1000 will=9:w/1 delay=100
        B breaks
        A gets 9 w 1
        +5s
        end";
    a_server_with_a_limit_may_hold_it_against_disconnect: V500, "
        A connects expiry=5
        A leaves expiry=1000
        +12s
        A connects expiry=1000 granted=10
        end";
    who_subscribes_between_disconnect_and_the_end_that_is_seen_need_not_get_the_will: V500, "
        B connects clean will=9:w/1
        B leaving with-will
        A connects
        A subscribes w 1
        +1s
        B ended complete
        +5s
        end";
    a_server_whose_clock_jumped_may_not_have_read_disconnect: V500, "
        A connects expiry=1000 keep=5
        clock moves
        A leaves expiry=0
        A connects expiry=1000 present
        end";
    the_keep_alive_may_have_ended_a_connection_before_its_disconnect: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean keep=5 will=9:w/1
        +8s
        A gets 9 w 1
        +3s
        B leaving
        end";
    a_server_may_have_given_a_silent_client_up_before_it_reads_disconnect: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean keep=5 will=9:w/1
        +8s
        B leaves
        +1s
        A gets 9 w 1
        end";
    a_will_may_come_at_the_takeover_although_the_old_connection_lingers: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B vanishes
        B connecting clean
        A gets 9 w 1
        B connected
        +1s
        B~ ended
        end";
    an_acknowledgement_that_the_next_connect_overtook_may_be_lost: V311 V500, "
        A connects
        A subscribes a 1
        B connects clean
        B publishes 7 a 1
        A got 7 a 1 #3
        A acks #3 puback
        A connecting
        A~ ended complete
        A connected present
        A gets 7 a 1 #3 dup
        end";
    an_interval_may_begin_when_disconnect_is_read: V500, "
        A connects expiry=5
        A leaving
        +10s
        A ended complete
        A connects expiry=5
        end";
    disconnect_with_will_publishes_it: V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        B leaves with-will
        A gets 9 w 1
        +5s
        end";
    a_will_waits_for_its_delay: V500, "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=10
        B breaks
        +10s
        A gets 9 w 1
        +5s
        end";
    the_end_of_the_session_beats_the_will_delay: V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1 delay=100
        B breaks
        A gets 9 w 1
        +5s
        end";
    a_clean_start_ends_the_session_and_so_publishes_the_will: V500, "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=100
        B breaks
        B connects clean
        A gets 9 w 1
        +5s
        end";
    a_resumption_within_the_delay_stops_the_will: V500, "
        A connects
        A subscribes w 1
        B connects will=9:w/1 delay=10
        B breaks
        +5s
        B connects present
        +20s
        end";
    a_restart_may_cost_a_will: V311 V500, "
        A connects
        A subscribes w 1
        B connects clean will=9:w/1
        server dies
        server returns kept
        A connects present
        +5s
        end";
        a_will_may_be_published_once_more_after_a_restart: V311 V500, "
        A connects
        A subscribes w 2
        B connects clean will=9:w/2
        B breaks
        A gets 9 w 2
        server dies
        server returns kept
        A connects present
        A gets 9 w 2
        end";
    no_local_spares_the_publisher: V500, "
        A connects
        A subscribes a 1 nl
        A publishes 1 a 1
        end";
    each_share_gets_a_message_once: V500, "
        A connects
        A subscribes $share/g/a 1
        B connects
        B subscribes $share/g/a 1
        C connects
        C subscribes $share/h/a 1
        C publishes 1 a 1
        A gets 1 a 1
        C gets 1 a 1
        end";
    another_member_may_get_what_the_first_has_not_acknowledged: V500, "
        A connects
        A subscribes $share/g/a 1
        B connects
        B subscribes $share/g/a 1
        C connects
        C publishes 1 a 1
        A got 1 a 1
        A breaks
        B gets 1 a 1
        B pings
        end";
    receive_maximum_is_kept: V500, "
        A connects max=1
        A subscribes a 2
        B connects clean
        B publishes 1 a 1
        B publishes 2 a 2
        A gets 1 a 1
        A gets 2 a 2
        end";
    receive_maximum_begins_anew_with_each_connection: V500, "
        A connects max=1
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        B publishes 2 a 2
        A got 1 a 2 #1
        A acks #1 pubrec
        A breaks
        A connects max=1 present
        A gets 2 a 2 #2
        A acks #1 pubcomp
        end";
        the_end_of_an_old_exchange_gives_back_quota: V500, "
        A connects max=1
        A subscribes a 2
        B connects clean
        B publishes 1 a 2
        B publishes 2 a 2
        B publishes 3 a 2
        A got 1 a 2 #1
        A acks #1 pubrec
        A breaks
        A connects max=1 present
        A got 2 a 2 #2
        A acks #1 pubcomp
        A got 3 a 2 #3
        end";
    subscription_identifiers_come_along: V500, "
        A connects
        A subscribes a 1 id=7
        B connects clean
        B publishes 1 a 1
        A gets 1 a 1 id=7
        end";
    a_set_clock_ends_all_verdicts_on_time: V500, "
        A connects expiry=10
        A breaks
        clock moves
        +60s
        A connects present expiry=10
        end";
    connacks_that_cross_each_other_prove_nothing: V311 V500, "
        A connecting clean
        A connecting
        A connected present
        A~ connected
        end";
}
