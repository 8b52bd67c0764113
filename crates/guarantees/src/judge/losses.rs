//! Messages that the Server has taken over and that did not reach a Client with a Subscription (sections 4.3, 4.5 and 4.8.2 of 5.0).
//!
//! Owed is what was surely taken over while a Subscription was surely there, if Subscription and Session lasted to a quiescent end and the
//! Client was connected then. A message that may have expired is never owed; QoS 0 is counted only.

use super::Court;
use crate::finding::{Findings, Kind, Summary, rule};
use crate::survey::NEVER;
use crate::survey::messages::Message;
use crate::survey::subscriptions::Slot;
use catalogue::RequirementId;
use protocol::QoS;
use std::time::Duration;

impl Court<'_> {
    pub(super) fn judge_losses(&self, findings: &mut Findings, summary: &mut Summary) {
        for group in self.messages().flat_map(|(id, _)| self.groups_of(id)) {
            summary.copies += group.len() as u64 - 1;
        }
        let Some(end) = self.survey.quiet_end else { return };
        for (id, message) in self.messages() {
            if message.empty || message.will_of != NEVER || self.may_expire(message, end) {
                continue;
            }
            for slot in self.survey.slots_of(message.topic) {
                match slot.share {
                    None => self.judge_slot(id, message, slot, findings, summary),
                    Some(share) => self.judge_share(id, message, slot, share, findings, summary),
                }
            }
        }
    }

    fn may_expire(&self, message: &Message, end: u32) -> bool {
        message.expiry.is_some_and(|interval| {
            let latest = self.survey.at(message.first) + Duration::from_secs(u64::from(interval));
            self.survey.clock_moved != NEVER
                || latest <= self.survey.at(end).saturating_add(self.survey.history.tolerance)
        })
    }

    /// Whether a Subscription surely was there from before the message until the end.
    fn lasted(&self, slot: &Slot<'_>, message: &Message) -> bool {
        slot.certain != NEVER
            && slot.certain < message.taken_after()
            && self.stayed(slot.client, message.taken_after())
    }

    /// The lowest QoS with which a Subscription can have wanted the message; `None` if it can have been meant not to get it.
    fn wanted(&self, slot: &Slot<'_>, message: &Message) -> Option<QoS> {
        let mut lowest = message.qos;
        for span in slot.between(message.taken_after(), message.certain()) {
            if span.no_local && slot.client == message.publisher {
                return None;
            }
            lowest = lowest.min(span.qos.0);
        }
        Some(lowest)
    }

    fn judge_slot(
        &self,
        id: u32,
        message: &Message,
        slot: &Slot<'_>,
        findings: &mut Findings,
        summary: &mut Summary,
    ) {
        if !self.lasted(slot, message) {
            return;
        }
        let Some(wanted) = self.wanted(slot, message) else { return };
        let version = self.version;
        let best = self.deliveries_to(id, slot.client).map(|it| it.qos).max();
        if wanted == QoS::AtMostOnce {
            summary.lost_at_most_once += u64::from(best.is_none());
            return;
        }
        if message.certain() == NEVER {
            return;
        }
        summary.owed += 1;
        let about = (Some(slot.client), Some(id));
        let events = [message.first, message.certain(), slot.certain];
        match best {
            Some(best) if best >= wanted => {}
            Some(best) => {
                let last = self.deliveries_to(id, slot.client).map(|it| it.place);
                let events = [message.first, message.certain(), slot.certain, last.max().unwrap_or(NEVER)];
                findings.add(
                    Kind::WrongQoS,
                    &[rule!(version, "3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-2")],
                    about,
                    &events,
                    format!(
                        "it came with QoS {} at best, although {} wants QoS {}",
                        best as u8, slot.filter, wanted as u8
                    ),
                );
            }
            None if findings.found.last().is_some_and(|last| {
                last.kind == Kind::Lost
                    && (last.message.map(|it| it.0), last.client.map(|it| it.0)) == (about.1, about.0)
            }) => {}
            None => findings.add(
                Kind::Lost,
                &[
                    rule!(version, "3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1"),
                    match wanted {
                        QoS::ExactlyOnce => rule!(version, "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-3"),
                        _ => rule!(version, "3.1.1/MQTT-4.3.2-1", "5.0/MQTT-4.3.2-3"),
                    },
                ],
                about,
                &events,
                format!(
                    "a QoS {} message that the Server had taken over never arrived, although {} matches",
                    message.qos as u8, slot.filter
                ),
            ),
        }
    }

    /// One verdict for each share, at its first member.
    fn judge_share(
        &self,
        id: u32,
        message: &Message,
        slot: &Slot<'_>,
        share: &str,
        findings: &mut Findings,
        summary: &mut Summary,
    ) {
        if message.certain() == NEVER {
            return;
        }
        let members = || self.survey.slots_of(message.topic).filter(|it| it.share == Some(share));
        if members().next().is_none_or(|first| first.client != slot.client) {
            return;
        }
        let can_have_got_it = |it: &Slot<'_>| it.between(message.taken_after(), NEVER - 1).next().is_some();
        let all_lasted = members()
            .filter(|it| can_have_got_it(it))
            .all(|it| self.lasted(it, message) && self.wanted(it, message) > Some(QoS::AtMostOnce));
        if !all_lasted || !members().any(can_have_got_it) {
            return;
        }
        summary.owed += 1;
        if self.deliveries_of(id).any(|it| members().any(|member| member.client == it.client)) {
            return;
        }
        findings.add(
            Kind::Lost,
            &[const { RequirementId::known("5.0/RULE-4.8.2-one-member-gets-it") }],
            (None, Some(id)),
            &[message.first, message.certain()],
            format!("a QoS {} message reached no member of {share}", message.qos as u8),
        );
    }
}
