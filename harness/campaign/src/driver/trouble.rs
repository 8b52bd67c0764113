//! How hardship comes about.

use super::client::Cut;
use super::recording::client_index;
use super::{Ground, Run, SERVER};
use crate::schedule::{Down, Hardship, Toward};
use crate::workload::ClientName;
use guarantees::{Ending, What};
use reference_client::Input;
use simulator::{Direction, Hardship as Trouble, LinkId, Shut};
use std::time::Duration;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    About,
    /// There was nothing that it could befall.
    ToNothing,
    /// The network cannot do it.
    NotSupported,
}

impl<N: Ground> Run<'_, N> {
    pub(super) fn suffer(&mut self, hardship: &Hardship) {
        let came = self.bring_about(hardship);
        let occasions = &mut self.statistics.hardships[hardship.kind()];
        match came {
            Came::About => occasions.done += 1,
            Came::ToNothing => occasions.idle += 1,
            Came::NotSupported => {
                occasions.not_supported += 1;
                self.note("  (this driver cannot do that)");
            }
        }
    }

    fn bring_about(&mut self, hardship: &Hardship) -> Came {
        match hardship {
            Hardship::Cut { client, toward, packet, after, nth } => {
                let cut = Cut { toward: *toward, packet: *packet, after: *after, left: (*nth).max(1) };
                self.player(*client).cuts.push(cut);
                Came::About
            }
            Hardship::CutAfterBytes { client, toward, bytes } => self.befall(*client, |link| {
                Trouble::CutAfterBytes { link, direction: direction(*toward), bytes: (*bytes).into() }
            }),
            Hardship::Reset(client) => self.befall(*client, Trouble::Reset),
            Hardship::HalfOpen(client) => {
                let came = self.befall(*client, Trouble::HalfOpen);
                self.player(*client).is_silent |= came == Came::About;
                came
            }
            Hardship::Hold(client) => self.befall(*client, Trouble::Hold),
            Hardship::HoldToward(client, Toward::Server) => self.befall(*client, Trouble::PartitionTo),
            Hardship::HoldToward(client, Toward::Client) => self.befall(*client, Trouble::PartitionFrom),
            Hardship::Release(client) => self.befall(*client, Trouble::Release),
            Hardship::Latency(from, below) => self.apply(Trouble::Latency(
                Duration::from_millis((*from).into())..Duration::from_millis((*below).into()),
            )),
            Hardship::Loss(percent) => self.apply(Trouble::Loss(f64::from(*percent) / 100.0)),
            Hardship::SplitReads(bytes) => self.apply(Trouble::SplitReads((*bytes).into())),
            Hardship::MergeReads => self.apply(Trouble::MergeReads),
            Hardship::SlowReader(client, rate) => {
                let came = self
                    .befall(*client, |link| Trouble::SlowReader { link, bytes_per_second: u64::from(*rate) });
                if came == Came::About {
                    let link = self.player(*client).link;
                    self.slow.extend(link);
                }
                came
            }
            Hardship::ClientCrash(client) => self.crash(*client),
            Hardship::Takeover(client) => self.take_over(*client),
            Hardship::ServerDown(how) => self.server_down(*how),
            Hardship::ServerUp => self.server_up(),
            Hardship::ClockMoved(seconds) => {
                if !self.host.move_clock(Duration::from_secs((*seconds).into())) {
                    return Came::NotSupported;
                }
                self.push(What::ClockMoved);
                Came::About
            }
        }
    }

    fn apply(&mut self, trouble: Trouble) -> Came {
        match self.network.apply(trouble) {
            Ok(()) => Came::About,
            Err(_) => Came::NotSupported,
        }
    }

    fn befall(&mut self, client: ClientName, trouble: impl FnOnce(LinkId) -> Trouble) -> Came {
        match self.player(client).link {
            Some(link) => self.apply(trouble(link)),
            None => Came::ToNothing,
        }
    }

    fn crash(&mut self, client: ClientName) -> Came {
        if self.player(client).connect.is_none() {
            return Came::ToNothing;
        }
        self.push(What::ClientCrashed { client: client_index(client) });
        // What a process leaves behind, its system resets.
        if let Some(id) = self.player(client).link.take() {
            self.network.shut(id, Shut::Reset);
            self.over(id, Some(Ending::ByClient));
        }
        self.player(client).crash();
        Came::About
    }

    /// The Client goes on elsewhere. It does not read from its first Network Connection any more, nor closes it.
    fn take_over(&mut self, client: ClientName) -> Came {
        let player = self.player(client);
        let (true, Some(connect)) = (player.engine.is_connected(), player.connect.clone()) else {
            return Came::ToNothing;
        };
        self.abandon(client);
        self.connect(client, &crate::workload::Connect { clean_start: false, ..connect });
        Came::About
    }

    /// The Client leaves its Network Connection without a trace.
    pub(super) fn abandon(&mut self, client: ClientName) {
        if let Some(id) = self.player(client).link.take() {
            self.over(id, Some(Ending::Unnoticed));
            self.player(client).has_abandoned = true;
            self.feed(client, Input::TransportEnded);
        }
    }

    fn server_down(&mut self, how: Down) -> Came {
        if self.down.is_some() {
            return Came::ToNothing;
        }
        let (trouble, how_seen) = match how {
            Down::Stop => (Trouble::StopServer(SERVER.to_owned()), guarantees::Down::Stopped),
            Down::Kill => (Trouble::CrashServer(SERVER.to_owned()), guarantees::Down::Killed),
            Down::PowerLoss => (Trouble::PowerLoss(SERVER.to_owned()), guarantees::Down::PowerLost),
        };
        // One that is asked to stop may still write.
        if how != Down::Stop {
            self.host.goes_down(how);
        }
        let came = self.apply(trouble);
        if how == Down::Stop {
            self.host.goes_down(how);
        }
        if came == Came::About {
            self.look_at_the_server();
            self.push(What::ServerDown { how: how_seen });
            self.down = Some(how);
        }
        came
    }

    pub(super) fn start_server(&mut self) {
        self.server_up();
    }

    fn server_up(&mut self) -> Came {
        if self.down.is_none() {
            let killed = self.server_down(Down::Kill);
            if killed != Came::About {
                return killed;
            }
        }
        let came = self.apply(Trouble::RestartServer(SERVER.to_owned()));
        if let (Came::About, Some(how)) = (came, self.down.take()) {
            let kept_sessions = self.host.keeps_sessions(how);
            if !kept_sessions && let Some(names) = &mut self.names {
                // What it may remember all the same is of names that nobody uses any more.
                names.renew();
            }
            self.push(What::ServerUp { kept_sessions });
        }
        came
    }
}

const fn direction(toward: Toward) -> Direction {
    match toward {
        Toward::Server => Direction::ToServer,
        Toward::Client => Direction::ToClient,
    }
}
