//! A tiny Service for the tests: it sends back what it gets.

use bytes::Bytes;
use protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use transport::{ConnectionId, Output, Service, Stimulus};

/// Sends back what it gets. `bye` closes, `flood` sends 1 MiB a hundred times, `later` sends `now` a second later; at the end of a stream
/// it closes, too.
#[derive(Debug, Default)]
pub struct Echo {
    outputs: VecDeque<Output>,
    timers: BTreeMap<Time, ConnectionId>,
    open: Vec<ConnectionId>,
    /// What happened, for the test to look at.
    pub log: Vec<String>,
}

impl Service for Echo {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Opened => {
                self.log.push(format!("{connection} opened"));
                self.open.push(connection);
            }
            Stimulus::Bytes(bytes) if bytes.as_ref() == b"bye" => {
                self.outputs.push_back(Output::Bytes(connection, Bytes::from_static(b"farewell")));
                self.outputs.push_back(Output::Close(connection));
            }
            Stimulus::Bytes(bytes) if bytes.as_ref() == b"flood" => {
                let chunk = Bytes::from(vec![0; 1024 * 1024]);
                self.outputs.extend((0..100).map(|_| Output::Bytes(connection, chunk.clone())));
            }
            Stimulus::Bytes(bytes) if bytes.as_ref() == b"later" => {
                self.timers.insert(now + Time::from_secs(1), connection);
            }
            Stimulus::Bytes(bytes) => self.outputs.push_back(Output::Bytes(connection, bytes)),
            Stimulus::EndOfStream => {
                self.log.push(format!("{connection} ended"));
                self.open.retain(|&c| c != connection);
                self.outputs.push_back(Output::Close(connection));
            }
            Stimulus::Reset => {
                self.log.push(format!("{connection} reset"));
                self.open.retain(|&c| c != connection);
            }
        }
    }

    fn handle_deadline(&mut self, now: Time) {
        while let Some(entry) = self.timers.first_entry().filter(|entry| *entry.key() <= now) {
            let connection = entry.remove();
            self.outputs.push_back(Output::Bytes(connection, Bytes::from_static(b"now")));
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.timers.keys().next().copied()
    }

    fn gather(&mut self, _gathering: bool) {}

    fn failure(&self) -> Option<&str> {
        None
    }

    fn shutdown(&mut self, _now: Time) {
        self.outputs.extend(self.open.iter().map(|&c| Output::Bytes(c, Bytes::from_static(b"going down"))));
    }
}
