//! Keep Alive (section 3.1.2.10): something is sent in time, and the Server's answer to PINGREQ is awaited.

use protocol::Time;
use std::time::Duration;

/// The timer of one Network Connection.
#[derive(Debug)]
pub(crate) struct KeepAlive {
    /// Zero: switched off.
    interval: Duration,
    ping_timeout: Duration,
    last_sent: Time,
    /// When the oldest PINGREQ without an answer was sent.
    unanswered: Option<Time>,
}

impl KeepAlive {
    pub(crate) fn new(seconds: u16, ping_timeout: Duration, now: Time) -> Self {
        KeepAlive {
            interval: Duration::from_secs(seconds.into()),
            ping_timeout,
            last_sent: now,
            unanswered: None,
        }
    }

    /// The Server wants another interval.
    pub(crate) fn server_keep_alive(&mut self, seconds: u16) {
        catalogue::cite!("5.0/MQTT-3.1.2-21", "5.0/MQTT-3.2.2-21");
        self.interval = Duration::from_secs(seconds.into());
    }

    /// A packet has been sent.
    pub(crate) fn sent(&mut self, now: Time) {
        self.last_sent = now;
    }

    /// A PINGREQ has been sent.
    pub(crate) fn pinged(&mut self, now: Time) {
        self.unanswered.get_or_insert(now);
    }

    /// CONNACK has arrived. Only now can a PINGREQ that was sent before be answered.
    pub(crate) fn accepted(&mut self, now: Time) {
        self.unanswered = self.unanswered.map(|_| now);
    }

    /// PINGRESP has arrived.
    pub(crate) fn answered(&mut self) {
        self.unanswered = None;
    }

    /// When a PINGREQ is due. A quarter of the interval is kept back, so that the network and the clock of whoever drives the Client cannot make the gap longer
    /// than Keep Alive.
    pub(crate) fn ping_at(&self) -> Option<Time> {
        catalogue::cite!("5.0/MQTT-3.1.2-20", "3.1.1/MQTT-3.1.2-23");
        (!self.interval.is_zero()).then(|| self.last_sent + self.interval * 3 / 4)
    }

    /// When to give the Server up. (A SHOULD: "within a reasonable amount of time".)
    pub(crate) fn give_up_at(&self) -> Option<Time> {
        self.unanswered.map(|since| since + self.ping_timeout)
    }
}
