//! The acceptance of a CONNECT: takeover, Session, CONNACK, and the deliveries that go on (sections 3.1.4, 3.2 and 4.4).

use crate::access::Permissions;
use crate::alias::{ReceivedAliases, SentAliases};
use crate::connection::{Connected, State};
use crate::deadline::Deadline;
use crate::expiry::NEVER;
use crate::flow_control::{ReceiveQuota, SendQuota};
use crate::keep_alive::patience;
use crate::server::Server;
use crate::session::{Progress, Session, SessionId};
use crate::violation::Violation;
use crate::will::{Ending, StoredWill};
use bytes::Bytes;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Acknowledgement, Connect, Packet, ReasonCode, Time, Version};
use std::sync::Arc;
use transport::ConnectionId;

/// A CONNECT that has passed all checks.
#[derive(Debug)]
pub(crate) struct Acceptance {
    pub(crate) connect: Box<Connect>,
    pub(crate) permissions: Arc<Permissions>,
    /// The Authentication Method and the last Authentication Data, after enhanced authentication.
    pub(crate) authentication: Option<(ByteString, Bytes)>,
}

impl Server {
    /// Accepts the Client.
    pub(crate) fn accept(&mut self, now: Time, id: ConnectionId, acceptance: Acceptance) {
        let Acceptance { mut connect, permissions, authentication } = acceptance;
        let assigned = connect.client_id.is_empty();
        if assigned {
            cite!("5.0/MQTT-3.1.3-6", "5.0/MQTT-3.1.3-7", "5.0/MQTT-3.2.2-16", "3.1.1/MQTT-3.1.3-6");
            connect.client_id = self.assign_client_identifier();
        }
        self.take_over(now, &connect.client_id);
        let (session, session_present) = self.resume_or_create(now, &connect);
        let properties = &connect.properties;
        let requested = match connect.version {
            Version::V311 if connect.clean_start => 0,
            Version::V311 => NEVER,
            Version::V500 => properties.session_expiry_interval().unwrap_or(0),
        };
        let expiry_interval = requested.min(self.config.session_expiry_maximum);
        if let Some(session) = self.sessions.get_mut(&session) {
            // What was worth keeping may be so no longer.
            self.journal.touch_all(session);
            session.connection = Some(id);
            session.expiry_interval = expiry_interval;
            session.will = connect.will.take().map(StoredWill::new);
        }
        let server_keep_alive = self.config.server_keep_alive.filter(|_| connect.version == Version::V500);
        cite!("5.0/MQTT-3.2.2-22");
        let receive_maximum = match connect.version {
            Version::V311 => u16::MAX,
            Version::V500 => self.config.receive_maximum,
        };
        let sent_alias_maximum = match self.config.use_topic_aliases {
            true => properties.topic_alias_maximum().unwrap_or(0),
            false => 0,
        };
        let connected = Connected {
            version: connect.version,
            session,
            client_id: connect.client_id.clone(),
            permissions,
            keep_alive: patience(server_keep_alive.unwrap_or(connect.keep_alive)),
            last_received: now,
            requested_session_expiry: requested,
            maximum_packet_size: properties.maximum_packet_size(),
            problem_information: properties.request_problem_information().unwrap_or(1) != 0,
            send_quota: SendQuota::new(properties.receive_maximum().unwrap_or(u16::MAX)),
            receive_quota: ReceiveQuota::new(receive_maximum),
            received_aliases: ReceivedAliases::new(self.config.topic_alias_maximum),
            sent_aliases: SentAliases::new(sent_alias_maximum),
            method: authentication.as_ref().map(|(method, _)| method.clone()),
            reauthentication: None,
        };
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.state = State::Connected(Box::new(connected));
        self.start_keep_alive(now, id);
        let connack = self.connack(&connect, session_present, assigned, expiry_interval, authentication);
        if !self.send(id, Packet::Connack(connack)) {
            // The Client has no room even for CONNACK, and nothing may come before that.
            self.close(now, id, Ending::Failure);
            return;
        }
        self.repeat_unacknowledged(now, id, session);
    }

    /// An identifier that no Session has.
    fn assign_client_identifier(&mut self) -> ByteString {
        loop {
            let identifier = ByteString::from(format!("assigned-{:016x}", self.random.next()));
            if !self.client_ids.contains_key(&*identifier) {
                return identifier;
            }
        }
    }

    /// Ends the Network Connection that has the Client Identifier now.
    fn take_over(&mut self, now: Time, client_id: &ByteString) {
        let Some(older) = self.client_ids.get(client_id).and_then(|id| self.sessions.get(id)?.connection)
        else {
            return;
        };
        cite!("5.0/MQTT-3.1.4-3", "3.1.1/MQTT-3.1.4-2");
        let taken_over =
            Violation::new(ReasonCode::SESSION_TAKEN_OVER, "another connection has taken the Session over");
        self.end_with(now, older, taken_over);
    }

    /// Clean Start: the Session to go on with, and whether it was there before.
    fn resume_or_create(&mut self, now: Time, connect: &Connect) -> (SessionId, bool) {
        cite!("5.0/MQTT-3.1.4-4", "3.1.1/MQTT-3.1.4-3", "5.0/MQTT-3.1.3-2", "3.1.1/MQTT-3.1.3-2");
        if let Some(id) = self.client_ids.get(&connect.client_id).copied() {
            if connect.clean_start {
                cite!("5.0/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.2-6");
                self.end_session(now, id);
            } else {
                cite!("5.0/MQTT-3.1.2-5", "3.1.1/MQTT-3.1.2-4", "5.0/MQTT-3.1.3-9");
                self.forget_will(id);
                if let Some(at) = self.sessions.get_mut(&id).and_then(|session| session.expires.take()) {
                    self.deadlines.remove(at, Deadline::SessionExpiry(id));
                }
                return (id, true);
            }
        }
        cite!("5.0/MQTT-3.1.2-6", "3.1.1/MQTT-3.1.2-4");
        let id = SessionId(self.next_session);
        self.next_session += 1;
        self.client_ids.insert(connect.client_id.clone(), id);
        self.sessions.insert(id, Session::new(id, connect.client_id.clone()));
        (id, false)
    }

    /// Sends again what the Client has not acknowledged, with the old Packet Identifiers and in the old order; then what waits.
    fn repeat_unacknowledged(&mut self, now: Time, connection: ConnectionId, id: SessionId) {
        cite!(
            "5.0/MQTT-4.4.0-1",
            "3.1.1/MQTT-4.4.0-1",
            "5.0/MQTT-4.6.0-1",
            "5.0/MQTT-4.6.0-4",
            "5.0/MQTT-4.8.2-4"
        );
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let mut in_order = Vec::with_capacity(session.in_flight.len());
        for (packet_id, in_flight) in &mut session.in_flight {
            // The quota of the new Network Connection counts what is sent on it.
            in_flight.counted = false;
            in_order.push((in_flight.order, *packet_id, matches!(in_flight.progress, Progress::Released)));
        }
        in_order.sort_unstable();
        session.repeat = in_order.iter().filter(|(_, _, released)| !released).map(|(_, id, _)| *id).collect();
        for (_, packet_id, _) in in_order.iter().filter(|(_, _, released)| *released) {
            cite!("5.0/MQTT-4.3.3-5", "5.0/MQTT-4.3.3-6", "3.1.1/MQTT-4.3.3-1");
            self.send(connection, Packet::Pubrel(Acknowledgement::new(*packet_id)));
        }
        self.send_waiting(now, connection, id);
    }
}
