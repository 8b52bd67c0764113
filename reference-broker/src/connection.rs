//! A Network Connection as the Server sees it (sections 3.1.4 and 4.12). What has to outlive it is in the Session.

use crate::access::Permissions;
use crate::alias::{ReceivedAliases, SentAliases};
use crate::authentication::Exchange;
use crate::flow_control::{ReceiveQuota, SendQuota};
use crate::session::SessionId;
use bytestring::ByteString;
use protocol::{Connect, Time, Version};
use std::sync::Arc;

/// A Network Connection that is open.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: State,
    /// When its entry among the deadlines is: the CONNECT timeout, later the Keep Alive.
    pub(crate) deadline: Option<Time>,
}

/// How far a Network Connection has come. A closed one does not exist any more.
#[derive(Debug)]
pub(crate) enum State {
    /// Open; the first packet has to be a CONNECT.
    AwaitingConnect,
    /// A CONNECT with an Authentication Method has come, and AUTH packets are exchanged.
    Authenticating(Box<Authenticating>),
    /// The CONNECT is accepted.
    Connected(Box<Connected>),
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
    pub(crate) version: Version,
    pub(crate) session: SessionId,
    pub(crate) client_id: ByteString,
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

impl Connection {
    pub(crate) fn new(deadline: Option<Time>) -> Self {
        Connection { state: State::AwaitingConnect, deadline }
    }

    pub(crate) fn connected_mut(&mut self) -> Option<&mut Connected> {
        match &mut self.state {
            State::Connected(connected) => Some(connected),
            State::AwaitingConnect | State::Authenticating(_) => None,
        }
    }
}
