//! A Client in a run: the engine, and what has to be known about it to write down what it does.

use crate::schedule::Toward;
use crate::workload::{ClientName, Connect};
use guarantees::{MessageId, RequestIndex, TopicIndex};
use protocol::{Decoder, Limits, PacketId, PacketType, QoS, ReasonCode, Version};
use reference_client::{Client, ClientConfig};
use simulator::LinkId;
use std::collections::VecDeque;
use std::time::Duration;

/// A cut that waits for its packet.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) toward: Toward,
    pub(super) packet: PacketType,
    pub(super) after: bool,
    /// How many of these packets are still to come, this one included.
    pub(super) left: u8,
}

pub(super) struct Player {
    name: ClientName,
    version: Version,
    pub(super) engine: Client,
    /// When its next deadline may come at the earliest.
    pub(super) not_before: Duration,
    /// What the engine said last of its next deadline.
    due: Option<Duration>,
    /// The Network Connection that it believes in.
    pub(super) link: Option<LinkId>,
    pub(super) decoder: Decoder,
    /// Its latest CONNECT, as the workload has it.
    pub(super) connect: Option<Connect>,
    /// What its latest CONNECT asked for.
    pub(super) asked: Asked,
    /// The Server may hold a Session for it.
    pub(super) may_have_session: bool,
    /// It has lost its Session State, and not begun a new Session since.
    pub(super) has_crashed: bool,
    /// Its Network Connection is silent for ever.
    pub(super) is_silent: bool,
    /// It left a Network Connection open that the Server may believe in.
    pub(super) has_abandoned: bool,
    /// The Reason Code of the Server's DISCONNECT, until the Client has closed.
    pub(super) disconnected: Option<ReasonCode>,
    /// Messages with an empty payload that it has not sent yet, and whether at QoS 0. Of these alone the payload does not tell which they are.
    pub(super) unsent: VecDeque<(MessageId, bool)>,
    /// Which message a Packet Identifier stands for.
    pub(super) outgoing: Vec<(PacketId, MessageId)>,
    /// Which request a Packet Identifier stands for.
    pub(super) requests: Vec<(PacketId, RequestIndex)>,
    /// The Server's Topic Aliases.
    pub(super) aliases: Vec<(u16, TopicIndex)>,
    /// PINGRESP packets that are still to come.
    pub(super) pings: u32,
    pub(super) cuts: Vec<Cut>,
    /// Messages of the fence that have still to reach it.
    pub(super) sentinels: Vec<MessageId>,
}

/// What a CONNECT asked for and CONNACK may change.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Asked {
    pub(super) session_expiry: u32,
    pub(super) keep_alive: u16,
}

impl Player {
    pub(super) fn new(name: ClientName, version: Version) -> Self {
        Player {
            name,
            version,
            engine: engine(name, version),
            not_before: Duration::ZERO,
            due: None,
            link: None,
            decoder: Decoder::for_client(version, Limits::default()),
            connect: None,
            asked: Asked::default(),
            may_have_session: false,
            has_crashed: false,
            is_silent: false,
            has_abandoned: false,
            disconnected: None,
            unsent: VecDeque::new(),
            outgoing: Vec::new(),
            requests: Vec::new(),
            aliases: Vec::new(),
            pings: 0,
            cuts: Vec::new(),
            sentinels: Vec::new(),
        }
    }

    /// When time alone makes it do something.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.due.map(|deadline| deadline.max(self.not_before))
    }

    /// Asks the engine for its next deadline. To be called whenever it has taken something in.
    pub(super) fn sets_its_clock(&mut self) {
        self.due = self.engine.next_deadline();
    }

    /// A new Network Connection.
    pub(super) fn opens(&mut self, link: LinkId) {
        self.link = Some(link);
        self.decoder = Decoder::for_client(self.version, Limits::default());
        self.is_silent = false;
        self.disconnected = None;
        self.requests.clear();
        self.aliases.clear();
        self.pings = 0;
    }

    /// Its process dies, and a new one knows nothing.
    pub(super) fn crash(&mut self) {
        self.engine = engine(self.name, self.version);
        self.sets_its_clock();
        self.has_crashed = true;
        self.unsent.clear();
        self.outgoing.clear();
    }

    /// Takes the message that a Packet Identifier stands for; `last` if the exchange ends here.
    pub(super) fn acknowledged(&mut self, id: PacketId, last: bool) -> Option<MessageId> {
        let place = self.outgoing.iter().position(|(other, _)| *other == id)?;
        let message = self.outgoing[place].1;
        if last {
            self.outgoing.swap_remove(place);
        }
        Some(message)
    }

    /// The next message with an empty payload that it sends: at QoS 0, or above.
    pub(super) fn next_unsent(&mut self, qos: QoS) -> Option<MessageId> {
        let at_most_once = qos == QoS::AtMostOnce;
        let place = self.unsent.iter().position(|(_, other)| *other == at_most_once)?;
        self.unsent.remove(place).map(|(message, _)| message)
    }

    /// Takes the request that a Packet Identifier stands for.
    pub(super) fn answered(&mut self, id: PacketId) -> Option<RequestIndex> {
        let place = self.requests.iter().position(|(other, _)| *other == id)?;
        Some(self.requests.swap_remove(place).1)
    }

    /// Whether the Network Connection is to be cut at this packet, and if so whether after it.
    pub(super) fn is_cut_at(&mut self, toward: Toward, packet: PacketType) -> Option<bool> {
        let place = self.cuts.iter_mut().position(|cut| {
            let matches = cut.toward == toward && cut.packet == packet;
            cut.left -= u8::from(matches);
            matches && cut.left == 0
        })?;
        Some(self.cuts.remove(place).after)
    }
}

fn engine(name: ClientName, version: Version) -> Client {
    const IDS: [&str; 4] = ["A", "B", "C", "D"];
    let id = bytestring::ByteString::from_static(IDS[name.index()]);
    Client::new(ClientConfig::new(version, id))
}
