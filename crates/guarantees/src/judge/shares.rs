//! Shared Subscriptions: one member gets a message (section 4.8.2 of 5.0).
//!
//! A QoS 1 message may go to a second member if the connection to the first broke before its PUBACK; a QoS 2 message never. Judged
//! are Clients that can have got the message through one share only.

use super::Court;
use crate::finding::{Findings, Kind};
use crate::survey::NEVER;
use crate::survey::exchanges::Delivery;
use catalogue::RequirementId;
use protocol::{QoS, Version};

impl Court<'_> {
    pub(super) fn judge_shares(&self, findings: &mut Findings) {
        if self.version != Version::V500 || self.survey.slots.iter().all(|slot| slot.share.is_none()) {
            return;
        }
        let mut holders: Vec<(&str, &Delivery)> = Vec::new();
        for (id, message) in self.messages() {
            if message.chances != 1 {
                continue;
            }
            holders.clear();
            for group in self.groups_of(id) {
                let it = &self.survey.deliveries[group[0] as usize];
                let matching = self.matching(it.client, id, it.place);
                if let (0, 1, Some(share)) = (matching.filters, matching.shares, matching.share) {
                    holders.push((share, it));
                }
            }
            holders.sort_by_key(|&(share, it)| (share, it.place));
            for pair in holders.windows(2) {
                let ((share, first), (other, second)) = (pair[0], pair[1]);
                if share == other && self.is_breach(first, second) {
                    let mut requirements =
                        vec![const { RequirementId::known("5.0/RULE-4.8.2-one-member-gets-it") }];
                    if first.qos == QoS::ExactlyOnce {
                        requirements.push(const { RequirementId::known("5.0/MQTT-4.8.2-5") });
                    }
                    findings.add(
                        Kind::SharedTwice,
                        &requirements,
                        (Some(second.client), Some(id)),
                        &[message.first, first.place, second.place],
                        format!("two members of {share} got one message"),
                    );
                }
            }
        }
    }

    fn is_breach(&self, first: &Delivery, second: &Delivery) -> bool {
        if self.survey.went_down_between(first.place, second.place) {
            return false;
        }
        if first.qos == QoS::ExactlyOnce && second.qos == QoS::ExactlyOnce {
            return true;
        }
        if first.dup || second.dup || first.late || second.late {
            return false;
        }
        let alive = |it: &Delivery, at: u32| {
            let answered = self.survey.connections[it.connection as usize].answered;
            answered != NEVER && answered >= at
        };
        // The Server has had no reason to give up either of them.
        let done = first.done.0 != NEVER && first.done.1 == first.connection && alive(first, first.done.0);
        (done || alive(first, second.place)) && alive(second, first.place)
    }
}
