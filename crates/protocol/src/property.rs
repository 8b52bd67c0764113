//! Properties of MQTT 5.0 (section 2.2.2): typed values in the order in which they stand in the packet.

use bytes::Bytes;
use bytestring::ByteString;
use std::fmt;

/// How the value of a Property is written (section 2.2.2.2, Table 2-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum PropertyType {
    Byte,
    TwoByteInteger,
    FourByteInteger,
    VariableByteInteger,
    Utf8String,
    Utf8StringPair,
    BinaryData,
}

macro_rules! properties {
    ($($variant:ident = $id:literal, $kind:ident, $value:ty, $name:literal, [$($packet:ident)*];)*) => {
        /// The identifier of a Property (Table 2-4).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum PropertyId { $($variant = $id,)* }

        impl PropertyId {
            /// Every Property, in the order of its identifier.
            pub const ALL: &'static [PropertyId] = &[$(PropertyId::$variant,)*];

            /// The Property with this identifier; `None` if Table 2-4 has none.
            #[must_use]
            pub const fn from_value(value: u32) -> Option<PropertyId> {
                match value { $($id => Some(PropertyId::$variant),)* _ => None }
            }

            /// The name of the Property.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(PropertyId::$variant => $name,)* }
            }

            /// The type of the value.
            #[must_use]
            pub const fn property_type(self) -> PropertyType {
                match self { $(PropertyId::$variant => PropertyType::$kind,)* }
            }

            /// Where the Property may stand.
            #[must_use]
            pub const fn places(self) -> &'static [PropertyPlace] {
                match self { $(PropertyId::$variant => &[$(PropertyPlace::$packet,)*],)* }
            }
        }

        /// A Property with its value.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Property { $($variant($value),)* }

        impl Property {
            /// The identifier of this Property.
            #[must_use]
            pub const fn id(&self) -> PropertyId {
                match self { $(Property::$variant(..) => PropertyId::$variant,)* }
            }
        }
    };
}

/// What a list of Properties belongs to: a packet, or the Will of a CONNECT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum PropertyPlace {
    Connect,
    Will,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Disconnect,
    Auth,
}

properties! {
    PayloadFormatIndicator = 0x01, Byte, u8, "Payload Format Indicator", [Publish Will];
    MessageExpiryInterval = 0x02, FourByteInteger, u32, "Message Expiry Interval", [Publish Will];
    ContentType = 0x03, Utf8String, ByteString, "Content Type", [Publish Will];
    ResponseTopic = 0x08, Utf8String, ByteString, "Response Topic", [Publish Will];
    CorrelationData = 0x09, BinaryData, Bytes, "Correlation Data", [Publish Will];
    SubscriptionIdentifier = 0x0B, VariableByteInteger, u32, "Subscription Identifier", [Publish Subscribe];
    SessionExpiryInterval = 0x11, FourByteInteger, u32, "Session Expiry Interval", [Connect Connack Disconnect];
    AssignedClientIdentifier = 0x12, Utf8String, ByteString, "Assigned Client Identifier", [Connack];
    ServerKeepAlive = 0x13, TwoByteInteger, u16, "Server Keep Alive", [Connack];
    AuthenticationMethod = 0x15, Utf8String, ByteString, "Authentication Method", [Connect Connack Auth];
    AuthenticationData = 0x16, BinaryData, Bytes, "Authentication Data", [Connect Connack Auth];
    RequestProblemInformation = 0x17, Byte, u8, "Request Problem Information", [Connect];
    WillDelayInterval = 0x18, FourByteInteger, u32, "Will Delay Interval", [Will];
    RequestResponseInformation = 0x19, Byte, u8, "Request Response Information", [Connect];
    ResponseInformation = 0x1A, Utf8String, ByteString, "Response Information", [Connack];
    ServerReference = 0x1C, Utf8String, ByteString, "Server Reference", [Connack Disconnect];
    ReasonString = 0x1F, Utf8String, ByteString, "Reason String", [Connack Puback Pubrec Pubrel Pubcomp Suback Unsuback Disconnect Auth];
    ReceiveMaximum = 0x21, TwoByteInteger, u16, "Receive Maximum", [Connect Connack];
    TopicAliasMaximum = 0x22, TwoByteInteger, u16, "Topic Alias Maximum", [Connect Connack];
    TopicAlias = 0x23, TwoByteInteger, u16, "Topic Alias", [Publish];
    MaximumQoS = 0x24, Byte, u8, "Maximum QoS", [Connack];
    RetainAvailable = 0x25, Byte, u8, "Retain Available", [Connack];
    UserProperty = 0x26, Utf8StringPair, (ByteString, ByteString), "User Property",
        [Connect Will Connack Publish Puback Pubrec Pubrel Pubcomp Subscribe Suback Unsubscribe Unsuback Disconnect Auth];
    MaximumPacketSize = 0x27, FourByteInteger, u32, "Maximum Packet Size", [Connect Connack];
    WildcardSubscriptionAvailable = 0x28, Byte, u8, "Wildcard Subscription Available", [Connack];
    SubscriptionIdentifierAvailable = 0x29, Byte, u8, "Subscription Identifier Available", [Connack];
    SharedSubscriptionAvailable = 0x2A, Byte, u8, "Shared Subscription Available", [Connack];
}

impl fmt::Display for PropertyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The Properties of one packet or Will, in the order of the wire. Empty in 3.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties(pub Vec<Property>);

macro_rules! first {
    ($($method:ident, $variant:ident, $value:ty;)*) => {
        $(
            #[doc = concat!("The value of the first ", stringify!($variant), ", if there is one.")]
            #[must_use]
            pub fn $method(&self) -> Option<$value> {
                self.0.iter().find_map(|p| match p { Property::$variant(v) => Some(v.clone()), _ => None })
            }
        )*
    };
}

impl Properties {
    /// No Properties.
    #[must_use]
    pub const fn new() -> Self {
        Properties(Vec::new())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a Property at the end.
    pub fn push(&mut self, property: Property) {
        self.0.push(property);
    }

    /// The same Properties with one more at the end.
    #[must_use]
    pub fn with(mut self, property: Property) -> Self {
        self.push(property);
        self
    }

    /// The Properties in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.iter()
    }

    /// The first Property with this identifier.
    #[must_use]
    pub fn get(&self, id: PropertyId) -> Option<&Property> {
        self.0.iter().find(|p| p.id() == id)
    }

    /// How often this Property stands here.
    #[must_use]
    pub fn count(&self, id: PropertyId) -> usize {
        self.0.iter().filter(|p| p.id() == id).count()
    }

    /// Removes every Property with this identifier.
    pub fn remove(&mut self, id: PropertyId) {
        self.0.retain(|p| p.id() != id);
    }

    /// Puts this Property in the place of all others with its identifier.
    pub fn set(&mut self, property: Property) {
        self.remove(property.id());
        self.push(property);
    }

    /// All User Properties, in order.
    pub fn user_properties(&self) -> impl Iterator<Item = &(ByteString, ByteString)> {
        self.0.iter().filter_map(|p| match p {
            Property::UserProperty(pair) => Some(pair),
            _ => None,
        })
    }

    /// All Subscription Identifiers, in order.
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().filter_map(|p| match p {
            Property::SubscriptionIdentifier(id) => Some(*id),
            _ => None,
        })
    }

    first! {
        payload_format_indicator, PayloadFormatIndicator, u8;
        message_expiry_interval, MessageExpiryInterval, u32;
        content_type, ContentType, ByteString;
        response_topic, ResponseTopic, ByteString;
        correlation_data, CorrelationData, Bytes;
        session_expiry_interval, SessionExpiryInterval, u32;
        assigned_client_identifier, AssignedClientIdentifier, ByteString;
        server_keep_alive, ServerKeepAlive, u16;
        authentication_method, AuthenticationMethod, ByteString;
        authentication_data, AuthenticationData, Bytes;
        request_problem_information, RequestProblemInformation, u8;
        will_delay_interval, WillDelayInterval, u32;
        request_response_information, RequestResponseInformation, u8;
        response_information, ResponseInformation, ByteString;
        server_reference, ServerReference, ByteString;
        reason_string, ReasonString, ByteString;
        receive_maximum, ReceiveMaximum, u16;
        topic_alias_maximum, TopicAliasMaximum, u16;
        topic_alias, TopicAlias, u16;
        maximum_qos, MaximumQoS, u8;
        retain_available, RetainAvailable, u8;
        maximum_packet_size, MaximumPacketSize, u32;
        wildcard_subscription_available, WildcardSubscriptionAvailable, u8;
        subscription_identifier_available, SubscriptionIdentifierAvailable, u8;
        shared_subscription_available, SharedSubscriptionAvailable, u8;
    }
}

impl FromIterator<Property> for Properties {
    fn from_iter<T: IntoIterator<Item = Property>>(iter: T) -> Self {
        Properties(iter.into_iter().collect())
    }
}
