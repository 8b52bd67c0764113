//! Our peer on the wire: plays Clients towards a Server under test, sends what it is told, right or wrong, and records what it sees.
//!
//! It has no opinions: what an observation means is for the steps, the Monitors and the history checker. It never uses an engine of the
//! reference, so that a misreading cannot agree with itself. Deliberately not here: the meaning of feature sentences (`steps`).
//!
//! It splits the stream into packets by their fixed headers and hands each to the strict decoder, so that every packet in a Transcript has its bytes.

mod answering;
mod client;
mod credentials;
pub mod cutting;
pub mod fence;
pub mod messages;
pub mod namespace;
pub mod scram;
mod seed;
pub mod stop;
pub mod testbed;
pub mod transcript;
mod unfinished;
mod waiting;
pub mod websocket;

pub use client::{Arrival, Client, Standing};
pub use cutting::Cut;
pub use namespace::Namespace;
pub use seed::seed_of;
pub use testbed::Credentials;
pub use transcript::{Observation, ObservationKind, Transcript};

use crate::stop::{Obstacle, Stop};
use crate::testbed::{Event, LinkId, Shut, Testbed};
use bytes::{Buf, Bytes, BytesMut};
use protocol::{Decoder, Limits, Packet, PacketId, Version, encode};
use std::collections::BTreeMap;
use std::time::Duration;

/// The Tester of one scenario.
pub struct Tester {
    /// Where it all happens.
    pub testbed: Box<dyn Testbed>,
    /// The version that new Network Connections speak.
    pub version: Version,
    /// Keeps the scenario apart from others on the same Subject.
    pub namespace: Namespace,
    /// Everything that was observed.
    pub transcript: Transcript,
    /// Which of several legal outcomes were seen: what was left open, and what was chosen.
    pub choices: Vec<(String, String)>,
    /// What makes us sure of a verdict: preconditions and liveness.
    pub assurances: Vec<String>,
    /// Multiplies every patience.
    pub timeout_scale: f64,
    clients: BTreeMap<String, Client>,
    links: BTreeMap<LinkId, String>,
    fences: u32,
    witnesses: u32,
}

impl std::fmt::Debug for Tester {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tester")
            .field("version", &self.version)
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}

impl Tester {
    /// A Tester without Clients.
    #[must_use]
    pub fn new(testbed: Box<dyn Testbed>, version: Version, namespace: Namespace) -> Self {
        Tester {
            testbed,
            version,
            namespace,
            transcript: Transcript::default(),
            choices: Vec::new(),
            assurances: Vec::new(),
            timeout_scale: 1.0,
            clients: BTreeMap::new(),
            links: BTreeMap::new(),
            fences: 0,
            witnesses: 0,
        }
    }

    /// The Client with this name, made on first use.
    pub fn client(&mut self, name: &str) -> &mut Client {
        let namespace = &self.namespace;
        self.clients
            .entry(name.to_owned())
            .or_insert_with(|| Client::new(name.to_owned(), namespace.client_id(name)))
    }

    /// All Clients, by name.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.values()
    }

    /// The Client with this name, if a step has spoken of it.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<&Client> {
        self.clients.get(name)
    }

    /// A Packet Identifier that this Client has not used before (until they run out).
    pub fn fresh_packet_id(&mut self, name: &str) -> PacketId {
        let client = self.client(name);
        let id = client.next_packet_id;
        client.next_packet_id = id.checked_add(1).unwrap_or(1);
        id
    }

    /// Opens a Network Connection for the Client and waits until it is there.
    ///
    /// # Errors
    /// [`Stop::Inconclusive`] if it does not come about.
    pub async fn open(&mut self, name: &str) -> Result<(), Stop> {
        let version = self.version;
        let link = self.testbed.connect();
        let earlier = self.transcript.connections.iter().filter(|c| c.client == name).count();
        let witness = self.client(name).witness;
        let label = if earlier == 0 { name.to_owned() } else { format!("{name} ({})", earlier + 1) };
        self.transcript.connections.push(transcript::Connection {
            label,
            client: name.to_owned(),
            witness,
            version,
            maximum_packet_size: None,
            websocket: self.uses_websocket(),
            text_frames: Vec::new(),
        });
        let connection = self.transcript.connections.len() - 1;
        // What the earlier Network Connection still says, its end above all, is not said on the new one.
        if let Some(earlier) = self.client(name).link.take() {
            self.links.remove(&earlier);
        }
        let channel = self.uses_websocket().then(websocket::Channel::default);
        let client = self.client(name);
        client.channel = channel;
        client.link = Some(link);
        client.connection = connection;
        client.standing = Standing::Opening;
        client.inbox.clear();
        client.connack = None;
        client.disconnected = false;
        client.connect_sent_here = false;
        client.reads_any_connack = false;
        client.decoder = Some(Decoder::for_client(version, Limits::default()));
        client.unread.clear();
        client.dead_stream = false;
        client.aliases.clear();
        self.links.insert(link, name.to_owned());
        let patience = self.patience(name);
        self.wait(patience, |tester| match tester.clients[name].standing {
            Standing::Opening => None,
            _ => Some(()),
        })
        .await;
        match &self.clients[name].standing {
            Standing::Open | Standing::Ended { .. } => Ok(()),
            Standing::Failed(why) => Err(Stop::Inconclusive(Obstacle::NotOpened {
                client: name.to_owned(),
                why: Some(why.clone()),
            })),
            _ => Err(Stop::Inconclusive(Obstacle::NotOpened { client: name.to_owned(), why: None })),
        }
    }

    /// Sends a packet of the Client, in the version of its connection.
    ///
    /// # Errors
    /// [`Stop::Error`] if the packet has no encoding.
    pub fn send(&mut self, name: &str, mut packet: Packet) -> Result<(), Stop> {
        if let Packet::Connect(connect) = &mut packet {
            self.introduce(connect);
        }
        let now = self.testbed.now();
        let connection = self.client(name).connection;
        let version = self.transcript.connections.get(connection).map_or(self.version, |c| c.version);
        let mut bytes = BytesMut::new();
        encode(&packet, version, &mut bytes)
            .map_err(|error| Stop::Error(format!("the scenario's packet cannot be encoded: {error}")))?;
        let client = self.client(name);
        let connection = client.connection;
        match &packet {
            Packet::Connect(connect) => {
                client.connect = Some((**connect).clone());
                client.connect_sent = Some(now);
                client.connect_sent_here = true;
                let maximum = connect.properties.maximum_packet_size();
                self.transcript.connections[connection].maximum_packet_size = maximum;
            }
            Packet::Publish(publish) => client.published.push(publish.clone()),
            Packet::Disconnect(_) => client.disconnected = true,
            _ => {}
        }
        self.client(name).unfinished.sends(&packet);
        self.transmit(name, bytes.freeze(), Some(packet), None);
        Ok(())
    }

    /// Sends a packet in one of several forms that mean the same.
    pub fn send_in_form(&mut self, name: &str, bytes: Bytes, packet: Packet) {
        self.transmit(name, bytes, Some(packet), None);
    }

    /// Sends a packet in one WebSocket frame that is not binary, which is wrong.
    ///
    /// # Errors
    /// [`Stop::Error`] if the packet has no encoding.
    pub fn send_in_text_frame(&mut self, name: &str, packet: Packet) -> Result<(), Stop> {
        let connection = self.client(name).connection;
        let version = self.transcript.connections.get(connection).map_or(self.version, |c| c.version);
        let mut bytes = BytesMut::new();
        encode(&packet, version, &mut bytes)
            .map_err(|error| Stop::Error(format!("the scenario's packet cannot be encoded: {error}")))?;
        let bytes = bytes.freeze();
        let deliberate = Some("in a text frame".to_owned());
        self.note(
            connection,
            ObservationKind::Sent { bytes: bytes.clone(), packet: Some(packet), deliberate },
        );
        self.put_frame(name, &websocket::frame::Frame::new(websocket::frame::TEXT, bytes));
        Ok(())
    }

    /// Sends bytes as they are; `deliberate` says what is wrong with them on purpose.
    pub fn send_bytes(&mut self, name: &str, bytes: Bytes, deliberate: Option<String>) {
        self.transmit(name, bytes, None, deliberate);
    }

    fn transmit(&mut self, name: &str, bytes: Bytes, packet: Option<Packet>, deliberate: Option<String>) {
        if let Some(packet) = &packet
            && self.cut_on_the_way_out(name, packet, &bytes)
        {
            return;
        }
        let client = self.client(name);
        let (link, connection) = (client.link, client.connection);
        self.note(connection, ObservationKind::Sent { bytes: bytes.clone(), packet, deliberate });
        if let Some(link) = link {
            self.put(name, link, bytes);
        }
    }

    /// Ends the Client's side of its Network Connection.
    pub fn shut(&mut self, name: &str, how: Shut) {
        let client = self.client(name);
        let (link, connection) = (client.link, client.connection);
        if how != Shut::HalfClose {
            client.standing = Standing::Away;
            client.link = None;
        }
        if let Some(link) = link {
            self.note(connection, ObservationKind::Shut(how));
            if how != Shut::HalfClose {
                self.links.remove(&link);
            }
            self.testbed.shut(link, how);
        }
    }

    /// What the Client has to send again when it has resumed its Session.
    #[must_use]
    pub fn unfinished(&self, name: &str) -> Vec<Packet> {
        self.known(name).map(|client| client.unfinished.packets()).unwrap_or_default()
    }

    /// The Client has lost its part of the Session State.
    pub fn forget(&mut self, name: &str) {
        self.client(name).unfinished = unfinished::Unfinished::default();
    }

    /// Writes an observation down.
    pub fn note(&mut self, connection: usize, kind: ObservationKind) -> usize {
        let at = self.testbed.now();
        let kind = match kind {
            ObservationKind::Sent { bytes, packet, deliberate } => {
                let (bytes, packet) = self.presentable(bytes, packet);
                ObservationKind::Sent { bytes, packet, deliberate }
            }
            other => other,
        };
        self.transcript.observations.push(Observation { at, connection, kind });
        self.transcript.observations.len() - 1
    }

    /// Records which of several legal outcomes the Subject chose.
    pub fn choose(&mut self, question: impl Into<String>, answer: impl Into<String>) {
        self.choices.push((question.into(), answer.into()));
    }

    fn observe(&mut self, link: LinkId, event: Event) {
        let Some(name) = self.links.get(&link).cloned() else { return };
        let connection = self.clients[&name].connection;
        match event {
            Event::Connected if self.clients[&name].channel.is_some() => self.ask_for_websocket(&name),
            Event::Connected => {
                self.client(&name).standing = Standing::Open;
                self.note(connection, ObservationKind::Opened);
            }
            Event::ConnectFailed(why) => {
                self.client(&name).standing = Standing::Failed(why.clone());
                self.note(connection, ObservationKind::OpenFailed(why));
            }
            Event::Bytes(bytes) if self.clients[&name].channel.is_some() => self.unwrap(&name, &bytes),
            Event::Bytes(bytes) => {
                self.client(&name).unread.extend_from_slice(&bytes);
                self.read(&name);
            }
            Event::EndOfStream | Event::Reset
                if self.clients[&name].channel.is_some()
                    && self.clients[&name].standing == Standing::Opening =>
            {
                let why = "the Server ends the connection in the handshake".to_owned();
                self.client(&name).standing = Standing::Failed(why.clone());
                self.note(connection, ObservationKind::OpenFailed(why));
                self.testbed.shut(link, Shut::Close);
            }
            Event::EndOfStream => {
                let client = self.client(&name);
                client.standing = Standing::Ended { reset: false };
                let rest = client.unread.split().freeze();
                self.note(connection, ObservationKind::EndOfStream { rest });
                // Our side goes too: nobody reads there any more, and a Server may be waiting for our FIN.
                self.testbed.shut(link, Shut::Close);
            }
            Event::Reset => {
                self.client(&name).standing = Standing::Ended { reset: true };
                self.note(connection, ObservationKind::Reset);
            }
        }
    }

    /// Cuts what has arrived into packets and takes each in.
    /// How soon this Server repeats decides how long it is waited for where it does not.
    fn watch_repeats(&mut self, name: &str, packet: &Packet) {
        const AT_ONCE: Duration = Duration::from_secs(1);
        let is_repeat =
            matches!(packet, Packet::Publish(publish) if publish.dup) || matches!(packet, Packet::Pubrel(_));
        let client = &self.clients[name];
        let resumed = client.connack.as_ref().is_some_and(|connack| connack.session_present);
        let began = client.connect_sent.unwrap_or_default();
        if is_repeat && resumed && self.testbed.now().saturating_sub(began) < AT_ONCE {
            self.testbed.has_repeated_at_once();
        }
    }

    fn read(&mut self, name: &str) {
        loop {
            let client = self.client(name);
            if client.dead_stream {
                client.unread.clear();
                return;
            }
            let Some(length) = frame_length(&client.unread) else { return };
            if client.unread.remaining() < length {
                return;
            }
            let bytes = client.unread.split_to(length).freeze();
            let connection = client.connection;
            if client.reads_any_connack && bytes.starts_with(&[0x20, 2]) {
                client.decoder = Some(Decoder::for_client(Version::V311, Limits::default()));
                self.transcript.connections[connection].version = Version::V311;
            }
            let client = self.client(name);
            let Some(decoder) = client.decoder.as_mut() else { return };
            decoder.feed(bytes.clone());
            match decoder.next_packet() {
                Some(Ok(packet)) => {
                    if self.cut_on_the_way_in(name, &packet, &bytes) {
                        return;
                    }
                    let observation =
                        self.note(connection, ObservationKind::Received { bytes, packet: packet.clone() });
                    self.watch_repeats(name, &packet);
                    self.take_in(name, observation, packet);
                }
                Some(Err(error)) => {
                    client.dead_stream = true;
                    self.note(connection, ObservationKind::Undecodable { bytes, error });
                }
                // A whole frame always gives a packet or an error.
                None => return,
            }
        }
    }
}

/// The length of the first whole packet by its fixed header, `None` if more bytes are needed for the header itself. A Remaining Length of more than
/// four bytes is handed to the decoder as it is: it has the words for it.
fn frame_length(bytes: &[u8]) -> Option<usize> {
    let mut length = 0usize;
    for (index, byte) in bytes.iter().skip(1).take(4).enumerate() {
        length |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(2 + index + length);
        }
    }
    (bytes.len() >= 5).then_some(5)
}
