//! Clients as the Server knows them: each one's Session, and its Network Connection while it has one.

use crate::config::Config;
use crate::connection::Connected;
use crate::journal::Journal;
use crate::sending::Outbox;
use crate::session::Session;
use crate::session_id::SessionId;
use bytestring::ByteString;
use protocol::Time;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A Client that has a Session here.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) session: Session,
    /// `None` while it is away.
    pub(crate) connected: Option<Box<Connected>>,
}

/// A Client that is connected, found once for all that one packet leads to, with the parts of the Server that this changes.
#[derive(Debug)]
pub(crate) struct ConnectedClient<'a> {
    pub(crate) now: Time,
    pub(crate) session: &'a mut Session,
    pub(crate) connected: &'a mut Connected,
    pub(crate) config: &'a Config,
    pub(crate) journal: &'a mut Journal,
    pub(crate) outbox: &'a mut Outbox,
}

impl Client {
    /// The Client, if it is connected.
    pub(crate) fn connected<'a>(
        &'a mut self,
        now: Time,
        config: &'a Config,
        journal: &'a mut Journal,
        outbox: &'a mut Outbox,
    ) -> Option<ConnectedClient<'a>> {
        let connected = self.connected.as_deref_mut()?;
        Some(ConnectedClient { now, session: &mut self.session, connected, config, journal, outbox })
    }
}

/// All Clients that have a Session, by its number and by Client Identifier.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    clients: BTreeMap<SessionId, Client>,
    by_identifier: BTreeMap<ByteString, SessionId>,
    /// The number of the next new Session.
    next: u64,
}

impl Clients {
    pub(crate) fn len(&self) -> usize {
        self.clients.len()
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&Client> {
        self.clients.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: SessionId) -> Option<&mut Client> {
        self.clients.get_mut(&id)
    }

    /// The Session that this Client Identifier has.
    pub(crate) fn find(&self, identifier: &str) -> Option<SessionId> {
        self.by_identifier.get(identifier).copied()
    }

    /// All of them, in the order of their Sessions.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Client> {
        self.clients.values()
    }

    /// The Client with this Client Identifier, and whether it had a Session; it has one now.
    pub(crate) fn find_or_create(&mut self, identifier: &ByteString) -> (&mut Client, bool) {
        let next = SessionId(self.next);
        let id = *self.by_identifier.entry(identifier.clone()).or_insert(next);
        match self.clients.entry(id) {
            Entry::Occupied(entry) => (entry.into_mut(), true),
            Entry::Vacant(entry) => {
                self.next += 1;
                let session = Session::new(id, identifier.clone());
                (entry.insert(Client { session, connected: None }), false)
            }
        }
    }

    /// Takes a Session of the process before this one in. Returns whether its Client Identifier is a new one.
    #[must_use]
    pub(crate) fn restore(&mut self, session: Session) -> bool {
        let id = session.id;
        self.next = self.next.max(id.0.saturating_add(1));
        let is_new = self.by_identifier.insert(session.client_id.clone(), id).is_none();
        self.clients.insert(id, Client { session, connected: None });
        is_new
    }

    /// Takes the Session out, and with it all that is known of its Client.
    pub(crate) fn remove(&mut self, id: SessionId) -> Option<Client> {
        let client = self.clients.remove(&id)?;
        self.by_identifier.remove(&client.session.client_id);
        Some(client)
    }
}
