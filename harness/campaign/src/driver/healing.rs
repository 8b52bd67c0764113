//! The end of a run: all trouble is over, everybody returns, and silence is proved.

use super::{Ground, Run};
use crate::workload::{ClientName, Connect};
use protocol::{Packet, Version};
use simulator::{Direction, Hardship};
use std::time::Duration;

/// How often a Client tries to return.
const ATTEMPTS: u32 = 4;

impl<N: Ground> Run<'_, N> {
    /// Whether the run has come to rest.
    pub(super) fn heal(&mut self) -> bool {
        self.note("All trouble ends.");
        self.mend();
        // A Network Connection may turn out to be dead only when something is sent on it, and a Client may have to begin a new Session.
        (0..ATTEMPTS).any(|_| {
            self.rest();
            for client in self.names() {
                if self.has_to_return(client) {
                    self.come_back(client);
                }
            }
            self.wait_until(|run| {
                run.players.iter().all(|player| player.link.is_none() || player.engine.is_connected())
            });
            let is_quiet = self.rest();
            let fenced = self.fence();
            is_quiet && fenced && !self.names().any(|client| self.has_to_return(client))
        })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = ClientName> + use<N> {
        ClientName::ALL.into_iter().take(self.players.len())
    }

    fn mend(&mut self) {
        self.players.iter_mut().for_each(|player| player.cuts.clear());
        // What a network cannot do it has not done before.
        let _ = self.network.apply(Hardship::Latency(Duration::ZERO..Duration::ZERO));
        let _ = self.network.apply(Hardship::Loss(0.0));
        for link in std::mem::take(&mut self.slow) {
            let _ = self.network.apply(Hardship::SlowReader { link, bytes_per_second: u32::MAX.into() });
        }
        for client in self.names() {
            let Some(link) = self.player(client).link else { continue };
            for direction in Direction::BOTH {
                let never = Hardship::CutAfterBytes { link, direction, bytes: u64::MAX };
                let _ = self.network.apply(never);
            }
            let _ = self.network.apply(Hardship::Release(link));
            if self.player(client).is_silent {
                self.abandon(client);
            }
        }
        if self.down.is_some() {
            self.start_server();
        }
    }

    /// A Client that the Server may still hold something for, and that is not connected.
    fn has_to_return(&mut self, client: ClientName) -> bool {
        let player = self.player(client);
        !player.engine.is_connected() && (player.may_have_session || player.has_abandoned)
    }

    fn come_back(&mut self, client: ClientName) {
        let is_v5 = self.workload.version == Version::V500;
        let player = self.player(client);
        // It may not go on with a Session that it has no part of.
        let clean_start = is_v5 && player.engine.held_session().is_none();
        // A Client that is still waiting for an answer does not wait any longer.
        if player.link.is_some() {
            self.abandon(client);
        }
        let connect = Connect {
            clean_start,
            session_expiry: 1_000,
            receive_maximum: None,
            keep_alive: 0,
            topic_aliases: 0,
            will: None,
        };
        self.connect(client, &connect);
    }

    /// Lets time pass until nothing is under way, and nothing comes of itself.
    fn rest(&mut self) -> bool {
        let patience = self.network.patience();
        let limit = self.network.now() + patience.journey;
        while !self.is_stopped() && self.network.now() < limit {
            let before = self.activity;
            self.pass(self.network.now() + patience.rest);
            if self.activity == before && self.network.is_quiet() {
                return true;
            }
        }
        false
    }

    /// A PINGREQ on each Network Connection; what was sent before has arrived before its answer. A Client without an answer gives up.
    fn fence(&mut self) -> bool {
        let pinging: Vec<ClientName> =
            self.names().filter(|client| self.players[client.index()].engine.is_connected()).collect();
        for client in &pinging {
            self.send(*client, Packet::Pingreq);
        }
        self.rest();
        self.wait_until(|run| run.players.iter().all(|player| player.pings == 0 || player.link.is_none()));
        let mut all_answered = true;
        for client in pinging {
            let player = self.player(client);
            if !player.engine.is_connected() || player.pings > 0 {
                all_answered = false;
                self.abandon(client);
            }
        }
        all_answered
    }

    /// Where waiting is all that one can do, waits until something is so. Whether it is.
    pub(super) fn wait_until(&mut self, is_so: impl Fn(&Self) -> bool) -> bool {
        let limit = self.network.now() + self.network.patience().doubt;
        while !is_so(self) {
            if self.is_stopped() || self.network.now() >= limit {
                return false;
            }
            self.pass(self.network.now() + Duration::from_millis(5));
        }
        true
    }
}
