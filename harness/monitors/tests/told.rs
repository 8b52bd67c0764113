//! The Monitors on transcripts that are written by hand: one in which each statement is kept, one in which it is broken.

use bytes::{Bytes, BytesMut};
use monitors::{all, watch};
use protocol::{
    Acknowledgement, Connack, Connect, Disconnect, Packet, Properties, Property, Publish, QoS, ReasonCode,
    Suback, Subscribe, SubscriptionOptions, Unsuback, Unsubscribe, Version, encode,
};
use std::time::Duration;
use tester::transcript::Connection;
use tester::{Observation, ObservationKind, Transcript};

/// A transcript in the making.
struct Tale {
    transcript: Transcript,
    version: Version,
}

impl Tale {
    fn of(version: Version) -> Self {
        Tale { transcript: Transcript::default(), version }
    }

    fn note(&mut self, connection: usize, kind: ObservationKind) {
        self.transcript.observations.push(Observation { at: Duration::ZERO, connection, kind });
    }

    fn open(&mut self, client: &str) -> usize {
        self.transcript.connections.push(Connection {
            label: client.to_owned(),
            client: client.to_owned(),
            version: self.version,
            maximum_packet_size: None,
            websocket: false,
            text_frames: Vec::new(),
        });
        let connection = self.transcript.connections.len() - 1;
        self.note(connection, ObservationKind::Opened);
        connection
    }

    /// A Network Connection with CONNECT and a CONNACK that accepts.
    fn joins(&mut self, client: &str) -> usize {
        let connect = Connect::new(self.version, client.to_owned());
        self.joins_with(client, connect, false)
    }

    fn joins_with(&mut self, client: &str, connect: Connect, session_present: bool) -> usize {
        let connection = self.open(client);
        self.sends(connection, Packet::Connect(Box::new(connect)));
        self.gets(connection, connack(session_present));
        connection
    }

    fn bytes(&self, packet: &Packet) -> Bytes {
        let mut bytes = BytesMut::new();
        encode(packet, self.version, &mut bytes).expect("packets of the tests have an encoding");
        bytes.freeze()
    }

    fn sends(&mut self, connection: usize, packet: Packet) {
        let bytes = self.bytes(&packet);
        self.note(connection, ObservationKind::Sent { bytes, packet: Some(packet), deliberate: None });
    }

    fn gets(&mut self, connection: usize, packet: Packet) {
        let bytes = self.bytes(&packet);
        self.note(connection, ObservationKind::Received { bytes, packet });
    }

    fn subscribes(&mut self, connection: usize, filter: &str, options: SubscriptionOptions) {
        self.subscribes_with(connection, filter, options, Properties::new());
    }

    fn subscribes_with(
        &mut self,
        connection: usize,
        filter: &str,
        options: SubscriptionOptions,
        properties: Properties,
    ) {
        let filters = vec![(filter.into(), options)];
        self.sends(connection, Packet::Subscribe(Subscribe { packet_id: 9, properties, filters }));
        self.gets(connection, suback(9, &[options.qos as u8]));
    }

    /// What the Monitor says: the Requirements with an occasion, and those that are broken.
    fn says(&self, name: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        assert!(all().iter().any(|monitor| monitor.name == name), "there is no Monitor {name}");
        let sightings = watch(&self.transcript);
        let sighting = sightings.iter().find(|sighting| sighting.monitor.name == name);
        let breaches = sighting.iter().flat_map(|sighting| &sighting.breaches);
        let mut broken: Vec<&str> = breaches.flat_map(|b| &b.requirements).map(|id| id.as_str()).collect();
        broken.sort_unstable();
        broken.dedup();
        let occasions = sighting.iter().flat_map(|sighting| sighting.occasions.keys());
        (occasions.map(|id| id.as_str()).collect(), broken)
    }

    #[track_caller]
    fn keeps(&self, name: &str, requirement: &str) {
        let (occasions, broken) = self.says(name);
        assert!(broken.is_empty(), "{name} accuses without reason: {broken:?}");
        assert!(occasions.contains(&requirement), "{name} saw no occasion for {requirement}: {occasions:?}");
    }

    #[track_caller]
    fn breaks(&self, name: &str, requirement: &str) {
        let (_, broken) = self.says(name);
        assert!(broken.contains(&requirement), "{name} does not see {requirement}: {broken:?}");
    }

    #[track_caller]
    fn is_silent(&self, name: &str) {
        let (occasions, broken) = self.says(name);
        assert!(broken.is_empty() && occasions.is_empty(), "{name} judges: {occasions:?} {broken:?}");
    }
}

fn connack(session_present: bool) -> Packet {
    Packet::Connack(Connack { session_present, reason: ReasonCode::SUCCESS, properties: Properties::new() })
}

fn suback(packet_id: u16, codes: &[u8]) -> Packet {
    let reasons = codes.iter().map(|c| ReasonCode(*c)).collect();
    Packet::Suback(Suback { packet_id, properties: Properties::new(), reasons })
}

fn message(topic: &str, payload: &'static str) -> Publish {
    Publish::new(topic.to_owned(), payload.as_bytes())
}

fn at_qos(mut publish: Publish, qos: QoS, id: u16) -> Publish {
    publish.qos = qos;
    publish.packet_id = Some(id);
    publish
}

fn again(mut publish: Publish) -> Publish {
    publish.dup = true;
    publish
}

fn ack(id: u16) -> Acknowledgement {
    Acknowledgement::new(id)
}

fn at(qos: QoS) -> SubscriptionOptions {
    SubscriptionOptions::at(qos)
}

const V5: Version = Version::V500;
const V3: Version = Version::V311;

#[test]
fn a_statement_about_a_response_topic_needs_one_to_be_kept() {
    let mut without = Tale::of(V5);
    let alice = without.joins("alice");
    without.gets(alice, Packet::Publish(message("a", "1")));
    let mut with = Tale::of(V5);
    let alice = with.joins("alice");
    let mut publish = message("a", "1");
    publish.properties.push(Property::ResponseTopic("r".into()));
    with.gets(alice, Packet::Publish(publish));

    let (occasions, broken) = without.says("every-packet-is-well-formed");

    assert!(broken.is_empty() && !occasions.contains(&"5.0/MQTT-3.3.2-13"), "{occasions:?}");
    with.keeps("every-packet-is-well-formed", "5.0/MQTT-3.3.2-13");
}

#[test]
fn a_property_that_never_comes_is_no_occasion_to_stand_twice() {
    let mut tale = Tale::of(V5);
    tale.joins("alice");
    tale.is_silent("no-property-stands-twice");

    let alice = tale.open("bob");
    let properties = Properties::new().with(Property::ReceiveMaximum(5));
    let reason = ReasonCode::SUCCESS;
    tale.gets(alice, Packet::Connack(Connack { session_present: false, reason, properties }));

    tale.keeps("no-property-stands-twice", "5.0/RULE-3.2.2.3.3-twice");
}

#[test]
fn a_publish_again_on_one_connection_is_seen_in_5_0_and_allowed_in_3_1_1() {
    for version in [V3, V5] {
        let mut tale = Tale::of(version);
        let alice = tale.joins("alice");
        let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
        tale.gets(alice, Packet::Publish(publish.clone()));
        if version == V5 {
            tale.keeps("nothing-is-sent-again-on-one-connection", "5.0/MQTT-4.4.0-1");
        }
        tale.gets(alice, Packet::Publish(again(publish)));

        match version {
            V5 => tale.breaks("nothing-is-sent-again-on-one-connection", "5.0/MQTT-4.4.0-1"),
            V3 => tale.is_silent("nothing-is-sent-again-on-one-connection"),
        }
    }
}

#[test]
fn dup_1_on_a_first_publish_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.keeps("what-is-sent-first-has-dup-0", "3.1.1/MQTT-3.3.1-3");

    tale.gets(alice, Packet::Publish(again(at_qos(message("a", "2"), QoS::AtLeastOnce, 2))));

    tale.breaks("what-is-sent-first-has-dup-0", "3.1.1/MQTT-4.3.2-1");
}

#[test]
fn dup_1_after_a_resumption_may_repeat_what_was_lost() {
    let mut tale = Tale::of(V3);
    let mut connect = Connect::new(V3, "alice");
    connect.clean_start = false;
    let alice = tale.joins_with("alice", connect, true);

    tale.gets(alice, Packet::Publish(again(at_qos(message("a", "1"), QoS::AtLeastOnce, 1))));

    tale.is_silent("what-is-sent-first-has-dup-0");
}

#[test]
fn a_repeat_on_a_later_connection_needs_dup_1() {
    let mut tale = Tale::of(V5);
    let publisher = tale.joins("bob");
    let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
    tale.sends(publisher, Packet::Publish(publish.clone()));
    let mut connect = Connect::new(V5, "alice");
    connect.clean_start = false;
    let first = tale.joins_with("alice", connect.clone(), false);
    tale.gets(first, Packet::Publish(publish.clone()));
    tale.note(first, ObservationKind::Shut("closes the Network Connection"));
    // Another Client of the scenario takes the Session over.
    let second = tale.joins_with("alice the second", connect.clone(), true);
    tale.gets(second, Packet::Publish(again(publish.clone())));
    tale.keeps("what-is-sent-again-has-dup-1", "5.0/MQTT-3.3.1-1");

    let third = tale.joins_with("alice", connect, true);
    tale.gets(third, Packet::Publish(publish));

    tale.breaks("what-is-sent-again-has-dup-1", "5.0/MQTT-3.3.1-1");
}

#[test]
fn publish_after_pubrel_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let publish = at_qos(message("a", "1"), QoS::ExactlyOnce, 1);
    tale.gets(alice, Packet::Publish(publish.clone()));
    tale.sends(alice, Packet::Pubrec(ack(1)));
    tale.gets(alice, Packet::Pubrel(ack(1)));
    tale.keeps("no-publish-after-pubrel", "5.0/MQTT-4.3.3-6");
    tale.keeps("no-pubrel-without-pubrec", "5.0/MQTT-4.3.3-3");

    tale.gets(alice, Packet::Publish(again(publish)));

    tale.breaks("no-publish-after-pubrel", "5.0/MQTT-4.3.3-6");
}

#[test]
fn pubrel_without_pubrec_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::ExactlyOnce, 1)));
    tale.gets(alice, Packet::Pubrel(ack(1)));
    tale.breaks("no-pubrel-without-pubrec", "3.1.1/MQTT-4.3.3-1");

    tale.gets(alice, Packet::Pubrel(ack(7)));

    tale.breaks("no-pubrel-without-pubrec", "3.1.1/MQTT-2.3.1-6");
}

#[test]
fn an_identifier_in_use_is_seen_unless_acknowledgements_may_be_among_crafted_bytes() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 1)));
    tale.breaks("packet-identifiers-in-flight-are-distinct", "3.1.1/MQTT-2.3.1-4");

    let bytes = Bytes::from_static(&[0x40, 2, 0, 1]);
    tale.note(alice, ObservationKind::Sent { bytes, packet: None, deliberate: None });

    tale.is_silent("packet-identifiers-in-flight-are-distinct");
}

#[test]
fn receive_maximum_is_judged_only_near_the_limit() {
    let mut connect = Connect::new(V5, "alice");
    connect.properties.push(Property::ReceiveMaximum(2));
    let mut tale = Tale::of(V5);
    let alice = tale.joins_with("alice", connect, false);
    tale.gets(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.is_silent("no-more-in-flight-than-the-receive-maximum");
    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 2)));
    tale.sends(alice, Packet::Puback(ack(1)));
    tale.gets(alice, Packet::Publish(at_qos(message("a", "3"), QoS::AtLeastOnce, 3)));
    tale.keeps("no-more-in-flight-than-the-receive-maximum", "5.0/MQTT-4.9.0-2");

    tale.gets(alice, Packet::Publish(at_qos(message("a", "4"), QoS::AtLeastOnce, 4)));

    tale.breaks("no-more-in-flight-than-the-receive-maximum", "5.0/MQTT-3.3.4-9");
}

#[test]
fn acknowledged_messages_that_come_again_are_seen_once_the_server_has_read_the_puback() {
    for pings in [false, true] {
        let mut tale = Tale::of(V5);
        let publish = at_qos(message("a", "1"), QoS::AtLeastOnce, 1);
        let bob = tale.joins("bob");
        tale.sends(bob, Packet::Publish(publish.clone()));
        let mut connect = Connect::new(V5, "alice");
        connect.clean_start = false;
        let alice = tale.joins_with("alice", connect.clone(), false);
        tale.gets(alice, Packet::Publish(publish.clone()));
        tale.sends(alice, Packet::Puback(ack(1)));
        if pings {
            tale.sends(alice, Packet::Pingreq);
            tale.gets(alice, Packet::Pingresp);
        }
        let alice = tale.joins_with("alice", connect, true);
        tale.gets(alice, Packet::Publish(again(publish)));

        if pings {
            tale.breaks("what-is-acknowledged-is-not-sent-again", "5.0/MQTT-4.4.0-2");
        } else {
            tale.keeps("what-is-acknowledged-is-not-sent-again", "5.0/MQTT-4.4.0-2");
        }
    }
}

#[test]
fn acknowledgements_of_nothing_or_of_the_wrong_kind_are_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.sends(alice, Packet::Publish(at_qos(message("a", "1"), QoS::AtLeastOnce, 1)));
    tale.gets(alice, Packet::Puback(ack(1)));
    tale.keeps("acknowledgements-have-the-identifier-of-a-request", "3.1.1/MQTT-2.3.1-6");
    tale.keeps("the-acknowledgement-is-that-of-the-qos", "3.1.1/MQTT-3.3.4-1");

    tale.gets(alice, Packet::Pubrec(ack(1)));
    tale.gets(alice, suback(1, &[0]));

    tale.breaks("the-acknowledgement-is-that-of-the-qos", "3.1.1/MQTT-3.3.4-1");
    tale.breaks("acknowledgements-have-the-identifier-of-a-request", "3.1.1/MQTT-2.3.1-7");
    let (_, broken) = tale.says("acknowledgements-have-the-identifier-of-a-request");
    assert!(!broken.contains(&"3.1.1/MQTT-2.3.1-6"), "what was kept is not accused");
}

#[test]
fn a_wrong_number_of_codes_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.keeps("one-code-for-each-filter", "5.0/MQTT-3.8.4-6");
    let filters = vec!["a".into(), "b".into()];
    tale.sends(
        alice,
        Packet::Unsubscribe(Unsubscribe { packet_id: 3, properties: Properties::new(), filters }),
    );
    let reasons = vec![ReasonCode::SUCCESS];
    tale.gets(alice, Packet::Unsuback(Unsuback { packet_id: 3, properties: Properties::new(), reasons }));

    tale.breaks("one-code-for-each-filter", "5.0/MQTT-3.11.3-2");
}

#[test]
fn more_qos_than_granted_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.keeps("no-qos-above-what-was-granted", "3.1.1/MQTT-3.8.4-6");

    tale.gets(alice, Packet::Publish(at_qos(message("a", "2"), QoS::AtLeastOnce, 1)));

    tale.breaks("no-qos-above-what-was-granted", "3.1.1/MQTT-3.8.4-6");
}

#[test]
fn retain_1_for_an_established_subscription_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    let mut published = message("a", "1");
    published.retain = true;
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.sends(bob, Packet::Publish(published.clone()));
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.keeps("retain-of-an-established-subscription", "3.1.1/MQTT-3.3.1-9");

    tale.gets(alice, Packet::Publish(published.clone()));
    tale.breaks("retain-of-an-established-subscription", "3.1.1/MQTT-3.3.1-9");

    // With a SUBSCRIBE in between it may be the retained message.
    let mut other = Tale::of(V3);
    let bob = other.joins("bob");
    other.sends(bob, Packet::Publish(published.clone()));
    let alice = other.joins("alice");
    other.subscribes(alice, "a", at(QoS::AtMostOnce));
    other.gets(alice, Packet::Publish(published));
    other.is_silent("retain-of-an-established-subscription");
}

#[test]
fn ones_own_message_with_no_local_is_seen() {
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    tale.subscribes(alice, "a", SubscriptionOptions { no_local: true, ..at(QoS::AtMostOnce) });
    tale.sends(alice, Packet::Publish(message("a", "own")));
    let bob = tale.joins("bob");
    tale.sends(bob, Packet::Publish(message("a", "other")));
    tale.gets(alice, Packet::Publish(message("a", "other")));
    tale.keeps("no-message-of-ones-own-with-no-local", "5.0/MQTT-3.8.3-3");

    tale.gets(alice, Packet::Publish(message("a", "own")));

    tale.breaks("no-message-of-ones-own-with-no-local", "5.0/MQTT-3.8.3-3");
}

#[test]
fn foreign_and_missing_subscription_identifiers_are_seen() {
    let with = |id: u32| {
        let mut publish = message("a", "1");
        publish.properties.push(Property::SubscriptionIdentifier(id));
        Packet::Publish(publish)
    };
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let properties = Properties::new().with(Property::SubscriptionIdentifier(5));
    tale.subscribes_with(alice, "a", at(QoS::AtMostOnce), properties);
    tale.gets(alice, with(5));
    tale.keeps("subscription-identifiers-belong-to-matching-subscriptions", "5.0/MQTT-3.3.4-3");

    tale.gets(alice, with(6));
    tale.gets(alice, Packet::Publish(message("a", "2")));

    let (_, broken) = tale.says("subscription-identifiers-belong-to-matching-subscriptions");
    assert_eq!(broken, ["5.0/MQTT-3.3.4-3", "5.0/RULE-3.3.4-foreign-identifier"]);
}

#[test]
fn messages_out_of_order_are_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.subscribes(alice, "#", at(QoS::AtMostOnce));
    for payload in ["1", "2", "3"] {
        tale.sends(bob, Packet::Publish(message("a", payload)));
    }
    tale.gets(alice, Packet::Publish(message("a", "1")));
    tale.gets(alice, Packet::Publish(message("a", "3")));
    tale.keeps("messages-of-one-publisher-topic-and-qos-keep-their-order", "3.1.1/MQTT-4.6.0-6");

    tale.gets(alice, Packet::Publish(message("a", "2")));

    tale.breaks("messages-of-one-publisher-topic-and-qos-keep-their-order", "3.1.1/MQTT-4.6.0-6");
}

#[test]
fn a_message_for_a_removed_subscription_is_seen() {
    let mut tale = Tale::of(V3);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.subscribes(alice, "a", at(QoS::AtMostOnce));
    tale.sends(bob, Packet::Publish(message("a", "early")));
    let (packet_id, filters) = (3, vec!["a".into()]);
    let properties = Properties::new();
    tale.sends(alice, Packet::Unsubscribe(Unsubscribe { packet_id, properties, filters }));
    let (properties, reasons) = (Properties::new(), Vec::new());
    tale.gets(alice, Packet::Unsuback(Unsuback { packet_id, properties, reasons }));
    tale.gets(alice, Packet::Publish(message("a", "early")));
    tale.is_silent("no-message-from-after-the-unsuback");

    tale.sends(bob, Packet::Publish(message("a", "late")));
    tale.gets(alice, Packet::Publish(message("a", "late")));

    tale.breaks("no-message-from-after-the-unsuback", "3.1.1/MQTT-3.10.4-2");
}

#[test]
fn altered_properties_are_seen() {
    let mut published = message("a", "1");
    published.properties.push(Property::ContentType("text".into()));
    published.properties.push(Property::UserProperty(("a".into(), "1".into())));
    published.properties.push(Property::UserProperty(("b".into(), "2".into())));
    let mut tale = Tale::of(V5);
    let alice = tale.joins("alice");
    let bob = tale.joins("bob");
    tale.sends(bob, Packet::Publish(published.clone()));
    tale.gets(alice, Packet::Publish(published.clone()));
    tale.keeps("properties-of-a-message-are-passed-on-unaltered", "5.0/MQTT-3.3.2-18");

    published.properties.0.reverse();
    published.properties.set(Property::ContentType("other".into()));
    tale.gets(alice, Packet::Publish(published));

    let (_, broken) = tale.says("properties-of-a-message-are-passed-on-unaltered");
    assert_eq!(broken, ["5.0/MQTT-3.3.2-18", "5.0/MQTT-3.3.2-20"]);
}

#[test]
fn a_payload_format_indicator_of_0_may_be_left_out_and_another_may_not() {
    for (indicator, is_breach) in [(0, false), (1, true)] {
        let mut tale = Tale::of(V5);
        let alice = tale.joins("alice");
        let bob = tale.joins("bob");
        let mut published = message("a", "1");
        published.properties.push(Property::PayloadFormatIndicator(indicator));
        tale.sends(bob, Packet::Publish(published));
        tale.gets(alice, Packet::Publish(message("a", "1")));

        let (_, broken) = tale.says("properties-of-a-message-are-passed-on-unaltered");

        assert_eq!(!broken.is_empty(), is_breach, "{broken:?}");
    }
}

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
