//! The engine's whole surface: what goes in, what comes out, and which packet is understood in which state.
//!
//! What each packet does is in `packets`, one file each.

use crate::access::Access;
use crate::config::Config;
use crate::connection::{Connection, State};
use crate::deadline::{Deadline, Deadlines};
use crate::journal::Journal;
use crate::random::Random;
use crate::retained::Retained;
use crate::session::{Session, SessionId};
use crate::subscriptions::{Match, Subscriptions};
use crate::violation::Violation;
use crate::will::Ending;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Packet, Time};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use transport::{ConnectionId, Effect, Engine, Input};

/// A Server for MQTT 3.1.1 and 5.0, without input and output.
#[derive(Debug)]
pub struct Server {
    pub(crate) config: Arc<Config>,
    pub(crate) access: Access,
    pub(crate) random: Random,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    /// The Session of each Client Identifier.
    pub(crate) client_ids: BTreeMap<ByteString, SessionId>,
    pub(crate) next_session: u64,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) retained: Retained,
    pub(crate) deadlines: Deadlines,
    pub(crate) journal: Journal,
    pub(crate) effects: VecDeque<Effect>,
    /// Matches of the message that is being distributed; kept for its memory.
    pub(crate) matches: Vec<Match>,
    pub(crate) shutting_down: bool,
    /// The state comes from a store, and the time is not yet known.
    pub(crate) restored: bool,
}

impl Server {
    /// A Server without Sessions. Everything random in it (assigned Client Identifiers, nonces) derives from `seed`.
    #[must_use]
    pub fn new(config: impl Into<Arc<Config>>, seed: u64) -> Self {
        let config = config.into();
        Server {
            access: Access::new(&config, seed),
            random: Random::new(seed),
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            client_ids: BTreeMap::new(),
            next_session: 0,
            subscriptions: Subscriptions::new(),
            retained: Retained::new(config.limits.retained_messages),
            deadlines: Deadlines::default(),
            journal: Journal::default(),
            effects: VecDeque::new(),
            matches: Vec::new(),
            shutting_down: false,
            restored: false,
            config,
        }
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// When and why [`Engine::handle_deadline`] has to be called at the latest.
    #[must_use]
    pub fn next_deadline_reason(&self) -> Option<(Time, Deadline)> {
        self.deadlines.next()
    }

    fn opened(&mut self, now: Time, id: ConnectionId) {
        if self.connections.len() >= self.config.limits.connections {
            self.effects.push_back(Effect::Close { connection: id });
            return;
        }
        let seconds = u64::from(self.config.connect_timeout);
        let deadline = (seconds > 0).then(|| now + Time::from_secs(seconds));
        if let Some(at) = deadline {
            self.deadlines.insert(at, Deadline::ConnectTimeout(id));
        }
        self.connections.insert(id, Connection::new(deadline));
    }

    /// One packet. What comes on a Network Connection that this Server has closed is not looked at.
    fn received(&mut self, now: Time, id: ConnectionId, packet: Packet) {
        cite!("5.0/MQTT-3.1.4-6", "3.1.1/MQTT-3.1.4-5");
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let result = match (&mut connection.state, packet) {
            (State::AwaitingConnect, Packet::Connect(packet)) => {
                self.receive_connect(now, id, packet);
                Ok(())
            }
            (
                State::AwaitingConnect,
                Packet::Connack(_)
                | Packet::Publish(_)
                | Packet::Puback(_)
                | Packet::Pubrec(_)
                | Packet::Pubrel(_)
                | Packet::Pubcomp(_)
                | Packet::Subscribe(_)
                | Packet::Suback(_)
                | Packet::Unsubscribe(_)
                | Packet::Unsuback(_)
                | Packet::Pingreq
                | Packet::Pingresp
                | Packet::Disconnect(_)
                | Packet::Auth(_),
            ) => {
                cite!("5.0/MQTT-3.1.0-1", "3.1.1/MQTT-3.1.0-1");
                Err(Violation::protocol_error("the first packet is not CONNECT"))
            }
            (State::Authenticating(_), Packet::Auth(packet)) => {
                self.receive_auth_before_connack(now, id, packet)
            }
            (State::Authenticating(_), Packet::Disconnect(_)) => {
                self.close(now, id, Ending::Clean);
                Ok(())
            }
            (
                State::Authenticating(_),
                Packet::Connect(_)
                | Packet::Connack(_)
                | Packet::Publish(_)
                | Packet::Puback(_)
                | Packet::Pubrec(_)
                | Packet::Pubrel(_)
                | Packet::Pubcomp(_)
                | Packet::Subscribe(_)
                | Packet::Suback(_)
                | Packet::Unsubscribe(_)
                | Packet::Unsuback(_)
                | Packet::Pingreq
                | Packet::Pingresp,
            ) => {
                cite!("5.0/MQTT-3.1.2-30");
                Err(Violation::protocol_error("only AUTH and DISCONNECT may come before CONNACK"))
            }
            (State::Connected(connected), packet) => {
                connected.last_received = now;
                match packet {
                    Packet::Connect(_) => {
                        cite!("5.0/MQTT-3.1.0-2", "3.1.1/MQTT-3.1.0-2");
                        Err(Violation::protocol_error("a second CONNECT"))
                    }
                    Packet::Publish(packet) => self.receive_publish(now, id, packet),
                    Packet::Puback(packet) => self.receive_puback(now, id, packet),
                    Packet::Pubrec(packet) => self.receive_pubrec(now, id, packet),
                    Packet::Pubrel(packet) => self.receive_pubrel(id, packet),
                    Packet::Pubcomp(packet) => self.receive_pubcomp(now, id, packet),
                    Packet::Subscribe(packet) => self.receive_subscribe(now, id, packet),
                    Packet::Unsubscribe(packet) => self.receive_unsubscribe(id, packet),
                    Packet::Pingreq => {
                        self.receive_pingreq(id);
                        Ok(())
                    }
                    Packet::Disconnect(packet) => self.receive_disconnect(now, id, packet),
                    Packet::Auth(packet) => self.receive_auth(id, packet),
                    Packet::Connack(_) | Packet::Suback(_) | Packet::Unsuback(_) | Packet::Pingresp => {
                        Err(Violation::protocol_error("a packet that only a Server sends"))
                    }
                }
            }
        };
        if let Err(violation) = result {
            self.end_with(now, id, violation);
        }
    }
}

impl Engine for Server {
    fn handle(&mut self, now: Time, connection: ConnectionId, input: Input) {
        self.resume(now);
        match input {
            Input::Opened => self.opened(now, connection),
            Input::Received(packet) => self.received(now, connection, packet),
            Input::Malformed(error) => self.receive_malformed(now, connection, &error),
            Input::Ended => self.detach(now, connection, Ending::Failure),
        }
    }

    fn handle_deadline(&mut self, now: Time) {
        self.resume(now);
        while let Some(deadline) = self.deadlines.take_due(now) {
            match deadline {
                Deadline::ConnectTimeout(id) => self.connect_timeout(now, id),
                Deadline::KeepAlive(id) => self.keep_alive_due(now, id),
                Deadline::WillDelay(session) => self.publish_will(now, session),
                Deadline::SessionExpiry(session) => self.end_session(now, session),
            }
        }
    }

    fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        if self.restored { Some(Time::ZERO) } else { self.deadlines.next().map(|(at, _)| at) }
    }

    fn shutdown(&mut self, now: Time) {
        self.shut_down(now);
    }

    fn maximum_packet_size(&self) -> u32 {
        self.config.maximum_packet_size
    }
}
