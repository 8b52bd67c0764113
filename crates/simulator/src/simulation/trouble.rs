//! How each [`Hardship`] comes about in a [`Simulation`].

use super::Simulation;
use super::control::Side;
use super::server::State;
use crate::hardship::{Direction, Hardship, NotSupported};
use crate::network::LinkId;

impl Simulation {
    pub(super) fn make_trouble(&mut self, hardship: &Hardship) -> Result<(), NotSupported> {
        self.settle();
        match hardship {
            Hardship::Hold(link) => {
                let link = self.known(*link, hardship)?;
                Direction::BOTH.into_iter().for_each(|direction| self.wire.hold(link, direction));
            }
            Hardship::PartitionFrom(link) => {
                self.wire.hold(self.known(*link, hardship)?, Direction::ToClient);
            }
            Hardship::PartitionTo(link) => {
                self.wire.hold(self.known(*link, hardship)?, Direction::ToServer);
            }
            Hardship::Release(link) => {
                let link = self.known(*link, hardship)?;
                for direction in Direction::BOTH {
                    self.wire.release(link, direction, self.now);
                }
            }
            Hardship::Latency(range) => self.wire.weather.latency = range.clone(),
            Hardship::Loss(probability) => self.wire.weather.loss = *probability,
            Hardship::CutAfterBytes { link, direction, bytes } => {
                let link = self.known(*link, hardship)?;
                let mut state = self.links[link.0 as usize].control.state();
                let flow = &mut state.flows[direction.index()];
                flow.cut_at = Some(flow.written.saturating_add(*bytes));
                drop(state);
                if *bytes == 0 {
                    self.wire.sever(link, &Direction::BOTH, self.now);
                }
            }
            Hardship::Reset(link) => {
                let link = self.known(*link, hardship)?;
                self.wire.sever(link, &Direction::BOTH, self.now);
            }
            Hardship::HalfOpen(link) => {
                let link = self.known(*link, hardship)?;
                self.wire.silence(link);
            }
            Hardship::SplitReads(bytes) => {
                let mut notices = self.board.notices();
                (notices.split, notices.merge) = (Some(*bytes), false);
            }
            Hardship::MergeReads => {
                let mut notices = self.board.notices();
                (notices.split, notices.merge) = (None, true);
            }
            Hardship::SlowReader { link, bytes_per_second } => {
                let link = self.known(*link, hardship)?;
                let control = &self.links[link.0 as usize].control;
                control.state().ends[Side::Client.index()].rate = Some(*bytes_per_second);
                control.wake_reader(Side::Client);
                self.board.notices().dirty = true;
            }
            Hardship::CrashServer(name) => {
                let server = self.server_named(name, hardship)?;
                self.switch(server, State::Crashed);
            }
            Hardship::StopServer(name) => {
                let server = self.server_named(name, hardship)?;
                self.switch(server, State::Stopped);
            }
            Hardship::PowerLoss(name) => {
                let server = self.server_named(name, hardship)?;
                let ip = self.servers[server].ip;
                self.servers[server].powered = false;
                self.wire.mute(Some(ip));
                self.switch(server, State::Crashed);
                self.wire.mute(None);
                for link in self.wire.links_to(ip) {
                    self.wire.hold(link, Direction::ToServer);
                }
            }
            Hardship::RestartServer(name) => {
                let server = self.server_named(name, hardship)?;
                self.switch(server, State::Crashed);
                self.switch(server, State::Up);
                if !std::mem::replace(&mut self.servers[server].powered, true) {
                    for link in self.wire.links_to(self.servers[server].ip) {
                        self.wire.release(link, Direction::ToServer, self.now);
                    }
                }
            }
        }
        Ok(())
    }

    fn known(&self, link: LinkId, hardship: &Hardship) -> Result<LinkId, NotSupported> {
        if (link.0 as usize) < self.links.len() { Ok(link) } else { Err(NotSupported::no_link(hardship)) }
    }

    fn server_named(&self, name: &str, hardship: &Hardship) -> Result<usize, NotSupported> {
        self.servers.iter().position(|s| s.name == name).ok_or_else(|| NotSupported::no_server(hardship))
    }

    fn switch(&mut self, server: usize, state: State) {
        self.servers[server].switch.set(state);
        self.step();
        self.settle();
    }
}
