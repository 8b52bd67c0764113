//! What a Client is, and how it connects: everything that goes into a CONNECT packet (section 3.1).
//!
//! Deliberately not here: addresses and transports, which belong to whoever opens the Network Connection.

use bytes::Bytes;
use bytestring::ByteString;
use protocol::{Properties, Version, Will};
use std::fmt;
use std::time::Duration;

/// What stays the same over all Network Connections of a [`Client`](crate::Client).
#[derive(Debug)]
pub struct ClientConfig {
    /// The version of the standard.
    pub version: Version,
    /// The Client Identifier; empty lets the Server assign one.
    pub client_id: ByteString,
    /// Whether and how to connect again by itself after a Network Connection was lost. `None`: only when commanded.
    pub reconnect: Option<Backoff>,
    /// How long the Network Connection may take to open and the Server to send CONNACK. Both standards leave the "reasonable amount
    /// of time" open (section 3.2).
    pub connect_timeout: Duration,
    /// How long the Server may take to answer a PINGREQ (section 3.1.2.10).
    pub ping_timeout: Duration,
    /// Whether the application acknowledges QoS 1 and 2 messages by [`Command::Acknowledge`](crate::Command). Otherwise the Client does as soon as it
    /// has handed the message over.
    pub manual_acknowledgement: bool,
    /// How many Topic Aliases to use towards the Server, as far as it accepts them (5.0 only).
    pub topic_aliases: u16,
    /// How many messages of QoS 1 and 2 may wait for a Network Connection or for the Server's Receive Maximum.
    pub maximum_waiting: usize,
    /// The Authentication Method, for enhanced authentication (5.0 section 4.12).
    pub authenticator: Option<Box<dyn Authenticator>>,
}

impl ClientConfig {
    /// A Client that does nothing by itself but Keep Alive and acknowledgements.
    #[must_use]
    pub fn new(version: Version, client_id: impl Into<ByteString>) -> Self {
        ClientConfig {
            version,
            client_id: client_id.into(),
            reconnect: None,
            connect_timeout: Duration::from_secs(30),
            ping_timeout: Duration::from_secs(10),
            manual_acknowledgement: false,
            topic_aliases: 0,
            maximum_waiting: 10_000,
            authenticator: None,
        }
    }
}

/// What one CONNECT says; the same again when the Client reconnects by itself, except that it then goes on with the Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectOptions {
    /// Clean Start; Clean Session in 3.1.1.
    pub clean_start: bool,
    /// Keep Alive, in seconds; 0 switches it off.
    pub keep_alive: u16,
    /// CONNECT Properties (5.0 only). Authentication Method and Data come from the [`Authenticator`].
    pub properties: Properties,
    /// The Will Message.
    pub will: Option<Will>,
    /// The User Name.
    pub user_name: Option<ByteString>,
    /// The Password.
    pub password: Option<Bytes>,
}

impl Default for ConnectOptions {
    /// A fresh Session that ends with the Network Connection, Keep Alive of 60 seconds, nothing optional.
    fn default() -> Self {
        ConnectOptions {
            clean_start: true,
            keep_alive: 60,
            properties: Properties::new(),
            will: None,
            user_name: None,
            password: None,
        }
    }
}

/// When to connect again: after `first`, then twice as long each time, at most `longest`. Without jitter, so that it can be replayed; one Client
/// does not make a herd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait before the first attempt.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Backoff {
    /// From one second to one minute.
    fn default() -> Self {
        Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) }
    }
}

/// One Authentication Method, as the Client plays it (5.0 section 4.12). Randomness that it needs is handed in when it is made.
pub trait Authenticator: fmt::Debug + Send {
    /// The Authentication Method.
    fn method(&self) -> ByteString;

    /// Begins anew; the Authentication Data of CONNECT, or of the AUTH that re-authenticates.
    fn start(&mut self) -> Option<Bytes>;

    /// The answer to the Authentication Data of an AUTH 0x18.
    ///
    /// # Errors
    /// If the Server's data are not what the method demands.
    fn step(&mut self, data: Option<Bytes>) -> Result<Option<Bytes>, RefusedByClient>;

    /// Judges the Authentication Data of the CONNACK or AUTH 0x00 that ends the exchange.
    ///
    /// # Errors
    /// If the Server has not proved what the method demands.
    fn finish(&mut self, data: Option<Bytes>) -> Result<(), RefusedByClient>;
}

/// The Client does not believe the Server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedByClient;
