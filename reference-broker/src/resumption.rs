//! The acceptance of a CONNECT: takeover, Session, CONNACK, and the deliveries that go on (sections 3.1.4, 3.2 and 4.4).

use crate::alias::{ReceivedAliases, SentAliases};
use crate::client::ConnectedClient;
use crate::connection::{Connected, Ending, State};
use crate::deadline::Deadline;
use crate::expiry::NEVER;
use crate::flow_control::{ReceiveQuota, SendQuota};
use crate::keep_alive::patience;
use crate::permissions::Permissions;
use crate::server::Server;
use crate::session::{Progress, StoredWill};
use crate::violation::Violation;
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
        self.begin_clean(now, &connect);
        let Server { config, connections, clients, deadlines, journal, outbox, .. } = self;
        let (client, session_present) = clients.find_or_create(&connect.client_id);
        let session = &mut client.session;
        if session_present {
            cite!("5.0/MQTT-3.1.2-5", "3.1.1/MQTT-3.1.2-4", "5.0/MQTT-3.1.3-9");
            session.forget_will(deadlines, journal);
            session.expire_at(None, deadlines);
        } else {
            cite!("5.0/MQTT-3.1.2-6", "3.1.1/MQTT-3.1.2-4");
        }
        let will = connect.will.take();
        let properties = &connect.properties;
        let requested = match connect.version {
            Version::V311 if connect.clean_start => 0,
            Version::V311 => NEVER,
            Version::V500 => properties.session_expiry_interval().unwrap_or(0),
        };
        let expiry_interval = requested.min(config.session_expiry_maximum);
        // What was worth keeping may be so no longer.
        journal.touch_all(session);
        session.expiry_interval = expiry_interval;
        session.will = will.map(StoredWill::new);
        let server_keep_alive = config.server_keep_alive.filter(|_| connect.version == Version::V500);
        cite!("5.0/MQTT-3.2.2-22");
        let receive_maximum = match connect.version {
            Version::V311 => u16::MAX,
            Version::V500 => config.receive_maximum,
        };
        let sent_alias_maximum = match config.use_topic_aliases {
            true => properties.topic_alias_maximum().unwrap_or(0),
            false => 0,
        };
        let connected = Connected {
            id,
            version: connect.version,
            permissions,
            keep_alive: patience(server_keep_alive.unwrap_or(connect.keep_alive)),
            last_received: now,
            requested_session_expiry: requested,
            maximum_packet_size: properties.maximum_packet_size(),
            problem_information: properties.request_problem_information().unwrap_or(1) != 0,
            send_quota: SendQuota::new(properties.receive_maximum().unwrap_or(u16::MAX)),
            receive_quota: ReceiveQuota::new(receive_maximum),
            received_aliases: ReceivedAliases::new(config.topic_alias_maximum),
            sent_aliases: SentAliases::new(sent_alias_maximum),
            method: authentication.as_ref().map(|(method, _)| method.clone()),
            reauthentication: None,
        };
        // Taking the Session over has ended another Network Connection, not the one of this CONNECT.
        let Some(connection) = connections.get_mut(&id) else { return };
        connection.state = State::Connected(session.id);
        let silence = connected.keep_alive.map(|patience| (now + patience, Deadline::KeepAlive(id)));
        connection.wait(silence, deadlines);
        let connected = &mut **client.connected.insert(Box::new(connected));
        let connack = config.connack(&connect, session_present, assigned, expiry_interval, authentication);
        if outbox.send(connected, Packet::Connack(connack)) {
            let mut client = ConnectedClient { now, session, connected, config, journal, outbox };
            client.repeat_unacknowledged();
        } else {
            // The Client has no room even for CONNACK, and nothing may come before that.
            self.close(now, id, Ending::Failure);
        }
    }

    /// An identifier that no Session has.
    fn assign_client_identifier(&mut self) -> ByteString {
        loop {
            let identifier = ByteString::from(format!("assigned-{:016x}", self.random.next()));
            if self.clients.find(&identifier).is_none() {
                return identifier;
            }
        }
    }

    /// Ends the Network Connection that has the Client Identifier now.
    fn take_over(&mut self, now: Time, client_id: &ByteString) {
        let older = self.clients.find(client_id).and_then(|session| self.clients.get(session));
        // A new Client has none, and one that comes back has none yet.
        let Some(older) = older.and_then(|client| client.connected.as_deref()) else { return };
        let older = older.id;
        cite!("5.0/MQTT-3.1.4-3", "3.1.1/MQTT-3.1.4-2");
        let taken_over =
            Violation::new(ReasonCode::SESSION_TAKEN_OVER, "another connection has taken the Session over");
        self.end_with(now, older, taken_over);
    }

    /// Clean Start: the Session that there was before ends.
    fn begin_clean(&mut self, now: Time, connect: &Connect) {
        cite!("5.0/MQTT-3.1.4-4", "3.1.1/MQTT-3.1.4-3", "5.0/MQTT-3.1.3-2", "3.1.1/MQTT-3.1.3-2");
        if connect.clean_start
            && let Some(session) = self.clients.find(&connect.client_id)
        {
            cite!("5.0/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.2-6");
            self.end_session(now, session);
        }
    }
}

impl ConnectedClient<'_> {
    /// Sends again what the Client has not acknowledged, with the old Packet Identifiers and in the old order; then what waits.
    fn repeat_unacknowledged(&mut self) {
        cite!(
            "5.0/MQTT-4.4.0-1",
            "3.1.1/MQTT-4.4.0-1",
            "5.0/MQTT-4.6.0-1",
            "5.0/MQTT-4.6.0-4",
            "5.0/MQTT-4.8.2-4"
        );
        let session = &mut *self.session;
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
            self.outbox.send(self.connected, Packet::Pubrel(Acknowledgement::new(*packet_id)));
        }
        self.send_waiting();
    }
}
