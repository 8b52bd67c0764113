//! The [`Client`] over a byte stream: TCP, or whatever else is opened for it.
//!
//! Pull, not push: nothing happens but in [`Driver::next_event`], so no task is spawned and no channel is needed. The streams may as well be
//! simulated. Deliberately not here: addresses and TCP itself, see the crate `transport`.

use crate::{Client, Command, Effect, Event, Input};
use bytes::{Bytes, BytesMut};
use protocol::{Decoder, Limits, Time, encode};
use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use transport::Clock;

/// How much is read at once, in bytes.
const READ_SIZE: usize = 16 * 1024;

/// How long a Server may take to read the last packet and to close in its turn.
const CLOSE_TIMEOUT: Time = Time::from_secs(1);

/// A Network Connection that is being opened.
pub type Opening<S> = Pin<Box<dyn Future<Output = io::Result<S>> + Send>>;

/// Runs a [`Client`] over streams that `O` opens, one after the other, at the time of `C`.
pub struct Driver<S, C, O> {
    client: Client,
    clock: C,
    open: O,
    link: Link<S>,
    decoder: Decoder,
    incoming: BytesMut,
    outgoing: BytesMut,
    events: VecDeque<Event>,
    last_error: Option<io::Error>,
}

enum Link<S> {
    None,
    Opening(Opening<S>),
    Open(S),
    /// What is left to send goes out, then the Server is given a moment to close too: bytes that it has sent and nobody reads would otherwise
    /// make the operating system throw away the last packet.
    Closing {
        stream: S,
        until: Time,
        /// Whether the Server has been told that nothing more comes.
        shut: bool,
    },
}

/// What has happened to the stream.
enum Happened<S> {
    Opened(io::Result<S>),
    Read(io::Result<usize>),
    Wrote(io::Result<usize>),
    Shut,
    Due,
}

impl<S, C, O> fmt::Debug for Driver<S, C, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("client", &self.client).finish_non_exhaustive()
    }
}

impl<S, C, O> Driver<S, C, O>
where
    S: AsyncRead + AsyncWrite + Unpin,
    C: Clock,
    O: FnMut() -> Opening<S>,
{
    /// Runs `client`. `open` is called for each Network Connection.
    pub fn new(client: Client, clock: C, open: O) -> Self {
        let decoder = Decoder::for_client(client.version(), Limits::default());
        Driver {
            client,
            clock,
            open,
            link: Link::None,
            decoder,
            incoming: BytesMut::new(),
            outgoing: BytesMut::new(),
            events: VecDeque::new(),
            last_error: None,
        }
    }

    /// The Client inside.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Commands the Client. What comes of it is seen in [`Driver::next_event`].
    pub fn command(&mut self, command: Command) {
        self.client.handle(self.clock.now(), Input::Command(command));
        self.perform();
    }

    /// Why the latest Network Connection could not be opened, or was lost.
    pub fn last_error(&self) -> Option<&io::Error> {
        self.last_error.as_ref()
    }

    /// How many bytes wait to be sent.
    pub fn backlog(&self) -> usize {
        self.outgoing.len()
    }

    /// The next event. It never comes if the Client has nothing to do. May be dropped before it comes, and called again.
    pub async fn next_event(&mut self) -> Event {
        loop {
            self.perform();
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            let happened = self.happen().await;
            self.take_in(happened);
        }
    }

    /// Does what the Client wants, up to the next event of which the application has to know first, or to a close that takes its time.
    fn perform(&mut self) {
        while !matches!(self.link, Link::Closing { .. }) {
            let Some(effect) = self.client.poll_effect() else { return };
            match effect {
                Effect::OpenTransport => {
                    self.last_error = None;
                    self.decoder = Decoder::for_client(
                        self.client.version(),
                        Limits { maximum_packet_size: self.client.maximum_packet_size() },
                    );
                    self.outgoing.clear();
                    self.link = Link::Opening((self.open)());
                }
                Effect::Send(packet) => {
                    if let Err(error) = encode(&packet, self.client.version(), &mut self.outgoing) {
                        self.lose(io::Error::new(io::ErrorKind::InvalidInput, error));
                    }
                }
                Effect::CloseTransport => {
                    self.link = match std::mem::replace(&mut self.link, Link::None) {
                        Link::Open(stream) => {
                            Link::Closing { stream, until: self.clock.now() + CLOSE_TIMEOUT, shut: false }
                        }
                        Link::None | Link::Opening(_) | Link::Closing { .. } => Link::None,
                    };
                }
                Effect::Event(event) => self.events.push_back(event),
            }
        }
    }

    /// Waits for the stream or the clock. Loses nothing when it is dropped.
    async fn happen(&mut self) -> Happened<S> {
        let deadline = match &self.link {
            Link::Closing { until, .. } => Some(*until),
            Link::None | Link::Opening(_) | Link::Open(_) => self.client.next_deadline(),
        };
        let clock = &self.clock;
        let due = async {
            match deadline {
                // Also where the stream never rests.
                Some(deadline) if deadline <= clock.now() => {}
                Some(deadline) => clock.sleep_until(deadline).await,
                None => pending().await,
            }
        };
        match &mut self.link {
            Link::None => {
                due.await;
                Happened::Due
            }
            Link::Opening(opening) => tokio::select! {
                biased;
                () = due => Happened::Due,
                opened = opening => Happened::Opened(opened),
            },
            link @ (Link::Open(_) | Link::Closing { .. }) => {
                let (stream, shut) = match link {
                    Link::Open(stream) => (stream, None),
                    Link::Closing { stream, shut, .. } => (stream, Some(*shut)),
                    Link::None | Link::Opening(_) => return Happened::Due,
                };
                let (mut reader, mut writer) = tokio::io::split(stream);
                let outgoing = &mut self.outgoing;
                let write = async {
                    match shut {
                        _ if !outgoing.is_empty() => Happened::Wrote(writer.write_buf(outgoing).await),
                        Some(false) => {
                            // What fails here fails for the reader, too.
                            let _ = writer.shutdown().await;
                            Happened::Shut
                        }
                        Some(true) | None => pending().await,
                    }
                };
                self.incoming.reserve(READ_SIZE);
                tokio::select! {
                    biased;
                    () = due => Happened::Due,
                    wrote = write => wrote,
                    read = reader.read_buf(&mut self.incoming) => Happened::Read(read),
                }
            }
        }
    }

    fn take_in(&mut self, happened: Happened<S>) {
        let now = self.clock.now();
        if let Link::Closing { shut, .. } = &mut self.link {
            self.incoming.clear();
            match happened {
                Happened::Shut => *shut = true,
                Happened::Due
                | Happened::Opened(_)
                | Happened::Read(Ok(0) | Err(_))
                | Happened::Wrote(Ok(0) | Err(_)) => {
                    self.link = Link::None;
                }
                Happened::Read(Ok(_)) | Happened::Wrote(Ok(_)) => {}
            }
            return;
        }
        match happened {
            Happened::Due => self.client.handle_deadline(now),
            Happened::Opened(Ok(stream)) => {
                self.link = Link::Open(stream);
                self.client.handle(now, Input::TransportOpened);
            }
            Happened::Opened(Err(error)) | Happened::Read(Err(error)) | Happened::Wrote(Err(error)) => {
                self.lose(error)
            }
            Happened::Wrote(Ok(0)) => self.lose(io::ErrorKind::WriteZero.into()),
            Happened::Wrote(Ok(_)) | Happened::Shut => {}
            Happened::Read(Ok(0)) => self.lose(io::ErrorKind::UnexpectedEof.into()),
            Happened::Read(Ok(_)) => {
                let bytes = self.incoming.split().freeze();
                self.decode(bytes);
            }
        }
    }

    /// The Network Connection is gone.
    fn lose(&mut self, error: io::Error) {
        self.link = Link::None;
        self.last_error = Some(error);
        self.client.handle(self.clock.now(), Input::TransportEnded);
    }

    fn decode(&mut self, bytes: Bytes) {
        self.decoder.feed(bytes);
        // Effects are performed after each packet: one of them may close the Network Connection, and what follows is then not read.
        while let Link::Open(_) = self.link {
            let input = match self.decoder.next_packet() {
                None => return,
                Some(Ok(packet)) => Input::Received(packet),
                Some(Err(error)) => Input::Malformed(error),
            };
            let last = matches!(input, Input::Malformed(_));
            self.client.handle(self.clock.now(), input);
            self.perform();
            if last {
                return;
            }
        }
    }
}
