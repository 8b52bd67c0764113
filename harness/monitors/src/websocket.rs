//! Data frames on a WebSocket (chapter 6 of both standards).

use super::{Breach, packets_of};
use crate::monitor;
use protocol::Role;
use tester::Transcript;

monitor!(
    "binary-frames-only",
    "The Server sends Control Packets in binary frames only",
    ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    |transcript: &Transcript, watch: &mut super::Watch| {
        for (index, connection) in transcript.connections.iter().enumerate().filter(|(_, c)| c.websocket) {
            match connection.text_frames.first() {
                Some(text) => watch.breach(Breach {
                    by: Role::Server,
                    version: connection.version,
                    observation: *text,
                    expected: "binary frames only".to_owned(),
                    actual: "a text frame".to_owned(),
                    requirements: Vec::new(),
                }),
                None => {
                    if let Some(seen) = packets_of(transcript, index).find(|seen| seen.by == Role::Server) {
                        watch.occasion(&seen);
                    }
                }
            }
        }
    }
);
