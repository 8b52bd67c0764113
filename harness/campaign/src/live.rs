//! The live driver: the same workload over real sockets, on a Server that somebody else has started, with the hardship that our end can make
//! and that commands of the user can make to the Server.
//!
//! Time is real, so the workloads of [`generate::live`](crate::generate::live) wait for seconds at most. The Server may have other Clients: a run has names
//! of its own, and leaves nothing behind. Nothing is called lost before sentinels have passed the Server and patience is at its end.
//!
//! A live run is not the same twice. What one run has found another may not find.
//!
//! So the transcript of a live run is kept when the run fails, and shrinking tries each candidate several times. A Server that dies, and a command that fails or
//! does not end the Server, prove nothing.

use crate::driver::{Ground, Host, Names, Outcome, Patience, Run};
use crate::schedule::{Down, Hardship as Scheduled};
use crate::statistics::Statistics;
use crate::subject::Subject;
use crate::virtual_time::milliseconds;
use crate::workload::{Step, Workload};
use bytes::Bytes;
use simulator::{Event, Hardship, Hooks, LinkId, Network, NotSupported, Shut, Sockets};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

/// How long a Server may take from its start until it listens, and to answer at all.
const START: Duration = Duration::from_secs(10);
const PATIENCE: Patience = Patience {
    rest: Duration::from_millis(150),
    journey: Duration::from_secs(30),
    doubt: Duration::from_secs(5),
    tolerance: Duration::from_secs(2),
};

/// A Server that runs somewhere, and what can be done to it.
#[derive(Debug)]
pub struct Target {
    authority: String,
    hooks: Arc<Hooks>,
    keeps: Keeps,
    namespace: String,
    runs: AtomicU32,
    gone: OnceLock<String>,
}

/// Over what a Server promises to keep what it has acknowledged: Sessions, messages and retained messages. Over what it does not, it may have
/// forgotten or remembered what it likes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keeps {
    /// The command that stops it.
    pub over_stop: bool,
    /// The command that kills it.
    pub over_kill: bool,
}

impl Target {
    /// A Server at `authority`, which is `host:port`. `nonce` makes the names of its runs differ from those of all others.
    #[must_use]
    pub fn new(authority: impl Into<String>, hooks: Hooks, keeps: Keeps, nonce: u64) -> Self {
        Target {
            authority: authority.into(),
            hooks: Arc::new(hooks),
            keeps,
            namespace: namespace(nonce),
            runs: AtomicU32::new(0),
            gone: OnceLock::new(),
        }
    }

    /// Why it is of no use to go on, if the Server is gone for good.
    #[must_use]
    pub fn gone(&self) -> Option<&str> {
        self.gone.get().map(String::as_str)
    }

    /// Whether the Server accepts Network Connections.
    ///
    /// # Errors
    /// If it does not, or nothing can be opened at all; the text says what and where.
    pub fn reach(&self) -> Result<(), String> {
        let (runtime, _) = rooms()?;
        runtime.block_on(reach(&self.authority, Duration::ZERO))
    }

    /// Whether the workload ends the Server, so that nothing else may run meanwhile.
    #[must_use]
    pub fn restarts(&self, workload: &Workload) -> bool {
        let is_end = |step: &Step| {
            matches!(
                step,
                Step::Suffers(Scheduled::ServerDown(Down::Stop | Down::Kill) | Scheduled::ServerUp)
            )
        };
        self.hooks.can_restart() && workload.steps.iter().any(is_end)
    }

    fn names(&self) -> Names {
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        Names::new(format!("{}{number}", self.namespace))
    }

    /// After a run that has failed: whether there is still a Server, or can be one again.
    fn look_after(&self, runtime: &Runtime, why: &str) {
        let reached = runtime.block_on(reach(&self.authority, Duration::from_secs(1))).or_else(|_| {
            let start = Hardship::RestartServer(String::new());
            self.hooks.obey(&start).map_err(|error| error.reason.to_owned())?;
            runtime.block_on(reach(&self.authority, START))
        });
        if reached.is_err() {
            // The first reason stays.
            let _ = self.gone.set(why.to_owned());
        }
    }
}

/// Six letters and digits.
fn namespace(mut nonce: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = String::from("q");
    for _ in 0..6 {
        text.push(char::from(DIGITS[(nonce % 36) as usize]));
        nonce /= 36;
    }
    text
}

fn rooms() -> Result<(Runtime, LocalSet), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map(|runtime| (runtime, LocalSet::new())).map_err(|error| format!("no runtime: {error}"))
}

/// Opens a Network Connection, and tries again for some time.
async fn reach(authority: &str, within: Duration) -> Result<(), String> {
    let tries = async {
        loop {
            match TcpStream::connect(authority).await {
                Ok(_) => return,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    if within.is_zero() {
        let once = tokio::time::timeout(START, TcpStream::connect(authority)).await;
        let once = once.map_err(|_| format!("{authority} does not answer"))?;
        return once.map(drop).map_err(|error| format!("{authority}: {error}"));
    }
    let in_time = tokio::time::timeout(within, tries).await;
    in_time.map_err(|_| format!("{authority} does not listen within {} s", within.as_secs()))
}

/// Whether nobody listens any more, or soon will not.
async fn is_deserted(authority: &str, within: Duration) -> bool {
    let tries = async {
        while TcpStream::connect(authority).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(within, tries).await.is_ok()
}

impl Host for Keeps {
    fn keeps_sessions(&self, after: Down) -> bool {
        match after {
            Down::Stop => self.over_stop,
            Down::Kill => self.over_kill,
            Down::PowerLoss => false,
        }
    }
}

/// Real sockets, with a runtime that runs while one waits.
struct Live<'t> {
    target: &'t Target,
    sockets: Sockets,
    runtime: &'t Runtime,
    local: &'t LocalSet,
    /// We have ended the Server.
    is_down: bool,
    /// The first Network Connection that was opened since the Server was started last: those before may have been refused while it was down.
    since_start: LinkId,
    opened: u32,
    failure: Option<String>,
}

impl Ground for Live<'_> {
    fn patience(&self) -> Patience {
        PATIENCE
    }

    fn is_lost(&self) -> bool {
        self.failure.is_some()
    }
}

impl Live<'_> {
    fn fail(&mut self, why: String) {
        self.failure.get_or_insert(why);
    }

    /// What the user's command does to the Server.
    fn command(&mut self, hardship: &Hardship) -> Result<(), NotSupported> {
        let target = self.target;
        let command = target.hooks.command(hardship);
        if let Err(error) = self.sockets.apply(hardship) {
            if let Some(command) = command {
                self.fail(format!("{}: {command}", error.reason));
            }
            return Err(error);
        }
        self.is_down = !matches!(hardship, Hardship::RestartServer(_));
        let authority = &target.authority;
        if self.is_down {
            // Or else what follows would be held against a Server that has never died.
            if !self.runtime.block_on(is_deserted(authority, START)) {
                self.fail(format!("{authority} still listens after the command {}", command.unwrap_or("")));
            }
        } else {
            self.since_start = LinkId(self.opened);
            if let Err(why) = self.runtime.block_on(reach(authority, START)) {
                self.fail(format!("after the command that starts the Server, {why}"));
            }
        }
        Ok(())
    }
}

impl Network for Live<'_> {
    fn connect(&mut self, _server: &str) -> LinkId {
        self.opened += 1;
        let _inside = (self.runtime.enter(), self.local.enter());
        self.sockets.connect()
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        self.sockets.send(link, bytes);
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        self.sockets.shut(link, how);
    }

    fn now(&self) -> Duration {
        self.sockets.now()
    }

    fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)> {
        let event = self.local.block_on(self.runtime, self.sockets.next_event(until));
        if let Some((link, _, Event::ConnectFailed(why))) = &event
            && !self.is_down
            && *link >= self.since_start
        {
            let why = format!("no Network Connection to {}: {why}", self.target.authority);
            self.fail(why);
        }
        event
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        match hardship {
            Hardship::CrashServer(_) | Hardship::StopServer(_) | Hardship::RestartServer(_) => {
                self.command(&hardship)
            }
            hardship => self.sockets.apply(&hardship),
        }
    }

    fn is_quiet(&mut self) -> bool {
        self.sockets.is_quiet()
    }

    fn failure(&self) -> Option<String> {
        self.failure.clone()
    }
}

/// Carries the workload out; what it did is added to the statistics.
#[must_use]
pub fn run(workload: &Workload, subject: &Subject, statistics: &mut Statistics, transcript: bool) -> Outcome {
    let nothing = |why: String| Outcome::nothing(workload, why);
    let Some(target) = subject.target() else {
        return nothing(format!("{} is no live Server", subject.name()));
    };
    let (runtime, local) = match rooms() {
        Ok(rooms) => rooms,
        Err(why) => return nothing(why),
    };
    let mut sockets = Sockets::new(&*target.authority, workload.seed).with_hooks(target.hooks.clone());
    let latency = milliseconds(workload.latency.0)..milliseconds(workload.latency.1);
    if let Err(error) = sockets.apply(&Hardship::Latency(latency)) {
        return nothing(error.to_string());
    }
    let network = Live {
        target,
        sockets,
        runtime: &runtime,
        local: &local,
        is_down: false,
        since_start: LinkId(0),
        opened: 0,
        failure: None,
    };
    let run = Run::new(network, target.keeps, workload, statistics, transcript);
    let outcome = run.under(target.names()).carry_out();
    if let Some(why) = &outcome.failure {
        target.look_after(&runtime, why);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_identifiers_are_such_as_each_server_has_to_accept() {
        let target = Target::new("localhost:1", Hooks::default(), Keeps::default(), u64::MAX);
        target.runs.store(u32::MAX, Ordering::Relaxed);
        let mut names = target.names();
        (0..60).for_each(|_| names.renew());

        let connect = protocol::Connect::new(protocol::Version::V311, "A");
        let protocol::Packet::Connect(connect) =
            names.of_client(protocol::Packet::Connect(Box::new(connect)))
        else {
            panic!("a CONNECT stays one");
        };

        assert!(connect.client_id.len() <= 23, "{}", connect.client_id);
        assert!(connect.client_id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_server_that_still_listens_has_not_ended() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let (runtime, _) = rooms().unwrap();

        assert!(!runtime.block_on(is_deserted(&authority, Duration::from_millis(50))));
        drop(listener);
        assert!(runtime.block_on(is_deserted(&authority, Duration::from_secs(5))));
    }

    #[test]
    fn a_server_that_is_not_there_is_no_finding() {
        let target = Target::new("127.0.0.1:1", Hooks::default(), Keeps::default(), 1);
        let subject = Subject::live("nobody", target);
        let workload = (0..).map(crate::generate::live).find(|it| it.steps.len() > 5).unwrap();

        let outcome = run(&workload, &subject, &mut Statistics::default(), false);

        let failure = outcome.failure.unwrap();
        assert!(failure.contains("127.0.0.1:1"), "{failure}");
        assert_eq!(subject.target().unwrap().gone(), Some(&*failure));
    }
}
