//! How Network Connections begin and end (sections 3.1 and 4.2), and how the Client comes back.

use crate::connection::{Authentication, Connection, Phase};
use crate::{Client, Closure, Effect, Event};
use protocol::{Connect, Packet, Property, ReasonCode, Time, Version};

impl Client {
    /// Begins to open a Network Connection.
    pub(crate) fn open(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
        self.phase = Phase::Opening { give_up_at: self.now + self.config.connect_timeout };
        self.effects.push_back(Effect::OpenTransport);
    }

    /// The Network Connection is open: CONNECT is the first packet.
    pub(crate) fn transport_opened(&mut self) {
        let Phase::Opening { give_up_at } = self.phase else { return };
        self.phase = Phase::AwaitingConnack { give_up_at };
        self.connection = Connection::new(&self.config, &self.options, self.now);
        catalogue::cite!("5.0/MQTT-3.1.0-1", "3.1.1/MQTT-3.1.0-1");
        catalogue::cite!("5.0/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.2-6");
        if self.clean_start {
            self.discard_session();
        }
        let connect = self.connect_packet();
        self.send(Packet::Connect(Box::new(connect)));
    }

    fn connect_packet(&mut self) -> Connect {
        let mut properties = self.options.properties.clone();
        if let Some(authenticator) = &mut self.config.authenticator {
            properties.push(Property::AuthenticationMethod(authenticator.method()));
            if let Some(data) = authenticator.start() {
                properties.push(Property::AuthenticationData(data));
            }
        }
        catalogue::cite!("5.0/MQTT-3.1.3-3", "3.1.1/MQTT-3.1.3-3", "5.0/MQTT-3.1.3-2", "3.1.1/MQTT-3.1.3-2");
        // Each field comes with its flag, and each flag with its field: both are one Option.
        catalogue::cite!(
            "5.0/MQTT-3.1.2-9",
            "3.1.1/MQTT-3.1.2-9",
            "5.0/MQTT-3.1.2-11",
            "3.1.1/MQTT-3.1.2-11"
        );
        catalogue::cite!(
            "5.0/MQTT-3.1.2-12",
            "3.1.1/MQTT-3.1.2-14",
            "5.0/MQTT-3.1.2-13",
            "3.1.1/MQTT-3.1.2-13"
        );
        catalogue::cite!("3.1.1/MQTT-3.1.2-15", "5.0/MQTT-3.1.2-16", "3.1.1/MQTT-3.1.2-18");
        catalogue::cite!(
            "5.0/MQTT-3.1.2-17",
            "3.1.1/MQTT-3.1.2-19",
            "5.0/MQTT-3.1.2-18",
            "3.1.1/MQTT-3.1.2-20"
        );
        catalogue::cite!("5.0/MQTT-3.1.2-19", "3.1.1/MQTT-3.1.2-21");
        Connect {
            version: self.config.version,
            clean_start: self.clean_start,
            keep_alive: self.options.keep_alive,
            properties,
            client_id: self.config.client_id.clone(),
            will: self.options.will.clone(),
            user_name: self.options.user_name.clone(),
            password: self.options.password.clone(),
        }
    }

    /// The Network Connection has ended, or could not be opened.
    pub(crate) fn transport_ended(&mut self) {
        match self.phase {
            Phase::Closed | Phase::Waiting { .. } => {}
            Phase::Opening { .. } | Phase::AwaitingConnack { .. } | Phase::Connected => {
                self.ended(Closure::NetworkEnded)
            }
        }
    }

    /// Closes the Network Connection.
    pub(crate) fn close(&mut self, why: Closure) {
        catalogue::cite!("5.0/MQTT-3.14.4-2", "3.1.1/MQTT-3.14.4-1");
        self.effects.push_back(Effect::CloseTransport);
        self.ended(why);
    }

    fn ended(&mut self, why: Closure) {
        let was_connected = self.phase == Phase::Connected;
        self.phase = Phase::Closed;
        for (packet_id, request) in std::mem::take(&mut self.connection.requests) {
            self.session.ids.release(packet_id);
            self.event(Event::Lost { token: request.token });
        }
        self.connection.to_acknowledge.clear();
        if let Authentication::Again(token) = self.connection.authentication {
            self.event(Event::Lost { token });
        }
        if was_connected {
            self.keep_session();
        }
        let again_at = self.again_at(&why);
        self.event(Event::Closed { why, again_at });
        if let Some(until) = again_at {
            self.phase = Phase::Waiting { until };
        }
    }

    /// The Session goes on without a Network Connection, for as long as was agreed.
    fn keep_session(&mut self) {
        catalogue::cite!("5.0/MQTT-3.1.2-23", "3.1.1/MQTT-3.1.2-4", "5.0/MQTT-4.1.0-1", "3.1.1/MQTT-4.1.0-1");
        match self.session_expiry {
            0 => self.discard_session(),
            u32::MAX => self.session.ends_at = None,
            seconds => self.session.ends_at = Some(self.now + Time::from_secs(seconds.into())),
        }
        self.clean_start = match self.config.version {
            Version::V311 => self.options.clean_start,
            Version::V500 => !self.session.exists,
        };
    }

    /// Ends a Session whose time has come.
    pub(crate) fn expire_session(&mut self) {
        if self.session.ends_at.is_some_and(|at| at <= self.now) {
            self.discard_session();
            self.clean_start = true;
        }
    }

    /// Ends the Session.
    pub(crate) fn discard_session(&mut self) {
        for token in self.session.discard() {
            self.event(Event::Lost { token });
        }
    }

    /// When the Client comes back after such an end.
    fn again_at(&self, why: &Closure) -> Option<Time> {
        let backoff = self.config.reconnect?;
        let comes_back = match why {
            Closure::NetworkEnded | Closure::NoAnswer | Closure::SessionNotHeld => true,
            Closure::Refused(reason) | Closure::DisconnectedByServer(reason) => self.is_transient(*reason),
            Closure::Commanded
            | Closure::Malformed(_)
            | Closure::ProtocolError { .. }
            | Closure::AuthenticationFailed
            | Closure::CannotAnswer => false,
        };
        let factor = 1u32.checked_shl(self.attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        comes_back.then(|| self.now + backoff.first.saturating_mul(factor).min(backoff.longest))
    }

    /// Whether the Reason Code leaves hope that the same CONNECT will be accepted later. After 0x8E (Session taken over) two Clients would take the
    /// Session from each other for ever.
    fn is_transient(&self, reason: ReasonCode) -> bool {
        match self.config.version {
            // Return code 3: Server unavailable.
            Version::V311 => reason.0 == 3,
            Version::V500 => matches!(
                reason,
                ReasonCode::SUCCESS
                    | ReasonCode::UNSPECIFIED_ERROR
                    | ReasonCode::SERVER_UNAVAILABLE
                    | ReasonCode::SERVER_BUSY
                    | ReasonCode::SERVER_SHUTTING_DOWN
                    | ReasonCode::KEEP_ALIVE_TIMEOUT
                    | ReasonCode::MESSAGE_RATE_TOO_HIGH
                    | ReasonCode::QUOTA_EXCEEDED
                    | ReasonCode::CONNECTION_RATE_EXCEEDED
                    | ReasonCode::MAXIMUM_CONNECT_TIME
            ),
        }
    }
}
