//! Retained messages over time: which can have been the retained message of its topic when (section 3.3.1.3 of 5.0).
//!
//! Two messages whose publishing overlaps may have been taken over in either order; only what was published after another was surely
//! taken over replaces it for certain. Retained QoS 0 messages may be forgotten at any time, and still replace what was there.

use super::Court;
use crate::finding::{Findings, Kind, rule};
use crate::survey::subscriptions::{Slot, Span};
use crate::survey::{NEVER, Survey};
use protocol::{QoS, RetainHandling};

/// Messages with RETAIN 1, by topic and moment of their publishing.
#[derive(Debug)]
pub(super) struct Retained {
    /// Topic, first PUBLISH, message.
    list: Vec<(u32, u32, u32)>,
    /// For each message: when it was surely replaced, and by which.
    gone: Vec<(u32, u32)>,
    /// For each in `list`: from when on none in front of it, of its topic, can be taken over any more.
    quiet: Vec<u32>,
}

impl Retained {
    pub(super) fn of(survey: &Survey<'_>) -> Self {
        let mut list: Vec<(u32, u32, u32)> = (0u32..)
            .zip(&survey.messages)
            .filter(|(_, message)| message.first != NEVER && message.retain)
            .map(|(id, message)| (message.topic, message.first, id))
            .collect();
        list.sort_unstable();
        let message = |id: u32| &survey.messages[id as usize];
        let mut gone = Vec::new();
        let mut quiet = Vec::with_capacity(list.len());
        if !list.is_empty() {
            gone.resize(survey.messages.len(), (NEVER, NEVER));
        }
        for topic in list.chunk_by(|left, right| left.0 == right.0) {
            let mut until = 0;
            for &(_, _, id) in topic {
                quiet.push(until);
                until = until.max(message(id).settled(&survey.connections));
            }
            // From the last to the first: the earliest moment at which one of those behind is surely there.
            let mut earliest = vec![(NEVER, NEVER); topic.len() + 1];
            for (place, &(_, _, id)) in topic.iter().enumerate().rev() {
                earliest[place] = earliest[place + 1].min((message(id).certain(), id));
            }
            for &(_, _, id) in topic {
                let settled = message(id).settled(&survey.connections);
                let behind = topic.partition_point(|&(_, first, _)| first <= settled);
                gone[id as usize] = earliest[behind];
            }
        }
        Retained { list, gone, quiet }
    }

    /// From when on a message surely is not the retained message of its topic any more.
    pub(super) fn gone(&self, message: u32) -> u32 {
        self.gone.get(message as usize).map_or(NEVER, |gone| gone.0)
    }

    /// The message that has replaced it.
    pub(super) fn replaced_by(&self, message: u32) -> u32 {
        self.gone.get(message as usize).map_or(NEVER, |gone| gone.1)
    }
}

impl Court<'_> {
    /// Whether each new Subscription got the retained message of each topic.
    pub(super) fn judge_retained_missing(&self, findings: &mut Findings) {
        if self.survey.quiet_end.is_none() || !self.survey.history.server.retain_available {
            return;
        }
        let mut begin = 0;
        for topic in self.retained.list.chunk_by(|left, right| left.0 == right.0) {
            let quiet = &self.retained.quiet[begin..begin + topic.len()];
            begin += topic.len();
            for slot in self.survey.slots_of(topic[0].0).filter(|slot| slot.share.is_none()) {
                for (place, span) in slot.spans.iter().enumerate() {
                    if self.is_owed_retained(slot, place, span) {
                        self.judge_one(topic, quiet, slot, span, findings);
                    }
                }
            }
        }
    }

    /// Whether this SUBSCRIBE asks for retained messages, and is still good at the end.
    fn is_owed_retained(&self, slot: &Slot<'_>, place: usize, span: &Span) -> bool {
        let asks = match span.retain_handling {
            RetainHandling::SendAtSubscribe => true,
            RetainHandling::SendIfNew => {
                slot.spans[..place].last().is_none_or(|before| !before.refused && before.until < span.from)
            }
            RetainHandling::DoNotSend => false,
        };
        asks && !span.refused
            && span.granted != NEVER
            && span.qos.0 > QoS::AtMostOnce
            && slot.certain <= span.granted
            && self.stayed(slot.client, span.from)
    }

    fn judge_one(
        &self,
        topic: &[(u32, u32, u32)],
        quiet: &[u32],
        slot: &Slot<'_>,
        span: &Span,
        findings: &mut Findings,
    ) {
        let Some(last) = topic.partition_point(|&(_, first, _)| first <= span.granted).checked_sub(1) else {
            return;
        };
        let (_, first, id) = topic[last];
        let message = &self.survey.messages[id as usize];
        let owed = message.certain() < span.from
            && quiet[last] < first
            && message.qos > QoS::AtMostOnce
            && !message.empty
            && message.expiry.is_none()
            && !(span.no_local && message.publisher == slot.client)
            && !self.survey.forgot_between(first, span.granted);
        if owed && self.deliveries_to(id, slot.client).next_back().is_none_or(|last| last.place < span.from) {
            let version = self.version;
            findings.add(
                Kind::RetainedMissing,
                &[rule!(version, "3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9")],
                (Some(slot.client), Some(id)),
                &[first, message.certain(), span.from, span.granted],
                format!("a Subscription to {} did not get the retained message of its topic", slot.filter),
            );
        }
    }
}
