//! Whether the Server kept pace while a check ran.
//!
//! A Client of the run's own is connected all the time and asks for PINGRESP several times a second. A Server that is stopped for a while, and one that dies
//! and is back before anybody asks, show in it: whatever was under way meanwhile proves nothing. Deliberately not here: what becomes of such checks.

use crate::session::MakeTestbed;
use protocol::{Connect, Packet, Version};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tester::stop::Stop;
use tester::{Namespace, Standing, Tester};
use tokio::sync::Notify;

/// From one PINGRESP to the next PINGREQ.
const INTERVAL: Duration = Duration::from_millis(200);
/// An answer that takes longer is a stall. The shortest time that a check waits for anything is a multiple of this.
const STALL: Duration = Duration::from_millis(750);
/// A Server that does not answer for so long is gone. A minute is what a check of the suite itself stops a Server for.
const GONE: Duration = Duration::from_secs(75);
/// A Server whose address refuses Network Connections for so long is gone: whatever was to start it again has had the time.
const REFUSED: Duration = Duration::from_secs(10);
/// How often it is asked whether the run is to stop.
const GLANCE: Duration = Duration::from_millis(250);
/// A Server that ends the Network Connection more often does so for reasons of its own, which say nothing about the others.
const RESTARTS: u64 = 20;
/// The name of the Client.
const NAME: &str = "pulse";

/// How the Server kept pace. The greater, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// It answered all the time, or nobody could ask.
    Steady,
    /// It did not answer for this long, and then went on.
    Stalled(Duration),
    /// The Network Connection that was always open ended, and another one could be opened.
    Restarted,
    /// It does not answer any more.
    Gone,
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pace::Steady => f.write_str("the Server answered all the time"),
            Pace::Stalled(time) => write!(f, "the Server answered nobody for {:.1} s", time.as_secs_f64()),
            Pace::Restarted => f.write_str("the Server ended a Network Connection that was always open and in use, or was started again,"),
            Pace::Gone => f.write_str("the Server stopped answering"),
        }
    }
}

/// The Client that is always there.
pub struct Pulse {
    /// The worst that was seen in each beat.
    beats: RefCell<Vec<Pace>>,
    /// How many beats have begun.
    begun: Cell<usize>,
    /// Whether the Server ever took the Client in.
    taken: Cell<bool>,
    heard: Notify,
}

impl Pulse {
    /// Starts it on the present `LocalSet`; it ends when the handle is dropped.
    #[must_use]
    pub fn start(make: MakeTestbed, version: Version, seed: u64, timeout_scale: f64) -> Handle {
        let pulse = Rc::new(Pulse {
            beats: RefCell::default(),
            begun: Cell::new(0),
            taken: Cell::new(false),
            heard: Notify::new(),
        });
        let task = tokio::task::spawn_local(beat(pulse.clone(), make, version, seed, timeout_scale));
        Handle { pulse, task }
    }

    /// Where the pulse is now, for [`Pulse::since`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.beats.borrow().len()
    }

    /// The worst that happened since a mark. Waits for a beat that begins now, so that a stall which goes on is seen to its end.
    pub async fn since(&self, mark: usize, stop: &AtomicBool) -> Pace {
        if !self.taken.get() {
            return Pace::Steady;
        }
        let enough = self.begun.get() + 1;
        while self.beats.borrow().len() < enough && self.beats.borrow().last() != Some(&Pace::Gone) {
            if stop.load(Ordering::Relaxed) {
                return Pace::Gone;
            }
            // Given up meanwhile: no beat will come.
            if !self.taken.get() {
                return Pace::Steady;
            }
            // Whether it was heard or not is seen above.
            let _ = tokio::time::timeout(GLANCE, self.heard.notified()).await;
        }
        let beats = self.beats.borrow();
        beats[mark.min(beats.len())..].iter().copied().max().unwrap_or(Pace::Steady)
    }

    fn note(&self, pace: Pace) {
        self.beats.borrow_mut().push(pace);
        self.heard.notify_waiters();
    }
}

/// Keeps the pulse going as long as it lives.
pub struct Handle {
    pulse: Rc<Pulse>,
    task: tokio::task::JoinHandle<()>,
}

impl std::ops::Deref for Handle {
    type Target = Pulse;

    fn deref(&self) -> &Pulse {
        &self.pulse
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(pulse: Rc<Pulse>, make: MakeTestbed, version: Version, seed: u64, timeout_scale: f64) {
    let (mut away, mut refused) = (Duration::ZERO, Duration::ZERO);
    for number in 0u64.. {
        let mut tester = Tester::new(make(None, seed), version, Namespace::new(seed.wrapping_add(number)));
        tester.timeout_scale = timeout_scale;
        let began = tester.testbed.now();
        if join(&mut tester).await.is_ok() {
            if number > RESTARTS {
                pulse.taken.set(false);
                return;
            }
            if number > 0 {
                pulse.note(Pace::Restarted);
            }
            pulse.taken.set(true);
            (away, refused) = (Duration::ZERO, Duration::ZERO);
            while let Some(pace) = once(&pulse, &mut tester).await {
                pulse.note(pace);
                if pace == Pace::Gone {
                    return;
                }
                tester.pass(INTERVAL).await;
            }
        }
        let is_refused = matches!(tester.client(NAME).standing, Standing::Failed(_));
        tester.pass(INTERVAL).await;
        let took = tester.testbed.now().saturating_sub(began);
        away += took;
        if is_refused {
            refused += took;
        }
        if away >= GONE || refused >= REFUSED || !pulse.taken.get() {
            if pulse.taken.get() {
                pulse.note(Pace::Gone);
            }
            return;
        }
    }
}

async fn join(tester: &mut Tester) -> Result<(), Stop> {
    tester.open(NAME).await?;
    let connect = Connect::new(tester.version, tester.client(NAME).client_id.clone());
    tester.send(NAME, Packet::Connect(Box::new(connect)))?;
    tester
        .expect(NAME, "CONNACK", |a| matches!(&a.packet, Packet::Connack(connack) if connack.reason.0 == 0))
        .await
        .map(drop)
}

/// One PINGREQ and its PINGRESP; `None` if the Network Connection has ended.
async fn once(pulse: &Pulse, tester: &mut Tester) -> Option<Pace> {
    let began = tester.testbed.now();
    pulse.begun.set(pulse.mark() + 1);
    tester.send(NAME, Packet::Pingreq).ok()?;
    let answered = tester
        .wait(GONE, |tester| {
            let client = tester.client(NAME);
            let answered = client.inbox.iter().any(|a| matches!(a.packet, Packet::Pingresp));
            (answered || client.standing != Standing::Open).then_some(answered)
        })
        .await;
    tester.client(NAME).inbox.clear();
    // Nobody reads it, and a run may be long.
    tester.transcript.observations.clear();
    match answered {
        Some(true) => {
            let took = tester.testbed.now().saturating_sub(began);
            Some(if took > STALL { Pace::Stalled(took) } else { Pace::Steady })
        }
        Some(false) => None,
        None => Some(Pace::Gone),
    }
}
