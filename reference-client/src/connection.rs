//! What lives and dies with one Network Connection.
//!
//! Deliberately not here: the Session State, see `session.rs`.

use crate::aliases;
use crate::flow_control::Quota;
use crate::keep_alive::KeepAlive;
use crate::limits::ServerLimits;
use crate::{ClientConfig, ConnectOptions, Token};
use protocol::{PacketId, QoS, ReasonCode, Time};
use std::collections::{BTreeMap, VecDeque};

/// Where the Client is between two Network Connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is no Network Connection, and none is wanted.
    Closed,
    /// There is none, and the next attempt is at `until`.
    Waiting { until: Time },
    /// The Network Connection is being opened.
    Opening { give_up_at: Time },
    /// CONNECT has been sent.
    AwaitingConnack { give_up_at: Time },
    /// The Server has accepted.
    Connected,
}

/// The state of one Network Connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) limits: ServerLimits,
    pub(crate) keep_alive: KeepAlive,
    /// PUBLISH packets to the Server.
    pub(crate) send_quota: Quota,
    /// PUBLISH packets from the Server.
    pub(crate) receive_quota: Quota,
    pub(crate) incoming_aliases: aliases::Incoming,
    pub(crate) outgoing_aliases: aliases::Outgoing,
    /// SUBSCRIBE and UNSUBSCRIBE packets without an answer.
    pub(crate) requests: BTreeMap<PacketId, Request>,
    /// PUBLISH packets of the Session that still have to be repeated, in their order.
    pub(crate) to_repeat: VecDeque<PacketId>,
    /// Received PUBLISH packets that still have to be acknowledged, in the order in which they came.
    pub(crate) to_acknowledge: VecDeque<ToAcknowledge>,
    pub(crate) authentication: Authentication,
    /// Request Problem Information was not 0.
    pub(crate) problem_information: bool,
}

/// A SUBSCRIBE or UNSUBSCRIBE without an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub(crate) token: Token,
    pub(crate) kind: RequestKind,
    /// How many Topic Filters it has.
    pub(crate) filters: usize,
}

/// What a [`Request`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestKind {
    Subscribe,
    Unsubscribe,
}

/// A received PUBLISH that still has to be acknowledged.
#[derive(Debug)]
pub(crate) struct ToAcknowledge {
    pub(crate) packet_id: PacketId,
    pub(crate) qos: QoS,
    /// What to say; `None` until the application has decided.
    pub(crate) reason: Option<ReasonCode>,
}

/// How far enhanced authentication is (5.0 section 4.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// CONNECT names no Authentication Method.
    None,
    /// CONNECT names one, and CONNACK has not come.
    Connecting,
    /// It has ended, and may begin again.
    Done,
    /// The Client has begun it again.
    Again(Token),
}

impl Connection {
    pub(crate) fn new(config: &ClientConfig, options: &ConnectOptions, now: Time) -> Self {
        let announced = &options.properties;
        Connection {
            limits: ServerLimits::default(),
            keep_alive: KeepAlive::new(options.keep_alive, config.ping_timeout, now),
            send_quota: Quota::new(u16::MAX),
            receive_quota: Quota::new(announced.receive_maximum().unwrap_or(u16::MAX)),
            incoming_aliases: aliases::Incoming::new(announced.topic_alias_maximum().unwrap_or(0)),
            outgoing_aliases: aliases::Outgoing::new(0),
            requests: BTreeMap::new(),
            to_repeat: VecDeque::new(),
            to_acknowledge: VecDeque::new(),
            authentication: if config.authenticator.is_some() {
                Authentication::Connecting
            } else {
                Authentication::None
            },
            problem_information: announced.request_problem_information() != Some(0),
        }
    }
}
