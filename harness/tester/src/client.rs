//! One Client that the Tester plays: what it has sent and what has come, as far as steps ask for it.

use crate::cutting::Cut;
use crate::unfinished::Unfinished;
use crate::websocket;
use bytes::BytesMut;
use protocol::{Connack, Connect, Decoder, Packet, PacketId, Publish, Time};
use simulator::LinkId;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How a Network Connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Never opened, or given up by the Tester.
    Away,
    /// On its way.
    Opening,
    /// Open.
    Open,
    /// Ended by the Subject or the network: with a FIN or a reset.
    Ended {
        /// Whether it was a reset.
        reset: bool,
    },
    /// It could not be opened.
    Failed(String),
}

/// A packet that arrived and that no step has asked for yet.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The index of the observation.
    pub observation: usize,
    /// When.
    pub at: Time,
    /// The packet, with the Topic Name filled in where it came as a Topic Alias.
    pub packet: Packet,
    /// A PUBLISH outside the namespace of the scenario: someone else's business.
    pub foreign: bool,
}

/// One Client that the Tester plays.
#[derive(Debug)]
pub struct Client {
    /// Its name in the scenario.
    pub name: String,
    /// The Client Identifier that it uses.
    pub client_id: String,
    /// Whether it is the Tester's own, and none of the scenario.
    pub witness: bool,
    /// Its present Network Connection.
    pub link: Option<LinkId>,
    /// The index of that connection in the transcript.
    pub connection: usize,
    /// How that stands.
    pub standing: Standing,
    /// What arrived and was not asked for yet.
    pub inbox: VecDeque<Arrival>,
    /// Whether PUBLISH, PUBREC and PUBREL of the Subject are answered as a well-behaved Client does.
    pub answers: bool,
    /// The last CONNECT that it sent.
    pub connect: Option<Connect>,
    /// The last CONNACK that it got on the present connection.
    pub connack: Option<Connack>,
    /// Whether it has sent DISCONNECT on the present connection.
    pub disconnected: bool,
    /// The granted QoS per filter, as the wire has the filter.
    pub granted: BTreeMap<String, protocol::QoS>,
    /// The PUBLISH packets that it sent, in order.
    pub published: Vec<Publish>,
    /// From sending the CONNECT to the CONNACK.
    pub round_trip: Option<Duration>,
    /// Whether a CONNACK in the form of 3.1.1 is read as such on a Network Connection of 5.0, because its CONNECT was of neither.
    pub reads_any_connack: bool,
    pub(crate) connect_sent: Option<Time>,
    pub(crate) connect_sent_here: bool,
    pub(crate) next_packet_id: PacketId,
    pub(crate) decoder: Option<Decoder>,
    pub(crate) unread: BytesMut,
    pub(crate) dead_stream: bool,
    pub(crate) aliases: BTreeMap<u16, bytestring::ByteString>,
    /// Where the network will break its Network Connection.
    pub(crate) cut: Option<Cut>,
    /// The exchanges that it began and that are not complete.
    pub(crate) unfinished: Unfinished,
    /// The WebSocket of its present Network Connection, where that has one.
    pub channel: Option<websocket::Channel>,
    /// How its bytes are put into frames there.
    pub framing: websocket::Framing,
    /// The subprotocols that it offers in the next handshake, as they stand in the request.
    pub offer: Option<String>,
}

impl Client {
    /// A Client that has done nothing yet.
    pub(crate) fn new(name: String, client_id: String) -> Self {
        Client {
            name,
            client_id,
            witness: false,
            link: None,
            connection: 0,
            standing: Standing::Away,
            inbox: VecDeque::new(),
            answers: true,
            connect: None,
            connack: None,
            disconnected: false,
            granted: BTreeMap::new(),
            published: Vec::new(),
            round_trip: None,
            reads_any_connack: false,
            connect_sent: None,
            connect_sent_here: false,
            next_packet_id: 1,
            decoder: None,
            unread: BytesMut::new(),
            dead_stream: false,
            aliases: BTreeMap::new(),
            cut: None,
            unfinished: Unfinished::default(),
            channel: None,
            framing: websocket::Framing::Plain,
            offer: Some("mqtt".to_owned()),
        }
    }

    /// Whether a CONNECT was sent on the present Network Connection.
    #[must_use]
    pub fn connect_pending_or_done(&self) -> bool {
        self.connack.is_some() || self.connect_sent_here
    }
}
