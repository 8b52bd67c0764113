//! SUBSCRIBE and UNSUBSCRIBE with their answers, filter by filter.

use super::Survey;
use super::subscriptions::Slot;
use crate::history::{Filter, RequestIndex, What};
use protocol::ReasonCode;
use std::sync::Arc;

impl<'h> Survey<'h> {
    pub(super) fn subscribe(&mut self, client: u16, now: u32, place: usize, filter: &'h Filter) {
        let version = self.history.version;
        let next = self.slots.len() as u32;
        let slot = *self.places.entry((client, &*filter.filter)).or_insert(next);
        if slot == next {
            self.slots.push(Slot::new(client, &filter.filter, version));
            self.clients[usize::from(client)].slots.push(slot);
        }
        self.slots[slot as usize].subscribe(now, place, filter);
    }

    pub(super) fn subscribed(&mut self, now: u32, request: RequestIndex, reasons: &[ReasonCode]) {
        let Some((sent, client, connection)) = self.request(request) else { return };
        let current = self.clients[usize::from(client)].connection == connection;
        if let What::Subscribe { filters, .. } = &self.history.events[sent as usize].what {
            for (place, (filter, &reason)) in filters.iter().zip(reasons).enumerate() {
                if let Some(&slot) = self.places.get(&(client, &*filter.filter)) {
                    self.slots[slot as usize].granted(sent, place, reason, now, current);
                }
            }
        }
        self.answered(connection, sent, now);
    }

    pub(super) fn unsubscribed(&mut self, now: u32, request: RequestIndex, reasons: &[ReasonCode]) {
        let Some((sent, client, connection)) = self.request(request) else { return };
        if let What::Unsubscribe { filters, .. } = &self.history.events[sent as usize].what {
            let filters: &[Arc<str>] = filters;
            for (place, filter) in filters.iter().enumerate() {
                let failed = reasons.get(place).is_some_and(|reason| reason.0 >= 0x80);
                if let Some(&slot) = self.places.get(&(client, &**filter)).filter(|_| !failed) {
                    self.slots[slot as usize].unsubscribed(sent, now);
                }
            }
        }
        self.answered(connection, sent, now);
    }

    /// Where a SUBSCRIBE or UNSUBSCRIBE stands, whose it is, and on which connection.
    pub(super) fn request(&self, request: RequestIndex) -> Option<(u32, u16, u32)> {
        let sent = *self.requests.get(request.0 as usize)?;
        match self.history.events.get(sent as usize)?.what {
            What::Subscribe { client, connection, .. } | What::Unsubscribe { client, connection, .. } => {
                Some((sent, client.0, connection.0))
            }
            _ => None,
        }
    }
}
