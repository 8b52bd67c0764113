//! Sessions, Client Identifiers, sizes, the end of a Network Connection (sections 3.1, 3.2, 3.14).

use crate::tale::{Tale, V3, V5, message};
use bytes::Bytes;
use protocol::{Connack, Connect, Disconnect, Packet, Properties, Property, ReasonCode};
use std::time::Duration;
use tester::ObservationKind;

#[test]
fn an_answer_to_what_was_wrong_on_purpose_is_not_judged_by_its_form() {
    for (deliberate, is_breach) in [(None, true), (Some("Packet Identifier 0".to_owned()), false)] {
        let mut tale = Tale::of(V3);
        let alice = tale.joins("alice");
        let bytes = Bytes::from_static(&[0xC0, 0]);
        tale.note(alice, ObservationKind::Sent { bytes, packet: None, deliberate });
        let bytes = Bytes::from_static(&[0x40, 2, 0, 0]);
        let error = protocol::decode(&bytes, Some(V3), protocol::Role::Server).expect_err("identifier 0");
        tale.note(alice, ObservationKind::Undecodable { bytes, error });

        let (_, broken) = tale.says("every-packet-is-well-formed");

        assert_eq!(!broken.is_empty(), is_breach, "{broken:?}");
    }
}

#[test]
fn session_present_where_there_can_be_no_session_is_seen() {
    let mut tale = Tale::of(V3);
    tale.joins("alice");
    tale.keeps("no-session-present-after-a-clean-start", "3.1.1/MQTT-3.2.2-1");
    let mut connect = Connect::new(V3, "alice");
    connect.clean_start = false;
    tale.joins_with("bob", connect.clone(), false);
    tale.keeps("no-session-of-a-connection-that-kept-none", "3.1.1/MQTT-3.1.2-6");

    let mut other = Tale::of(V3);
    other.joins_with("alice", Connect::new(V3, "alice"), true);
    other.joins_with("bob", connect, true);

    other.breaks("no-session-present-after-a-clean-start", "3.1.1/MQTT-3.2.2-1");
    other.breaks("no-session-of-a-connection-that-kept-none", "3.1.1/MQTT-3.2.2-3");
}

#[test]
fn an_assigned_client_identifier_that_another_client_has_is_seen() {
    let assigned = |id: &'static str| {
        let properties = Properties::new().with(Property::AssignedClientIdentifier(id.into()));
        Packet::Connack(Connack { session_present: false, reason: ReasonCode::SUCCESS, properties })
    };
    let mut tale = Tale::of(V5);
    tale.joins("alice");
    let bob = tale.open("bob");
    tale.sends(bob, Packet::Connect(Box::new(Connect::new(V5, ""))));
    tale.gets(bob, assigned("fresh"));
    tale.keeps("an-assigned-client-identifier-is-nobody-elses", "5.0/MQTT-3.2.2-16");

    let carol = tale.open("carol");
    tale.sends(carol, Packet::Connect(Box::new(Connect::new(V5, ""))));
    tale.gets(carol, assigned("alice"));

    tale.breaks("an-assigned-client-identifier-is-nobody-elses", "5.0/MQTT-3.2.2-16");
}

#[test]
fn a_connection_that_stays_open_after_disconnect_is_seen_only_if_it_was_waited_for() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Disconnect(Disconnect::new(ReasonCode::PROTOCOL_ERROR)));
    tale.is_silent("a-failing-connack-or-disconnect-is-followed-by-a-close");
    tale.note(alice, ObservationKind::Quiet(Duration::from_secs(3)));
    tale.breaks("a-failing-connack-or-disconnect-is-followed-by-a-close", "5.0/MQTT-3.14.4-2");

    let mut ended = Tale::of(V5);
    let alice = ended.joins("alice");
    ended.gets(alice, Packet::Disconnect(Disconnect::new(ReasonCode::PROTOCOL_ERROR)));
    ended.note(alice, ObservationKind::EndOfStream { rest: Bytes::new() });
    ended.keeps("a-failing-connack-or-disconnect-is-followed-by-a-close", "5.0/MQTT-4.13.2-1");
}

#[test]
fn what_our_own_tester_does_is_no_merit_of_the_server() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.sends(alice, Packet::Publish(message("a", "1")));

    tale.is_silent("a-qos-0-publish-has-dup-0");
}

#[test]
fn sizes_far_below_the_limit_are_no_occasion() {
    let mut connect = Connect::new(V5, "alice");
    connect.properties.push(Property::MaximumPacketSize(20));
    let mut tale = Tale::of(V5);
    let alice = tale.joins_with("alice", connect, false);
    tale.is_silent("no-packet-above-the-maximum-packet-size");
    tale.gets(alice, Packet::Publish(message("a", "twelve bytes")));
    tale.keeps("no-packet-above-the-maximum-packet-size", "5.0/MQTT-3.1.2-24");

    tale.gets(alice, Packet::Publish(message("a", "twenty-four bytes so far")));

    tale.breaks("no-packet-above-the-maximum-packet-size", "5.0/MQTT-3.1.2-24");
}
