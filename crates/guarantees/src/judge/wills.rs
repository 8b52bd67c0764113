//! Will Messages (sections 3.1.2.5, 3.1.3.2.2 and 3.14.4 of 5.0).
//!
//! When the connection was over for the Server decides nearly everything, so most verdicts rest on [`crate::What::Ended`]; without it only a
//! Will that is published while the connection is proved to be open is a breach. After a restart of the Server a Will may be missing.

use super::Court;
use crate::finding::{Findings, Kind, rule};
use crate::history::Will;
use crate::survey::NEVER;
use crate::survey::connections::Connection;
use crate::survey::exchanges::Delivery;
use catalogue::RequirementId;
use protocol::{QoS, ReasonCode};
use std::time::Duration;

/// What is known of the end of a connection with a Will, and of what came after.
struct After<'s> {
    connection: &'s Connection,
    will: Will,
    /// The next CONNECT of the Client, if there is one.
    next: Option<&'s Connection>,
    /// The next that may have resumed the Session.
    resuming: Option<&'s Connection>,
    /// Between its end and the publishing: at least, and at most.
    wait: (Duration, Duration),
}

impl Court<'_> {
    pub(super) fn judge_wills(&self, findings: &mut Findings) {
        if self.survey.connections.iter().all(|it| it.will.is_none()) {
            return;
        }
        let mut connections: Vec<&Connection> =
            self.survey.connections.iter().filter(|it| it.connect != NEVER).collect();
        connections.sort_by_key(|it| it.connect);
        let mut later: Vec<[Option<&Connection>; 2]> = vec![[None; 2]; self.survey.clients.len()];
        for connection in connections.into_iter().rev() {
            let [next, resuming] = &mut later[usize::from(connection.client)];
            if let Some(will) = connection.will {
                let (low, high) = connection.expiry_range(self.survey.granted, false);
                let wait = |expiry: u32| Duration::from_secs(u64::from(will.delay.min(expiry)));
                let after = After {
                    connection,
                    will,
                    next: *next,
                    resuming: *resuming,
                    wait: (wait(low), wait(high)),
                };
                self.judge_will(&after, findings);
            }
            *next = Some(connection);
            if connection.connected != NEVER && !connection.session_present {
                // A new Session: nothing behind resumes an older one.
                *resuming = None;
            } else if !connection.clean_start && !connection.refused {
                *resuming = Some(connection);
            }
        }
    }

    fn judge_will(&self, after: &After<'_>, findings: &mut Findings) {
        let (it, version) = (after.connection, self.version);
        let down = self.survey.went_down_between(it.connect, NEVER - 1);
        if let Some(delivery) = self.deliveries_of(after.will.message.0).min_by_key(|delivery| delivery.place)
        {
            let mut add = |kind, requirement: RequirementId, text: &str| {
                let next = after.next.map_or((NEVER, NEVER), |next| (next.connect, next.connected));
                findings.add(
                    kind,
                    &[requirement],
                    (Some(delivery.client), Some(after.will.message.0)),
                    &[it.connect, it.disconnect, it.ended, next.0, next.1, delivery.place],
                    text.to_owned(),
                );
            };
            if it.refused {
                let requirement = rule!(version, "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-7");
                add(Kind::Unexpected, requirement, "the Will of a refused CONNECT was published");
            } else if it.left_normally() {
                let requirement = rule!(version, "3.1.1/MQTT-3.14.4-3", "5.0/MQTT-3.14.4-3");
                add(Kind::WillAfterDisconnect, requirement, "a Will was published after DISCONNECT 0x00");
            } else if self.is_early(after, delivery) {
                let requirement = rule!(version, "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8");
                add(Kind::WillEarly, requirement, "a Will was published before its time");
            } else if !down && self.is_resumed_in_time(after) {
                let requirement = rule!(version, "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.3-9");
                let text = "a Will was published although the Session was resumed within its delay";
                add(Kind::WillAfterResumption, requirement, text);
            }
        } else if !down && self.is_due(after) {
            self.judge_missing(after, findings);
        }
    }

    /// The earliest moment at which the end of the connection can have been.
    fn ended_after(&self, it: &Connection) -> Duration {
        self.survey.at(it.earliest_end())
    }

    fn is_early(&self, after: &After<'_>, delivery: &Delivery) -> bool {
        let it = after.connection;
        let (place, at) = (delivery.place, self.survey.at(delivery.place));
        let proved_open = it.answered != NEVER && it.answered > place;
        let end = it.earliest_end();
        if proved_open || (it.ended != NEVER && end > place && self.survey.at(end) > at) {
            return true;
        }
        let undisturbed = after.next.is_none_or(|next| next.connect > place)
            && self.survey.clock_moved == NEVER
            && !self.survey.went_down_between(it.connect, place);
        undisturbed && at + self.survey.slack() < self.ended_after(it) + after.wait.0
    }

    fn is_resumed_in_time(&self, after: &After<'_>) -> bool {
        let Some(next) = after.next else { return false };
        next.connected != NEVER
            && next.session_present
            && !next.clean_start
            && self.survey.clock_moved == NEVER
            && self.survey.at(next.connected) + self.survey.slack()
                < self.ended_after(after.connection) + after.wait.0
    }

    /// Whether the Will surely has to have been published before the end of the history.
    fn is_due(&self, after: &After<'_>) -> bool {
        let it = after.connection;
        let Some(end) = self.survey.quiet_end.filter(|_| self.survey.clock_moved == NEVER) else {
            return false;
        };
        let may_have_left = it.disconnect != NEVER && it.disconnect_reason == ReasonCode(0);
        if may_have_left || it.connected == NEVER || it.ended == NEVER || after.will.expiry.is_some() {
            return false;
        }
        let due = self.survey.at(it.ended) + after.wait.1 + self.survey.slack();
        let resumed = after.will.delay > 0
            && after.resuming.is_some_and(|resuming| self.survey.at(resuming.connect) <= due);
        !resumed && due < self.survey.at(end)
    }

    fn judge_missing(&self, after: &After<'_>, findings: &mut Findings) {
        let (it, will, version) = (after.connection, after.will, self.version);
        let end = it.earliest_end();
        for slot in self.survey.slots_of(will.topic.0).filter(|slot| slot.share.is_none()) {
            let wanted = will.qos > QoS::AtMostOnce
                && slot.client != it.client
                && slot.certain != NEVER
                && slot.certain < end
                && self.survey.at(slot.certain) < self.survey.at(end)
                && slot.between(end, NEVER - 1).all(|span| span.qos.0 > QoS::AtMostOnce)
                && self.stayed(slot.client, end);
            if wanted {
                return findings.add(
                    Kind::WillMissing,
                    &[rule!(version, "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8")],
                    (Some(slot.client), Some(will.message.0)),
                    &[it.connect, it.ended, slot.certain],
                    "a connection with a Will ended without DISCONNECT 0x00, and the Will was not published"
                        .to_owned(),
                );
            }
        }
    }
}
