//! Each delivery for itself: is there a Subscription, and do topic, QoS, RETAIN and Subscription Identifiers fit?

use super::Court;
use super::matching::Matching;
use crate::finding::{Findings, Kind, rule};
use crate::history::What;
use crate::survey::NEVER;
use crate::survey::exchanges::Delivery;
use crate::survey::subscriptions::Gone;
use catalogue::RequirementId;
use protocol::{RetainHandling, Version};

const UNASKED: &str = "a retained message was sent to a Subscription that does not ask for it";

impl Court<'_> {
    pub(super) fn judge_deliveries(&self, findings: &mut Findings) {
        for it in &self.survey.deliveries {
            self.judge_delivery(it, findings);
        }
    }

    fn judge_delivery(&self, it: &Delivery, findings: &mut Findings) {
        let message = &self.survey.messages[it.message as usize];
        let What::Delivered { topic, ref subscription_identifiers, expiry, .. } =
            self.survey.history.events[it.place as usize].what
        else {
            return;
        };
        let version = self.version;
        let mut add = |kind, requirements: &[RequirementId], others: &[u32], text: String| {
            let mut events = vec![message.first, it.place];
            events.extend(others);
            findings.add(kind, requirements, (Some(it.client), Some(it.message)), &events, text);
        };
        if topic.0 != message.topic {
            let rules = [rule!(version, "3.1.1/MQTT-3.3.2-3", "5.0/MQTT-3.3.2-3")];
            return add(Kind::OtherTopic, &rules, &[], "the Topic Name has changed on the way".to_owned());
        }
        let matching = self.matching(it.client, it.message, it.place);
        if matching.is_empty() {
            return match matching.gone {
                Some((Gone::Unsubscribed, at)) => add(
                    Kind::AfterUnsubscribe,
                    &[rule!(version, "3.1.1/MQTT-3.10.4-2", "5.0/MQTT-3.10.4-2")],
                    &[at],
                    "the message was published after UNSUBACK had come, and delivered all the same"
                        .to_owned(),
                ),
                Some((Gone::SessionOver, at)) => add(
                    Kind::WithoutSubscription,
                    &[rule!(version, "3.1.1/MQTT-3.1.2-6", "5.0/MQTT-3.1.2-4")],
                    &[at],
                    "the Subscription belonged to a Session that was over when the message was published"
                        .to_owned(),
                ),
                Some((Gone::No | Gone::Replaced, _)) | None => add(
                    Kind::WithoutSubscription,
                    &[rule!(version, "3.1.1/MQTT-3.3.2-3", "5.0/MQTT-3.3.2-3")],
                    &[],
                    "the Client has no Subscription that matches the topic".to_owned(),
                ),
            };
        }
        if matching.qos & 1 << it.qos as u8 == 0 {
            add(
                Kind::WrongQoS,
                &[rule!(version, "3.1.1/MQTT-3.8.4-6", "5.0/MQTT-3.8.4-8")],
                &[],
                format!(
                    "it came with QoS {}, which is not the lower of QoS {} and the granted one",
                    it.qos as u8, message.qos as u8
                ),
            );
        }
        if version == Version::V500 {
            if message.publisher == it.client
                && message.will_of == NEVER
                && !it.retain
                && matching.all_no_local
            {
                let text = "it came back to its publisher against No Local".to_owned();
                add(Kind::NoLocal, &[const { RequirementId::known("5.0/MQTT-3.8.3-3") }], &[], text);
            }
            self.judge_identifiers(it, subscription_identifiers, &matching, &mut add);
        }
        self.judge_retain(it, &matching, &mut add);
        self.judge_expiry(it, expiry, &matching, &mut add);
    }

    /// RETAIN (section 3.3.1.3). Where a message can have come live as well as retained, either is right.
    fn judge_retain(
        &self,
        it: &Delivery,
        matching: &Matching<'_>,
        add: &mut impl FnMut(Kind, &[RequirementId], &[u32], String),
    ) {
        let version = self.version;
        let message = &self.survey.messages[it.message as usize];
        let as_published = matching.any_retain_as_published && matching.live;
        match (it.retain, message.retain) {
            (true, false) => add(
                Kind::RetainFlag,
                &[rule!(version, "3.1.1/MQTT-3.3.1-12", "5.0/MQTT-3.3.1-8")],
                &[],
                "RETAIN is 1 although the message was published with RETAIN 0".to_owned(),
            ),
            (true, true) if as_published || matching.asked > 0 => {}
            (true, true) if matching.stale != NEVER => {
                let by = self.retained.replaced_by(it.message);
                let other = &self.survey.messages[by as usize];
                let requirement = if other.empty {
                    rule!(version, "3.1.1/MQTT-3.3.1-10", "5.0/MQTT-3.3.1-6")
                } else {
                    rule!(version, "3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-5")
                };
                add(
                    Kind::StaleRetained,
                    &[requirement],
                    &[other.first, self.retained.gone(it.message), matching.stale],
                    "a retained message was sent that had been replaced before the SUBSCRIBE".to_owned(),
                );
            }
            (true, true) if matching.unasked != NEVER => add(
                Kind::RetainedUnasked,
                &[self.rule_of_unasked(matching)],
                &[matching.unasked],
                UNASKED.to_owned(),
            ),
            (true, true) => add(
                Kind::RetainFlag,
                &[rule!(version, "3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-12")],
                &[],
                "RETAIN is 1 although the Subscription was there when the message was published".to_owned(),
            ),
            (false, true) if !matching.live && matching.asked > 0 => add(
                Kind::RetainFlag,
                &[rule!(version, "3.1.1/MQTT-3.3.1-8", "5.0/RULE-3.3.1.3-retain-flag-at-subscription")],
                &[matching.first_asked],
                "RETAIN is 0 although only a later SUBSCRIBE can have made the retained message flow"
                    .to_owned(),
            ),
            // A member of a share may get what another member left behind; that has RETAIN 0, too.
            (false, true)
                if !matching.live && matching.unasked != NEVER && matching.unasked_handling.is_some() =>
            {
                add(
                    Kind::RetainedUnasked,
                    &[self.rule_of_unasked(matching)],
                    &[matching.unasked],
                    UNASKED.to_owned(),
                );
            }
            (false, true) if version == Version::V500 && matching.all_retain_as_published => add(
                Kind::RetainFlag,
                &[const { RequirementId::known("5.0/MQTT-3.3.1-13") }],
                &[],
                "RETAIN is 0 although it was published with 1 and Retain As Published is set".to_owned(),
            ),
            (false, _) => {}
        }
    }

    /// What forbids to send a retained message to the last SUBSCRIBE that may have got it all the same.
    fn rule_of_unasked(&self, matching: &Matching<'_>) -> RequirementId {
        let version = self.version;
        match matching.unasked_handling {
            None => {
                rule!(version, "3.1.1/MQTT-3.3.1-9", "5.0/RULE-3.8.4-no-retained-messages-for-shares")
            }
            Some(RetainHandling::SendIfNew) => rule!(version, "3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-10"),
            Some(RetainHandling::SendAtSubscribe | RetainHandling::DoNotSend) => {
                rule!(version, "3.1.1/MQTT-3.3.1-9", "5.0/MQTT-3.3.1-11")
            }
        }
    }

    /// Subscription Identifiers (sections 3.3.2.3.8 and 3.3.4 of 5.0).
    fn judge_identifiers(
        &self,
        it: &Delivery,
        identifiers: &[u32],
        matching: &Matching<'_>,
        add: &mut impl FnMut(Kind, &[RequirementId], &[u32], String),
    ) {
        let message = &self.survey.messages[it.message as usize];
        if identifiers.is_empty() {
            if matching.all_identified && self.survey.history.server.subscription_identifiers_available {
                let text = "it has no Subscription Identifier although its Subscriptions have".to_owned();
                let rules = [const { RequirementId::known("5.0/MQTT-3.3.4-3") }];
                add(Kind::SubscriptionIdentifier, &rules, &[], text);
            }
            return;
        }
        for &identifier in identifiers {
            let known =
                self.spans(it.client, message, it.place).any(|(_, span)| span.identifier == Some(identifier));
            if !known {
                let text = format!("Subscription Identifier {identifier} is of no Subscription that matches");
                let rules = [const { RequirementId::known("5.0/RULE-3.3.4-foreign-identifier") }];
                add(Kind::SubscriptionIdentifier, &rules, &[], text);
            }
        }
    }
}
