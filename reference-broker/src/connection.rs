//! A Network Connection as the Server sees it (sections 3.1.4 and 4.12). What has to outlive it is in the Session.

use crate::alias::{ReceivedAliases, SentAliases};
use crate::authentication::Exchange;
use crate::deadline::{Deadline, Deadlines};
use crate::flow_control::{ReceiveQuota, SendQuota};
use crate::permissions::Permissions;
use crate::session_id::SessionId;
use bytestring::ByteString;
use protocol::{Connect, Time, Version};
use std::collections::BTreeMap;
use std::sync::Arc;
use transport::ConnectionId;

/// The Network Connections that are open.
pub(crate) type Connections = BTreeMap<ConnectionId, Connection>;

/// A Network Connection that is open.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: State,
    /// What it waits for among the deadlines: the CONNECT, later the next packet.
    waits: Option<(Time, Deadline)>,
}

/// How far a Network Connection has come. A closed one does not exist any more.
#[derive(Debug)]
pub(crate) enum State {
    /// Open; the first packet has to be a CONNECT.
    AwaitingConnect,
    /// A CONNECT with an Authentication Method has come, and AUTH packets are exchanged.
    Authenticating(Box<Authenticating>),
    /// The CONNECT is accepted. The Client is the one of this Session, and what belongs to the Network Connection is there.
    Connected(SessionId),
}

/// Enhanced authentication before CONNACK (section 4.12 of 5.0).
#[derive(Debug)]
pub(crate) struct Authenticating {
    pub(crate) connect: Box<Connect>,
    pub(crate) method: ByteString,
    pub(crate) exchange: Box<dyn Exchange>,
}

/// What is only true as long as this Network Connection is.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) id: ConnectionId,
    pub(crate) version: Version,
    pub(crate) permissions: Arc<Permissions>,
    /// One and a half times the Keep Alive; `None` if it is switched off.
    pub(crate) keep_alive: Option<Time>,
    /// When the last packet came.
    pub(crate) last_received: Time,
    /// The Session Expiry Interval of the CONNECT, as the Client gave it.
    pub(crate) requested_session_expiry: u32,
    /// The Client's Maximum Packet Size.
    pub(crate) maximum_packet_size: Option<u32>,
    /// Request Problem Information.
    pub(crate) problem_information: bool,
    pub(crate) send_quota: SendQuota,
    pub(crate) receive_quota: ReceiveQuota,
    pub(crate) received_aliases: ReceivedAliases,
    pub(crate) sent_aliases: SentAliases,
    /// The Authentication Method of the CONNECT.
    pub(crate) method: Option<ByteString>,
    /// A re-authentication that has begun.
    pub(crate) reauthentication: Option<Box<dyn Exchange>>,
}

/// How a Network Connection ends, as far as the Will Message is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By a DISCONNECT that throws the Will Message away.
    Clean,
    /// In any other way.
    Failure,
}

impl Connection {
    pub(crate) fn new() -> Self {
        Connection { state: State::AwaitingConnect, waits: None }
    }

    /// From now on it waits for this, and for nothing else.
    pub(crate) fn wait(&mut self, next: Option<(Time, Deadline)>, deadlines: &mut Deadlines) {
        if let Some((at, deadline)) = std::mem::replace(&mut self.waits, next) {
            deadlines.remove(at, deadline);
        }
        if let Some((at, deadline)) = next {
            deadlines.insert(at, deadline);
        }
    }
}
