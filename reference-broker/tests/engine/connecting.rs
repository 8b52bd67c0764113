//! CONNECT and CONNACK (sections 3.1 and 3.2).

use crate::broker::*;
use protocol::{Connect, Packet, Property, QoS, ReasonCode, Version};
use reference_broker::Config;

#[test]
fn a_5_0_client_without_identifier_gets_one_that_nobody_else_has() {
    let mut broker = Broker::new();

    let first = broker.connect(1, v5("")).properties.assigned_client_identifier();
    let second = broker.connect(2, v5("")).properties.assigned_client_identifier();

    assert!(first.is_some() && second.is_some());
    assert_ne!(first, second);
}

#[test]
fn a_3_1_1_client_without_identifier_but_with_a_lasting_session_gets_0x02() {
    let mut broker = Broker::new();

    let connack = broker.connect(1, Connect { clean_start: false, ..v3("") });

    assert_eq!(connack.reason, ReasonCode(2));
    assert_eq!(broker.seen(1), [Seen::Close]);
}

#[test]
fn connack_is_silent_about_what_is_the_default() {
    let mut broker = Broker::with(Config { topic_alias_maximum: 0, ..Config::default() });

    let connack = broker.connect(1, v5("a"));

    assert!(connack.properties.is_empty(), "{connack:?}");
}

#[test]
fn connack_announces_every_limit_of_the_configuration() {
    let mut broker = Broker::with(Config {
        maximum_qos: QoS::AtMostOnce,
        retain_available: false,
        wildcard_subscriptions_available: false,
        subscription_identifiers_available: false,
        shared_subscriptions_available: false,
        topic_alias_maximum: 3,
        receive_maximum: 4,
        maximum_packet_size: 5000,
        server_keep_alive: Some(6),
        session_expiry_maximum: 7,
        ..Config::default()
    });

    let connack = broker.connect(1, lasting("a"));

    assert_eq!(
        connack.properties.0,
        [
            Property::SessionExpiryInterval(7),
            Property::ReceiveMaximum(4),
            Property::MaximumQoS(0),
            Property::RetainAvailable(0),
            Property::MaximumPacketSize(5000),
            Property::TopicAliasMaximum(3),
            Property::WildcardSubscriptionAvailable(0),
            Property::SubscriptionIdentifierAvailable(0),
            Property::SharedSubscriptionAvailable(0),
            Property::ServerKeepAlive(6),
        ]
    );
}

#[test]
fn response_information_is_for_those_who_request_it() {
    let mut broker =
        Broker::with(Config { response_information: Some("answers/".to_owned()), ..Config::default() });
    let mut asking = v5("a");
    asking.properties.push(Property::RequestResponseInformation(1));

    let asked = broker.connect(1, asking);
    let not_asked = broker.connect(2, v5("b"));

    assert_eq!(asked.properties.response_information().as_deref(), Some("answers/"));
    assert_eq!(not_asked.properties.response_information(), None);
}

#[test]
fn a_version_that_is_not_accepted_is_told_so_in_its_own_format() {
    let mut only_new = Broker::with(Config { versions: vec![Version::V500], ..Config::default() });
    let mut only_old = Broker::with(Config { versions: vec![Version::V311], ..Config::default() });

    assert_eq!(only_new.connect(1, v3("a")).reason, ReasonCode(1));
    assert_eq!(only_old.connect(1, v5("a")).reason, ReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
    assert_eq!(only_new.seen(1), [Seen::Close]);
    assert_eq!(only_old.seen(1), [Seen::Close]);
}

#[test]
fn what_comes_behind_a_refused_connect_is_ignored() {
    let mut broker = Broker::with(Config { versions: vec![Version::V500], ..Config::default() });
    broker.connect(1, v3("a"));
    broker.seen(1);

    broker.send(1, Packet::Pingreq);
    broker.send(1, publish(QoS::AtLeastOnce, "a", "x"));

    assert_eq!(broker.seen(1), []);
}

#[test]
fn a_will_beyond_what_the_server_supports_is_refused() {
    let mut broker = Broker::with(Config { maximum_qos: QoS::AtMostOnce, ..Config::default() });

    let connack = broker.connect(1, with_will(v5("a"), QoS::AtLeastOnce, None));

    assert_eq!(connack.reason, ReasonCode::QOS_NOT_SUPPORTED);
    assert_eq!(broker.seen(1), [Seen::Close]);
}

#[test]
fn a_will_with_an_empty_response_topic_is_refused_and_not_kept() {
    let mut broker = Broker::new();
    let mut connect = with_will(v5("a"), QoS::AtMostOnce, None);
    let will = connect.will.as_mut().expect("it has one");
    will.properties.push(Property::ResponseTopic("".into()));

    let connack = broker.connect(1, connect.clone());
    assert_eq!(connack.reason, ReasonCode::PROTOCOL_ERROR);
    assert_eq!(broker.seen(1), [Seen::Close]);

    let will = connect.will.as_mut().expect("it has one");
    will.properties = [Property::ResponseTopic("answers".into())].into_iter().collect();
    assert_eq!(broker.connect(2, connect).reason, ReasonCode::SUCCESS);
}

#[test]
fn a_server_that_has_moved_says_where_to() {
    let yaml = "redirect: { server_reference: 'other:1883', moved: true }";
    let mut broker = Broker::with(Config::from_yaml(yaml).expect("a configuration"));

    let connack = broker.connect(1, v5("a"));

    assert_eq!(connack.reason, ReasonCode::SERVER_MOVED);
    assert_eq!(connack.properties.server_reference().as_deref(), Some("other:1883"));
}

#[test]
fn a_client_that_sends_no_connect_is_closed_after_a_while() {
    let mut broker = Broker::new();
    broker.open(1);

    broker.pass(9.9);
    let before = broker.seen(1);
    broker.pass(0.2);

    assert_eq!(before, []);
    assert_eq!(broker.seen(1), [Seen::Close]);
}

#[test]
fn a_second_connect_ends_the_network_connection() {
    let mut broker = Broker::new();
    broker.client(1, "a");

    broker.send(1, Packet::Connect(Box::new(v5("a"))));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PROTOCOL_ERROR));
}

#[test]
fn a_client_with_no_room_for_connack_is_closed_without_a_packet() {
    let mut broker = Broker::new();
    let mut tiny = v5("a");
    tiny.properties.push(Property::MaximumPacketSize(3));
    broker.open(1);

    broker.send(1, Packet::Connect(Box::new(tiny)));

    assert_eq!(broker.seen(1), [Seen::Close]);
}
