//! Campaigns over a Server with a store: it writes once for what arrives together, and a store that fails is no finding and is told of.

use campaign::{Machine, Outcome, Statistics, Subject, generate, virtual_time};
use protocol::Time;
use reference_broker::store::{Change, Store, StoreError};
use reference_broker::{Config, Durable, Server};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use transport::{ConnectionId, Output, Service, Stimulus};

/// What was counted.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    /// Writes of the store so far.
    writes: u32,
    /// After so many writes the store fails.
    fails_after: Option<u32>,
    /// Stimuli since the Server was told to gather, and what had been written then.
    stimuli: u32,
    written: u32,
    /// Times that several stimuli were written at once.
    shared: u32,
    /// Times that the Server wrote more than once for what it gathered.
    wasted: u32,
}

type Counter = Arc<Mutex<Counts>>;

/// A store in memory.
struct Memory(Counter);

impl Store for Memory {
    fn name(&self) -> String {
        "in memory".to_owned()
    }

    fn load(&mut self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        Ok(BTreeMap::new())
    }

    fn apply(&mut self, _changes: &[Change]) -> Result<(), StoreError> {
        let mut counts = self.0.lock().unwrap();
        if counts.fails_after.is_some_and(|after| counts.writes >= after) {
            let source = std::io::Error::other("the disk is full");
            return Err(StoreError::Io { name: self.name(), source });
        }
        counts.writes += 1;
        Ok(())
    }
}

/// The Server, with an eye on what it is handed.
struct Watched(Durable<Server, Memory>, Counter);

impl Service for Watched {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        self.1.lock().unwrap().stimuli += 1;
        self.0.handle(now, connection, stimulus);
    }
    fn handle_deadline(&mut self, now: Time) {
        self.0.handle_deadline(now);
    }
    fn poll_output(&mut self) -> Option<Output> {
        self.0.poll_output()
    }
    fn next_deadline(&self) -> Option<Time> {
        self.0.next_deadline()
    }
    fn shutdown(&mut self, now: Time) {
        self.0.shutdown(now);
    }
    fn gather(&mut self, gathering: bool) {
        self.0.gather(gathering);
        let mut counts = self.1.lock().unwrap();
        let writes = counts.writes - counts.written;
        if !gathering {
            counts.shared += u32::from(counts.stimuli > 1 && writes == 1);
            counts.wasted += u32::from(writes > 1);
        }
        (counts.stimuli, counts.written) = (0, counts.writes);
    }
    fn failure(&self) -> Option<&str> {
        self.0.failure()
    }
}

struct WithStore(Counter, u64);

impl Machine for WithStore {
    fn start(&mut self) -> campaign::BoxedService {
        let server = Durable::open(Config::default(), self.1, Memory(self.0.clone())).unwrap();
        Box::new(Watched(server, self.0.clone()))
    }
}

fn run(seed: u64, counter: &Counter) -> Outcome {
    let counter = counter.clone();
    let subject = Subject::on_machines("stored", move |seed| Box::new(WithStore(counter.clone(), seed)));
    virtual_time::run(&generate::workload(seed), &subject, &mut Statistics::default(), false)
}

#[test]
fn several_stimuli_at_once_pay_for_one_write() {
    let counter = Counter::default();

    for seed in 0..200 {
        assert_eq!(run(seed, &counter).failure, None, "seed {seed}");
    }

    let counts = *counter.lock().unwrap();
    assert!(counts.shared > 0, "{counts:?}");
    assert_eq!(counts.wasted, 0, "{counts:?}");
}

#[test]
fn a_store_that_fails_is_why_a_run_proves_nothing() {
    let counter = Counter::new(Mutex::new(Counts { fails_after: Some(3), ..Counts::default() }));

    let reasons: Vec<String> = (0..20).filter_map(|seed| run(seed, &counter).failure).collect();

    assert!(reasons.len() > 10, "{reasons:?}");
    assert!(reasons.iter().all(|reason| reason.contains("the disk is full")), "{reasons:?}");
}
