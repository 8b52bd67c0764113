//! Waiting for something to happen, and being sure that it does not.
//!
//! A close is no proof that the Server is alive. Whenever a check rests on a close, or on something missing, a probe Client connects and has to be accepted;
//! otherwise the check is inconclusive, so that a dead Server passes nothing.

use super::{Arrival, ObservationKind, Standing, Tester};
use crate::stop::{Actual, Ending, Expected, Obstacle, Stop, Violation, Witness};
use crate::testbed::Kind;
use protocol::{Connect, Packet, Time};
use std::time::Duration;

/// A reply that takes this many round trips is late.
const ROUND_TRIPS: u32 = 40;
/// A Client that is new to the Server and is served within this time says nothing of a Server that has stalled, however fast it is otherwise.
const LEISURE: Duration = Duration::from_secs(1);
/// Nothing says how soon a Server sends again what a resumed Session has open. Servers are known that do so half a minute after the first sending; one
/// that was seen to do it at once gets no such time.
const REPETITION: Duration = Duration::from_secs(35);

impl Tester {
    /// How long to wait for something that has to come: many round trips, and never less than a floor that a busy machine needs.
    #[must_use]
    pub fn patience(&self, name: &str) -> Duration {
        let floor = match self.testbed.kind() {
            Kind::Live if self.has_resumed(name) && !self.testbed.repeats_at_once() => REPETITION,
            Kind::Live => Duration::from_secs(3),
            Kind::Virtual | Kind::Simulated => Duration::from_secs(20),
        };
        floor.max(self.round_trip(name) * ROUND_TRIPS).mul_f64(self.timeout_scale)
    }

    /// How long to watch for something that must not come, once a fence has passed.
    #[must_use]
    pub fn settling(&self, name: &str) -> Duration {
        let floor = match self.testbed.kind() {
            Kind::Live => Duration::from_millis(60),
            Kind::Virtual | Kind::Simulated => Duration::from_millis(500),
        };
        floor.max(self.round_trip(name) * 3).mul_f64(self.timeout_scale)
    }

    fn has_resumed(&self, name: &str) -> bool {
        self.known(name).and_then(|client| client.connack.as_ref()).is_some_and(|it| it.session_present)
    }

    /// The longest round trip measured so far, of this Client or any other.
    fn round_trip(&self, name: &str) -> Duration {
        let own = self.known(name).and_then(|c| c.round_trip);
        self.clients().filter_map(|c| c.round_trip).chain(own).max().unwrap_or_default()
    }

    /// Lets time pass until `found` finds something, `patience` is over, or nothing more can happen.
    pub async fn wait<T>(
        &mut self,
        patience: Duration,
        mut found: impl FnMut(&mut Tester) -> Option<T>,
    ) -> Option<T> {
        let mut value = None;
        self.wait_until(patience, &mut |tester| {
            value = found(tester);
            value.is_some()
        })
        .await;
        value
    }

    /// As [`Tester::wait`]. Hundreds of sentences wait, each for something else: what they have in common is compiled once.
    async fn wait_until(&mut self, patience: Duration, done: &mut dyn FnMut(&mut Tester) -> bool) {
        let until = self.testbed.now() + patience;
        while !done(self) {
            match self.testbed.next_event(until).await {
                Some((link, _, event)) => self.observe(link, event),
                None => {
                    done(self);
                    return;
                }
            }
        }
    }

    /// Lets exactly this much time pass.
    pub async fn pass(&mut self, time: Duration) {
        self.wait(time, |_| None::<()>).await;
    }

    /// The next packet of the Subject to this Client that `wanted` accepts; it is taken out of the inbox. `what` names it.
    ///
    /// # Errors
    /// A violation if the Network Connection ends first, or if the packet stays out while the Server is proved to be alive.
    pub async fn expect(
        &mut self,
        name: &str,
        what: &str,
        mut wanted: impl FnMut(&Arrival) -> bool,
    ) -> Result<Arrival, Stop> {
        self.expect_one(name, what, &mut wanted).await
    }

    async fn expect_one(
        &mut self,
        name: &str,
        what: &str,
        wanted: &mut dyn FnMut(&Arrival) -> bool,
    ) -> Result<Arrival, Stop> {
        let patience = self.patience(name);
        let began = self.testbed.now();
        let found = self
            .wait(patience, |tester| {
                let client = tester.client(name);
                if let Some(index) = client.inbox.iter().position(&mut *wanted) {
                    return Some(client.inbox.remove(index));
                }
                let over =
                    client.dead_stream || !matches!(client.standing, Standing::Open | Standing::Opening);
                over.then_some(None)
            })
            .await;
        match found {
            Some(Some(arrival)) => Ok(arrival),
            Some(None) => {
                self.garbage(name)?;
                if let Some(fault) = self.client(name).channel.as_ref().and_then(|c| c.fault.clone()) {
                    // What RFC 6455 demands is not what is judged here.
                    return Err(Stop::Inconclusive(Obstacle::WebSocket { client: name.to_owned(), fault }));
                }
                let ending = match &self.client(name).standing {
                    Standing::Ended { reset: true } => Ending::Reset,
                    Standing::Ended { reset: false } => Ending::EndOfStream,
                    _ => Ending::None,
                };
                let index = self.last_observation(name);
                // A Server that has died has closed its connections too.
                self.is_alive().await?;
                Err(Stop::seen(Expected::packet(what), Actual::Ended(ending), index))
            }
            None => {
                let took = self.is_alive().await?;
                let waited = self.testbed.now().saturating_sub(began);
                if self.client(name).inbox.iter().any(&mut *wanted) {
                    return Err(Stop::Inconclusive(Obstacle::Late { what: what.to_owned(), patience }));
                }
                self.not_stalled(took)?;
                let connection = self.client(name).connection;
                self.note(connection, ObservationKind::Quiet(waited));
                Err(Stop::missing(Expected::packet(what), Actual::Nothing { within: patience }))
            }
        }
    }

    /// Waits until the Subject ends the Network Connection of this Client. Packets that come before stay in the inbox.
    ///
    /// # Errors
    /// A violation if it stays open while the Server is proved to be alive; inconclusive if the Server is not alive afterwards.
    pub async fn expect_end(&mut self, name: &str, patience: Duration) -> Result<Time, Stop> {
        let ended = self
            .wait(patience, |tester| match tester.client(name).standing {
                Standing::Ended { .. } | Standing::Away | Standing::Failed(_) => Some(()),
                Standing::Open | Standing::Opening => None,
            })
            .await;
        let at = self.testbed.now();
        // A Server that has died has closed its connections too; that is no answer to anything.
        let took = self.is_alive().await?;
        match ended {
            Some(()) => Ok(at),
            None if !matches!(self.client(name).standing, Standing::Open | Standing::Opening) => {
                Err(Stop::Inconclusive(Obstacle::Late { what: Expected::end().words, patience }))
            }
            None => {
                self.not_stalled(took)?;
                let connection = self.client(name).connection;
                self.note(connection, ObservationKind::Quiet(patience));
                Err(Stop::missing(Expected::end(), Actual::StillOpen { after: patience }))
            }
        }
    }

    /// Whether the Server serves others as fast as always while something stays out, from what [`Tester::is_alive`] says.
    ///
    /// # Errors
    /// [`Obstacle::Stalled`] if it does not.
    pub fn not_stalled(&self, took: Duration) -> Result<(), Stop> {
        let usual =
            self.clients().filter(|client| !client.witness).filter_map(|client| client.round_trip).max();
        let limit = LEISURE.max(usual.unwrap_or_default() * ROUND_TRIPS);
        if took > limit { Err(Stop::Inconclusive(Obstacle::Stalled { took })) } else { Ok(()) }
    }

    /// Proves that the Server is alive: a Client of its own connects and is accepted. Gives the time from opening its Network Connection to CONNACK.
    ///
    /// # Errors
    /// [`Stop::Inconclusive`] if it is not.
    pub async fn is_alive(&mut self) -> Result<Duration, Stop> {
        self.witnesses += 1;
        let name = format!("witness {}", self.witnesses);
        let dead = |witness| Stop::Inconclusive(Obstacle::SubjectGone(witness));
        let id = self.namespace.client_id(&format!("w{}", self.witnesses));
        let witness = self.client(&name);
        witness.client_id.clone_from(&id);
        witness.witness = true;
        let began_to_open = self.testbed.now();
        // Boxed: waiting for the witness is waiting, and that may call for a witness.
        Box::pin(self.open(&name)).await.map_err(|stop| dead(Witness::NotOpened(Box::new(stop))))?;
        let version = self.version;
        self.send(&name, Packet::Connect(Box::new(Connect::new(version, id))))?;
        let patience = self.patience(&name);
        let began = self.testbed.now();
        let connack = self
            .wait(patience, |tester| {
                let client = tester.client(&name);
                match (&client.connack, &client.standing) {
                    (Some(connack), _) => Some(Some(connack.clone())),
                    (None, Standing::Open | Standing::Opening) if !client.dead_stream => None,
                    _ => Some(None),
                }
            })
            .await
            .flatten();
        let took = self.testbed.now().saturating_sub(began);
        self.shut(&name, crate::testbed::Shut::Close);
        match connack {
            Some(connack) if connack.reason.0 == 0 => {
                self.assurances.push(format!(
                    "a Client of its own ({name}) was accepted {:.1} ms after its CONNECT, so the Server is alive",
                    took.as_secs_f64() * 1e3
                ));
                Ok(self.testbed.now().saturating_sub(began_to_open))
            }
            Some(connack) => Err(dead(Witness::Refused(connack.code()))),
            None => Err(dead(Witness::NoConnack)),
        }
    }

    /// A violation if this Client's stream has become unreadable.
    ///
    /// # Errors
    /// That violation.
    pub fn garbage(&self, name: &str) -> Result<(), Stop> {
        let Some(client) = self.known(name) else { return Ok(()) };
        let found =
            self.transcript.observations.iter().enumerate().rev().find_map(|(index, o)| match &o.kind {
                ObservationKind::Undecodable { error, .. } if o.connection == client.connection => {
                    Some((index, error))
                }
                _ => None,
            });
        match found {
            None => Ok(()),
            Some((index, error)) => Err(Stop::Violation(Violation {
                expected: "a packet that a Server may send".into(),
                actual: Actual::NoPacket(error.clone()),
                observation: Some(index),
                requirement: Some(error.requirement),
            })),
        }
    }

    /// The index of the last packet of the Subject on the present Network Connection of this Client.
    #[must_use]
    pub fn last_received(&self, name: &str) -> Option<usize> {
        let connection = self.known(name)?.connection;
        self.transcript
            .observations
            .iter()
            .rposition(|o| o.connection == connection && matches!(o.kind, ObservationKind::Received { .. }))
    }

    fn last_observation(&self, name: &str) -> Option<usize> {
        let connection = self.known(name)?.connection;
        self.transcript.observations.iter().rposition(|o| o.connection == connection)
    }
}
