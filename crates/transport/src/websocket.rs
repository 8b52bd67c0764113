//! A [`Service`] behind WebSocket (chapter 6 of both standards; RFC 6455), sans-IO as the one inside.
//!
//! The protocol is that of the crate `tungstenite`: it reads requests, and frames from and to a buffer in memory. What is added here is what MQTT demands of a
//! Server: the subprotocol `mqtt`, binary frames only, and that the border of a frame means nothing. The resource of the request may be any.
//!
//! Deliberately not here: TLS, extensions, and the side of the Client. A text message is judged when it is complete, not at the first of its fragments.

use crate::engine::ConnectionId;
use crate::service::{Output, Service, Stimulus};
use bytes::{Buf, Bytes, BytesMut};
use protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use tungstenite::handshake::machine::TryParse;
use tungstenite::handshake::server::{Request, create_response, write_response};
use tungstenite::http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use tungstenite::http::{Response, StatusCode, Version};
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Error, Message};

/// The subprotocol of MQTT 3.1.1 and 5.0.
pub const SUBPROTOCOL: &str = "mqtt";

/// The longest request that is read, in bytes.
const LONGEST_REQUEST: usize = 16 * 1024;
/// The longest message, in bytes: the largest packet that there can be.
const LONGEST_MESSAGE: usize = 268_435_455 + 5;
/// What is kept to read into, in bytes, for each Network Connection.
const READ_BUFFER: usize = 4 * 1024;

/// A Server behind WebSocket.
#[derive(Debug)]
pub struct WebSocket<S> {
    service: S,
    stages: BTreeMap<ConnectionId, Stage>,
    outputs: VecDeque<Output>,
}

/// How far a Network Connection is.
#[derive(Debug)]
enum Stage {
    /// The request is still to come, or only these bytes of it have.
    Request(BytesMut),
    /// The handshake is complete.
    Open(Box<tungstenite::WebSocket<Pipe>>),
    /// The peer is gone: nothing can be sent.
    Gone,
}

impl<S: Service> WebSocket<S> {
    /// Puts `service` behind WebSocket.
    pub fn new(service: S) -> Self {
        WebSocket { service, stages: BTreeMap::new(), outputs: VecDeque::new() }
    }

    /// Takes in bytes of the peer.
    fn take_in(&mut self, now: Time, connection: ConnectionId, bytes: &Bytes) {
        match self.stages.get_mut(&connection) {
            Some(Stage::Request(request)) => {
                request.extend_from_slice(bytes);
                self.shake_hands(now, connection);
            }
            Some(Stage::Open(socket)) => {
                socket.get_mut().incoming.extend_from_slice(bytes);
                self.read(now, connection);
            }
            Some(Stage::Gone) | None => {}
        }
    }

    /// Answers the request once it is complete.
    fn shake_hands(&mut self, now: Time, connection: ConnectionId) {
        let Some(Stage::Request(unread)) = self.stages.get_mut(&connection) else { return };
        match Request::try_parse(unread) {
            Ok(None) if unread.len() < LONGEST_REQUEST => {}
            Ok(Some((length, request))) => match answer(&request) {
                Ok(answer) => {
                    // The Client has to wait for the answer, but nothing is lost if it does not.
                    let rest = unread.split_off(length);
                    self.outputs.push_back(Output::Bytes(connection, answer));
                    self.stages.insert(connection, Stage::Open(Box::new(open(rest))));
                    self.read(now, connection);
                }
                Err(refusal) => {
                    self.outputs.push_back(Output::Bytes(connection, refusal));
                    self.end(now, connection, CloseCode::Normal);
                }
            },
            Ok(None) | Err(_) => self.end(now, connection, CloseCode::Normal),
        }
    }

    /// Hands on what is complete of the frames that have arrived.
    fn read(&mut self, now: Time, connection: ConnectionId) {
        // Outputs are taken after each message: one of them may close the Network Connection, and what follows is then not read.
        while let Some(Stage::Open(socket)) = self.stages.get_mut(&connection) {
            match socket.read() {
                Ok(Message::Binary(bytes)) => {
                    // Packets may begin and end anywhere in it: the Service gets a stream of bytes.
                    catalogue::cite!("5.0/MQTT-6.0.0-2", "3.1.1/MQTT-6.0.0-2");
                    self.service.handle(now, connection, Stimulus::Bytes(bytes));
                    self.collect();
                }
                Ok(Message::Text(_)) => {
                    catalogue::cite!("5.0/MQTT-6.0.0-1", "3.1.1/MQTT-6.0.0-1");
                    return self.end(now, connection, CloseCode::Unsupported);
                }
                // A PONG goes out with the next flush. Whole frames are not read.
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Ok(Message::Close(_)) => return self.end(now, connection, CloseCode::Normal),
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    // The stream is a buffer, which always has room.
                    let _ = socket.flush();
                    return self.drain(connection);
                }
                // A text that is none is a text message all the same.
                Err(Error::Utf8(_)) => return self.end(now, connection, CloseCode::Unsupported),
                Err(Error::Capacity(_)) => return self.end(now, connection, CloseCode::Size),
                Err(_) => return self.end(now, connection, CloseCode::Protocol),
            }
        }
    }

    /// The Network Connection ends without the Service having said so.
    fn end(&mut self, now: Time, connection: ConnectionId, code: CloseCode) {
        // What the Service has said before goes out before.
        self.collect();
        self.close(connection, code);
        self.service.handle(now, connection, Stimulus::EndOfStream);
    }

    /// Puts what the Service wants done into frames.
    fn collect(&mut self) {
        while let Some(output) = self.service.poll_output() {
            match output {
                Output::Bytes(connection, bytes) => {
                    let Some(Stage::Open(socket)) = self.stages.get_mut(&connection) else { continue };
                    catalogue::cite!("5.0/MQTT-6.0.0-1", "3.1.1/MQTT-6.0.0-1");
                    // It fails only where the peer has closed already, and then nothing more is read there.
                    let _ = socket.send(Message::Binary(bytes));
                    self.drain(connection);
                }
                Output::Close(connection) => self.close(connection, CloseCode::Normal),
            }
        }
    }

    /// Closes a Network Connection, and the WebSocket on it before, if there is one.
    fn close(&mut self, connection: ConnectionId, code: CloseCode) {
        if let Some(Stage::Open(socket)) = self.stages.get_mut(&connection) {
            // Both fail where the peer has closed already; its Close is answered all the same.
            let _ = socket.close(Some(CloseFrame { code, reason: "".into() }));
            let _ = socket.flush();
            self.drain(connection);
        }
        if self.stages.remove(&connection).is_some() {
            self.outputs.push_back(Output::Close(connection));
        }
    }

    /// Gives out what has been written.
    fn drain(&mut self, connection: ConnectionId) {
        if let Some(Stage::Open(socket)) = self.stages.get_mut(&connection) {
            let bytes = socket.get_mut().outgoing.split().freeze();
            if !bytes.is_empty() {
                self.outputs.push_back(Output::Bytes(connection, bytes));
            }
        }
    }
}

impl<S: Service> Service for WebSocket<S> {
    fn handle(&mut self, now: Time, connection: ConnectionId, stimulus: Stimulus) {
        match stimulus {
            Stimulus::Opened => {
                self.stages.insert(connection, Stage::Request(BytesMut::new()));
                // The Service waits for a CONNECT from now on, so that a peer without a request is not waited for without end.
                self.service.handle(now, connection, Stimulus::Opened);
            }
            Stimulus::Bytes(bytes) => self.take_in(now, connection, &bytes),
            Stimulus::EndOfStream | Stimulus::Reset => {
                let Some(stage) = self.stages.get_mut(&connection) else { return };
                if stimulus == Stimulus::Reset {
                    *stage = Stage::Gone;
                }
                self.service.handle(now, connection, stimulus);
            }
        }
    }

    fn handle_deadline(&mut self, now: Time) {
        self.service.handle_deadline(now);
    }

    fn poll_output(&mut self) -> Option<Output> {
        // Only now, because a Service that gathers keeps its outputs back.
        self.collect();
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Time> {
        self.service.next_deadline()
    }

    fn shutdown(&mut self, now: Time) {
        self.service.shutdown(now);
        self.collect();
        let open: Vec<ConnectionId> = self.stages.keys().copied().collect();
        for connection in open {
            self.close(connection, CloseCode::Away);
        }
    }

    fn gather(&mut self, gathering: bool) {
        self.service.gather(gathering);
    }

    fn failure(&self) -> Option<&str> {
        self.service.failure()
    }
}

/// The answer to a request: the change of protocol, or else why not.
fn answer(request: &Request) -> Result<Bytes, Bytes> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|h| h.to_str().ok());
    let offers_mqtt = offered.flat_map(|names| names.split(',')).any(|name| name.trim() == SUBPROTOCOL);
    match create_response(request) {
        Ok(mut response) if offers_mqtt => {
            catalogue::cite!("5.0/MQTT-6.0.0-4", "3.1.1/MQTT-6.0.0-4");
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
            Ok(write(&response))
        }
        // Without it there is no name that could be returned, and the Client has to offer it (6.0.0-3).
        Ok(_) => Err(write(&refusal())),
        Err(_) => Err(write(&refusal())),
    }
}

fn refusal() -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    *response.version_mut() = Version::HTTP_11;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

fn write<T>(response: &Response<T>) -> Bytes {
    let mut bytes = Vec::new();
    // All of it is plain text, and memory has room.
    let _ = write_response(&mut bytes, response);
    bytes.into()
}

/// A WebSocket whose handshake is complete, and on which these bytes have arrived.
fn open(arrived: BytesMut) -> tungstenite::WebSocket<Pipe> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_frame_size(Some(LONGEST_MESSAGE))
        .max_message_size(Some(LONGEST_MESSAGE));
    let pipe = Pipe { incoming: arrived, outgoing: BytesMut::new() };
    tungstenite::WebSocket::from_raw_socket(pipe, Role::Server, Some(config))
}

/// What a WebSocket takes for a stream: what has arrived and is not read yet, and what is to be sent.
#[derive(Debug)]
struct Pipe {
    incoming: BytesMut,
    outgoing: BytesMut,
}

impl io::Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.incoming.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = buffer.len().min(self.incoming.len());
        self.incoming.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
