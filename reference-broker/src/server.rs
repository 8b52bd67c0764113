//! The engine's whole surface: what goes in, what comes out, and which packet is understood in which state.
//!
//! What each packet does is in `packets`, one file each.

use crate::access::Access;
use crate::client::Clients;
use crate::config::Config;
use crate::connection::{Connection, Connections, Ending, State};
use crate::deadline::{Deadline, Deadlines};
use crate::journal::Journal;
use crate::random::Random;
use crate::retained::Retained;
use crate::sending::Outbox;
use crate::session_id::SessionId;
use crate::subscriptions::Subscriptions;
use crate::violation::Violation;
use catalogue::cite;
use protocol::{Packet, Time};
use std::sync::Arc;
use transport::{ConnectionId, Effect, Engine, Input};

/// A Server for MQTT 3.1.1 and 5.0, without input and output.
#[derive(Debug)]
pub struct Server {
    pub(crate) config: Arc<Config>,
    pub(crate) access: Access,
    pub(crate) random: Random,
    pub(crate) connections: Connections,
    pub(crate) clients: Clients,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) retained: Retained,
    pub(crate) deadlines: Deadlines,
    pub(crate) journal: Journal,
    pub(crate) outbox: Outbox,
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
            connections: Connections::new(),
            clients: Clients::default(),
            subscriptions: Subscriptions::new(),
            retained: Retained::new(config.limits.retained_messages),
            deadlines: Deadlines::default(),
            journal: Journal::default(),
            outbox: Outbox::new(Arc::clone(&config)),
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
            self.outbox.close(id);
            return;
        }
        let mut connection = Connection::new();
        let seconds = u64::from(self.config.connect_timeout);
        if seconds > 0 {
            let timeout = (now + Time::from_secs(seconds), Deadline::ConnectTimeout(id));
            connection.wait(Some(timeout), &mut self.deadlines);
        }
        self.connections.insert(id, connection);
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
            (State::Authenticating(authenticating), Packet::Auth(packet)) => {
                match authenticating.receive_auth(&packet, &self.access) {
                    Ok(answer) => {
                        let (connect, method) =
                            (authenticating.connect.clone(), authenticating.method.clone());
                        self.go_on_authenticating(now, id, connect, method, answer);
                        Ok(())
                    }
                    Err(violation) => Err(violation),
                }
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
            (State::Connected(session), packet) => {
                let session = *session;
                self.received_from_client(now, id, session, packet)
            }
        };
        if let Err(violation) = result {
            self.end_with(now, id, violation);
        }
    }

    /// One packet of a Client that is connected.
    fn received_from_client(
        &mut self,
        now: Time,
        id: ConnectionId,
        session: SessionId,
        packet: Packet,
    ) -> Result<(), Violation> {
        let client = self
            .clients
            .get_mut(session)
            .and_then(|client| client.connected(now, &self.config, &mut self.journal, &mut self.outbox));
        // A Session does not end before its Network Connection, so it is there.
        let Some(mut client) = client else { return Ok(()) };
        client.connected.last_received = now;
        match packet {
            Packet::Connect(_) => {
                cite!("5.0/MQTT-3.1.0-2", "3.1.1/MQTT-3.1.0-2");
                Err(Violation::protocol_error("a second CONNECT"))
            }
            Packet::Publish(packet) => match client.receive_publish(packet)? {
                Some(arrival) => self.distribute(now, session, arrival),
                None => Ok(()),
            },
            Packet::Puback(packet) => client.receive_puback(packet),
            Packet::Pubrec(packet) => client.receive_pubrec(packet),
            Packet::Pubrel(packet) => client.receive_pubrel(packet),
            Packet::Pubcomp(packet) => client.receive_pubcomp(packet),
            Packet::Subscribe(packet) => {
                client.receive_subscribe(packet, &mut self.subscriptions, &mut self.retained)
            }
            Packet::Unsubscribe(packet) => client.receive_unsubscribe(packet, &mut self.subscriptions),
            Packet::Pingreq => {
                client.receive_pingreq();
                Ok(())
            }
            Packet::Disconnect(packet) => {
                let ending = client.receive_disconnect(&packet)?;
                self.close(now, id, ending);
                Ok(())
            }
            Packet::Auth(packet) => client.receive_auth(&packet, &self.access, &mut self.random),
            Packet::Connack(_) | Packet::Suback(_) | Packet::Unsuback(_) | Packet::Pingresp => {
                Err(Violation::protocol_error("a packet that only a Server sends"))
            }
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
        self.outbox.take()
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
