//! WebSocket (chapter 6 of both standards): what is wrong in the answer to the handshake, and in frames. It concerns only the configuration in which the
//! Server is behind WebSocket.

use crate::defect;
use bytes::{Bytes, BytesMut};
use protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use tester::websocket::frame::{BINARY, CONTINUATION, Frame, TEXT};
use transport::{ConnectionId, Output, Service, Stimulus};

/// Where a Defect or a Variant may put its hand in.
#[derive(Debug, Clone, Copy)]
pub struct Twist {
    /// Changes the answer to the handshake; it is told the request, too.
    pub answer: Option<fn(&str, &str) -> String>,
    /// Changes a frame of a Client: none, one or several frames instead.
    pub frame_in: Option<fn(Frame) -> Vec<Frame>>,
    /// Changes a frame of the Server.
    pub frame_out: Option<fn(Frame) -> Vec<Frame>>,
}

impl Twist {
    /// Nothing is different.
    pub const NONE: Twist = Twist { answer: None, frame_in: None, frame_out: None };
}

/// A Service behind WebSocket whose bytes pass through the hands of a twist.
#[derive(Debug)]
pub struct Twisted<S> {
    service: S,
    twist: Twist,
    heads: BTreeMap<ConnectionId, Heads>,
    outputs: VecDeque<Output>,
}

/// What one Network Connection has said: first a head of HTTP, then frames.
#[derive(Debug, Default)]
struct Heads {
    request: Option<String>,
    answered: bool,
    unread: BytesMut,
    unsent: BytesMut,
}

/// The head of HTTP in front of the bytes, if it is complete.
fn take_head(bytes: &mut BytesMut) -> Option<String> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    Some(String::from_utf8_lossy(&bytes.split_to(end + 4)).into_owned())
}

/// The frames in front of the bytes, changed. Bytes that are no frames stay as they are.
fn change(bytes: &mut BytesMut, how: Option<fn(Frame) -> Vec<Frame>>, mask: Option<[u8; 4]>) -> Bytes {
    let mut out = BytesMut::new();
    loop {
        match Frame::take(bytes) {
            Ok(Some(frame)) => {
                let frames = how.map_or_else(|| vec![frame.clone()], |how| how(frame.clone()));
                frames.iter().for_each(|frame| out.extend_from_slice(&frame.to_bytes(mask)));
            }
            Ok(None) => return out.freeze(),
            Err(_) => {
                out.extend_from_slice(&bytes.split());
                return out.freeze();
            }
        }
    }
}

impl<S: Service> Twisted<S> {
    /// Around a Service that speaks WebSocket.
    pub fn new(service: S, twist: Twist) -> Self {
        Twisted { service, twist, heads: BTreeMap::new(), outputs: VecDeque::new() }
    }

    fn collect(&mut self) {
        while let Some(output) = self.service.poll_output() {
            let Output::Bytes(connection, bytes) = output else {
                self.outputs.push_back(output);
                continue;
            };
            let heads = self.heads.entry(connection).or_default();
            heads.unsent.extend_from_slice(&bytes);
            if !heads.answered {
                let Some(answer) = take_head(&mut heads.unsent) else { continue };
                heads.answered = true;
                let request = heads.request.as_deref().unwrap_or_default();
                let answer =
                    self.twist.answer.map_or_else(|| answer.clone(), |twist| twist(request, &answer));
                self.outputs.push_back(Output::Bytes(connection, answer.into()));
            }
            let bytes = change(&mut heads.unsent, self.twist.frame_out, None);
            if !bytes.is_empty() {
                self.outputs.push_back(Output::Bytes(connection, bytes));
            }
        }
    }
}

impl<S: Service> Service for Twisted<S> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        let stimulus = match stimulus {
            Stimulus::Bytes(bytes) => {
                let heads = self.heads.entry(connection).or_default();
                heads.unread.extend_from_slice(&bytes);
                let mut out = BytesMut::new();
                if heads.request.is_none() {
                    heads.request = take_head(&mut heads.unread);
                    let Some(request) = &heads.request else { return };
                    out.extend_from_slice(request.as_bytes());
                }
                out.extend_from_slice(&change(&mut heads.unread, self.twist.frame_in, Some([1, 2, 3, 4])));
                Stimulus::Bytes(out.freeze())
            }
            other => other,
        };
        self.service.handle(now, connection, stimulus);
        self.collect();
    }

    fn handle_deadline(&mut self, now: Time) {
        self.service.handle_deadline(now);
        self.collect();
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.service.next_deadline()
    }

    fn shutdown(&mut self, now: Time) {
        self.service.shutdown(now);
        self.collect();
    }

    fn gather(&mut self, gathering: bool) {
        self.service.gather(gathering);
        self.collect();
    }

    fn failure(&self) -> Option<&str> {
        self.service.failure()
    }
}

/// The answer with this name of a subprotocol, or with none.
fn naming(answer: &str, subprotocol: Option<&str>) -> String {
    let mut lines: Vec<String> = answer
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("sec-websocket-protocol:"))
        .map(str::to_owned)
        .collect();
    if let Some(name) = subprotocol {
        lines.insert(1, format!("Sec-WebSocket-Protocol: {name}"));
    }
    lines.join("\r\n")
}

/// The first subprotocol that the request offers.
fn first_offer(request: &str) -> Option<&str> {
    let offers = |line: &str| line.to_ascii_lowercase().starts_with("sec-websocket-protocol:");
    let (_, names) = request.split("\r\n").find(|line| offers(line))?.split_once(':')?;
    names.split(',').map(str::trim).next()
}

/// How many bytes of whole packets are in front, and how many belong to the first one.
fn whole_packets(bytes: &[u8]) -> (usize, usize) {
    let (mut at, mut first) = (0, 0);
    while let Some(length) = super::wire::frame_length(&bytes[at..]).filter(|l| at + l <= bytes.len()) {
        at += length;
        if first == 0 {
            first = length;
        }
    }
    (at, first)
}

/// A binary frame with only so much of its payload.
fn cut(mut frame: Frame, length: usize) -> Vec<Frame> {
    if matches!(frame.opcode, BINARY | CONTINUATION) && length > 0 {
        frame.payload.truncate(length);
    }
    vec![frame]
}

defect! {
    "websocket-takes-text-frames", "Packets in text frames are taken like those in binary frames",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_in: Some(|frame| vec![Frame { opcode: if frame.opcode == TEXT { BINARY } else { frame.opcode }, ..frame }]),
        ..Twist::NONE
    },
}

defect! {
    "websocket-ignores-text-frames", "Text frames are ignored, and the Network Connection stays open",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_in: Some(|frame| if frame.opcode == TEXT { Vec::new() } else { vec![frame] }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-answers-in-text-frames", "Packets of the Server go out in text frames",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_out: Some(|frame| vec![Frame { opcode: if frame.opcode == BINARY { TEXT } else { frame.opcode }, ..frame }]),
        ..Twist::NONE
    },
}

defect! {
    "websocket-one-packet-per-frame", "What follows the first packet in a frame is lost",
    breaks: ["3.1.1/MQTT-6.0.0-2", "5.0/MQTT-6.0.0-2"],
    websocket: Twist {
        frame_in: Some(|frame| { let (_, first) = whole_packets(&frame.payload); cut(frame, first) }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-packet-ends-with-its-frame", "A packet that goes on in the next frame is refused, as if its frame had to hold it whole",
    breaks: ["3.1.1/MQTT-6.0.0-2", "5.0/MQTT-6.0.0-2"],
    websocket: Twist {
        frame_in: Some(|frame| {
            let (whole, _) = whole_packets(&frame.payload);
            let partial = frame.opcode == BINARY && frame.ends && whole < frame.payload.len();
            vec![Frame { opcode: if partial { TEXT } else { frame.opcode }, ..frame }]
        }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-names-no-subprotocol", "The answer to the handshake names no subprotocol",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|_, answer| naming(answer, None)), ..Twist::NONE },
}

defect! {
    "websocket-names-mqttv3.1", "The answer to the handshake names the subprotocol of MQTT 3.1",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|_, answer| naming(answer, Some("mqttv3.1"))), ..Twist::NONE },
}

defect! {
    "websocket-names-the-first-subprotocol", "The answer to the handshake names whatever the Client offers first",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|request, answer| naming(answer, first_offer(request))), ..Twist::NONE },
}
