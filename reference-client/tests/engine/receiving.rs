//! Messages from the Server to the Client.

use crate::script::{Script, acknowledgement, publish};
use protocol::{Acknowledgement, Packet, Properties, Property, Publish, QoS, ReasonCode, Version};
use reference_client::{ClientConfig, Command, ConnectOptions, Event, Refusal};

fn messages(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Message(_))).count()
}

/// A 5.0 Client that has announced this.
fn announcing(property: Property) -> Script {
    let mut script = Script::new(Version::V500);
    let options =
        ConnectOptions { properties: Properties::new().with(property), ..ConnectOptions::default() };
    script.connect(options, crate::script::connack(false, Properties::new()));
    script
}

fn aliased(topic: &'static str, alias: u16) -> Packet {
    let properties = Properties::new().with(Property::TopicAlias(alias));
    Packet::Publish(Publish { properties, ..Publish::new(topic, "m") })
}

#[test]
fn messages_are_acknowledged_by_their_qos_though_nobody_has_subscribed() {
    for version in Version::ALL {
        let mut script = Script::connected(version);

        let zero = script.receive(publish(QoS::AtMostOnce, 0));
        let one = script.receive(publish(QoS::AtLeastOnce, 5));
        let two = script.receive(publish(QoS::ExactlyOnce, 6));

        assert_eq!(zero.sent, []);
        assert_eq!(one.sent, [Packet::Puback(acknowledgement(5))]);
        assert_eq!(two.sent, [Packet::Pubrec(acknowledgement(6))]);
        assert_eq!([zero, one, two].map(|outcome| messages(&outcome.events)), [1, 1, 1]);
    }
}

#[test]
fn qos_1_is_not_deduplicated() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.receive(publish(QoS::AtLeastOnce, 5));

        let again = script.receive(publish(QoS::AtLeastOnce, 5));

        assert_eq!(messages(&again.events), 1);
    }
}

#[test]
fn each_repeat_of_a_qos_2_message_before_pubrel_gets_pubrec_and_is_not_delivered() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.receive(publish(QoS::ExactlyOnce, 5));

        for _ in 0..3 {
            let again = script.receive(publish(QoS::ExactlyOnce, 5));
            assert_eq!(again.sent, [Packet::Pubrec(acknowledgement(5))]);
            assert_eq!(messages(&again.events), 0);
        }
        assert_eq!(
            script.receive(Packet::Pubrel(acknowledgement(5))).sent,
            [Packet::Pubcomp(acknowledgement(5))]
        );
        assert_eq!(messages(&script.receive(publish(QoS::ExactlyOnce, 5)).events), 1, "a new message");
    }
}

#[test]
fn a_repeat_after_resumption_is_not_delivered_either() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.receive(publish(QoS::ExactlyOnce, 5));
        script.resume(Properties::new());

        let again = script.receive(publish(QoS::ExactlyOnce, 5));

        assert_eq!(again.sent, [Packet::Pubrec(acknowledgement(5))]);
        assert_eq!(messages(&again.events), 0);
    }
}

#[test]
fn a_pubrel_for_an_unknown_identifier_gets_pubcomp() {
    let expected =
        [(Version::V311, ReasonCode::SUCCESS), (Version::V500, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND)];
    for (version, reason) in expected {
        let outcome = Script::connected(version).receive(Packet::Pubrel(acknowledgement(9)));

        assert_eq!(outcome.sent, [Packet::Pubcomp(Acknowledgement::with_reason(9, reason))]);
    }
}

#[test]
fn acknowledgements_of_the_application_leave_in_the_order_of_the_messages() {
    let config = ClientConfig { manual_acknowledgement: true, ..ClientConfig::new(Version::V500, "c") };
    let mut script = Script::connected_with(config, Properties::new());
    for id in [7, 8, 9] {
        assert_eq!(script.receive(publish(QoS::AtLeastOnce, id)).sent, []);
    }
    let acknowledge = |packet_id, reason| Command::Acknowledge { packet_id, reason };

    let last = script.command(acknowledge(9, ReasonCode::SUCCESS));
    let first = script.command(acknowledge(7, ReasonCode::SUCCESS));
    let middle = script.command(acknowledge(8, ReasonCode::QUOTA_EXCEEDED));
    let again = script.command(acknowledge(8, ReasonCode::SUCCESS));

    assert_eq!(last.sent, []);
    assert_eq!(first.sent, [Packet::Puback(acknowledgement(7))]);
    let refused = Packet::Puback(Acknowledgement::with_reason(8, ReasonCode::QUOTA_EXCEEDED));
    assert_eq!(middle.sent, [refused, Packet::Puback(acknowledgement(9))]);
    assert_eq!(again.events, [Event::CommandRefused { token: None, why: Refusal::NothingToAcknowledge }]);
}

#[test]
fn after_a_pubrec_that_refuses_the_identifier_means_a_new_message() {
    let config = ClientConfig { manual_acknowledgement: true, ..ClientConfig::new(Version::V500, "c") };
    let mut script = Script::connected_with(config, Properties::new());
    script.receive(publish(QoS::ExactlyOnce, 5));
    script.command(Command::Acknowledge { packet_id: 5, reason: ReasonCode::QUOTA_EXCEEDED });

    let next = script.receive(publish(QoS::ExactlyOnce, 5));

    assert_eq!(messages(&next.events), 1);
}

#[test]
fn more_messages_than_receive_maximum_are_answered_with_0x93() {
    let mut script = announcing(Property::ReceiveMaximum(2));

    let within = [1, 2].map(|id| script.receive(publish(QoS::ExactlyOnce, id)).closed);
    let beyond = script.receive(publish(QoS::ExactlyOnce, 3));

    assert_eq!(within, [false, false]);
    assert_eq!(beyond.disconnect(), Some(ReasonCode::RECEIVE_MAXIMUM_EXCEEDED));
    assert!(beyond.closed);
}

#[test]
fn a_completed_message_counts_no_more_for_receive_maximum() {
    let mut script = announcing(Property::ReceiveMaximum(1));

    for id in 1..=3 {
        assert!(!script.receive(publish(QoS::ExactlyOnce, id)).closed);
        script.receive(Packet::Pubrel(acknowledgement(id)));
        assert!(!script.receive(publish(QoS::AtLeastOnce, id)).closed);
    }
}

#[test]
fn topic_aliases_up_to_the_announced_maximum_are_resolved_and_can_be_changed() {
    let mut script = announcing(Property::TopicAliasMaximum(2));
    let mut topic = |packet| match &script.receive(packet).events[..] {
        [Event::Message(publish)] => publish.topic.to_string(),
        other => panic!("{other:?}"),
    };

    assert_eq!(topic(aliased("a", 2)), "a");
    assert_eq!(topic(aliased("", 2)), "a");
    assert_eq!(topic(aliased("b", 2)), "b");
    assert_eq!(topic(aliased("", 2)), "b");
}

#[test]
fn topic_aliases_out_of_range_or_unknown_close_the_connection() {
    for (packet, reason) in [
        (aliased("a", 3), ReasonCode::TOPIC_ALIAS_INVALID),
        (aliased("a", 0), ReasonCode::TOPIC_ALIAS_INVALID),
        (aliased("", 1), ReasonCode::PROTOCOL_ERROR),
    ] {
        let outcome = announcing(Property::TopicAliasMaximum(2)).receive(packet);

        assert_eq!(outcome.disconnect(), Some(reason));
        assert!(outcome.closed && outcome.events.iter().all(|event| !matches!(event, Event::Message(_))));
    }
}

#[test]
fn topic_aliases_are_forgotten_with_the_network_connection() {
    let mut script = Script::new(Version::V500);
    let options = || {
        let mut options = crate::script::lasting(Version::V500);
        options.properties.push(Property::TopicAliasMaximum(2));
        options
    };
    script.connect(options(), crate::script::connack(false, Properties::new()));
    script.receive(aliased("a", 1));
    script.input(reference_client::Input::TransportEnded);
    let again = ConnectOptions { clean_start: false, ..options() };
    script.connect(again, crate::script::connack(true, Properties::new()));

    assert_eq!(script.receive(aliased("", 1)).disconnect(), Some(ReasonCode::PROTOCOL_ERROR));
}

#[test]
fn problem_information_that_was_not_requested_is_a_protocol_error() {
    let text = || Properties::new().with(Property::ReasonString("why".into()));
    let puback = || Packet::Puback(Acknowledgement { properties: text(), ..acknowledgement(9) });

    let unwanted = announcing(Property::RequestProblemInformation(0)).receive(puback());
    let wanted = announcing(Property::RequestProblemInformation(1)).receive(puback());

    assert_eq!(unwanted.disconnect(), Some(ReasonCode::PROTOCOL_ERROR));
    assert!(!wanted.closed);
}
