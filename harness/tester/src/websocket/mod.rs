//! The Tester's side of WebSocket (chapter 6 of both standards, RFC 6455), for Testbeds whose Server is reached by it: the handshake, and the bytes of MQTT
//! in and out of frames, right or wrong.
//!
//! The key and the masks are not random but fixed and counted, so that the same scenario sends the same bytes. Deliberately not here: what a frame of the
//! Server means for a verdict (`steps`, `monitors`).

pub mod frame;

use super::{ObservationKind, Standing, Tester};
use crate::testbed::{LinkId, Shut};
use bytes::{Bytes, BytesMut};
use frame::Frame;

/// The key of the example in RFC 6455 section 1.3, and the answer that proves that a Server has understood it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// The longest answer to the handshake that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How the bytes of a Client are put into frames.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Framing {
    /// One binary frame for each packet.
    #[default]
    Plain,
    /// Binary frames of so many bytes, each a message of its own.
    Frames(usize),
    /// The same with a Ping frame after each.
    FramesAndPings(usize),
    /// One binary message for each packet, in fragments of so many bytes.
    Fragments(usize),
    /// They are kept, to be sent together.
    Kept(BytesMut),
}

/// What the Server answered to a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP; 101 changes the protocol.
    pub status: u16,
    /// The subprotocols that it names.
    pub subprotocols: Vec<String>,
    /// The index of the observation.
    pub observation: usize,
}

/// The WebSocket of one Network Connection.
#[derive(Debug, Default)]
pub struct Channel {
    /// What the Server answered to the handshake.
    pub answer: Option<Answer>,
    /// What was no WebSocket at all.
    pub fault: Option<String>,
    unread: BytesMut,
    masks: u32,
    /// The opcode of the message whose fragments are arriving.
    message: Option<u8>,
    over: bool,
}

impl Channel {
    /// Whether the handshake is complete, and nothing has ended it since.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.over && self.fault.is_none() && self.answer.as_ref().is_some_and(|a| a.status == 101)
    }

    fn masked(&mut self, frame: &Frame) -> Bytes {
        self.masks = self.masks.wrapping_add(1);
        frame.to_bytes(Some(self.masks.wrapping_mul(0x9E37_79B9).to_be_bytes()))
    }
}

impl Tester {
    /// Whether Clients reach the Server by WebSocket.
    #[must_use]
    pub fn uses_websocket(&self) -> bool {
        self.testbed.resource().is_some()
    }

    /// The TCP connection is there: asks for the WebSocket.
    pub(super) fn ask_for_websocket(&mut self, name: &str) {
        let Some(resource) = self.testbed.resource().cloned() else { return };
        let client = self.client(name);
        let (link, connection) = (client.link, client.connection);
        let offer = client.offer.as_ref().map(|names| format!("Sec-WebSocket-Protocol: {names}\r\n"));
        let said = client.offer.clone().map_or_else(|| "no subprotocol".to_owned(), |o| format!("\"{o}\""));
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{}\r\n",
            resource.path,
            resource.host,
            offer.unwrap_or_default()
        );
        self.note(
            connection,
            ObservationKind::Note(format!("{name} asks for a WebSocket and offers {said}")),
        );
        if let Some(link) = link {
            self.testbed.send(link, request.into());
        }
    }

    /// Sends bytes of MQTT on a Network Connection, in frames if it has a WebSocket.
    pub(super) fn put(&mut self, name: &str, link: LinkId, bytes: Bytes) {
        if self.client(name).channel.is_none() {
            return self.testbed.send(link, bytes);
        }
        if let Framing::Kept(kept) = &mut self.client(name).framing {
            return kept.extend_from_slice(&bytes);
        }
        let framing = self.client(name).framing.clone();
        self.put_framed(name, bytes, &framing);
    }

    /// Sends bytes of MQTT in frames of a certain form.
    pub fn put_framed(&mut self, name: &str, bytes: Bytes, framing: &Framing) {
        let binary = |bytes: &[u8]| Frame::new(frame::BINARY, Bytes::copy_from_slice(bytes));
        let frames: Vec<Frame> = match framing {
            Framing::Plain | Framing::Kept(_) => vec![binary(&bytes)],
            Framing::Frames(length) => bytes.chunks((*length).max(1)).map(binary).collect(),
            Framing::FramesAndPings(length) => {
                let ping = Frame::new(frame::PING, &b"still there?"[..]);
                bytes.chunks((*length).max(1)).flat_map(|piece| [binary(piece), ping.clone()]).collect()
            }
            Framing::Fragments(length) => {
                let pieces: Vec<&[u8]> = bytes.chunks((*length).max(1)).collect();
                let last = pieces.len().saturating_sub(1);
                let fragment = |(index, piece): (usize, &&[u8])| Frame {
                    ends: index == last,
                    opcode: if index == 0 { frame::BINARY } else { frame::CONTINUATION },
                    payload: Bytes::copy_from_slice(piece),
                };
                pieces.iter().enumerate().map(fragment).collect()
            }
        };
        if frames.len() > 1 {
            let connection = self.client(name).connection;
            let text = format!("{name} sends {} bytes in {} frames", bytes.len(), frames.len());
            self.note(connection, ObservationKind::Note(text));
        }
        for frame in &frames {
            self.put_frame(name, frame);
        }
    }

    /// Sends one frame, right or wrong.
    pub fn put_frame(&mut self, name: &str, frame: &Frame) {
        let client = self.client(name);
        let link = client.link;
        let Some(channel) = client.channel.as_mut().filter(|c| c.is_open()) else { return };
        let bytes = channel.masked(frame);
        if let Some(link) = link {
            self.testbed.send(link, bytes);
        }
    }

    /// Takes in what arrived on a Network Connection with a WebSocket.
    pub(super) fn unwrap(&mut self, name: &str, bytes: &Bytes) {
        let Some(channel) = self.client(name).channel.as_mut() else { return };
        if channel.over || channel.fault.is_some() {
            return;
        }
        channel.unread.extend_from_slice(bytes);
        if channel.answer.is_none() && !self.read_answer(name) {
            return;
        }
        loop {
            let client = self.client(name);
            let Some(channel) = client.channel.as_mut().filter(|c| c.is_open()) else { return };
            match Frame::take(&mut channel.unread) {
                Ok(None) => return,
                Ok(Some(frame)) => self.take_frame(name, frame),
                Err(why) => return self.no_websocket(name, format!("the Server sent {why}")),
            }
        }
    }

    fn take_frame(&mut self, name: &str, frame: Frame) {
        let client = self.client(name);
        let connection = client.connection;
        let Some(channel) = client.channel.as_mut() else { return };
        match frame.opcode {
            frame::PING => self.put_frame(name, &Frame::new(frame::PONG, frame.payload)),
            frame::PONG => {}
            frame::CLOSE => {
                // It is answered, and nothing may come after it: the Network Connection has ended.
                self.put_frame(name, &Frame::new(frame::CLOSE, frame.payload));
                let client = self.client(name);
                client.standing = Standing::Ended { reset: false };
                if let Some(channel) = &mut client.channel {
                    channel.over = true;
                }
                let (link, rest) = (client.link, client.unread.split().freeze());
                self.note(connection, ObservationKind::Note("the Server closes the WebSocket".to_owned()));
                self.note(connection, ObservationKind::EndOfStream { rest });
                if let Some(link) = link {
                    self.links.remove(&link);
                    self.testbed.shut(link, Shut::Close);
                }
            }
            opcode => {
                let begun = if opcode == frame::CONTINUATION { channel.message } else { Some(opcode) };
                if (opcode == frame::CONTINUATION) != channel.message.is_some() {
                    let why = "the Server sent fragments of messages out of order";
                    return self.no_websocket(name, why.to_owned());
                }
                channel.message = if frame.ends { None } else { begun };
                if opcode == frame::TEXT {
                    let text = format!("the Server sent a text frame of {} bytes", frame.payload.len());
                    let observation = self.note(connection, ObservationKind::Said(text));
                    self.transcript.connections[connection].text_frames.push(observation);
                }
                // What it carries is read all the same: that it is no binary frame is for the judges.
                self.client(name).unread.extend_from_slice(&frame.payload);
                self.read(name);
            }
        }
    }

    /// Reads the answer to the handshake; whether it is complete and changes the protocol.
    fn read_answer(&mut self, name: &str) -> bool {
        let client = self.client(name);
        let connection = client.connection;
        let Some(channel) = client.channel.as_mut() else { return false };
        let Some(end) = channel.unread.windows(4).position(|w| w == b"\r\n\r\n") else {
            if channel.unread.len() > LONGEST_ANSWER {
                self.no_websocket(name, "the answer to the handshake has no end".to_owned());
            }
            return false;
        };
        let head = channel.unread.split_to(end + 4);
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap_or_default();
        let status = status.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse::<u16>().ok());
        let Some(status) = status else {
            self.no_websocket(name, "the answer to the handshake is no HTTP/1.1".to_owned());
            return false;
        };
        let fields: Vec<(String, &str)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(field, value)| (field.trim().to_ascii_lowercase(), value.trim()))
            .collect();
        let values = |wanted: &str| {
            let wanted = wanted.to_owned();
            fields.iter().filter(move |(field, _)| *field == wanted).map(|(_, value)| *value)
        };
        let subprotocols: Vec<String> = values("sec-websocket-protocol")
            .flat_map(|names| names.split(','))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        let named = if subprotocols.is_empty() { "none".to_owned() } else { subprotocols.join(", ") };
        let text = format!("the Server answers the handshake with {status}; subprotocol: {named}");
        let accepted = values("sec-websocket-accept").any(|value| value == ACCEPT);
        let observation = self.note(connection, ObservationKind::Said(text));
        let client = self.client(name);
        if let Some(channel) = &mut client.channel {
            channel.answer = Some(Answer { status, subprotocols, observation });
        }
        match (status, accepted) {
            (101, true) => {
                client.standing = Standing::Open;
                self.note(connection, ObservationKind::Opened);
                return true;
            }
            (101, false) => {
                self.no_websocket(
                    name,
                    "the answer to the handshake has no right Sec-WebSocket-Accept".into(),
                );
            }
            _ => self.no_websocket(name, format!("the Server answers the handshake with {status}")),
        }
        false
    }

    /// The peer does not speak WebSocket as RFC 6455 has it: the Client gives up, as it has to there.
    fn no_websocket(&mut self, name: &str, why: String) {
        let client = self.client(name);
        client.standing = Standing::Failed(why.clone());
        let (link, connection) = (client.link, client.connection);
        if let Some(channel) = &mut client.channel {
            channel.fault = Some(why.clone());
        }
        self.note(connection, ObservationKind::OpenFailed(why));
        if let Some(link) = link {
            self.links.remove(&link);
            self.testbed.shut(link, Shut::Close);
        }
    }
}
