//! Subscriptions over time: when each may have been there, and since when it surely is.

use super::NEVER;
use protocol::topic::{FilterKind, validate_filter};
use protocol::{QoS, ReasonCode, RetainHandling, Version};

use crate::history::Filter;

/// Why a Subscription is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// It may still be there.
    No,
    /// A later SUBSCRIBE has replaced it.
    Replaced,
    /// UNSUBACK has come.
    Unsubscribed,
    /// The Session is over.
    SessionOver,
}

/// What one SUBSCRIBE asked for one Topic Filter. Moments are places in the history; [`NEVER`] is none.
#[derive(Debug)]
pub(crate) struct Span {
    /// When SUBSCRIBE was sent: it cannot have been there before.
    pub(crate) from: u32,
    /// When SUBACK came.
    pub(crate) granted: u32,
    /// It cannot be there any more after this.
    pub(crate) until: u32,
    pub(crate) gone: Gone,
    /// The lowest and the highest Maximum QoS that it may have.
    pub(crate) qos: (QoS, QoS),
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    pub(crate) retain_handling: RetainHandling,
    /// The Subscription surely existed at the time.
    pub(crate) existed: bool,
    pub(crate) identifier: Option<u32>,
    /// SUBACK has refused it.
    pub(crate) refused: bool,
    /// Which filter of its SUBSCRIBE it is.
    pub(crate) place: usize,
}

/// One Client and one Topic Filter.
#[derive(Debug)]
pub(crate) struct Slot<'h> {
    pub(crate) client: u16,
    /// What Topic Names are compared with.
    pub(crate) filter: &'h str,
    /// The whole Topic Filter, if it is that of a Shared Subscription.
    pub(crate) share: Option<&'h str>,
    /// One for each SUBSCRIBE, in order.
    pub(crate) spans: Vec<Span>,
    /// Since when a Subscription is surely there; [`NEVER`] if none is.
    pub(crate) certain: u32,
    /// When UNSUBSCRIBE was last sent; [`NEVER`] if it was not.
    unsubscribe: u32,
}

impl<'h> Slot<'h> {
    pub(crate) fn new(client: u16, whole: &'h str, version: Version) -> Self {
        let (filter, share) = match validate_filter(whole, version) {
            Ok(FilterKind::Shared { filter, .. }) => (filter, Some(whole)),
            Ok(FilterKind::NonShared { .. }) | Err(_) => (whole, None),
        };
        Slot { client, filter, share, spans: Vec::new(), certain: NEVER, unsubscribe: NEVER }
    }

    /// SUBSCRIBE was sent.
    pub(crate) fn subscribe(&mut self, now: u32, place: usize, asked: &Filter) {
        self.spans.push(Span {
            from: now,
            granted: NEVER,
            until: NEVER,
            gone: Gone::No,
            qos: (QoS::AtMostOnce, asked.qos),
            no_local: asked.no_local,
            retain_as_published: asked.retain_as_published,
            retain_handling: asked.retain_handling,
            existed: self.certain != NEVER,
            identifier: asked.identifier,
            refused: false,
            place,
        });
    }

    /// SUBACK came for the SUBSCRIBE of that moment; `current` says that no later connection has taken over meanwhile.
    pub(crate) fn granted(
        &mut self,
        request: u32,
        place: usize,
        reason: ReasonCode,
        now: u32,
        current: bool,
    ) {
        let after = self.spans.partition_point(|span| span.from <= request);
        let Some(found) =
            self.spans[..after].iter().rposition(|span| span.from == request && span.place == place)
        else {
            return;
        };
        let asked_away = self.unsubscribe != NEVER && self.unsubscribe > request;
        let still_there = self.spans[found].gone == Gone::No && !asked_away;
        let span = &mut self.spans[found];
        span.granted = now;
        let Some(qos) = QoS::from_bits(reason.0).filter(|_| reason.0 < 0x80) else {
            // Whether a Subscription that was there before stays is not stated.
            (span.until, span.gone, span.refused) = (span.until.min(now), Gone::Replaced, true);
            self.certain = NEVER;
            return;
        };
        span.qos = (qos, qos);
        self.close(found, now, Gone::Replaced);
        if still_there && current && self.certain == NEVER {
            self.certain = now;
        }
    }

    /// UNSUBSCRIBE was sent.
    pub(crate) fn unsubscribe(&mut self, now: u32) {
        (self.certain, self.unsubscribe) = (NEVER, now);
    }

    /// UNSUBACK came for the UNSUBSCRIBE of that moment.
    pub(crate) fn unsubscribed(&mut self, request: u32, now: u32) {
        let before = self.spans.partition_point(|span| span.from < request);
        self.close(before, now, Gone::Unsubscribed);
    }

    /// The Session is over, at this moment at the latest. What was subscribed behind `connect` belongs to the next.
    pub(crate) fn session_over(&mut self, connect: u32, now: u32) {
        let before = self.spans.partition_point(|span| span.from < connect);
        self.close(before, now, Gone::SessionOver);
        self.certain = NEVER;
    }

    /// Ends all spans in front of the first `count`, as far as they are not ended. An ended one has ended all before it.
    fn close(&mut self, count: usize, now: u32, how: Gone) {
        for span in self.spans[..count].iter_mut().rev() {
            match span.gone {
                Gone::No => (span.until, span.gone) = (now, how),
                _ if span.refused => {}
                _ => break,
            }
        }
    }

    /// The spans that can have been there between two moments, the latest first.
    pub(crate) fn between(&self, from: u32, until: u32) -> impl Iterator<Item = &Span> {
        let count = self.spans.partition_point(|span| span.from <= until);
        self.spans[..count]
            .iter()
            .rev()
            .take_while(move |span| span.until >= from || span.refused)
            .filter(|span| !span.refused)
    }
}
