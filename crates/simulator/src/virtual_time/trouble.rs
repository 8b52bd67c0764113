//! How each [`Hardship`] comes about in [`Virtual`] time.

use super::{Parcel, Virtual};
use crate::hardship::{Direction, Hardship, NotSupported};
use crate::network::{Event, LinkId};
use std::cmp::Reverse;
use transport::Service;

impl<S: Service> Virtual<S> {
    pub(super) fn make_trouble(&mut self, hardship: &Hardship) -> Result<(), NotSupported> {
        match hardship {
            Hardship::Hold(link) => {
                let link = self.known(*link, hardship)?;
                Direction::BOTH.into_iter().for_each(|direction| self.hold(link, direction));
            }
            Hardship::PartitionFrom(link) => self.hold(self.known(*link, hardship)?, Direction::ToClient),
            Hardship::PartitionTo(link) => self.hold(self.known(*link, hardship)?, Direction::ToServer),
            Hardship::Release(link) => {
                let link = self.known(*link, hardship)?;
                Direction::BOTH.into_iter().for_each(|direction| self.release(link, direction));
            }
            Hardship::Latency(range) => self.weather.latency = range.clone(),
            Hardship::Loss(probability) => self.weather.loss = *probability,
            Hardship::CutAfterBytes { link, direction, bytes } => {
                let link = self.known(*link, hardship)?;
                let flow = &mut self.link(link).flows[direction.index()];
                flow.cut_at = Some(flow.bytes.saturating_add(*bytes));
                if *bytes == 0 {
                    self.sever(link);
                }
            }
            Hardship::Reset(link) => {
                let link = self.known(*link, hardship)?;
                self.sever(link);
            }
            Hardship::HalfOpen(link) => {
                let link = self.known(*link, hardship)?;
                self.link(link).gone = true;
                self.link(link).flows.iter_mut().for_each(|flow| flow.held = None);
                self.under_way.retain(|other| other.link != link);
            }
            Hardship::SplitReads(bytes) => self.split = (*bytes).max(1),
            Hardship::MergeReads => {
                return Err(NotSupported::new(hardship, "there are no buffers to merge in"));
            }
            Hardship::SlowReader { .. } => {
                return Err(NotSupported::new(hardship, "there is no window that could fill up"));
            }
            Hardship::CrashServer(_) => self.die(true),
            Hardship::StopServer(_) => {
                if let Some(service) = &mut self.service {
                    service.shutdown(self.now);
                    self.collect();
                }
                self.die(true);
            }
            Hardship::PowerLoss(_) => {
                self.die(false);
                self.powered = false;
                for n in 0..self.links.len() {
                    self.hold(LinkId(n as u32), Direction::ToServer);
                }
            }
            Hardship::RestartServer(_) => {
                if self.service.is_some() {
                    self.die(true);
                }
                self.life += 1;
                self.service = Some((self.factory)());
                self.collect();
                if !std::mem::replace(&mut self.powered, true) {
                    for n in 0..self.links.len() {
                        self.release(LinkId(n as u32), Direction::ToServer);
                    }
                }
            }
        }
        Ok(())
    }

    /// The Server dies. `tells`: its system closes its Network Connections.
    pub(super) fn die(&mut self, tells: bool) {
        self.service = None;
        if tells {
            let life = self.life;
            for n in 0..self.links.len() {
                if self.links[n].connection.is_some_and(|(l, _)| l == life) {
                    self.links[n].connection = None;
                    self.post(LinkId(n as u32), Parcel::ToClient(Event::EndOfStream));
                }
            }
        }
    }

    fn hold(&mut self, id: LinkId, direction: Direction) {
        let all = std::mem::take(&mut self.under_way).into_vec();
        let (mut waiting, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.link == id && it.parcel.direction() == direction);
        self.under_way = others.into();
        waiting.sort_unstable_by_key(|it| Reverse(it.key()));
        let held = self.links[id.0 as usize].flows[direction.index()].held.get_or_insert_default();
        held.extend(waiting.into_iter().map(|it| it.parcel));
    }

    fn release(&mut self, id: LinkId, direction: Direction) {
        let link = self.link(id);
        let Some(held) = link.flows[direction.index()].held.take() else { return };
        // What was sent before the end of the Network Connection is as much on its way as before.
        let gone = std::mem::take(&mut link.gone);
        for parcel in held {
            self.post(id, parcel);
        }
        self.link(id).gone |= gone;
    }

    fn known(&self, link: LinkId, hardship: &Hardship) -> Result<LinkId, NotSupported> {
        if (link.0 as usize) < self.links.len() { Ok(link) } else { Err(NotSupported::no_link(hardship)) }
    }
}
