//! A tiny Service, and what the tests say to it.

#![allow(dead_code, reason = "each test uses its part")]

use bytes::Bytes;
use simulator::{Event, LinkId, Network};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use transport::{ConnectionId, Output, Service, Stimulus};

/// Sends back what it gets. `bye` closes, `later` is answered a minute later, `flood` with a megabyte, `panic` not at all.
#[derive(Debug, Default)]
pub struct Echo {
    outputs: VecDeque<Output>,
    timers: BTreeMap<Duration, ConnectionId>,
    open: Vec<ConnectionId>,
}

impl Service for Echo {
    fn handle(&mut self, now: Duration, connection: ConnectionId, stimulus: Stimulus) {
        let send = |text: &str| Output::Bytes(connection, Bytes::copy_from_slice(text.as_bytes()));
        match stimulus {
            Stimulus::Opened => self.open.push(connection),
            Stimulus::Bytes(bytes) => match bytes.as_ref() {
                b"bye" => self.outputs.extend([send("farewell"), Output::Close(connection)]),
                b"later" => drop(self.timers.insert(now + Duration::from_secs(60), connection)),
                b"flood" => {
                    let kilobyte = Bytes::from(vec![b'.'; 1024]);
                    self.outputs.extend((0..1024).map(|_| Output::Bytes(connection, kilobyte.clone())));
                }
                b"how many?" => self.outputs.push_back(send(&self.open.len().to_string())),
                b"panic" => panic!("as told"),
                _ => self.outputs.push_back(Output::Bytes(connection, bytes)),
            },
            Stimulus::EndOfStream => {
                self.open.retain(|&other| other != connection);
                self.outputs.extend([send("end seen"), Output::Close(connection)]);
            }
            Stimulus::Reset => self.open.retain(|&other| other != connection),
        }
    }

    fn handle_deadline(&mut self, now: Duration) {
        while let Some(entry) = self.timers.first_entry().filter(|entry| *entry.key() <= now) {
            self.outputs.push_back(Output::Bytes(entry.remove(), Bytes::from_static(b"now")));
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Duration> {
        self.timers.keys().next().copied()
    }

    fn gather(&mut self, _gathering: bool) {}

    fn failure(&self) -> Option<&str> {
        None
    }

    fn shutdown(&mut self, _now: Duration) {
        let farewell = Bytes::from_static(b"going down");
        self.outputs.extend(self.open.iter().map(|&c| Output::Bytes(c, farewell.clone())));
    }
}

/// Longer than anything takes that is to happen.
pub const PATIENCE: Duration = Duration::from_secs(3600);

pub fn text(bytes: &'static str) -> Event {
    Event::Bytes(Bytes::from_static(bytes.as_bytes()))
}

/// What happens next, on whatever link, within `patience`.
pub fn within(network: &mut dyn Network, patience: Duration) -> Option<(LinkId, Event)> {
    let until = network.now() + patience;
    network.next_event(until).map(|(link, _, event)| (link, event))
}

/// What happens next.
pub fn next(network: &mut dyn Network) -> Option<(LinkId, Event)> {
    within(network, PATIENCE)
}

/// Sends a text.
pub fn say(network: &mut dyn Network, link: LinkId, bytes: &'static str) {
    network.send(link, Bytes::from_static(bytes.as_bytes()));
}

/// Opens a Network Connection and sees it open.
pub fn open(network: &mut dyn Network) -> LinkId {
    let link = network.connect("server");
    assert_eq!(next(network), Some((link, Event::Connected)));
    link
}

/// Sends a text and sees it come back.
pub fn exchange(network: &mut dyn Network, link: LinkId, bytes: &'static str) {
    say(network, link, bytes);
    assert_eq!(next(network), Some((link, text(bytes))));
}

/// All bytes of one link until nothing more happens, and how it ended.
pub fn rest(network: &mut dyn Network, link: LinkId) -> (Vec<u8>, Option<Event>) {
    let mut bytes = Vec::new();
    loop {
        match next(network) {
            Some((other, Event::Bytes(part))) if other == link => bytes.extend_from_slice(&part),
            Some((other, event)) if other == link => return (bytes, Some(event)),
            Some(_) => {}
            None => return (bytes, None),
        }
    }
}
