//! CONNACK (section 3.2): the Server accepts or refuses.

use crate::connection::Authentication;
use crate::connection::Phase;
use crate::flow_control::Quota;
use crate::limits::ServerLimits;
use crate::{Client, Closure, Event, aliases};
use protocol::{Acknowledgement, Connack, Packet, Properties, ReasonCode, Version};

impl Client {
    pub(crate) fn connack(&mut self, connack: Connack) {
        if connack.reason != ReasonCode::SUCCESS {
            let reason = connack.reason;
            self.event(Event::Refused(connack));
            catalogue::cite!("5.0/MQTT-4.13.2-1");
            self.close(Closure::Refused(reason));
            return;
        }
        if !self.authenticated_by(&connack.properties) {
            return;
        }
        let resumed = connack.session_present;
        if resumed && !self.session.exists && self.config.version == Version::V500 {
            catalogue::cite!("5.0/MQTT-3.2.2-4");
            self.clean_start = true;
            self.close(Closure::SessionNotHeld);
            return;
        }
        self.phase = Phase::Connected;
        self.connection.keep_alive.accepted(self.now);
        self.attempts = 0;
        self.adopt(&connack.properties);
        self.event(Event::Connected(connack));
        if !resumed {
            self.begin();
        }
        self.session.exists = true;
        self.session.ends_at = None;
        self.repeat_session();
        self.send_waiting();
    }

    /// Takes over what the Server announces.
    fn adopt(&mut self, properties: &Properties) {
        let limits = ServerLimits::announced(properties);
        self.connection.send_quota = Quota::new(limits.receive_maximum);
        self.connection.outgoing_aliases =
            aliases::Outgoing::new(limits.topic_alias_maximum.min(self.config.topic_aliases));
        self.connection.limits = limits;
        if let Some(seconds) = properties.server_keep_alive() {
            self.connection.keep_alive.server_keep_alive(seconds);
        }
        // Without an identifier of its own, the Client is known by this one from now on (5.0 section 3.2.2.3.7).
        if let Some(client_id) = properties.assigned_client_identifier() {
            self.config.client_id = client_id;
        }
        self.session_expiry = match self.config.version {
            Version::V311 => {
                if self.options.clean_start {
                    0
                } else {
                    u32::MAX
                }
            }
            Version::V500 => properties
                .session_expiry_interval()
                .or(self.options.properties.session_expiry_interval())
                .unwrap_or(0),
        };
    }

    /// Repeats what the Session State holds; in a new Session that is nothing.
    fn repeat_session(&mut self) {
        catalogue::cite!("5.0/MQTT-4.4.0-1", "3.1.1/MQTT-4.4.0-1");
        catalogue::cite!("5.0/MQTT-4.6.0-4", "3.1.1/MQTT-4.6.0-4", "5.0/MQTT-4.3.3-6");
        let released: Vec<_> = self.session.releases.iter().map(|released| released.packet_id).collect();
        for packet_id in released {
            self.send(Packet::Pubrel(Acknowledgement::new(packet_id)));
        }
        catalogue::cite!("5.0/MQTT-4.6.0-1", "3.1.1/MQTT-4.6.0-1");
        self.connection.to_repeat = self.session.publishes.iter().map(|sent| sent.packet_id).collect();
    }

    /// The Server has no Session.
    fn begin(&mut self) {
        match self.config.version {
            Version::V500 => {
                catalogue::cite!("5.0/MQTT-3.2.2-5");
                self.discard_session();
            }
            // Section 4.4 demands the repeats of a Client that has sent CleanSession 0, whatever the Server remembers. Only what the Server itself had sent
            // is gone with it: its next PUBLISH is a new message.
            Version::V311 => self.session.received.clear(),
        }
    }

    /// Whether the Authentication Method is the one of CONNECT, and the Server has proved what it demands. Otherwise the Network Connection is
    /// closed.
    fn authenticated_by(&mut self, properties: &Properties) -> bool {
        catalogue::cite!("5.0/MQTT-4.12.0-5");
        let method = self.config.authenticator.as_ref().map(|authenticator| authenticator.method());
        if properties.authentication_method() != method {
            self.protocol_error(
                ReasonCode::PROTOCOL_ERROR,
                "CONNACK has another Authentication Method than CONNECT",
            );
            return false;
        }
        let Some(authenticator) = &mut self.config.authenticator else { return true };
        if authenticator.finish(properties.authentication_data()).is_err() {
            self.fail(ReasonCode::UNSPECIFIED_ERROR, Closure::AuthenticationFailed);
            return false;
        }
        self.connection.authentication = Authentication::Done;
        true
    }
}
