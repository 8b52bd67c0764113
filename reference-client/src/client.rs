//! The whole surface of the Client: [`Client::handle`], [`Client::handle_deadline`], [`Client::poll_effect`], [`Client::next_deadline`].

use crate::connection::{Connection, Phase};
use crate::session::Session;
use crate::{ClientConfig, Closure, Command, ConnectOptions, Event, Message, Refusal, Token};
use protocol::{DecodeError, Packet, PacketId, ReasonCode, Time, Version};
use std::collections::VecDeque;

/// What happens to a Client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The application wants something.
    Command(Command),
    /// The Network Connection that [`Effect::OpenTransport`] asked for is open.
    TransportOpened,
    /// A packet has arrived.
    Received(Packet),
    /// Bytes have arrived that are no packet. Nothing more will be read.
    Malformed(DecodeError),
    /// The Network Connection is gone, by the Server or by the network, or it could not be opened. Comes at most once, and not after
    /// [`Effect::CloseTransport`].
    TransportEnded,
}

/// What a Client wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a Network Connection to the Server.
    OpenTransport,
    /// Send a packet, encoded for [`Client::version`].
    Send(Packet),
    /// Close the Network Connection once all that was sent before is out, or give up opening it.
    CloseTransport,
    /// Tell the application.
    Event(Event),
}

/// A sans-IO Client. After each call of [`Client::handle`] or [`Client::handle_deadline`] the caller takes effects until there are none.
#[derive(Debug)]
pub struct Client {
    pub(crate) config: ClientConfig,
    /// Of the latest Connect command.
    pub(crate) options: ConnectOptions,
    /// Whether the next CONNECT asks for a new Session.
    pub(crate) clean_start: bool,
    /// The Session Expiry Interval in force, in seconds; `u32::MAX` is for ever.
    pub(crate) session_expiry: u32,
    pub(crate) phase: Phase,
    pub(crate) connection: Connection,
    pub(crate) session: Session,
    /// Messages of QoS 1 and 2 that have never been sent.
    pub(crate) waiting: VecDeque<(Token, Message)>,
    /// Attempts to connect since the last success.
    pub(crate) attempts: u32,
    pub(crate) now: Time,
    pub(crate) effects: VecDeque<Effect>,
}

impl Client {
    /// A Client without a Network Connection and without a Session.
    #[must_use]
    pub fn new(config: ClientConfig) -> Self {
        let options = ConnectOptions::default();
        let connection = Connection::new(&config, &options, Time::ZERO);
        Client {
            config,
            options,
            clean_start: true,
            session_expiry: 0,
            phase: Phase::Closed,
            connection,
            session: Session::default(),
            waiting: VecDeque::new(),
            attempts: 0,
            now: Time::ZERO,
            effects: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`, which never goes back.
    pub fn handle(&mut self, now: Time, input: Input) {
        self.now = now;
        match input {
            Input::Command(command) => self.command(command),
            Input::TransportOpened => self.transport_opened(),
            Input::Received(packet) => self.received(packet),
            Input::Malformed(error) => self.malformed(error),
            Input::TransportEnded => self.transport_ended(),
        }
    }

    /// Does whatever was due at or before `now`.
    pub fn handle_deadline(&mut self, now: Time) {
        self.now = now;
        match self.phase {
            Phase::Closed => self.expire_session(),
            Phase::Waiting { until } => {
                self.expire_session();
                if until <= now {
                    self.open();
                }
            }
            Phase::Opening { give_up_at } => {
                if give_up_at <= now {
                    self.close(Closure::NoAnswer);
                }
            }
            Phase::AwaitingConnack { give_up_at } => {
                if give_up_at <= now {
                    self.close(Closure::NoAnswer);
                } else {
                    self.keep_alive();
                }
            }
            Phase::Connected => {
                if self.connection.keep_alive.give_up_at().is_some_and(|at| at <= now) {
                    self.close(Closure::NoAnswer);
                } else {
                    self.keep_alive();
                }
            }
        }
    }

    /// The next effect, in the order in which they have to be done.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Client::handle_deadline`] has to be called at the latest, if nothing else happens before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Time> {
        let keep_alive = &self.connection.keep_alive;
        let deadlines = match self.phase {
            Phase::Closed => [self.session.ends_at, None],
            Phase::Waiting { until } => [self.session.ends_at, Some(until)],
            Phase::Opening { give_up_at } => [Some(give_up_at), None],
            Phase::AwaitingConnack { give_up_at } => [Some(give_up_at), self.ping_at()],
            Phase::Connected => [keep_alive.give_up_at(), self.ping_at()],
        };
        deadlines.into_iter().flatten().min()
    }

    /// The version of the standard.
    #[must_use]
    pub fn version(&self) -> Version {
        self.config.version
    }

    /// The largest packet that this Client takes in, in bytes: the Maximum Packet Size of its CONNECT.
    #[must_use]
    pub fn maximum_packet_size(&self) -> u32 {
        self.options
            .properties
            .maximum_packet_size()
            .unwrap_or(protocol::Limits::default().maximum_packet_size)
    }

    /// Whether the Server has accepted and the Network Connection is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.phase == Phase::Connected
    }

    /// How many messages are published and not completely acknowledged, those included that were never sent.
    #[must_use]
    pub fn unacknowledged(&self) -> usize {
        self.session.publishes.len() + self.session.releases.len() + self.waiting.len()
    }

    /// Gives a Client that has not connected yet the Session State of an earlier one that has only received: the Packet Identifiers of QoS 2
    /// messages that await PUBREL, as [`Client::held_session`] has told them.
    pub fn hold_session(&mut self, received: impl IntoIterator<Item = PacketId>) {
        self.session.exists = true;
        self.session.received.extend(received.into_iter().map(|id| (id, Some(ReasonCode::SUCCESS))));
    }

    /// What a later Client has to [hold](Client::hold_session); `None` if there is no Session. Messages that the Client has published are
    /// not among it.
    #[must_use]
    pub fn held_session(&self) -> Option<impl Iterator<Item = PacketId> + '_> {
        self.session.exists.then(|| self.session.received.keys().copied())
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.effects.push_back(Effect::Event(event));
    }

    pub(crate) fn refuse(&mut self, token: Option<Token>, why: Refusal) {
        self.event(Event::CommandRefused { token, why });
    }
}
