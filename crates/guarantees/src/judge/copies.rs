//! How often a message reached one Client (sections 3.3.1.1, 4.3 and 4.4 of 5.0).
//!
//! A Server may send one copy for each matching Subscription, and one more for each SUBSCRIBE that asks for retained messages. Each PUBLISH of a
//! publisher is a chance of its own with QoS 0 and 1, and with QoS 2 in each of its Sessions. Repeats (DUP 1) of QoS 1 do not count; a
//! repeat of QoS 2 is one by its Packet Identifier, until the Client has sent PUBCOMP.

use super::Court;
use crate::finding::{Findings, Kind, rule};
use crate::survey::NEVER;
use crate::survey::exchanges::Delivery;
use catalogue::RequirementId;
use protocol::{QoS, Version};

impl Court<'_> {
    pub(super) fn judge_copies(&self, findings: &mut Findings) {
        for (id, _) in self.messages() {
            for group in self.groups_of(id).filter(|group| group.len() > 1) {
                let copies: Vec<&Delivery> = group
                    .iter()
                    .map(|&place| &self.survey.deliveries[place as usize])
                    .filter(|it| !it.late)
                    .collect();
                if copies.len() < 2 {
                    continue;
                }
                self.judge_repeats(id, &copies, findings);
                self.judge_count(id, &copies, findings);
            }
        }
    }

    /// The form of repeats: DUP, and no repeat on the connection that has seen the PUBLISH.
    fn judge_repeats(&self, id: u32, copies: &[&Delivery], findings: &mut Findings) {
        let version = self.version;
        for pair in copies.windows(2) {
            let (before, it) = (pair[0], pair[1]);
            if it.repeats == NEVER || self.survey.went_down_between(before.place, it.place) {
                continue;
            }
            let about = (Some(it.client), Some(id));
            let first = &self.survey.deliveries[it.repeats as usize];
            if !it.dup && it.epoch == first.epoch && it.epoch != NEVER {
                findings.add(
                    Kind::DupFlag,
                    &[rule!(version, "3.1.1/MQTT-3.3.1-1", "5.0/MQTT-3.3.1-1")],
                    about,
                    &[first.place, it.place],
                    "a PUBLISH was repeated under its old Packet Identifier with DUP 0".to_owned(),
                );
            }
            let same_exchange =
                before.packet_identifier == it.packet_identifier && before.connection == it.connection;
            if version == Version::V500 && it.dup && same_exchange {
                findings.add(
                    Kind::RepeatedOnConnection,
                    &[const { RequirementId::known("5.0/MQTT-4.4.0-1") }],
                    about,
                    &[before.place, it.place],
                    "a PUBLISH was repeated on the Network Connection that had carried it".to_owned(),
                );
            }
        }
    }

    fn judge_count(&self, id: u32, copies: &[&Delivery], findings: &mut Findings) {
        let message = &self.survey.messages[id as usize];
        let is_new = |it: &&Delivery| match it.qos {
            QoS::AtMostOnce => true,
            QoS::AtLeastOnce => !it.dup && it.repeats == NEVER,
            QoS::ExactlyOnce => it.repeats == NEVER,
        };
        let new: Vec<&Delivery> = copies.iter().copied().filter(is_new).collect();
        let last = copies[copies.len() - 1];
        let matching = self.matching(last.client, id, last.place);
        let allowed = u64::from(matching.filters + matching.shares) * u64::from(message.chances)
            + u64::from(matching.asked + matching.not_asked);
        let exactly_once = new.iter().all(|it| it.qos == QoS::ExactlyOnce);
        // A share may have come back to a member whose connection had broken.
        let returned = matching.shares > 0
            && new.iter().any(|it| it.qos == QoS::AtLeastOnce && it.connection != new[0].connection);
        // A Server that went down need not remember that it had published a Will, or sent what asks for no answer.
        let may_forget = !exactly_once || message.will_of != NEVER;
        let excused = (!exactly_once && returned)
            || (may_forget && self.survey.went_down_between(message.first, last.place));
        if matching.is_empty() || excused {
            return;
        }
        if new.len() as u64 > allowed {
            self.add_duplicate(id, &new, findings);
        } else if allowed == 1 && matching.shares == 0 && message.publishes == 1 && !exactly_once {
            self.judge_acknowledged(id, copies, findings);
        }
    }

    fn add_duplicate(&self, id: u32, new: &[&Delivery], findings: &mut Findings) {
        let version = self.version;
        let message = &self.survey.messages[id as usize];
        let last = new[new.len() - 1];
        let kind = if message.will_of == NEVER { Kind::Duplicated } else { Kind::WillTwice };
        let requirements: &[RequirementId] = match last.qos {
            _ if kind == Kind::WillTwice => &[rule!(version, "3.1.1/MQTT-3.1.2-10", "5.0/MQTT-3.1.2-10")],
            QoS::AtMostOnce => &[rule!(version, "3.1.1/MQTT-4.3.1-1", "5.0/MQTT-4.3.1-1")],
            QoS::AtLeastOnce => &[
                rule!(version, "3.1.1/MQTT-3.3.1-1", "5.0/MQTT-3.3.1-1"),
                rule!(version, "3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-2"),
            ],
            QoS::ExactlyOnce if message.publishes > 1 => {
                &[rule!(version, "3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-10")]
            }
            QoS::ExactlyOnce => &[rule!(version, "3.1.1/MQTT-4.3.3-1", "5.0/MQTT-4.3.3-6")],
        };
        let mut events: Vec<u32> = new.iter().map(|it| it.place).collect();
        events.extend([message.first, message.last.1]);
        let text = format!("a QoS {} message arrived {} times as a new one", message.qos as u8, new.len());
        findings.add(kind, requirements, (Some(last.client), Some(id)), &events, text);
    }

    /// A repeat of QoS 1 although the Server surely had PUBACK.
    fn judge_acknowledged(&self, id: u32, copies: &[&Delivery], findings: &mut Findings) {
        let version = self.version;
        for pair in copies.windows(2) {
            let (before, it) = (pair[0], pair[1]);
            let (acknowledged, on) = before.done;
            if acknowledged == NEVER || !it.dup || it.repeats != NEVER || it.epoch != before.epoch {
                continue;
            }
            let proof = if on == it.connection {
                it.sent_after
            } else {
                let it = &self.survey.connections[on as usize];
                if it.complete {
                    it.ended
                } else if it.answered == NEVER {
                    0
                } else {
                    it.answered
                }
            };
            if proof > acknowledged && proof != NEVER && it.place > proof && it.epoch != NEVER {
                findings.add(
                    Kind::Duplicated,
                    &[rule!(version, "3.1.1/MQTT-4.3.2-1", "5.0/MQTT-4.4.0-1")],
                    (Some(it.client), Some(id)),
                    &[before.place, acknowledged, proof, it.place],
                    "a QoS 1 message was repeated although PUBACK had arrived".to_owned(),
                );
            }
        }
    }
}
