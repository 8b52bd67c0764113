//! Messages from the Client to the Server.

use crate::script::{Script, acknowledgement, refusal};
use protocol::{Acknowledgement, Packet, Properties, Property, QoS, ReasonCode, Version};
use reference_client::{ClientConfig, Command, Event, Message, Refusal, Token};

fn announcing(property: Property) -> Script {
    Script::connected_with(ClientConfig::new(Version::V500, "c"), Properties::new().with(property))
}

fn published(token: u64, acknowledgement: Acknowledgement) -> Event {
    Event::Published { token: Token(token), acknowledgement: Some(acknowledgement) }
}

#[test]
fn qos_0_is_sent_without_identifier_and_needs_no_answer() {
    for version in Version::ALL {
        let outcome = Script::connected(version).publish(1, QoS::AtMostOnce);

        assert_eq!(outcome.publishes(), [(0, false)]);
        assert_eq!(outcome.events, [Event::Published { token: Token(1), acknowledgement: None }]);
    }
}

#[test]
fn qos_1_ends_with_puback() {
    for version in Version::ALL {
        let mut script = Script::connected(version);

        let sent = script.publish(1, QoS::AtLeastOnce);
        let ended = script.receive(Packet::Puback(acknowledgement(1)));
        let repeated = script.receive(Packet::Puback(acknowledgement(1)));

        assert_eq!(sent.publishes(), [(1, false)]);
        assert_eq!(ended.events, [published(1, acknowledgement(1))]);
        assert_eq!(repeated, Default::default(), "an unknown identifier does no harm");
    }
}

#[test]
fn qos_2_ends_with_pubcomp() {
    for version in Version::ALL {
        let mut script = Script::connected(version);

        script.publish(1, QoS::ExactlyOnce);
        let released = script.receive(Packet::Pubrec(acknowledgement(1)));
        let ended = script.receive(Packet::Pubcomp(acknowledgement(1)));

        assert_eq!(*released.packet(), Packet::Pubrel(acknowledgement(1)));
        assert_eq!(released.events, []);
        assert_eq!(ended.events, [published(1, acknowledgement(1))]);
    }
}

#[test]
fn a_pubrec_that_refuses_ends_the_exchange_without_pubrel() {
    let mut script = Script::connected(Version::V500);
    script.publish(1, QoS::ExactlyOnce);

    let outcome = script.receive(Packet::Pubrec(refusal(1)));

    assert_eq!(outcome.sent, []);
    assert_eq!(outcome.events, [published(1, refusal(1))]);
}

#[test]
fn pubrels_leave_in_the_order_of_the_pubrecs() {
    let mut script = Script::connected(Version::V500);
    for token in 1..=3 {
        script.publish(token, QoS::ExactlyOnce);
    }

    let order = [2, 3, 1].map(|id| script.receive(Packet::Pubrec(acknowledgement(id))).packet().packet_id());

    assert_eq!(order, [Some(2), Some(3), Some(1)]);
}

#[test]
fn an_identifier_is_in_use_until_its_exchange_has_ended_even_when_all_others_were_used() {
    let mut script = Script::connected(Version::V500);
    script.publish(1, QoS::ExactlyOnce);
    script.receive(Packet::Pubrec(acknowledgement(1)));
    script.publish(2, QoS::AtLeastOnce);
    let subscribe = Command::Subscribe {
        token: Token(3),
        filters: vec![("a".into(), Default::default())],
        properties: Properties::new(),
    };
    script.command(subscribe);
    for id in 4..=u16::MAX {
        assert_eq!(script.publish(4, QoS::AtLeastOnce).publishes(), [(id, false)]);
        script.receive(Packet::Puback(acknowledgement(id)));
    }

    let next = script.publish(5, QoS::AtLeastOnce);

    assert_eq!(next.publishes(), [(4, false)], "1 awaits PUBCOMP, 2 PUBACK, 3 SUBACK");
}

#[test]
fn a_pubrec_for_an_unknown_identifier_is_answered() {
    let expected =
        [(Version::V311, ReasonCode::SUCCESS), (Version::V500, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND)];
    for (version, reason) in expected {
        let outcome = Script::connected(version).receive(Packet::Pubrec(acknowledgement(9)));

        assert_eq!(*outcome.packet(), Packet::Pubrel(Acknowledgement::with_reason(9, reason)));
    }
}

#[test]
fn the_wrong_kind_of_acknowledgement_is_a_protocol_error() {
    for (qos, answer) in [
        (QoS::AtLeastOnce, Packet::Pubrec(acknowledgement(1))),
        (QoS::ExactlyOnce, Packet::Puback(acknowledgement(1))),
        (QoS::ExactlyOnce, Packet::Pubcomp(acknowledgement(1))),
    ] {
        let mut script = Script::connected(Version::V500);
        script.publish(1, qos);

        let outcome = script.receive(answer);

        assert_eq!(outcome.disconnect(), Some(ReasonCode::PROTOCOL_ERROR));
        assert!(outcome.closed);
    }
}

#[test]
fn no_more_messages_are_in_flight_than_the_receive_maximum_and_qos_1_and_2_share_it() {
    let mut script = announcing(Property::ReceiveMaximum(2));

    let first = [QoS::ExactlyOnce, QoS::AtLeastOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]
        .map(|qos| script.publish(1, qos).publishes().len());
    let after_pubrec = script.receive(Packet::Pubrec(acknowledgement(1)));
    let after_puback = script.receive(Packet::Puback(acknowledgement(2)));
    let after_pubcomp = script.receive(Packet::Pubcomp(acknowledgement(1)));

    assert_eq!(first, [1, 1, 0, 0]);
    assert_eq!(after_pubrec.publishes(), [], "a successful PUBREC gives nothing back");
    assert_eq!(after_puback.publishes(), [(3, false)]);
    assert_eq!(after_pubcomp.publishes(), [(4, false)]);
}

#[test]
fn a_pubrec_that_refuses_gives_the_quota_back() {
    let mut script = announcing(Property::ReceiveMaximum(1));
    script.publish(1, QoS::ExactlyOnce);
    script.publish(2, QoS::AtLeastOnce);

    let outcome = script.receive(Packet::Pubrec(refusal(1)));

    assert_eq!(outcome.publishes(), [(2, false)]);
}

#[test]
fn messages_of_qos_0_and_subscriptions_do_not_wait_for_the_receive_maximum() {
    let mut script = announcing(Property::ReceiveMaximum(1));
    script.publish(1, QoS::AtLeastOnce);
    script.publish(2, QoS::AtLeastOnce);

    assert_eq!(script.publish(3, QoS::AtMostOnce).publishes(), [(0, false)]);
    let subscribe = Command::Subscribe {
        token: Token(4),
        filters: vec![("a".into(), Default::default())],
        properties: Properties::new(),
    };
    assert!(matches!(script.command(subscribe).packet(), Packet::Subscribe(_)));
}

#[test]
fn what_the_server_does_not_support_never_reaches_the_wire() {
    let retained = Message { retain: true, ..Message::new("t", "m", QoS::AtMostOnce) };
    let cases = [
        (Property::MaximumQoS(1), Message::new("t", "m", QoS::ExactlyOnce), Refusal::QoSNotSupported),
        (Property::MaximumQoS(0), Message::new("t", "m", QoS::AtLeastOnce), Refusal::QoSNotSupported),
        (Property::RetainAvailable(0), retained, Refusal::RetainNotSupported),
        (
            Property::MaximumPacketSize(20),
            Message::new("t", "m".repeat(20), QoS::AtMostOnce),
            Refusal::PacketTooLarge,
        ),
        (
            Property::MaximumPacketSize(20),
            Message::new("t", "m".repeat(20), QoS::ExactlyOnce),
            Refusal::PacketTooLarge,
        ),
    ];
    for (announced, message, why) in cases {
        let mut script = announcing(announced);

        let outcome = script.command(Command::Publish { token: Token(1), message });

        assert_eq!(outcome.sent, []);
        assert_eq!(outcome.events, [Event::CommandRefused { token: Some(Token(1)), why }]);
        assert_eq!(script.client.unacknowledged(), 0);
    }
}

#[test]
fn a_message_that_fills_the_maximum_packet_size_exactly_is_sent() {
    let mut script = announcing(Property::MaximumPacketSize(20));

    let message = Message::new("t", "m".repeat(14), QoS::AtMostOnce);
    let outcome = script.command(Command::Publish { token: Token(1), message });

    assert_eq!(outcome.sent.len(), 1, "2 header, 3 topic, 1 property length, 14 payload: {outcome:?}");
}

#[test]
fn topic_names_with_wildcards_and_properties_that_only_a_server_sends_are_refused() {
    let with = |property| Message {
        properties: Properties::new().with(property),
        ..Message::new("t", "m", QoS::AtLeastOnce)
    };
    for (message, why) in [
        (Message::new("a/+", "m", QoS::AtLeastOnce), Refusal::InvalidTopicName),
        (Message::new("#", "m", QoS::AtMostOnce), Refusal::InvalidTopicName),
        (Message::new("", "m", QoS::AtMostOnce), Refusal::InvalidTopicName),
        (with(Property::SubscriptionIdentifier(1)), Refusal::InvalidProperty),
        (with(Property::TopicAlias(1)), Refusal::InvalidProperty),
        (with(Property::ResponseTopic("a/#".into())), Refusal::InvalidProperty),
        (with(Property::ReceiveMaximum(1)), Refusal::InvalidProperty),
    ] {
        let outcome = Script::connected(Version::V500).command(Command::Publish { token: Token(1), message });

        assert_eq!(outcome.sent, []);
        assert_eq!(outcome.events, [Event::CommandRefused { token: Some(Token(1)), why }]);
    }
}

#[test]
fn topic_aliases_replace_topic_names_up_to_the_smaller_of_both_limits() {
    let config = ClientConfig { topic_aliases: 5, ..ClientConfig::new(Version::V500, "c") };
    let mut script = Script::connected_with(config, Properties::new().with(Property::TopicAliasMaximum(1)));

    let mut sent = Vec::new();
    for topic in ["a", "a", "b", "a"] {
        let message = Message::new(topic, "m", QoS::AtMostOnce);
        let outcome = script.command(Command::Publish { token: Token(1), message });
        let Packet::Publish(publish) = outcome.packet() else { panic!("{outcome:?}") };
        sent.push((publish.topic.to_string(), publish.properties.topic_alias()));
    }

    let expected = [("a", Some(1)), ("", Some(1)), ("b", None), ("", Some(1))];
    assert_eq!(sent, expected.map(|(topic, alias)| (topic.to_owned(), alias)));
}

#[test]
fn without_topic_alias_maximum_no_alias_is_sent() {
    let config = ClientConfig { topic_aliases: 5, ..ClientConfig::new(Version::V500, "c") };
    let mut script = Script::connected_with(config, Properties::new());

    let outcome = script.publish(1, QoS::AtMostOnce);

    let Packet::Publish(publish) = outcome.packet() else { panic!("{outcome:?}") };
    assert_eq!(publish.properties.topic_alias(), None);
}
