//! Servers that do nothing useful. A check that one of them passes proves nothing, unless there is an argument for it.

use crate::around::frame_length;
use bytes::{Bytes, BytesMut};
use protocol::{
    Acknowledgement, Connack, Packet, Properties, QoS, ReasonCode, Role, Suback, Time, Unsuback, Version,
    decode, encode,
};
use std::collections::{BTreeMap, VecDeque};
use tester::testbed::in_process::BoxedService;
use transport::{ConnectionId, Output, Service, Stimulus};

/// A Server that does nothing useful.
#[derive(Debug)]
pub struct NullServer {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub title: &'static str,
    /// Makes one.
    pub make: fn() -> BoxedService,
}

/// Every null Server.
pub static ALL: &[NullServer] = &[
    NullServer {
        name: "mute",
        title: "Reads everything and never answers",
        make: || Box::new(Simple::new(|_, _| {})),
    },
    NullServer { name: "hang-up", title: "Closes each Network Connection at once", make: hang_up },
    NullServer {
        name: "babbler",
        title: "Answers everything with bytes that are not a packet",
        make: || {
            Box::new(Simple::new(|connection, outputs| {
                outputs.push_back(Output::Bytes(connection, Bytes::from_static(b"\x0F\x07mumble!")));
            }))
        },
    },
    NullServer {
        name: "yes-server",
        title: "Accepts and acknowledges everything, and delivers nothing",
        make: || Box::<YesServer>::default(),
    },
];

/// Closes each Network Connection at once.
pub fn hang_up() -> BoxedService {
    Box::new(Simple::new(|connection, outputs| outputs.push_back(Output::Close(connection))))
}

/// Does the same thing whatever happens, until the Client has gone.
struct Simple {
    act: fn(ConnectionId, &mut VecDeque<Output>),
    outputs: VecDeque<Output>,
}

impl Simple {
    fn new(act: fn(ConnectionId, &mut VecDeque<Output>)) -> Self {
        Simple { act, outputs: VecDeque::new() }
    }
}

impl Service for Simple {
    fn handle(&mut self, _now: Time, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Opened | Stimulus::Bytes(_) => (self.act)(connection, &mut self.outputs),
            Stimulus::EndOfStream | Stimulus::Reset => self.outputs.push_back(Output::Close(connection)),
        }
    }
    fn handle_deadline(&mut self, _now: Time) {}
    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
    fn next_deadline(&self) -> Option<Time> {
        None
    }
    fn gather(&mut self, _gathering: bool) {}
    fn failure(&self) -> Option<&str> {
        None
    }
}

/// Says yes to everything that it understands, and nothing to the rest.
#[derive(Default)]
struct YesServer {
    clients: BTreeMap<ConnectionId, (BytesMut, Version)>,
    outputs: VecDeque<Output>,
}

impl Service for YesServer {
    fn handle(&mut self, _now: Time, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Opened => drop(self.clients.insert(connection, (BytesMut::new(), Version::V500))),
            Stimulus::EndOfStream | Stimulus::Reset => {
                self.clients.remove(&connection);
                self.outputs.push_back(Output::Close(connection));
            }
            Stimulus::Bytes(bytes) => {
                let Some((unread, version)) = self.clients.get_mut(&connection) else { return };
                unread.extend_from_slice(&bytes);
                while let Some(length) = frame_length(unread).filter(|length| *length <= unread.len()) {
                    let frame = unread.split_to(length).freeze();
                    let Some(packet) = read(&frame, *version) else { continue };
                    if let Packet::Connect(connect) = &packet {
                        *version = connect.version;
                    }
                    let Some(answer) = yes(&packet, *version) else { continue };
                    let mut encoded = BytesMut::new();
                    if encode(&answer, *version, &mut encoded).is_ok() {
                        self.outputs.push_back(Output::Bytes(connection, encoded.freeze()));
                    }
                }
            }
        }
    }
    fn handle_deadline(&mut self, _now: Time) {}
    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
    fn next_deadline(&self) -> Option<Time> {
        None
    }
    fn gather(&mut self, _gathering: bool) {}
    fn failure(&self) -> Option<&str> {
        None
    }
}

/// One packet; what is none gets no answer, and spoils nothing that follows.
fn read(frame: &Bytes, version: Version) -> Option<Packet> {
    let version = frame.first().is_some_and(|first| first >> 4 != 1).then_some(version);
    decode(frame, version, Role::Client).ok()
}

fn yes(packet: &Packet, version: Version) -> Option<Packet> {
    let nothing = Properties::new;
    Some(match packet {
        Packet::Connect(connect) => {
            let mut properties = nothing();
            if version == Version::V500 && connect.client_id.is_empty() {
                properties.push(protocol::Property::AssignedClientIdentifier("assigned".into()));
            }
            Packet::Connack(Connack { session_present: false, reason: ReasonCode::SUCCESS, properties })
        }
        Packet::Publish(publish) => match (publish.qos, publish.packet_id) {
            (QoS::AtLeastOnce, Some(id)) => Packet::Puback(Acknowledgement::new(id)),
            (QoS::ExactlyOnce, Some(id)) => Packet::Pubrec(Acknowledgement::new(id)),
            _ => return None,
        },
        Packet::Pubrel(ack) => Packet::Pubcomp(Acknowledgement::new(ack.packet_id)),
        Packet::Subscribe(subscribe) => Packet::Suback(Suback {
            packet_id: subscribe.packet_id,
            properties: nothing(),
            reasons: subscribe.filters.iter().map(|(_, options)| ReasonCode(options.qos as u8)).collect(),
        }),
        Packet::Unsubscribe(unsubscribe) => Packet::Unsuback(Unsuback {
            packet_id: unsubscribe.packet_id,
            properties: nothing(),
            reasons: match version {
                Version::V311 => Vec::new(),
                Version::V500 => vec![ReasonCode::SUCCESS; unsubscribe.filters.len()],
            },
        }),
        Packet::Pingreq => Packet::Pingresp,
        _ => return None,
    })
}
