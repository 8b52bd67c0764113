//! What an application asks of a Client.

use crate::ConnectOptions;
use bytes::Bytes;
use bytestring::ByteString;
use protocol::{Disconnect, PacketId, Properties, QoS, ReasonCode, SubscriptionOptions};

/// How the application recognises the outcome of its command. The Client only hands it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// A command to a [`Client`](crate::Client).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open a Network Connection and send CONNECT.
    Connect(Box<ConnectOptions>),
    /// Publish an Application Message. QoS 1 and 2 wait for a Network Connection if there is none.
    Publish {
        /// Comes back in [`Event::Published`](crate::Event).
        token: Token,
        /// What.
        message: Message,
    },
    /// Send SUBSCRIBE.
    Subscribe {
        /// Comes back in [`Event::Subscribed`](crate::Event).
        token: Token,
        /// Topic Filters with their options.
        filters: Vec<(ByteString, SubscriptionOptions)>,
        /// SUBSCRIBE Properties (5.0 only).
        properties: Properties,
    },
    /// Send UNSUBSCRIBE.
    Unsubscribe {
        /// Comes back in [`Event::Unsubscribed`](crate::Event).
        token: Token,
        /// Topic Filters.
        filters: Vec<ByteString>,
        /// UNSUBSCRIBE Properties (5.0 only).
        properties: Properties,
    },
    /// Acknowledge a received message of QoS 1 or 2, if the application is to do it. Acknowledgements leave in the order in which the messages
    /// came, so one may wait for another.
    Acknowledge {
        /// The Packet Identifier of the message.
        packet_id: PacketId,
        /// The Reason Code of PUBACK or PUBREC; only 0x00 can be told in 3.1.1.
        reason: ReasonCode,
    },
    /// Re-authenticate (5.0 section 4.12.1).
    Authenticate {
        /// Comes back in [`Event::Reauthenticated`](crate::Event).
        token: Token,
    },
    /// Send DISCONNECT and close the Network Connection; also ends waiting for the next attempt. 3.1.1 can only say 0x00: with another Reason
    /// Code the Network Connection is closed without DISCONNECT, so that the Server publishes the Will Message.
    Disconnect(Disconnect),
}

impl Command {
    /// The token, for the commands that have one.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        match self {
            Command::Publish { token, .. }
            | Command::Subscribe { token, .. }
            | Command::Unsubscribe { token, .. }
            | Command::Authenticate { token } => Some(*token),
            Command::Connect(_) | Command::Acknowledge { .. } | Command::Disconnect(_) => None,
        }
    }
}

/// An Application Message to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The Topic Name.
    pub topic: ByteString,
    /// The payload.
    pub payload: Bytes,
    /// The QoS.
    pub qos: QoS,
    /// RETAIN.
    pub retain: bool,
    /// PUBLISH Properties (5.0 only), without Topic Alias and Subscription Identifier.
    pub properties: Properties,
}

impl Message {
    /// A message that is not retained and has no Properties.
    #[must_use]
    pub fn new(topic: impl Into<ByteString>, payload: impl Into<Bytes>, qos: QoS) -> Self {
        Message {
            topic: topic.into(),
            payload: payload.into(),
            qos,
            retain: false,
            properties: Properties::new(),
        }
    }
}
