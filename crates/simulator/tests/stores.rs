//! A Server that writes down what it gets before it answers: in virtual time, it may write once for all that arrives together, and one that
//! cannot write any more is reported.

mod echo;

use echo::{next, open, say, text};
use simulator::{Event, Network, Simulation, SimulationConfig, Virtual};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use transport::{ConnectionId, Output, Service, Stimulus};

/// Writes what it gets, then sends it back. `x` cannot be written.
#[derive(Default)]
struct Writer {
    unwritten: Vec<Output>,
    outputs: Vec<Output>,
    gathering: bool,
    failure: Option<String>,
    writes: Rc<Cell<u32>>,
}

impl Writer {
    fn write(&mut self) {
        if !self.gathering && !self.unwritten.is_empty() && self.failure.is_none() {
            self.writes.set(self.writes.get() + 1);
            self.outputs.append(&mut self.unwritten);
        }
    }
}

impl Service for Writer {
    fn handle(&mut self, _now: Duration, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Bytes(bytes) if bytes.as_ref() == b"x" => {
                self.failure = Some("the disk is full".to_owned())
            }
            Stimulus::Bytes(bytes) => self.unwritten.push(Output::Bytes(connection, bytes)),
            Stimulus::Opened | Stimulus::EndOfStream | Stimulus::Reset => {}
        }
        self.write();
    }

    fn handle_deadline(&mut self, _now: Duration) {}

    fn poll_output(&mut self) -> Option<Output> {
        if self.outputs.is_empty() || self.failure.is_some() { None } else { Some(self.outputs.remove(0)) }
    }

    fn next_deadline(&self) -> Option<Duration> {
        None
    }

    fn gather(&mut self, gathering: bool) {
        self.gathering = gathering;
        self.write();
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

#[test]
fn what_arrives_together_is_written_once() {
    let writes = Rc::new(Cell::new(0));
    let counter = writes.clone();
    let mut network = Virtual::new(move || Writer { writes: counter.clone(), ..Writer::default() });
    let links = [open(&mut network), open(&mut network), open(&mut network)];

    links.iter().for_each(|&link| say(&mut network, link, "at once"));
    for link in links {
        assert_eq!(next(&mut network), Some((link, text("at once"))));
    }
    let together = writes.replace(0);
    say(&mut network, links[0], "alone");
    assert_eq!(next(&mut network), Some((links[0], text("alone"))));

    assert_eq!((together, writes.get()), (1, 1));
}

#[test]
fn two_pieces_of_one_network_connection_are_not_taken_together() {
    let writes = Rc::new(Cell::new(0));
    let counter = writes.clone();
    let mut network = Virtual::new(move || Writer { writes: counter.clone(), ..Writer::default() });
    let link = open(&mut network);

    say(&mut network, link, "one");
    say(&mut network, link, "two");

    assert_eq!(next(&mut network), Some((link, text("one"))));
    assert_eq!(next(&mut network), Some((link, text("two"))));
    assert_eq!(writes.get(), 2);
}

fn a_server_that_cannot_go_on_is_reported(network: &mut dyn Network) {
    let link = open(network);
    assert_eq!(network.failure(), None);

    say(network, link, "x");
    let (_, end) = next(network).unwrap();

    assert!(matches!(end, Event::EndOfStream | Event::Reset), "{end:?}");
    let failure = network.failure().unwrap();
    assert!(failure.contains("the disk is full"), "{failure}");
}

#[test]
fn a_server_that_cannot_go_on_is_reported_in_virtual_time() {
    a_server_that_cannot_go_on_is_reported(&mut Virtual::new(Writer::default));
}

#[test]
fn a_server_that_cannot_go_on_is_reported_in_turmoil() {
    let mut network = Simulation::new(SimulationConfig::default());
    network.server("server", Writer::default);
    a_server_that_cannot_go_on_is_reported(&mut network);
}
