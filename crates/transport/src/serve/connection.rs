//! The two tasks of one Network Connection: one reads, one writes.

use super::outbox::Outbox;
use crate::engine::ConnectionId;
use crate::stream::ByteStream;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc::Sender;

/// What the tasks tell the Server.
#[derive(Debug)]
pub(super) enum Inbound {
    /// Bytes have arrived.
    Bytes(ConnectionId, Bytes),
    /// No more bytes will arrive.
    EndOfStream(ConnectionId),
    /// Reading has failed.
    ReadFailed(ConnectionId),
    /// Writing has failed. What had arrived before can still be read.
    WriteFailed(ConnectionId),
}

const SMALLEST_READ: usize = 4 * 1024;
const LARGEST_READ: usize = 64 * 1024;
const LARGEST_WRITE: usize = 64 * 1024;
/// Chunks of at least this size are written as they are; smaller ones are put together first.
const LARGE_CHUNK: usize = 16 * 1024;

/// Reads until the stream ends or fails. The bounded channel makes a Client that sends faster than the Server works wait.
pub(super) async fn read<S: ByteStream>(
    mut stream: ReadHalf<S>,
    connection: ConnectionId,
    inbound: Sender<Inbound>,
    outbox: Arc<Outbox>,
) {
    let mut size = SMALLEST_READ;
    let mut buffer = BytesMut::with_capacity(size);
    let last = loop {
        outbox.ease().await;
        buffer.reserve(size);
        match stream.read_buf(&mut buffer).await {
            Ok(0) => break Inbound::EndOfStream(connection),
            // The Server has closed: bytes are read only so that the close is no reset, which would take the last packet away from the peer.
            Ok(_) if outbox.is_closing() => buffer.clear(),
            Ok(length) => {
                // Whoever keeps a piece of the bytes keeps their whole allocation: a small read gets one of its own.
                let bytes = if length < size / 4 {
                    let bytes = Bytes::copy_from_slice(&buffer);
                    buffer.clear();
                    bytes
                } else {
                    buffer.split().freeze()
                };
                if length >= size {
                    size = (size * 2).min(LARGEST_READ);
                } else if length < size / 8 && size > SMALLEST_READ {
                    size /= 2;
                    buffer = BytesMut::new();
                }
                if inbound.send(Inbound::Bytes(connection, bytes)).await.is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break Inbound::ReadFailed(connection),
        }
    };
    // The receiver is gone only when the whole Server is.
    let _ = inbound.send(last).await;
}

/// Writes what the outbox holds; once that is closed and all is out, closes its half of the stream.
pub(super) async fn write<S: ByteStream>(
    mut stream: WriteHalf<S>,
    connection: ConnectionId,
    inbound: Sender<Inbound>,
    outbox: Arc<Outbox>,
) {
    let written = write_all(&mut stream, &outbox).await;
    if written.is_err() {
        outbox.fail();
        let _ = inbound.send(Inbound::WriteFailed(connection)).await;
    }
}

async fn write_all<S: ByteStream>(stream: &mut WriteHalf<S>, outbox: &Outbox) -> io::Result<()> {
    let mut batch = VecDeque::new();
    let mut together = BytesMut::new();
    while outbox.take(&mut batch).await {
        while let Some(chunk) = batch.pop_front() {
            let alone = together.is_empty() && batch.is_empty();
            if alone || chunk.len() >= LARGE_CHUNK {
                stream.write_all(&together).await?;
                together.clear();
                stream.write_all(&chunk).await?;
                continue;
            }
            together.extend_from_slice(&chunk);
            if together.len() >= LARGEST_WRITE || batch.is_empty() {
                stream.write_all(&together).await?;
                together.clear();
            }
        }
        stream.flush().await?;
        if together.capacity() > 2 * LARGEST_WRITE {
            together = BytesMut::new();
        }
    }
    stream.shutdown().await
}
