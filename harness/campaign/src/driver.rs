//! Carries a workload out on any network, and writes down what the Clients saw.
//!
//! The Clients are engines of `reference-client`. What they send and receive is recorded here, packet by packet; the judge
//! (`guarantees`) sees nothing but the record and shares no code with engines or drivers, so that a mistake of the one is not a
//! mistake of the other.
//!
//! Between one step and the next passes a millisecond. After the last step all trouble ends, every Client that may have a Session returns,
//! everything under way gets its time, and a PINGREQ on each Network Connection shows that nothing is left: only then may a message be
//! called lost. In simulated time silence needs no sentinel, because a network without anything under way proves it
//! ([`Network::is_quiet`]); on real sockets it does, and patience as well (`Patience`).
//!
//! Deliberately not here: verdicts, and how networks work.

mod acting;
mod client;
mod fence;
mod healing;
mod mapping;
mod recording;
mod tidying;
mod trouble;

use crate::schedule::Down;
use crate::statistics::{OPEN_TO_THE_END, Statistics, ending};
use crate::transcript::Transcript;
use crate::workload::{ClientName, Step, Workload};
use bytes::BytesMut;
use client::Player;
use guarantees::{Ending, History, MessageId, RequestIndex, What};
pub(crate) use mapping::Names;
use protocol::Version;
use reference_client::{Command, Effect, Input, Token};
use simulator::{Event, LinkId, Network, Shut, Sighting};
use std::time::Duration;

/// The name of the Server in its network.
pub(crate) const SERVER: &str = "server";
/// After so many observations a run is stopped, whatever its Server does. It bounds the memory of a run: an observation makes two or three events of the
/// history, of about a hundred bytes each, so that no run holds more than some 15 MB (and an ordinary one 10 KB). A transcript, if asked for, takes as
/// much again.
const MOST_OBSERVATIONS: u32 = 50_000;

/// What lies closer together than this happens at the same time.
const SHORTEST: Duration = Duration::from_millis(1);

/// The token of every SUBSCRIBE and UNSUBSCRIBE: nobody asks for it. Those of messages are below.
const REQUEST: Token = Token(u64::MAX);

/// A network with what a run has to know about it.
pub(crate) trait Ground: Network {
    /// What was seen at the Server's end, oldest first, if one can look there.
    fn poll_sighting(&mut self) -> Option<(Duration, Sighting)> {
        None
    }

    /// How long one has to wait for others here.
    fn patience(&self) -> Patience {
        Patience::SIMULATED
    }

    /// The run can prove nothing any more.
    fn is_lost(&self) -> bool {
        false
    }
}

/// How long a run waits before it says that nothing more will come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// After this time without anything new, everything has come that comes of itself.
    pub(crate) rest: Duration,
    /// What a network may have under way for at most, once nobody adds to it.
    pub(crate) journey: Duration,
    /// Where nobody can say that nothing is under way: how long an answer, a sentinel, or a message that seems to be missing is waited for. Zero
    /// where silence is proved otherwise.
    pub(crate) doubt: Duration,
    /// How much the clocks of the two ends, and those who obey them, may disagree.
    pub(crate) tolerance: Duration,
}

impl Patience {
    /// Ten losses in a row take 204 seconds; they cost nothing.
    const SIMULATED: Patience = Patience {
        rest: Duration::from_secs(2),
        journey: Duration::from_secs(600),
        doubt: Duration::ZERO,
        tolerance: Duration::ZERO,
    };
}

/// The machine of the Server, as far as a run has to do with it.
pub(crate) trait Host {
    /// The Server goes down. With [`Down::PowerLoss`], what was not synced is gone.
    fn goes_down(&self, how: Down) {
        let _ = how;
    }

    /// Whether what it has acknowledged is promised to be there again after it went down in this way.
    fn keeps_sessions(&self, after: Down) -> bool;

    /// Moves its clock forward. `false` if that cannot be done.
    fn move_clock(&self, by: Duration) -> bool {
        let _ = by;
        false
    }
}

/// What a run leaves.
#[derive(Debug)]
pub struct Outcome {
    /// What the Clients saw.
    pub history: History,
    /// The same for people, if it was asked for.
    pub transcript: Option<Transcript>,
    /// Why the history proves nothing: a host of the network failed, or a Server panicked in it.
    pub failure: Option<String>,
}

impl Outcome {
    /// Of a run that could not be.
    pub(crate) fn nothing(workload: &Workload, why: String) -> Self {
        Outcome { history: History::new(workload.version), transcript: None, failure: Some(why) }
    }
}

/// A Network Connection as its Client's end knows it.
struct Link {
    client: ClientName,
    /// Its CONNECT is in the history.
    is_recorded: bool,
    /// Bytes that the Client has sent.
    sent: u64,
    /// The Client has seen or made its end, or does not look any more.
    is_over: bool,
    /// The names on the wire, if they are others.
    names: Option<Names>,
}

/// A run under way.
pub(crate) struct Run<'a, N> {
    network: N,
    host: Box<dyn Host>,
    names: Option<Names>,
    workload: &'a Workload,
    statistics: &'a mut Statistics,
    transcript: Option<Transcript>,
    history: History,
    players: Vec<Player>,
    links: Vec<Link>,
    /// Those that are read slowly.
    slow: Vec<LinkId>,
    /// How the Server went down, while it is.
    down: Option<Down>,
    messages: u32,
    requests: u32,
    observations: u32,
    /// Observations that are not Keep Alive.
    activity: u32,
    packets: u64,
    deliveries: u64,
    scratch: BytesMut,
}

impl<'a, N: Ground> Run<'a, N> {
    pub(crate) fn new(
        network: N,
        host: impl Host + 'static,
        workload: &'a Workload,
        statistics: &'a mut Statistics,
        transcript: bool,
    ) -> Self {
        let clients =
            workload.steps.iter().filter_map(Step::client).map(|c| c.index() + 1).max().unwrap_or(0);
        let names = ClientName::ALL.into_iter().take(clients);
        let tolerance = network.patience().tolerance;
        Run {
            network,
            host: Box::new(host),
            names: None,
            workload,
            statistics,
            transcript: transcript.then(Transcript::default),
            history: History { tolerance, ..History::new(workload.version) },
            players: names.map(|name| Player::new(name, workload.version)).collect(),
            links: Vec::new(),
            slow: Vec::new(),
            down: None,
            messages: 0,
            requests: 0,
            observations: 0,
            activity: 0,
            packets: 0,
            deliveries: 0,
            scratch: BytesMut::with_capacity(4_096),
        }
    }

    /// The Server has these names on the wire instead of those of the workload.
    pub(crate) fn under(mut self, names: Names) -> Self {
        self.names = Some(names);
        self
    }

    /// The whole run.
    pub(crate) fn carry_out(mut self) -> Outcome {
        let workload = self.workload;
        for (n, step) in workload.steps.iter().enumerate() {
            if self.is_stopped() {
                break;
            }
            if let Some(transcript) = &mut self.transcript {
                transcript.step(self.network.now(), n + 1, step);
            }
            match step {
                Step::Does(client, action) => self.act(*client, action),
                Step::Suffers(hardship) => self.suffer(hardship),
                Step::Passes(milliseconds) => {
                    self.pass(self.network.now() + Duration::from_millis((*milliseconds).into()));
                }
            }
            self.pass(self.network.now() + SHORTEST);
        }
        let quiescent = self.heal() && self.wait_for_the_fence();
        if quiescent {
            self.wait_for_what_is_missing();
        }
        self.history.push(self.network.now(), What::End { quiescent });
        self.count(quiescent);
        let failure = self.network.failure();
        let (history, transcript) = (self.take_history(), self.transcript.take());
        if self.names.is_some() && failure.is_none() {
            self.tidy_up();
        }
        Outcome { history, transcript, failure }
    }

    /// What was written down; nothing is after that.
    fn take_history(&mut self) -> History {
        let version = self.workload.version;
        std::mem::replace(&mut self.history, History::new(version))
    }

    fn count(&mut self, quiescent: bool) {
        let statistics = &mut *self.statistics;
        statistics.versions[usize::from(self.workload.version == Version::V500)] += 1;
        statistics.steps.add(self.workload.steps.len() as u64);
        statistics.messages.add(self.messages.into());
        statistics.connections.add(self.links.len() as u64);
        statistics.packets.add(self.packets);
        statistics.deliveries.add(self.deliveries);
        statistics.milliseconds.add(u64::try_from(self.network.now().as_millis()).unwrap_or(u64::MAX));
        statistics.events.add(self.history.events.len() as u64);
        statistics.restless += u64::from(!quiescent);
        statistics.stopped += u64::from(self.observations >= MOST_OBSERVATIONS);
        let open = self.links.iter().filter(|link| !link.is_over).count();
        statistics.endings[OPEN_TO_THE_END] += open as u64;
    }

    fn note(&mut self, what: impl std::fmt::Display) {
        if let Some(transcript) = &mut self.transcript {
            transcript.line(self.network.now(), what);
        }
    }

    /// Says what became of a Network Connection.
    fn note_of(&mut self, client: ClientName, id: LinkId, what: impl std::fmt::Display) {
        if let Some(transcript) = &mut self.transcript {
            transcript.line_of(self.network.now(), client, id, what);
        }
    }

    fn push(&mut self, what: What) {
        if let Some(transcript) = &mut self.transcript {
            transcript.shows(self.history.events.len());
        }
        self.history.push(self.network.now(), what);
    }

    fn player(&mut self, client: ClientName) -> &mut Player {
        &mut self.players[client.index()]
    }

    fn new_message(&mut self) -> MessageId {
        self.messages += 1;
        MessageId(self.messages - 1)
    }

    fn is_stopped(&self) -> bool {
        self.observations >= MOST_OBSERVATIONS || self.network.is_lost()
    }

    /// Lets time pass.
    fn pass(&mut self, until: Duration) {
        while !self.is_stopped() && !self.pass_to_what_happens(until) {}
    }

    /// Lets time pass until something happens, an event or a timer, or until `until`. Whether nothing happens before that any more.
    fn pass_to_what_happens(&mut self, until: Duration) -> bool {
        let due = self.players.iter().filter_map(Player::deadline).min();
        match self.network.next_event(due.map_or(until, |due| due.min(until))) {
            Some((link, _, event)) => {
                self.observations += 1;
                self.look_at_the_server();
                self.observe(link, event);
                false
            }
            None => {
                self.look_at_the_server();
                let now = self.network.now();
                for n in 0..self.players.len() {
                    if self.players[n].deadline().is_some_and(|deadline| deadline <= now) {
                        self.observations += 1;
                        self.note(format_args!("  timer of {}", ClientName::ALL[n]));
                        self.players[n].engine.handle_deadline(now);
                        // Whatever the engine says, time goes on.
                        self.players[n].not_before = now + SHORTEST;
                        self.obey(ClientName::ALL[n]);
                    }
                }
                now >= until
            }
        }
    }

    /// Writes down what was seen at the Server's end.
    fn look_at_the_server(&mut self) {
        while let Some((at, sighting)) = self.network.poll_sighting() {
            match sighting {
                Sighting::Deadline => {
                    if let Some(transcript) = &mut self.transcript {
                        transcript.line(at, "  timer of the Server");
                    }
                }
                Sighting::Ended { link, bytes } => {
                    let Some(end) = self.links.get(link.0 as usize) else { continue };
                    let complete = bytes == end.sent;
                    if end.is_recorded {
                        self.history
                            .push(at, What::Ended { connection: recording::connection(link), complete });
                    }
                    if let Some(transcript) = &mut self.transcript {
                        let rest = if complete { "" } else { ", before it got everything" };
                        transcript.line_of(at, end.client, link, format_args!("ended at the Server{rest}"));
                    }
                }
            }
        }
    }

    /// Something happened to the Client's end of a Network Connection.
    fn observe(&mut self, id: LinkId, event: Event) {
        let Some(link) = self.links.get(id.0 as usize) else { return };
        if link.is_over {
            return;
        }
        let client = link.client;
        self.activity += u32::from(!matches!(event, Event::Bytes(_)));
        match event {
            Event::Connected => self.feed(client, Input::TransportOpened),
            Event::Bytes(bytes) => self.receive(client, id, bytes),
            Event::ConnectFailed(why) => {
                self.note_of(client, id, format_args!("could not be opened: {why}"));
                self.lose(client, id, None);
            }
            Event::EndOfStream => self.lose(client, id, Some(Ending::ByServer(None))),
            Event::Reset => self.lose(client, id, Some(Ending::Reset)),
        }
    }

    /// The Client's end of its Network Connection is over, and the Client sees it, or gives up looking.
    fn lose(&mut self, client: ClientName, id: LinkId, how: Option<Ending>) {
        self.over(id, how);
        let player = self.player(client);
        if player.link == Some(id) {
            player.link = None;
            self.feed(client, Input::TransportEnded);
        }
    }

    /// Writes the end down.
    fn over(&mut self, id: LinkId, how: Option<Ending>) {
        let Some(link) = self.links.get_mut(id.0 as usize) else { return };
        if std::mem::replace(&mut link.is_over, true) {
            return;
        }
        let (client, is_recorded) = (link.client, link.is_recorded);
        self.statistics.endings[ending(how)] += 1;
        if let Some(how) = how {
            self.note_of(client, id, format_args!("is over: {how:?}"));
            if is_recorded {
                self.push(What::Closed { connection: recording::connection(id), how });
            }
        }
    }

    fn feed(&mut self, client: ClientName, input: Input) {
        let now = self.network.now();
        self.player(client).engine.handle(now, input);
        self.obey(client);
    }

    fn command(&mut self, client: ClientName, command: Command) {
        self.feed(client, Input::Command(command));
    }

    /// Does what the Client wants done.
    fn obey(&mut self, client: ClientName) {
        while let Some(effect) = self.player(client).engine.poll_effect() {
            match effect {
                Effect::OpenTransport => {
                    let id = self.network.connect(SERVER);
                    let names = self.names.clone();
                    self.links.push(Link { client, is_recorded: false, sent: 0, is_over: false, names });
                    let player = self.player(client);
                    player.opens(id);
                    self.note_of(client, id, "is being opened");
                }
                Effect::Send(packet) => self.send(client, packet),
                Effect::CloseTransport => {
                    let reason = self.player(client).disconnected.take();
                    if let Some(id) = self.player(client).link.take() {
                        self.network.shut(id, Shut::Close);
                        let how = reason.map_or(Ending::ByClient, |reason| Ending::ByServer(Some(reason)));
                        self.over(id, Some(how));
                    }
                }
                Effect::Event(event) => self.hear(client, event),
            }
        }
        self.player(client).sets_its_clock();
    }

    fn hear(&mut self, client: ClientName, event: reference_client::Event) {
        use reference_client::{Closure, Event as Heard};
        match event {
            Heard::Disconnected(disconnect) => {
                self.player(client).disconnected = Some(disconnect.reason);
            }
            Heard::Closed { why, .. } => {
                if let Closure::Malformed(_) | Closure::ProtocolError { .. } = why {
                    self.statistics.protocol_errors += 1;
                    self.note(format_args!("  {client} gives its Network Connection up: {why}"));
                }
            }
            Heard::CommandRefused { token: Some(Token(number)), why } => {
                self.note(format_args!("  {client} may not: {why}"));
                self.player(client).unsent.retain(|(message, _)| u64::from(message.0) != number);
            }
            Heard::Connected(_)
            | Heard::Refused(_)
            | Heard::Message(_)
            | Heard::Published { .. }
            | Heard::Subscribed { .. }
            | Heard::Unsubscribed { .. }
            | Heard::Reauthenticated { .. }
            | Heard::CommandRefused { token: None, .. }
            | Heard::Lost { .. } => {}
        }
    }

    fn new_request(&mut self) -> RequestIndex {
        self.requests += 1;
        RequestIndex(self.requests - 1)
    }
}
