//! The packets that are made wrong: each type that a Client sends, plain and with everything that it may have.

use bytes::Bytes;
use protocol::{
    Acknowledgement, Auth, Connect, Disconnect, Packet, PacketId, Properties, Property, Publish, QoS,
    ReasonCode, Subscribe, SubscriptionOptions, Unsubscribe, Version, Will,
};
use tester::Namespace;
use tester::scram::{Exchange, METHOD};

/// A packet that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// CONNECT with nothing optional.
    Connect,
    /// CONNECT with Will, User Name, Password and Properties.
    FullConnect,
    /// PUBLISH with QoS 0.
    PublishQos0,
    /// PUBLISH with QoS 1.
    PublishQos1,
    /// PUBLISH with QoS 2 and Properties.
    PublishQos2,
    /// PUBACK of a message from the Server.
    Puback,
    /// PUBREC of a message from the Server.
    Pubrec,
    /// PUBREL of a message from the Client.
    Pubrel,
    /// PUBCOMP of a message from the Server.
    Pubcomp,
    /// SUBSCRIBE with one Topic Filter.
    Subscribe,
    /// SUBSCRIBE with two Topic Filters and Properties.
    SubscribeTwo,
    /// UNSUBSCRIBE with one Topic Filter.
    Unsubscribe,
    /// PINGREQ.
    Pingreq,
    /// DISCONNECT of a Client with a Will, which it removes.
    Disconnect,
    /// AUTH that begins a re-authentication.
    Auth,
}

impl Base {
    /// Those that differ in this version.
    #[must_use]
    pub fn all(version: Version) -> Vec<Base> {
        use Base as B;
        let mut all = vec![
            B::Connect,
            B::FullConnect,
            B::PublishQos0,
            B::PublishQos1,
            B::Puback,
            B::Pubrec,
            B::Pubrel,
            B::Pubcomp,
            B::Subscribe,
            B::SubscribeTwo,
            B::Unsubscribe,
            B::Pingreq,
            B::Disconnect,
        ];
        if version == Version::V500 {
            all.push(B::Auth);
            all.insert(4, B::PublishQos2);
        }
        all
    }

    /// Its part of the name of a check.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Base::Connect => "connect",
            Base::FullConnect => "connect-full",
            Base::PublishQos0 => "publish-qos-0",
            Base::PublishQos1 => "publish-qos-1",
            Base::PublishQos2 => "publish-qos-2",
            Base::Puback => "puback",
            Base::Pubrec => "pubrec",
            Base::Pubrel => "pubrel",
            Base::Pubcomp => "pubcomp",
            Base::Subscribe => "subscribe",
            Base::SubscribeTwo => "subscribe-two",
            Base::Unsubscribe => "unsubscribe",
            Base::Pingreq => "pingreq",
            Base::Disconnect => "disconnect",
            Base::Auth => "auth",
        }
    }

    /// As a sentence names it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Base::Connect => "CONNECT",
            Base::FullConnect => "CONNECT with a Will",
            Base::PublishQos0 => "PUBLISH with QoS 0",
            Base::PublishQos1 => "PUBLISH with QoS 1",
            Base::PublishQos2 => "PUBLISH with QoS 2 and Properties",
            Base::Puback => "PUBACK",
            Base::Pubrec => "PUBREC",
            Base::Pubrel => "PUBREL",
            Base::Pubcomp => "PUBCOMP",
            Base::Subscribe => "SUBSCRIBE",
            Base::SubscribeTwo => "SUBSCRIBE with two Topic Filters",
            Base::Unsubscribe => "UNSUBSCRIBE",
            Base::Pingreq => "PINGREQ",
            Base::Disconnect => "DISCONNECT",
            Base::Auth => "AUTH",
        }
    }

    /// Whether it is a CONNECT.
    #[must_use]
    pub const fn is_connect(self) -> bool {
        matches!(self, Base::Connect | Base::FullConnect)
    }

    /// The configuration of the Server that it needs.
    #[must_use]
    pub const fn configuration(self) -> Option<&'static str> {
        match self {
            // Without an Authentication Method in CONNECT every AUTH is an error.
            Base::Auth => Some("scram"),
            _ => None,
        }
    }

    /// What the Subject has to offer for it.
    #[must_use]
    pub const fn need(self) -> Option<&'static str> {
        match self {
            Base::PublishQos1 | Base::Puback => Some("qos1"),
            Base::PublishQos2 | Base::Pubrec | Base::Pubrel | Base::Pubcomp => Some("qos2"),
            _ => None,
        }
    }

    /// The packet. Its length does not depend on namespace, and for `client` of one length not on that.
    #[must_use]
    pub fn packet(self, version: Version, namespace: &Namespace, client: &str, id: PacketId) -> Packet {
        let v5 = version == Version::V500;
        let properties = |list: Vec<Property>| if v5 { Properties(list) } else { Properties::new() };
        let user = || Property::UserProperty(("name".into(), "value".into()));
        let topic = namespace.topic("malformed");
        let acknowledgement = || Acknowledgement::new(id);
        match self {
            Base::Connect => Packet::Connect(Box::new(Connect::new(version, namespace.client_id(client)))),
            Base::FullConnect => {
                let mut connect = Connect::new(version, namespace.client_id(client));
                connect.keep_alive = 60;
                connect.properties = properties(vec![
                    Property::SessionExpiryInterval(0),
                    Property::ReceiveMaximum(20),
                    Property::MaximumPacketSize(100_000),
                    Property::TopicAliasMaximum(5),
                    Property::RequestResponseInformation(0),
                    Property::RequestProblemInformation(1),
                    user(),
                ]);
                connect.will = Some(Will {
                    qos: QoS::AtMostOnce,
                    retain: false,
                    topic: namespace.topic("will").into(),
                    payload: Bytes::from_static(b"will"),
                    properties: properties(vec![
                        Property::WillDelayInterval(0),
                        Property::PayloadFormatIndicator(0),
                        Property::MessageExpiryInterval(60),
                        Property::ContentType("text".into()),
                        Property::ResponseTopic(namespace.topic("answer").into()),
                        Property::CorrelationData(Bytes::from_static(b"data")),
                        user(),
                    ]),
                });
                connect.user_name = Some("user".into());
                connect.password = Some(Bytes::from_static(b"password"));
                Packet::Connect(Box::new(connect))
            }
            Base::PublishQos0 => Packet::Publish(Publish::new(topic, &b"payload"[..])),
            Base::PublishQos1 | Base::PublishQos2 => {
                let mut publish = Publish::new(topic, &b"payload"[..]);
                publish.packet_id = Some(id);
                publish.qos = QoS::AtLeastOnce;
                if self == Base::PublishQos2 {
                    publish.qos = QoS::ExactlyOnce;
                    publish.properties = properties(vec![
                        Property::PayloadFormatIndicator(0),
                        Property::MessageExpiryInterval(60),
                        Property::ContentType("text".into()),
                        Property::ResponseTopic(namespace.topic("answer").into()),
                        Property::CorrelationData(Bytes::from_static(b"data")),
                        user(),
                    ]);
                }
                Packet::Publish(publish)
            }
            Base::Puback => Packet::Puback(acknowledgement()),
            Base::Pubrec => Packet::Pubrec(acknowledgement()),
            Base::Pubrel => Packet::Pubrel(acknowledgement()),
            Base::Pubcomp => Packet::Pubcomp(acknowledgement()),
            Base::Subscribe => Packet::Subscribe(Subscribe {
                packet_id: id,
                properties: Properties::new(),
                filters: vec![(topic.into(), SubscriptionOptions::at(QoS::AtMostOnce))],
            }),
            Base::SubscribeTwo => Packet::Subscribe(Subscribe {
                packet_id: id,
                properties: properties(vec![user()]),
                filters: vec![
                    (topic.into(), SubscriptionOptions::at(QoS::AtMostOnce)),
                    (namespace.topic("other").into(), SubscriptionOptions::at(QoS::AtLeastOnce)),
                ],
            }),
            Base::Unsubscribe => Packet::Unsubscribe(Unsubscribe {
                packet_id: id,
                properties: Properties::new(),
                filters: vec![topic.into()],
            }),
            Base::Pingreq => Packet::Pingreq,
            Base::Disconnect => Packet::Disconnect(Disconnect {
                reason: ReasonCode::SUCCESS,
                properties: properties(vec![
                    Property::ReasonString("done".into()),
                    user(),
                    Property::SessionExpiryInterval(0),
                ]),
            }),
            Base::Auth => {
                let nonce = format!("{}n{id:05}", namespace.client_id(client));
                Packet::Auth(Auth {
                    reason: ReasonCode::RE_AUTHENTICATE,
                    properties: properties(vec![
                        Property::AuthenticationMethod(METHOD.into()),
                        Property::AuthenticationData(
                            Exchange::new("writer", "secret", &nonce).first().into(),
                        ),
                        Property::ReasonString("again".into()),
                        user(),
                    ]),
                })
            }
        }
    }
}
