//! What a Client tells its application.

use crate::Token;
use protocol::{
    Acknowledgement, Connack, DecodeError, Disconnect, Publish, ReasonCode, Suback, Time, Unsuback,
};
use std::fmt;

/// Something that the application wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The Server has accepted the CONNECT.
    Connected(Connack),
    /// The Server has refused the CONNECT. [`Event::Closed`] follows.
    Refused(Connack),
    /// An Application Message has arrived. With a Topic Alias, the Topic Name has been filled in.
    Message(Publish),
    /// The delivery of a message has ended: QoS 0 is sent, QoS 1 and 2 are acknowledged. A Reason Code of 0x80 or above is a refusal.
    Published {
        /// Of the command.
        token: Token,
        /// The PUBACK, PUBCOMP or refusing PUBREC; `None` for QoS 0.
        acknowledgement: Option<Acknowledgement>,
    },
    /// The Server has answered a SUBSCRIBE.
    Subscribed {
        /// Of the command.
        token: Token,
        /// One Reason Code for each Topic Filter.
        suback: Suback,
    },
    /// The Server has answered an UNSUBSCRIBE.
    Unsubscribed {
        /// Of the command.
        token: Token,
        /// One Reason Code for each Topic Filter; none in 3.1.1.
        unsuback: Unsuback,
    },
    /// Re-authentication has succeeded.
    Reauthenticated {
        /// Of the command.
        token: Token,
    },
    /// Nothing was sent, because the standard, the Server or the state of the Client forbids it.
    CommandRefused {
        /// Of the command; `None` for commands without.
        token: Option<Token>,
        /// Why.
        why: Refusal,
    },
    /// The command was obeyed, but its outcome will never be known: the Network Connection of a SUBSCRIBE, UNSUBSCRIBE or AUTH ended, or the Session with an
    /// unacknowledged PUBLISH.
    Lost {
        /// Of the command.
        token: Token,
    },
    /// The Server has sent DISCONNECT (5.0 only). [`Event::Closed`] follows.
    Disconnected(Disconnect),
    /// The Network Connection, or the attempt to open one, has ended. The last event of each.
    Closed {
        /// Why.
        why: Closure,
        /// When the Client will try again by itself.
        again_at: Option<Time>,
    },
}

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refusal {
    #[error("there is no connection to the Server")]
    NotConnected,
    #[error("a connection exists already")]
    AlreadyConnected,
    #[error("an empty Client Identifier needs a clean session in MQTT 3.1.1")]
    EmptyClientIdentifier,
    #[error("a password needs a user name in MQTT 3.1.1")]
    PasswordWithoutUserName,
    #[error("the Topic Name is empty, too long, or contains a wildcard or U+0000")]
    InvalidTopicName,
    #[error("a Topic Filter is empty, too long or not well-formed")]
    InvalidTopicFilter,
    #[error("at least one Topic Filter is needed")]
    NoTopicFilter,
    #[error("a shared subscription cannot have No Local")]
    NoLocalOnSharedSubscription,
    #[error("a property is not allowed here, occurs too often or has a value that is not allowed")]
    InvalidProperty,
    #[error("a string or binary field is longer than 65,535 bytes")]
    FieldTooLong,
    #[error("the server does not support this QoS")]
    QoSNotSupported,
    #[error("the server does not support retained messages")]
    RetainNotSupported,
    #[error("the packet is larger than the server accepts")]
    PacketTooLarge,
    #[error("the server does not support wildcard subscriptions")]
    WildcardSubscriptionsNotSupported,
    #[error("the server does not support shared subscriptions")]
    SharedSubscriptionsNotSupported,
    #[error("the server does not support Subscription Identifiers")]
    SubscriptionIdentifiersNotSupported,
    #[error("all Packet Identifiers are in use")]
    NoPacketIdentifier,
    #[error("too many messages are waiting")]
    TooManyWaiting,
    #[error("this Reason Code is not for this packet")]
    InvalidReasonCode,
    #[error("there is no unacknowledged message with this Packet Identifier")]
    NothingToAcknowledge,
    #[error("the connection was made without an Authentication Method, or authentication is going on")]
    CannotAuthenticate,
}

/// Why a Network Connection has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closure {
    /// The application wanted it.
    Commanded,
    /// The Server refused the CONNECT.
    Refused(ReasonCode),
    /// The Server sent DISCONNECT.
    DisconnectedByServer(ReasonCode),
    /// The Server closed the Network Connection, or the network lost it, or it could not be opened.
    NetworkEnded,
    /// The Server sent bytes that are no packet.
    Malformed(DecodeError),
    /// The Server sent a packet that it must not send.
    ProtocolError {
        /// The Reason Code that the Client has sent, if the version has them.
        reason: ReasonCode,
        /// What was wrong.
        text: &'static str,
    },
    /// The Server did not answer CONNECT or PINGREQ in time.
    NoAnswer,
    /// The Server has a Session and the Client has none of it.
    SessionNotHeld,
    /// The Client does not believe the Server's authentication.
    AuthenticationFailed,
    /// The Server's Maximum Packet Size leaves no room for a packet that has to be sent.
    CannotAnswer,
}

impl fmt::Display for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Closure::Commanded => f.write_str("disconnected"),
            Closure::Refused(reason) => {
                f.write_str("the server refused the connection: ")?;
                // Table 3.1 of 3.1.1; no CONNACK of 5.0 has these.
                match reason.0 {
                    1 => f.write_str("unacceptable protocol version (return code 1)"),
                    2 => f.write_str("identifier rejected (return code 2)"),
                    3 => f.write_str("server unavailable (return code 3)"),
                    4 => f.write_str("bad user name or password (return code 4)"),
                    5 => f.write_str("not authorized (return code 5)"),
                    _ => write!(f, "{reason}"),
                }
            }
            Closure::DisconnectedByServer(reason) => write!(f, "the server disconnected: {reason}"),
            Closure::NetworkEnded => f.write_str("the connection was lost"),
            Closure::Malformed(error) => write!(f, "the server sent a malformed packet: {error}"),
            Closure::ProtocolError { text, .. } => write!(f, "the server broke the protocol: {text}"),
            Closure::NoAnswer => f.write_str("the server does not answer"),
            Closure::SessionNotHeld => {
                f.write_str("the server has a session of which this client has no state")
            }
            Closure::AuthenticationFailed => f.write_str("the server failed to authenticate"),
            Closure::CannotAnswer => {
                f.write_str("the server accepts no packet as large as the answer that it needs")
            }
        }
    }
}
