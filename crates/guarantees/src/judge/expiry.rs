//! Message Expiry Interval (section 3.3.2.3.3 of 5.0).
//!
//! The time that a message waited in the Server is known only within bounds: at least from when an answer showed that the Server had it, to
//! the last moment that an answer on the connection of the receiver shows to lie before the sending; at most from PUBLISH to arrival. Intervals
//! are in whole seconds, so one second is allowed for rounding, and more if the clocks of the history are real ones. A repeat may be as late as it likes: its first sending was in time.

use super::Court;
use super::matching::Matching;
use crate::finding::Kind;
use crate::survey::NEVER;
use crate::survey::exchanges::Delivery;
use catalogue::RequirementId;
use protocol::Version;
use std::time::Duration;

impl Court<'_> {
    pub(super) fn judge_expiry(
        &self,
        it: &Delivery,
        left: Option<u32>,
        matching: &Matching<'_>,
        add: &mut impl FnMut(Kind, &[RequirementId], &[u32], String),
    ) {
        let message = &self.survey.messages[it.message as usize];
        let Some(interval) = message.expiry.filter(|_| self.version == Version::V500) else { return };
        let rules = [const { RequirementId::known("5.0/MQTT-3.3.2-6") }];
        let Some(left) = left else {
            let text = "the Message Expiry Interval was lost on the way".to_owned();
            return add(Kind::ExpiryNotCounted, &rules, &[], text);
        };
        if left > interval {
            let text = format!("the Message Expiry Interval has grown from {interval} to {left} seconds");
            return add(Kind::ExpiryNotCounted, &rules, &[], text);
        }
        if it.dup || message.will_of != NEVER || self.survey.clock_moved != NEVER || message.publishes > 1 {
            return;
        }
        let longest = self.survey.at(it.place).saturating_sub(self.survey.at(message.first));
        let seconds = |interval: u32| Duration::from_secs(u64::from(interval));
        if seconds(left) + longest + self.survey.slack() < seconds(interval) {
            let text = format!("{left} seconds are left of {interval}, although it waited less than that");
            return add(Kind::ExpiryNotCounted, &rules, &[], text);
        }
        let received = message.received();
        if received == NEVER {
            return;
        }
        let at_subscribe = it.retain && !(matching.any_retain_as_published && matching.live);
        let mut sent_after = it.sent_after;
        if at_subscribe && matching.first_asked != NEVER {
            sent_after = sent_after.max(matching.first_asked);
        }
        let waited = self.survey.at(sent_after).saturating_sub(self.survey.at(received));
        let events = [received, sent_after];
        if waited > seconds(interval) + self.survey.slack() {
            let requirement = if at_subscribe {
                const { RequirementId::known("5.0/RULE-3.3.1.3-expired-retained-message") }
            } else {
                const { RequirementId::known("5.0/MQTT-3.3.2-5") }
            };
            let text = format!(
                "it was sent {waited:?} or more after the Server had it, and was to expire after {interval} s"
            );
            add(Kind::AfterExpiry, &[requirement], &events, text);
        } else if seconds(left) + waited > seconds(interval) + self.survey.slack() {
            let text =
                format!("{left} seconds are left of {interval}, although it waited {waited:?} or more");
            add(Kind::ExpiryNotCounted, &rules, &events, text);
        }
    }
}
