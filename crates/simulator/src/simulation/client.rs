//! The host of the Clients: does on each Network Connection what the Tester wants, and notes what it observes.
//!
//! All Clients share it, since the cost of a simulation grows with its hosts. The wire tells their Network Connections apart by their ports.

use super::board::Board;
use super::control::{Control, Side};
use super::stream::Stream;
use crate::clock::SimulatedClock;
use crate::network::Event;
use bytes::Bytes;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use transport::Clock;
use turmoil::net::TcpStream;

/// What a Client is to do on one Network Connection.
#[derive(Debug)]
pub(super) enum Command {
    Send(Bytes),
    HalfClose,
    Close,
    /// Forget it without a word: the wire has been told.
    Drop,
}

/// A Network Connection to be opened.
pub(super) struct Opening {
    pub(super) control: Arc<Control>,
    pub(super) server: SocketAddr,
    /// How long the answer of the Server takes.
    pub(super) answer: Duration,
    pub(super) commands: UnboundedReceiver<Command>,
}

/// What the host of the Clients runs.
pub(super) async fn run(
    mut openings: UnboundedReceiver<Opening>,
    board: Arc<Board>,
    clock: SimulatedClock,
) -> turmoil::Result {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            opening = openings.recv() => match opening {
                // Tasks start in the order in which they are spawned: the wire relies on it to tell first segments apart.
                Some(opening) => drop(tasks.spawn_local(play(opening, board.clone(), clock.clone()))),
                None => return Ok(()),
            },
            ended = tasks.join_next(), if !tasks.is_empty() => if let Some(Err(error)) = ended {
                board.fail(format!("a Client of the simulation failed: {error}"));
            },
        }
    }
}

async fn play(opening: Opening, board: Arc<Board>, clock: SimulatedClock) {
    let Opening { control, server, answer, mut commands } = opening;
    let link = control.link;
    let connected = TcpStream::connect(server).await;
    board.notices().answers += 1;
    clock.sleep(clock.now() + answer).await;
    board.notices().answers -= 1;
    let stream = match connected {
        Ok(stream) => stream,
        Err(error) => {
            board.event(link, clock.now(), Event::ConnectFailed(error.kind().to_string()));
            return;
        }
    };
    let seen = stream.local_addr().ok().and_then(|local| board.notices().ports.get(&local.port()).cloned());
    if seen.is_none_or(|seen| seen.link != link) {
        board.fail(format!("the wire took {link} for another one"));
    }
    board.event(link, clock.now(), Event::Connected);
    let stream = Stream::new(stream, Side::Client, control, board.clone(), clock.clone());
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut ended = false;
    {
        let writing = write(&mut writer, &mut commands);
        let mut writing = std::pin::pin!(writing);
        let reading = async {
            loop {
                let event = read(&mut reader).await;
                let last = !matches!(event, Event::Bytes(_));
                board.event(link, clock.now(), event.clone());
                if last {
                    return event;
                }
            }
        };
        let mut reading = std::pin::pin!(reading);
        while !ended {
            tokio::select! {
                biased;
                () = &mut writing => return,
                event = &mut reading => {
                    if event == Event::Reset {
                        return;
                    }
                    ended = true;
                }
            }
        }
        writing.await;
    }
}

async fn read(reader: &mut ReadHalf<Stream>) -> Event {
    let mut buffer = [0; 16 * 1024];
    match reader.read(&mut buffer).await {
        Ok(0) => Event::EndOfStream,
        Ok(length) => Event::Bytes(Bytes::copy_from_slice(&buffer[..length])),
        Err(_) => Event::Reset,
    }
}

/// Ends when the Client has closed.
async fn write(writer: &mut WriteHalf<Stream>, commands: &mut UnboundedReceiver<Command>) {
    let mut failed = false;
    while let Some(command) = commands.recv().await {
        let result: io::Result<()> = match command {
            Command::Send(bytes) if !failed => writer.write_all(&bytes).await,
            Command::HalfClose if !failed => writer.shutdown().await,
            Command::Send(_) | Command::HalfClose => Ok(()),
            Command::Close => {
                // Whatever comes of it: the stream is dropped next.
                let _ = writer.shutdown().await;
                return;
            }
            Command::Drop => return,
        };
        // The reader sees what has happened; bytes after it are lost.
        failed |= result.is_err();
    }
}
