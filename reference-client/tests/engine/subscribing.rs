//! SUBSCRIBE and UNSUBSCRIBE.

use crate::script::Script;
use protocol::{
    Packet, Properties, Property, QoS, ReasonCode, Suback, SubscriptionOptions, Unsuback, Version,
};
use reference_client::{ClientConfig, Command, Event, Input, Refusal, Token};

fn subscribe(filters: &[&'static str]) -> Command {
    let filters =
        filters.iter().map(|filter| ((*filter).into(), SubscriptionOptions::at(QoS::ExactlyOnce))).collect();
    Command::Subscribe { token: Token(1), filters, properties: Properties::new() }
}

fn unsubscribe(filters: &[&'static str]) -> Command {
    let filters = filters.iter().map(|filter| (*filter).into()).collect();
    Command::Unsubscribe { token: Token(1), filters, properties: Properties::new() }
}

fn suback(packet_id: u16, reasons: &[u8]) -> Suback {
    Suback {
        packet_id,
        properties: Properties::new(),
        reasons: reasons.iter().copied().map(ReasonCode).collect(),
    }
}

fn unsuback(packet_id: u16, count: usize) -> Unsuback {
    Unsuback { packet_id, properties: Properties::new(), reasons: vec![ReasonCode::SUCCESS; count] }
}

fn refused(why: Refusal) -> Vec<Event> {
    vec![Event::CommandRefused { token: Some(Token(1)), why }]
}

#[test]
fn the_answers_come_back_with_the_token() {
    for version in Version::ALL {
        let mut script = Script::connected(version);

        script.command(subscribe(&["a", "b/#"]));
        let subscribed = script.receive(Packet::Suback(suback(1, &[2, 0x80])));
        script.command(unsubscribe(&["a"]));
        let count = usize::from(version == Version::V500);
        let unsubscribed = script.receive(Packet::Unsuback(unsuback(2, count)));

        assert_eq!(subscribed.events, [Event::Subscribed { token: Token(1), suback: suback(1, &[2, 0x80]) }]);
        assert_eq!(
            unsubscribed.events,
            [Event::Unsubscribed { token: Token(1), unsuback: unsuback(2, count) }]
        );
    }
}

#[test]
fn identifiers_are_shared_by_all_kinds_of_packets() {
    let mut script = Script::connected(Version::V500);

    script.publish(1, QoS::AtLeastOnce);
    let second = script.command(subscribe(&["a"]));
    let third = script.command(unsubscribe(&["a"]));
    let fourth = script.publish(2, QoS::ExactlyOnce);

    assert_eq!(second.packet().packet_id(), Some(2));
    assert_eq!(third.packet().packet_id(), Some(3));
    assert_eq!(fourth.packet().packet_id(), Some(4));
}

#[test]
fn an_answer_with_another_number_of_reason_codes_is_a_protocol_error() {
    let mut short = Script::connected(Version::V500);
    short.command(subscribe(&["a", "b"]));
    let mut wrong_kind = Script::connected(Version::V500);
    wrong_kind.command(unsubscribe(&["a"]));

    for outcome in
        [short.receive(Packet::Suback(suback(1, &[0]))), wrong_kind.receive(Packet::Suback(suback(1, &[0])))]
    {
        assert_eq!(outcome.disconnect(), Some(ReasonCode::PROTOCOL_ERROR));
        assert!(outcome.closed);
    }
}

#[test]
fn filters_that_are_not_well_formed_and_empty_lists_never_reach_the_wire() {
    for (filters, why) in [
        (&[][..], Refusal::NoTopicFilter),
        (&["a", ""], Refusal::InvalidTopicFilter),
        (&["a#"], Refusal::InvalidTopicFilter),
        (&["a/#/b"], Refusal::InvalidTopicFilter),
        (&["a+"], Refusal::InvalidTopicFilter),
        (&["$share//a"], Refusal::InvalidTopicFilter),
        (&["$share/g"], Refusal::InvalidTopicFilter),
    ] {
        for command in [subscribe(filters), unsubscribe(filters)] {
            let outcome = Script::connected(Version::V500).command(command);

            assert_eq!((outcome.sent, outcome.events), (vec![], refused(why)));
        }
    }
}

#[test]
fn no_local_on_a_shared_subscription_is_refused() {
    let options = SubscriptionOptions { no_local: true, ..SubscriptionOptions::default() };
    let filters = vec![("$share/g/a".into(), options)];
    let command = Command::Subscribe { token: Token(1), filters, properties: Properties::new() };

    let outcome = Script::connected(Version::V500).command(command);

    assert_eq!((outcome.sent, outcome.events), (vec![], refused(Refusal::NoLocalOnSharedSubscription)));
}

#[test]
fn what_the_server_does_not_support_never_reaches_the_wire() {
    let identified = Command::Subscribe {
        token: Token(1),
        filters: vec![("a".into(), SubscriptionOptions::default())],
        properties: Properties::new().with(Property::SubscriptionIdentifier(1)),
    };
    for (announced, command, why) in [
        (
            Property::WildcardSubscriptionAvailable(0),
            subscribe(&["a/+"]),
            Refusal::WildcardSubscriptionsNotSupported,
        ),
        (
            Property::SharedSubscriptionAvailable(0),
            subscribe(&["$share/g/a"]),
            Refusal::SharedSubscriptionsNotSupported,
        ),
        (
            Property::SubscriptionIdentifierAvailable(0),
            identified,
            Refusal::SubscriptionIdentifiersNotSupported,
        ),
        (Property::MaximumPacketSize(12), subscribe(&["abcdefghij"]), Refusal::PacketTooLarge),
    ] {
        let announced = Properties::new().with(announced);
        let mut script = Script::connected_with(ClientConfig::new(Version::V500, "c"), announced);

        let outcome = script.command(command);

        assert_eq!((outcome.sent, outcome.events), (vec![], refused(why)));
    }
}

#[test]
fn maximum_qos_does_not_limit_subscriptions() {
    let announced = Properties::new().with(Property::MaximumQoS(0));
    let mut script = Script::connected_with(ClientConfig::new(Version::V500, "c"), announced);

    assert!(matches!(script.command(subscribe(&["a"])).packet(), Packet::Subscribe(_)));
}

#[test]
fn a_subscribe_without_answer_is_lost_with_its_network_connection_and_not_repeated() {
    for version in Version::ALL {
        let mut script = Script::connected(version);
        script.command(subscribe(&["a"]));

        let ended = script.input(Input::TransportEnded);

        assert_eq!(ended.events[0], Event::Lost { token: Token(1) });
    }
}
