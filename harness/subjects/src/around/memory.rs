//! What a Defect can know: what the Clients have said, and whatever it keeps for itself.

use bytestring::ByteString;
use protocol::{Connack, Connect, Packet, Publish, SubscriptionOptions, Time, Version};
use std::collections::{BTreeMap, BTreeSet};
use transport::{ConnectionId, Effect, Input};

/// What is known of the Client on one Network Connection.
#[derive(Debug, Clone, Default)]
pub struct Peer {
    /// Its CONNECT, as it came.
    pub connect: Option<Connect>,
    /// The CONNACK that the engine gave.
    pub connack: Option<Connack>,
    /// Whether the Network Connection has ended.
    pub gone: bool,
}

/// The memory of one Defect in one Server.
#[derive(Debug, Default)]
pub struct Memory {
    /// The Clients by Network Connection, those of the past included.
    pub peers: BTreeMap<ConnectionId, Peer>,
    /// The Subscriptions that each Client Identifier has asked for and not ended, by Topic Filter.
    pub subscriptions: BTreeMap<ByteString, BTreeMap<ByteString, SubscriptionOptions>>,
    /// Topic Filters that somebody has subscribed to with a Subscription Identifier.
    pub identified: BTreeSet<ByteString>,
    /// Numbers of the Defect's own, by any name.
    pub numbers: BTreeMap<String, u64>,
    /// Marks of the Defect's own.
    pub marks: BTreeSet<String>,
    /// Packets of the Defect's own, by any name.
    pub packets: BTreeMap<String, Vec<Packet>>,
    /// The input that the engine is at work on; `None` while time alone makes something happen.
    pub present: Option<Input>,
    /// Effects that go out after those which are on their way.
    pub effects: Vec<Effect>,
    /// Inputs that the engine gets after the present one.
    pub inputs: Vec<(ConnectionId, Input)>,
    later: BTreeMap<(Time, u64), Effect>,
    sequence: u64,
}

impl Memory {
    /// The version on a Network Connection; 5.0 before the CONNECT.
    #[must_use]
    pub fn version(&self, connection: ConnectionId) -> Version {
        self.connect(connection).map_or(Version::V500, |c| c.version)
    }

    /// The CONNECT on a Network Connection.
    #[must_use]
    pub fn connect(&self, connection: ConnectionId) -> Option<&Connect> {
        self.peers.get(&connection)?.connect.as_ref()
    }

    /// The Client Identifier on a Network Connection; the assigned one if the Client left it to the Server.
    #[must_use]
    pub fn client_id(&self, connection: ConnectionId) -> ByteString {
        let Some(peer) = self.peers.get(&connection) else { return ByteString::new() };
        let assigned = peer.connack.as_ref().and_then(|c| c.properties.assigned_client_identifier());
        assigned.or_else(|| peer.connect.as_ref().map(|c| c.client_id.clone())).unwrap_or_default()
    }

    /// The Subscriptions of the Client on a Network Connection.
    #[must_use]
    pub fn subscriptions(&self, connection: ConnectionId) -> Vec<(ByteString, SubscriptionOptions)> {
        let of_client = self.subscriptions.get(&self.client_id(connection));
        of_client.into_iter().flatten().map(|(filter, options)| (filter.clone(), *options)).collect()
    }

    /// Open Network Connections of accepted Clients, other than this one.
    #[must_use]
    pub fn others(&self, connection: ConnectionId) -> Vec<ConnectionId> {
        let accepted = |p: &Peer| !p.gone && p.connack.as_ref().is_some_and(|c| c.reason.0 == 0);
        self.peers
            .iter()
            .filter(|(id, peer)| **id != connection && accepted(peer))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The PUBLISH that the engine is at work on.
    #[must_use]
    pub fn present_publish(&self) -> Option<&Publish> {
        match &self.present {
            Some(Input::Received(Packet::Publish(publish))) => Some(publish),
            _ => None,
        }
    }

    /// A number of the Defect's own, 0 at first.
    pub fn number(&mut self, name: impl Into<String>) -> &mut u64 {
        self.numbers.entry(name.into()).or_default()
    }

    /// Sets a mark; `false` if it was set before.
    pub fn mark(&mut self, name: impl Into<String>) -> bool {
        self.marks.insert(name.into())
    }

    /// Keeps a copy of the message for every Client that is away and of whose Subscriptions one fits, as `wanted` says of its own.
    pub fn keep_for_those_away(
        &mut self,
        publish: &Publish,
        wanted: impl Fn(&BTreeMap<ByteString, SubscriptionOptions>) -> bool,
    ) {
        let here: Vec<_> =
            self.peers.iter().filter(|(_, p)| !p.gone).map(|(id, _)| self.client_id(*id)).collect();
        let away = self.subscriptions.iter().filter(|(client, own)| !here.contains(client) && wanted(own));
        for client in away.map(|(client, _)| client.to_string()).collect::<Vec<_>>() {
            let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
            self.packets.entry(client).or_default().push(Packet::Publish(copy));
        }
    }

    /// Takes what was kept for the Client on a Network Connection.
    pub fn take_kept(&mut self, connection: ConnectionId) -> Vec<Effect> {
        let kept = self.packets.remove(&self.client_id(connection).to_string()).unwrap_or_default();
        kept.into_iter().map(|packet| send(self, connection, packet)).collect()
    }

    /// Whether a mark is set.
    #[must_use]
    pub fn marked(&self, name: &str) -> bool {
        self.marks.contains(name)
    }

    /// Has the effect done at this time.
    pub fn later(&mut self, at: Time, effect: Effect) {
        self.sequence += 1;
        self.later.insert((at, self.sequence), effect);
    }

    /// Gives up delayed effects.
    pub fn forget(&mut self, which: impl Fn(&Effect) -> bool) {
        self.later.retain(|_, effect| !which(effect));
    }

    /// Whether the Client on a Network Connection was accepted.
    #[must_use]
    pub fn is_accepted(&self, connection: ConnectionId) -> bool {
        self.peers
            .get(&connection)
            .is_some_and(|peer| peer.connack.as_ref().is_some_and(|connack| connack.reason.0 == 0))
    }

    /// When the first delayed effect is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Time> {
        self.later.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next effect that is due.
    pub(super) fn take_due(&mut self, now: Time) -> Option<Effect> {
        let first = self.later.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    pub(super) fn note_input(&mut self, connection: ConnectionId, input: &Input) {
        let client_id = self.client_id(connection);
        let peer = self.peers.entry(connection).or_default();
        match input {
            Input::Received(Packet::Connect(connect)) if peer.connect.is_none() => {
                peer.connect = Some((**connect).clone());
                if connect.clean_start {
                    self.subscriptions.remove(&connect.client_id);
                }
            }
            Input::Received(Packet::Subscribe(subscribe)) => {
                let filters = subscribe.filters.iter();
                if subscribe.properties.subscription_identifiers().next().is_some() {
                    self.identified.extend(filters.clone().map(|(filter, _)| filter.clone()));
                }
                self.subscriptions.entry(client_id).or_default().extend(filters.cloned());
            }
            Input::Received(Packet::Unsubscribe(unsubscribe)) => {
                if let Some(own) = self.subscriptions.get_mut(&client_id) {
                    own.retain(|filter, _| !unsubscribe.filters.contains(filter));
                }
            }
            Input::Ended => peer.gone = true,
            _ => {}
        }
    }

    pub(super) fn note_effect(&mut self, effect: &Effect) {
        let connection = effect.connection();
        let peer = self.peers.entry(connection).or_default();
        match effect {
            Effect::Send { packet: Packet::Connack(connack), .. } => {
                peer.connack = Some(connack.clone());
                if connack.reason.0 == 0 && !connack.session_present {
                    // Subscriptions belong to a Session, and this one is new.
                    let client_id = self.client_id(connection);
                    self.subscriptions.remove(&client_id);
                }
            }
            Effect::Close { .. } => peer.gone = true,
            _ => {}
        }
    }
}

/// Sends a packet on a Network Connection in the version that its Client speaks.
#[must_use]
pub fn send(memory: &Memory, connection: ConnectionId, packet: Packet) -> Effect {
    Effect::Send { connection, version: memory.version(connection), packet }
}
