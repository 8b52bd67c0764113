//! Which Subscriptions of a Client can have made a message flow to it, and what they allow.

use super::Court;
use crate::survey::NEVER;
use crate::survey::messages::Message;
use crate::survey::subscriptions::{Gone, Slot, Span};
use protocol::{QoS, RetainHandling};

/// What all possible Subscriptions together allow for one delivery.
#[derive(Debug, Default)]
pub(super) struct Matching<'s> {
    /// Topic Filters that are not shared, and that are.
    pub(super) filters: u32,
    pub(super) shares: u32,
    /// The share, if there is one.
    pub(super) share: Option<&'s str>,
    /// Bit n: QoS n is allowed.
    pub(super) qos: u8,
    /// All, or some, of them have the option.
    pub(super) all_no_local: bool,
    pub(super) any_retain_as_published: bool,
    pub(super) all_retain_as_published: bool,
    /// One was there when the message was published, so that it can have come live.
    pub(super) live: bool,
    /// How many SUBSCRIBE packets can have asked for it as a retained message; the first of them.
    pub(super) asked: u32,
    pub(super) first_asked: u32,
    /// A SUBSCRIBE asked too late: it had been replaced.
    pub(super) stale: u32,
    /// A SUBSCRIBE would have asked for it but for Retain Handling, or because it is shared.
    pub(super) unasked: u32,
    pub(super) unasked_handling: Option<RetainHandling>,
    /// How many SUBSCRIBE packets were obeyed that should not have got it as a retained message: a breach of its own.
    pub(super) not_asked: u32,
    /// All have a Subscription Identifier.
    pub(super) all_identified: bool,
    /// Why there is none: the last one that was there before.
    pub(super) gone: Option<(Gone, u32)>,
}

impl<'h> Court<'h> {
    /// The spans of a Client that can have let a message flow until a moment.
    pub(super) fn spans<'s>(
        &'s self,
        client: u16,
        message: &'s Message,
        until: u32,
    ) -> impl Iterator<Item = (&'s Slot<'h>, &'s Span)> {
        self.survey
            .slots_of(message.topic)
            .filter(move |slot| slot.client == client)
            .flat_map(move |slot| slot.between(message.first, until).map(move |span| (slot, span)))
    }

    /// What the Subscriptions of a Client allow for a message that arrived at a moment.
    pub(super) fn matching(&self, client: u16, id: u32, until: u32) -> Matching<'h> {
        let message = &self.survey.messages[id as usize];
        let settled = message.settled(&self.survey.connections);
        let gone = if message.retain { self.retained.gone(id) } else { NEVER };
        let mut all = Matching {
            all_no_local: true,
            all_retain_as_published: true,
            all_identified: true,
            first_asked: NEVER,
            stale: NEVER,
            unasked: NEVER,
            ..Matching::default()
        };
        for slot in self.survey.slots_of(message.topic).filter(|slot| slot.client == client) {
            let mut there = false;
            for span in slot.between(message.first, until) {
                there = true;
                for qos in QoS::ALL.into_iter().filter(|&qos| span.qos.0 <= qos && qos <= span.qos.1) {
                    all.qos |= 1 << message.qos.min(qos) as u8;
                }
                all.all_no_local &= span.no_local;
                all.any_retain_as_published |= span.retain_as_published;
                all.all_retain_as_published &= span.retain_as_published;
                all.all_identified &= span.identifier.is_some();
                all.live |= span.from <= settled;
                if message.retain && span.granted >= message.first {
                    all.ask(slot, span, gone);
                }
            }
            match slot.share {
                _ if !there => {
                    let before = slot.spans.partition_point(|span| span.from <= until);
                    let ended = slot.spans[..before].iter().rev().find(|span| !span.refused);
                    if let Some(ended) = ended {
                        all.gone = Some((ended.gone, ended.until));
                    }
                }
                None => all.filters += 1,
                Some(share) => {
                    all.shares += 1;
                    all.share = Some(share);
                }
            }
        }
        all
    }
}

impl Matching<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.filters + self.shares == 0
    }

    /// A SUBSCRIBE that was obeyed when the message can have been retained.
    fn ask(&mut self, slot: &Slot<'_>, span: &Span, gone: u32) {
        let asks = slot.share.is_none()
            && match span.retain_handling {
                RetainHandling::SendAtSubscribe => true,
                RetainHandling::SendIfNew => !span.existed,
                RetainHandling::DoNotSend => false,
            };
        if !asks {
            self.not_asked += 1;
            self.unasked = span.from;
            self.unasked_handling = slot.share.is_none().then_some(span.retain_handling);
        } else if span.from > gone {
            self.not_asked += 1;
            self.stale = span.from;
        } else {
            self.asked += 1;
            self.first_asked = self.first_asked.min(span.from);
        }
    }
}
