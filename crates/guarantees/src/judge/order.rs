//! Order: messages of one publisher, topic and QoS arrive in the order of their publishing (section 4.6).
//!
//! Compared are first arrivals with the same QoS in one Session. Not compared are Shared Subscriptions (not ordered), retained messages, Will
//! Messages, messages that the publisher itself sent in another order, and messages that were published before SUBACK had come for all Subscriptions
//! that match: a new Subscription has a queue of its own, and may see the repeat of a message of which it did not see the first PUBLISH. The same goes
//! for repeated messages that need not have been delivered the first time, at QoS 0 or because they expired.

use super::Court;
use crate::finding::{Findings, Kind, rule};
use crate::survey::NEVER;
use crate::survey::exchanges::Delivery;
use protocol::QoS;
use std::collections::BTreeMap;

impl Court<'_> {
    pub(super) fn judge_order(&self, findings: &mut Findings) {
        // Client and Session, publisher, topic, QoS of message and delivery: the delivery that was published last.
        let mut streams: BTreeMap<(u16, u32, u16, u32, u8, u8), u32> = BTreeMap::new();
        let mut first = vec![false; self.survey.deliveries.len()];
        for (id, message) in self.messages() {
            if message.will_of == NEVER && !message.irregular {
                for group in self.groups_of(id) {
                    first[group[0] as usize] = true;
                }
            }
        }
        for (place, it) in (0u32..).zip(&self.survey.deliveries) {
            if !first[place as usize] || it.retain || it.late || it.epoch == NEVER {
                continue;
            }
            let message = &self.survey.messages[it.message as usize];
            if message.publishes > 1 && (it.qos == QoS::AtMostOnce || message.expiry.is_some()) {
                // This may be the repeat, and nobody had to get what was published first.
                continue;
            }
            let stream =
                (it.client, it.epoch, message.publisher, message.topic, message.qos as u8, it.qos as u8);
            let newest = streams.entry(stream).or_insert(place);
            let other = &self.survey.deliveries[*newest as usize];
            let overtaken = self.survey.messages[other.message as usize].first > message.first;
            if !overtaken {
                *newest = place;
            } else if self.is_ordered(it) {
                let version = self.version;
                findings.add(
                    Kind::OutOfOrder,
                    &[rule!(version, "3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5")],
                    (Some(it.client), Some(it.message)),
                    &[
                        message.first,
                        self.survey.messages[other.message as usize].first,
                        other.place,
                        it.place,
                    ],
                    format!(
                        "message {} overtook message {} of the same publisher, topic and QoS",
                        other.message, it.message
                    ),
                );
            }
        }
    }

    /// Whether all Subscriptions that can matter were there before the message, and none is shared.
    fn is_ordered(&self, it: &Delivery) -> bool {
        let message = &self.survey.messages[it.message as usize];
        self.spans(it.client, message, it.place)
            .all(|(slot, span)| slot.share.is_none() && span.granted < message.first)
    }
}
