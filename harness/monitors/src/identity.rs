//! Who is who in a transcript: which Network Connections use one Client Identifier, and which messages can be told apart.
//!
//! A Session belongs to a Client Identifier, not to a connection and not to the name that a scenario gives a Client.

use super::{Seen, is_crafted, packets};
use bytes::Bytes;
use protocol::{Connack, Connect, Packet, Publish, Role};
use std::collections::BTreeMap;
use tester::Transcript;

/// The Network Connections that use one Client Identifier.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The connections, in the order of opening.
    pub connections: Vec<usize>,
}

/// The Client Identifiers of which everything is known that was sent under them. None at all if some CONNECT was crafted, since that may have used
/// any of them.
#[must_use]
pub fn identities(transcript: &Transcript) -> Vec<Identity> {
    let mut found: BTreeMap<String, (Vec<usize>, bool)> = BTreeMap::new();
    for connection in 0..transcript.connections.len() {
        let crafted = is_crafted(transcript, connection);
        let Some(connect) = connect_of(transcript, connection) else {
            if crafted {
                return Vec::new();
            }
            continue;
        };
        let assigned =
            connack_of(transcript, connection).and_then(|c| c.properties.assigned_client_identifier());
        let id = match (connect.client_id.is_empty(), assigned) {
            (false, _) => connect.client_id.to_string(),
            (true, Some(assigned)) => assigned.to_string(),
            // An identifier that the Server keeps to itself is nobody else's.
            (true, None) => format!("\u{0}{connection}"),
        };
        let entry = found.entry(id).or_default();
        entry.0.push(connection);
        entry.1 |= crafted;
    }
    found
        .into_values()
        .filter(|(_, crafted)| !crafted)
        .map(|(connections, _)| Identity { connections })
        .collect()
}

/// The packets of all connections of an identity, in order.
pub fn packets_under<'a>(
    transcript: &'a Transcript,
    identity: &'a Identity,
) -> impl Iterator<Item = Seen<'a>> {
    packets(transcript).filter(|seen| identity.connections.contains(&seen.connection))
}

/// The CONNECT of a Network Connection, if it was not crafted.
#[must_use]
pub fn connect_of(transcript: &Transcript, connection: usize) -> Option<&Connect> {
    packets(transcript).find_map(|seen| match seen.packet {
        Packet::Connect(connect) if seen.connection == connection => Some(&**connect),
        _ => None,
    })
}

/// The CONNACK of a Network Connection.
#[must_use]
pub fn connack_of(transcript: &Transcript, connection: usize) -> Option<&Connack> {
    packets(transcript).find_map(|seen| match seen.packet {
        Packet::Connack(connack) if seen.connection == connection => Some(connack),
        _ => None,
    })
}

/// A PUBLISH of the Tester whose payload nothing else in the transcript has: wherever that payload arrives, it is this message.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The packet as it was sent.
    pub seen: Seen<'a>,
    /// Its content.
    pub publish: &'a Publish,
    /// Its Topic Name, also where it went as a Topic Alias.
    pub topic: &'a str,
}

/// The messages that can be told apart by their payload. None at all if bytes were crafted, since these may hold any payload.
#[must_use]
pub fn origins(transcript: &Transcript) -> BTreeMap<Bytes, Origin<'_>> {
    let mut found: BTreeMap<Bytes, Option<Origin<'_>>> = BTreeMap::new();
    if (0..transcript.connections.len()).any(|connection| is_crafted(transcript, connection)) {
        return BTreeMap::new();
    }
    let mut aliases: BTreeMap<(usize, u16), &str> = BTreeMap::new();
    for seen in packets(transcript).filter(|seen| seen.by == Role::Client) {
        match seen.packet {
            Packet::Connect(connect) => {
                if let Some(will) = &connect.will {
                    found.insert(will.payload.clone(), None);
                }
            }
            Packet::Publish(publish) => {
                let mut topic = &*publish.topic;
                if let Some(alias) = publish.properties.topic_alias() {
                    if topic.is_empty() {
                        topic = aliases.get(&(seen.connection, alias)).copied().unwrap_or_default();
                    } else {
                        aliases.insert((seen.connection, alias), topic);
                    }
                }
                let origin = Origin { seen, publish, topic };
                let known = found.contains_key(&publish.payload);
                let unclear = known || publish.payload.is_empty() || topic.is_empty() || publish.dup;
                found.insert(publish.payload.clone(), (!unclear).then_some(origin));
            }
            _ => {}
        }
    }
    found.into_iter().filter_map(|(payload, origin)| Some((payload, origin?))).collect()
}

/// The Topic Names of the PUBLISH packets that arrive, Topic Aliases resolved.
#[derive(Debug, Default)]
pub struct Topics(BTreeMap<(usize, u16), String>);

impl Topics {
    /// The Topic Name of a PUBLISH; `None` if it has only an alias that was not set.
    pub fn of(&mut self, seen: &Seen<'_>, publish: &Publish) -> Option<String> {
        let Some(alias) = publish.properties.topic_alias() else {
            return (!publish.topic.is_empty()).then(|| publish.topic.to_string());
        };
        if publish.topic.is_empty() {
            return self.0.get(&(seen.connection, alias)).cloned();
        }
        self.0.insert((seen.connection, alias), publish.topic.to_string());
        Some(publish.topic.to_string())
    }
}

/// The filter that is compared with Topic Names: of a Shared Subscription, what follows the ShareName.
#[must_use]
pub fn plain(filter: &str, version: protocol::Version) -> &str {
    match filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/')) {
        Some((_, plain)) if version == protocol::Version::V500 => plain,
        _ => filter,
    }
}
