//! What happened, in order, as the Clients saw it and as the driver did it to the Server.
//!
//! What to write down, for whoever drives:
//!
//! - Events stand in the order in which they happened; `at` never decreases. A Client's event carries the moment at which the *Client* sent or
//!   received the packet. The checker works out between which moments the Server can have sent or seen it.
//! - Every message is unique: its payload names its [`MessageId`]. Sending it again is another [`What::Publish`] with the same
//!   identifier. Each CONNECT with a Will has a message of its own.
//! - Packets of the Client are written down when they are handed to the network, packets of the Server when they arrive whole. [`What::Delivered`]
//!   is every PUBLISH that arrives, repeats included: the checker tells repeats from duplicates by Packet Identifier and acknowledgement.
//! - [`What::Closed`] is what the Client saw, [`What::Ended`] what happened at the Server's end. A driver that can see the
//!   Server's end should write it down, because verdicts on Wills and Session Expiry rest on it; without it the checker assumes as little
//!   as it can.
//! - Numbers are given out one after the other. An event with a number that is far beyond the count of events is passed over.
//! - A Client that has something to prove sends PINGREQ: what it receives after PINGRESP was sent after that PINGREQ was.
//!
//! Deliberately not here: bytes, and what a single packet shows by itself.

use protocol::{QoS, ReasonCode, RetainHandling, Version};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A Session Expiry Interval that never ends (section 3.1.2.11.2 of 5.0), and what CleanSession 0 means in 3.1.1.
pub const NEVER_EXPIRES: u32 = u32::MAX;

/// A Client, that is: a Client Identifier. Two Network Connections with one Client Identifier are one Client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientIndex(pub u16);

/// A Network Connection; never used twice in one history. Numbered from 0 without large gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionIndex(pub u32);

/// An Application Message, told from all others by its payload. Numbered from 0 without large gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// A SUBSCRIBE or UNSUBSCRIBE packet; never used twice in one history. Numbered from 0 without large gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestIndex(pub u32);

/// A Topic Name, in the [`Topics`] of its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicIndex(pub u32);

/// The Topic Names of a history, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics {
    names: Vec<Arc<str>>,
    places: BTreeMap<Arc<str>, TopicIndex>,
}

impl Topics {
    /// The index of a Topic Name, new or known.
    pub fn index_of(&mut self, name: &str) -> TopicIndex {
        if let Some(&known) = self.places.get(name) {
            return known;
        }
        let index = TopicIndex(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.places.insert(name, index);
        index
    }

    /// The Topic Name; empty for an index of another history.
    #[must_use]
    pub fn name(&self, index: TopicIndex) -> &str {
        self.names.get(index.0 as usize).map_or("", |name| name)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// What the Server announced in its CONNACK packets (section 3.2.2.3 of 5.0). In 3.1.1 everything is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// Maximum QoS.
    pub maximum_qos: QoS,
    /// Retain Available.
    pub retain_available: bool,
    /// Shared Subscription Available.
    pub shared_subscription_available: bool,
    /// Subscription Identifiers Available.
    pub subscription_identifiers_available: bool,
}

impl Default for Announced {
    fn default() -> Self {
        Announced {
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            shared_subscription_available: true,
            subscription_identifiers_available: true,
        }
    }
}

/// A whole history. One version of the standard for all Clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The version that all Clients speak.
    pub version: Version,
    /// What the Server announced.
    pub server: Announced,
    /// How much more than the second to which intervals are stated the clocks may disagree, and the Server be late or early: zero in simulated time.
    pub tolerance: Duration,
    /// The Topic Names that the events name by index.
    pub topics: Topics,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// Room for the events of an ordinary history.
const ORDINARY: usize = 64;

impl History {
    /// A history in which nothing has happened yet.
    #[must_use]
    pub fn new(version: Version) -> Self {
        History {
            version,
            server: Announced::default(),
            tolerance: Duration::ZERO,
            topics: Topics::default(),
            events: Vec::with_capacity(ORDINARY),
        }
    }

    /// Adds what happened next.
    pub fn push(&mut self, at: Duration, what: What) {
        self.events.push(Event { at, what });
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Time since the start of the history.
    pub at: Duration,
    /// What happened.
    pub what: What,
}

/// A Will Message as CONNECT states it (sections 3.1.2.5 and 3.1.3.2 of 5.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Will {
    /// Its payload; of this CONNECT alone.
    pub message: MessageId,
    /// Will Topic.
    pub topic: TopicIndex,
    /// Will QoS.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Delay Interval in seconds; 0 in 3.1.1.
    pub delay: u32,
    /// Message Expiry Interval in seconds.
    pub expiry: Option<u32>,
}

/// One Topic Filter of a SUBSCRIBE with its options (section 3.8.3.1 of 5.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The whole Topic Filter, with `$share/{name}/` if it is shared.
    pub filter: Arc<str>,
    /// Maximum QoS.
    pub qos: QoS,
    /// No Local.
    pub no_local: bool,
    /// Retain As Published.
    pub retain_as_published: bool,
    /// Retain Handling.
    pub retain_handling: RetainHandling,
    /// The Subscription Identifier of its SUBSCRIBE.
    pub identifier: Option<u32>,
}

/// How a Client saw its Network Connection end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// The Client closed it, with or without DISCONNECT before.
    ByClient,
    /// The Server closed it, with the reason of its DISCONNECT if it sent one.
    ByServer(Option<ReasonCode>),
    /// The network broke it: reset or cut.
    Reset,
    /// The Client left without a trace; the Server may learn of it by Keep Alive, by a takeover, or never.
    Unnoticed,
}

/// How the Server went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Down {
    /// Asked to stop, and given the time to.
    Stopped,
    /// Its process was killed.
    Killed,
    /// The machine lost its power: what was not synced is gone.
    PowerLost,
}

/// An acknowledgement that a Client sends for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acknowledgement {
    /// PUBACK: QoS 1 is over.
    Puback,
    /// PUBREC: QoS 2 is received.
    Pubrec,
    /// PUBCOMP, the answer to PUBREL: QoS 2 is over, the Packet Identifier is free.
    Pubcomp,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A Client sent CONNECT.
    Connect {
        /// Whose Client Identifier it carries.
        client: ClientIndex,
        /// The new Network Connection.
        connection: ConnectionIndex,
        /// Clean Start; CleanSession in 3.1.1.
        clean_start: bool,
        /// Session Expiry Interval in seconds; absent is 0. In 3.1.1: CleanSession 1 is 0, CleanSession 0 is [`NEVER_EXPIRES`].
        session_expiry: u32,
        /// The Will Message.
        will: Option<Will>,
        /// Receive Maximum of the Client; absent, and in 3.1.1, 65,535.
        receive_maximum: u16,
        /// Keep Alive in seconds; 0 is none.
        keep_alive: u16,
    },
    /// CONNACK that accepts arrived.
    Connected {
        /// Where.
        connection: ConnectionIndex,
        /// Session Present.
        session_present: bool,
        /// The Session Expiry Interval in force: that of CONNACK, else that of CONNECT.
        session_expiry: u32,
        /// The Keep Alive in force: Server Keep Alive, else that of CONNECT.
        keep_alive: u16,
    },
    /// CONNACK that refuses arrived.
    Refused {
        /// Where.
        connection: ConnectionIndex,
        /// Its Reason Code or return code.
        reason: ReasonCode,
    },
    /// The Client sent DISCONNECT.
    Disconnect {
        /// Where.
        connection: ConnectionIndex,
        /// Its Reason Code; 0x00 in 3.1.1.
        reason: ReasonCode,
        /// A new Session Expiry Interval in seconds.
        session_expiry: Option<u32>,
    },
    /// The Client's end of a Network Connection is over.
    Closed {
        /// Which.
        connection: ConnectionIndex,
        /// How the Client saw it.
        how: Ending,
    },
    /// The Server's end of a Network Connection is over: nothing that the Client sent reaches the Server any more, and the Server has seen
    /// the end or made it. (For drivers that can look there; after [`What::ServerDown`] it goes without saying.)
    Ended {
        /// Which.
        connection: ConnectionIndex,
        /// Whether all that the Client had sent was given to the Server before, to the last byte.
        complete: bool,
    },
    /// The Client sent PINGREQ.
    Ping {
        /// Where.
        connection: ConnectionIndex,
    },
    /// PINGRESP arrived, the answer to the oldest PINGREQ that had none.
    Pong {
        /// Where.
        connection: ConnectionIndex,
    },
    /// The Client sent PUBLISH.
    Publish {
        /// Who.
        client: ClientIndex,
        /// Where.
        connection: ConnectionIndex,
        /// Its payload.
        message: MessageId,
        /// Topic Name.
        topic: TopicIndex,
        /// QoS.
        qos: QoS,
        /// RETAIN.
        retain: bool,
        /// The payload is empty: with RETAIN it deletes what is retained. Nobody can tell such messages apart.
        empty: bool,
        /// Message Expiry Interval in seconds.
        expiry: Option<u32>,
        /// DUP.
        dup: bool,
    },
    /// PUBACK or PUBREC arrived.
    Accepted {
        /// Where.
        connection: ConnectionIndex,
        /// For which message.
        message: MessageId,
        /// Its Reason Code; 0x00 in 3.1.1.
        reason: ReasonCode,
    },
    /// PUBCOMP arrived.
    Completed {
        /// Where.
        connection: ConnectionIndex,
        /// For which message.
        message: MessageId,
    },
    /// The Client sent SUBSCRIBE.
    Subscribe {
        /// Who.
        client: ClientIndex,
        /// Where.
        connection: ConnectionIndex,
        /// Which packet this is.
        request: RequestIndex,
        /// What for.
        filters: Vec<Filter>,
    },
    /// SUBACK arrived.
    Subscribed {
        /// For which SUBSCRIBE.
        request: RequestIndex,
        /// One Reason Code for each filter.
        reasons: Vec<ReasonCode>,
    },
    /// The Client sent UNSUBSCRIBE.
    Unsubscribe {
        /// Who.
        client: ClientIndex,
        /// Where.
        connection: ConnectionIndex,
        /// Which packet this is.
        request: RequestIndex,
        /// The whole Topic Filters.
        filters: Vec<Arc<str>>,
    },
    /// UNSUBACK arrived.
    Unsubscribed {
        /// For which UNSUBSCRIBE.
        request: RequestIndex,
        /// One Reason Code for each filter; empty in 3.1.1.
        reasons: Vec<ReasonCode>,
    },
    /// PUBLISH arrived at a Client.
    Delivered {
        /// Whose.
        client: ClientIndex,
        /// Where.
        connection: ConnectionIndex,
        /// Its payload; `None` if nobody published that, or if it is empty.
        message: Option<MessageId>,
        /// The payload is empty.
        empty: bool,
        /// Topic Name.
        topic: TopicIndex,
        /// QoS.
        qos: QoS,
        /// DUP.
        dup: bool,
        /// RETAIN.
        retain: bool,
        /// Packet Identifier; 0 with QoS 0.
        packet_identifier: u16,
        /// Subscription Identifiers.
        subscription_identifiers: Vec<u32>,
        /// Message Expiry Interval as it arrived, in seconds.
        expiry: Option<u32>,
    },
    /// The Client sent an acknowledgement for a delivery.
    Acknowledged {
        /// Where.
        connection: ConnectionIndex,
        /// Of the PUBLISH.
        packet_identifier: u16,
        /// Which packet.
        with: Acknowledgement,
        /// Its Reason Code; 0x00 in 3.1.1.
        reason: ReasonCode,
    },
    /// The Client lost its Session State; its Network Connections, if any, are left as they are.
    ClientCrashed {
        /// Who.
        client: ClientIndex,
    },
    /// The Server went down, and all Network Connections with it.
    ServerDown {
        /// How.
        how: Down,
    },
    /// The Server is up again.
    ServerUp {
        /// It promises to have kept Sessions and retained messages, as far as it had acknowledged them; otherwise it has to have forgotten
        /// all.
        kept_sessions: bool,
    },
    /// The clock of the Server was set, or time has become meaningless in another way: from here on no verdict rests on time.
    ClockMoved,
    /// The last event.
    End {
        /// All trouble was over, each Client that might still have a Session was connected, all messages under way had their time, and
        /// a fence has shown it. Otherwise nothing may be called lost.
        quiescent: bool,
    },
}
