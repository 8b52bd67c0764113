//! Strategies for property tests: packets that the strict decoder takes, and the strings in them.

use crate::{
    Acknowledgement, Auth, Connack, Connect, Disconnect, Packet, PacketType, Properties, Property,
    PropertyId, PropertyPlace, Publish, QoS, ReasonCode, RetainHandling, Role, Suback, Subscribe,
    SubscriptionOptions, Unsuback, Unsubscribe, Version, Will,
};
use bytes::Bytes;
use bytestring::ByteString;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Either version.
pub fn version() -> impl Strategy<Value = Version> {
    select(&Version::ALL[..])
}

/// A UTF-8 Encoded String: every character but U+0000, mostly short, at times a few hundred bytes.
pub fn string() -> impl Strategy<Value = ByteString> {
    let character = any::<char>().prop_filter("no string holds U+0000", |character| *character != '\0');
    let any_text = vec(character, 0..8).prop_map(|characters| characters.into_iter().collect::<String>());
    prop_oneof![
        6 => "[a-z0-9]{0,12}",
        3 => any_text,
        1 => "[a-z]{120,300}",
    ]
    .prop_map(ByteString::from)
}

/// Binary Data or a payload.
pub fn data() -> impl Strategy<Value = Bytes> {
    prop_oneof![4 => vec(any::<u8>(), 0..16), 1 => vec(any::<u8>(), 100..300)].prop_map(Bytes::from)
}

/// A valid Topic Name, with few levels so that filters match it at times.
pub fn topic_name() -> impl Strategy<Value = ByteString> {
    let level = prop_oneof![4 => "[ab]", 1 => Just(String::new()), 1 => "\\$[A-Z]{1,3}", 1 => "é\u{FEFF}? ?"];
    vec(level, 1..5)
        .prop_map(|levels| levels.join("/"))
        .prop_filter_map("a Topic Name is not empty", |name| {
            (!name.is_empty()).then(|| ByteString::from(name))
        })
}

/// A valid Topic Filter of a Non-shared Subscription.
pub fn topic_filter() -> impl Strategy<Value = ByteString> {
    let level =
        prop_oneof![4 => "[ab]", 1 => Just(String::new()), 2 => Just("+".to_owned()), 1 => "\\$[A-Z]{1,3}"];
    (vec(level, 0..5), any::<bool>()).prop_filter_map("a Topic Filter is not empty", |(mut levels, hash)| {
        if hash {
            levels.push("#".to_owned());
        }
        let filter = levels.join("/");
        (!filter.is_empty()).then(|| ByteString::from(filter))
    })
}

/// A Packet Identifier that is not 0.
pub fn packet_id() -> impl Strategy<Value = u16> {
    1..=u16::MAX
}

/// Any level of QoS.
pub fn qos() -> impl Strategy<Value = QoS> {
    select(&QoS::ALL[..])
}

/// One Property with a valid value.
pub fn property(id: PropertyId) -> BoxedStrategy<Property> {
    let flag = || 0..=1u8;
    match id {
        PropertyId::PayloadFormatIndicator => flag().prop_map(Property::PayloadFormatIndicator).boxed(),
        PropertyId::MessageExpiryInterval => any::<u32>().prop_map(Property::MessageExpiryInterval).boxed(),
        PropertyId::ContentType => string().prop_map(Property::ContentType).boxed(),
        PropertyId::ResponseTopic => topic_name().prop_map(Property::ResponseTopic).boxed(),
        PropertyId::CorrelationData => data().prop_map(Property::CorrelationData).boxed(),
        PropertyId::SubscriptionIdentifier => {
            (1..=268_435_455u32).prop_map(Property::SubscriptionIdentifier).boxed()
        }
        PropertyId::SessionExpiryInterval => any::<u32>().prop_map(Property::SessionExpiryInterval).boxed(),
        PropertyId::AssignedClientIdentifier => string().prop_map(Property::AssignedClientIdentifier).boxed(),
        PropertyId::ServerKeepAlive => any::<u16>().prop_map(Property::ServerKeepAlive).boxed(),
        PropertyId::AuthenticationMethod => string().prop_map(Property::AuthenticationMethod).boxed(),
        PropertyId::AuthenticationData => data().prop_map(Property::AuthenticationData).boxed(),
        PropertyId::RequestProblemInformation => flag().prop_map(Property::RequestProblemInformation).boxed(),
        PropertyId::WillDelayInterval => any::<u32>().prop_map(Property::WillDelayInterval).boxed(),
        PropertyId::RequestResponseInformation => {
            flag().prop_map(Property::RequestResponseInformation).boxed()
        }
        PropertyId::ResponseInformation => string().prop_map(Property::ResponseInformation).boxed(),
        PropertyId::ServerReference => string().prop_map(Property::ServerReference).boxed(),
        PropertyId::ReasonString => string().prop_map(Property::ReasonString).boxed(),
        PropertyId::ReceiveMaximum => (1..=u16::MAX).prop_map(Property::ReceiveMaximum).boxed(),
        PropertyId::TopicAliasMaximum => any::<u16>().prop_map(Property::TopicAliasMaximum).boxed(),
        PropertyId::TopicAlias => (1..=u16::MAX).prop_map(Property::TopicAlias).boxed(),
        PropertyId::MaximumQoS => flag().prop_map(Property::MaximumQoS).boxed(),
        PropertyId::RetainAvailable => flag().prop_map(Property::RetainAvailable).boxed(),
        PropertyId::UserProperty => (string(), string()).prop_map(Property::UserProperty).boxed(),
        PropertyId::MaximumPacketSize => (1..=u32::MAX).prop_map(Property::MaximumPacketSize).boxed(),
        PropertyId::WildcardSubscriptionAvailable => {
            flag().prop_map(Property::WildcardSubscriptionAvailable).boxed()
        }
        PropertyId::SubscriptionIdentifierAvailable => {
            flag().prop_map(Property::SubscriptionIdentifierAvailable).boxed()
        }
        PropertyId::SharedSubscriptionAvailable => {
            flag().prop_map(Property::SharedSubscriptionAvailable).boxed()
        }
    }
}

/// Valid Properties of a packet from this sender: those that may repeat do so at times, and their order is free. None in 3.1.1.
pub fn properties(version: Version, place: PropertyPlace, sender: Role) -> BoxedStrategy<Properties> {
    if version == Version::V311 {
        return Just(Properties::new()).boxed();
    }
    let may_stand = |id: &&PropertyId| {
        id.places().contains(&place)
            && !(**id == PropertyId::SubscriptionIdentifier
                && place == PropertyPlace::Publish
                && sender == Role::Client)
            && !(**id == PropertyId::SessionExpiryInterval
                && place == PropertyPlace::Disconnect
                && sender == Role::Server)
    };
    let ids: Vec<_> = PropertyId::ALL.iter().filter(may_stand).copied().collect();
    let one = move |id: PropertyId| {
        let repeats = id == PropertyId::UserProperty
            || id == PropertyId::SubscriptionIdentifier && place == PropertyPlace::Publish;
        vec(property(id), 0..if repeats { 4 } else { 2 })
    };
    // Most packets have few of them.
    let several =
        ids.into_iter().map(|id| prop_oneof![3 => Just(Vec::new()), 1 => one(id)]).collect::<Vec<_>>();
    let some = several.prop_map(|lists| lists.into_iter().flatten().collect::<Vec<_>>()).prop_shuffle();
    prop_oneof![1 => Just(Vec::new()), 2 => some]
        .prop_map(move |mut list| {
            // Authentication Data needs a method.
            let needs_method = place == PropertyPlace::Connect || place == PropertyPlace::Auth;
            if needs_method && !list.iter().any(|p| p.id() == PropertyId::AuthenticationMethod) {
                list.retain(|p| p.id() != PropertyId::AuthenticationData);
            }
            Properties(list)
        })
        .boxed()
}

/// A Reason Code that the packet may carry.
pub fn reason(version: Version, packet: PacketType, sender: Role) -> impl Strategy<Value = ReasonCode> {
    let legal = (0..=255).map(ReasonCode).filter(|code| code.is_legal(version, packet, sender));
    select(legal.collect::<Vec<_>>())
}

/// A CONNECT.
pub fn connect(version: Version) -> BoxedStrategy<Packet> {
    let will =
        (qos(), any::<bool>(), topic_name(), data(), properties(version, PropertyPlace::Will, Role::Client))
            .prop_map(|(qos, retain, topic, payload, properties)| Will {
                qos,
                retain,
                topic,
                payload,
                properties,
            });
    let properties = properties(version, PropertyPlace::Connect, Role::Client);
    (
        any::<bool>(),
        any::<u16>(),
        properties,
        string(),
        option::of(will),
        option::of(string()),
        option::of(data()),
    )
        .prop_map(move |(clean_start, keep_alive, properties, client_id, will, user_name, password)| {
            let password = password.filter(|_| version == Version::V500 || user_name.is_some());
            Packet::Connect(Box::new(Connect {
                version,
                clean_start,
                keep_alive,
                properties,
                client_id,
                will,
                user_name,
                password,
            }))
        })
        .boxed()
}

/// A PUBLISH.
pub fn publish(version: Version, sender: Role) -> BoxedStrategy<Packet> {
    let flags = (any::<bool>(), qos(), any::<bool>());
    let properties = properties(version, PropertyPlace::Publish, sender);
    (flags, topic_name(), packet_id(), properties, data(), any::<bool>())
        .prop_map(|((dup, qos, retain), topic, id, properties, payload, by_alias)| {
            let is_at_most_once = qos == QoS::AtMostOnce;
            let by_alias = by_alias && properties.topic_alias().is_some();
            Packet::Publish(Publish {
                dup: dup && !is_at_most_once,
                qos,
                retain,
                topic: if by_alias { ByteString::new() } else { topic },
                packet_id: (!is_at_most_once).then_some(id),
                properties,
                payload,
            })
        })
        .boxed()
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP.
fn acknowledgement(
    version: Version,
    packet: PacketType,
    place: PropertyPlace,
    sender: Role,
    make: fn(Acknowledgement) -> Packet,
) -> BoxedStrategy<Packet> {
    let content = (packet_id(), reason(version, packet, sender), properties(version, place, sender));
    content
        .prop_map(move |(packet_id, reason, properties)| {
            make(Acknowledgement { packet_id, reason, properties })
        })
        .boxed()
}

fn subscription_options(version: Version) -> BoxedStrategy<SubscriptionOptions> {
    let handling =
        select(&[RetainHandling::SendAtSubscribe, RetainHandling::SendIfNew, RetainHandling::DoNotSend][..]);
    match version {
        Version::V311 => qos().prop_map(SubscriptionOptions::at).boxed(),
        Version::V500 => (qos(), any::<bool>(), any::<bool>(), handling)
            .prop_map(|(qos, no_local, retain_as_published, retain_handling)| SubscriptionOptions {
                qos,
                no_local,
                retain_as_published,
                retain_handling,
            })
            .boxed(),
    }
}

/// A packet that this sender may send in this version, and that the strict decoder takes. A PUBLISH with QoS 0 has DUP 0.
pub fn packet(version: Version, sender: Role) -> BoxedStrategy<Packet> {
    let block = move |place| properties(version, place, sender);
    let codes = move |packet| vec(reason(version, packet, sender), 1..5);
    let ack = move |packet, place, make| acknowledgement(version, packet, place, sender, make);
    let mut all = vec![
        publish(version, sender),
        ack(PacketType::Puback, PropertyPlace::Puback, Packet::Puback as fn(_) -> _),
        ack(PacketType::Pubrec, PropertyPlace::Pubrec, Packet::Pubrec),
        ack(PacketType::Pubrel, PropertyPlace::Pubrel, Packet::Pubrel),
        ack(PacketType::Pubcomp, PropertyPlace::Pubcomp, Packet::Pubcomp),
    ];
    if sender == Role::Client || version == Version::V500 {
        let content = (reason(version, PacketType::Disconnect, sender), block(PropertyPlace::Disconnect));
        let make = |(reason, properties)| Packet::Disconnect(Disconnect { reason, properties });
        all.push(content.prop_map(make).boxed());
    }
    if version == Version::V500 {
        let content = (reason(version, PacketType::Auth, sender), string(), block(PropertyPlace::Auth));
        let make = |(reason, method, mut properties): (_, _, Properties)| {
            properties.set(Property::AuthenticationMethod(method));
            Packet::Auth(Auth { reason, properties })
        };
        all.push(content.prop_map(make).boxed());
    }
    match sender {
        Role::Client => {
            let filters = vec((topic_filter(), subscription_options(version)), 1..5);
            let make = |(packet_id, properties, filters)| {
                Packet::Subscribe(Subscribe { packet_id, properties, filters })
            };
            all.push((packet_id(), block(PropertyPlace::Subscribe), filters).prop_map(make).boxed());
            let filters = vec(topic_filter(), 1..5);
            let make = |(packet_id, properties, filters)| {
                Packet::Unsubscribe(Unsubscribe { packet_id, properties, filters })
            };
            all.push((packet_id(), block(PropertyPlace::Unsubscribe), filters).prop_map(make).boxed());
            all.push(connect(version));
            all.push(Just(Packet::Pingreq).boxed());
        }
        Role::Server => {
            let reason = reason(version, PacketType::Connack, sender);
            let make = |(session_present, reason, properties)| {
                Packet::Connack(Connack { session_present, reason, properties })
            };
            all.push((any::<bool>(), reason, block(PropertyPlace::Connack)).prop_map(make).boxed());
            let make =
                |(packet_id, properties, reasons)| Packet::Suback(Suback { packet_id, properties, reasons });
            let content = (packet_id(), block(PropertyPlace::Suback), codes(PacketType::Suback));
            all.push(content.prop_map(make).boxed());
            let make = move |(packet_id, properties, mut reasons): (_, _, Vec<_>)| {
                if version == Version::V311 {
                    reasons.clear();
                }
                Packet::Unsuback(Unsuback { packet_id, properties, reasons })
            };
            let content = (packet_id(), block(PropertyPlace::Unsuback), codes(PacketType::Unsuback));
            all.push(content.prop_map(make).boxed());
            all.push(Just(Packet::Pingresp).boxed());
        }
    }
    proptest::strategy::Union::new(all).boxed()
}

/// A version, a sender, and a packet of them.
pub fn any_packet() -> impl Strategy<Value = (Version, Role, Packet)> {
    (version(), select(&[Role::Client, Role::Server][..])).prop_flat_map(|(version, sender)| {
        packet(version, sender).prop_map(move |packet| (version, sender, packet))
    })
}
