//! One TCP connection: a task that obeys and tells.

use crate::network::{Event, LinkId, Shut};
use bytes::{Bytes, BytesMut};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a TCP connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long what was written has to reach a Server before a reset: one that learns of the reset first may throw it away unread.
const HEAD_START: Duration = Duration::from_millis(3);
/// From so many bytes per second on a reader is not slow.
const NOT_SLOW: u64 = u32::MAX as u64;

#[derive(Debug)]
pub(super) enum Order {
    Send(Bytes),
    Shut(Shut),
    /// Read at most so many bytes per second, 0 for not at all.
    Read(u64),
}

pub(super) async fn drive(
    link: LinkId,
    address: String,
    began: Instant,
    mut orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::UnboundedSender<(LinkId, Duration, Event)>,
) {
    // Whoever wanted to know may be gone, which is fine.
    let tell = |event: Event| drop(events.send((link, began.elapsed(), event)));
    let mut stream = match tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(&address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return tell(Event::ConnectFailed(error.to_string())),
        Err(_) => {
            return tell(Event::ConnectFailed(format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())));
        }
    };
    // Small packets go out at once; if the option cannot be set, latency is all that suffers.
    let _ = stream.set_nodelay(true);
    tell(Event::Connected);
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    let mut write_failed = false;
    let mut rate = u64::MAX;
    loop {
        buffer.reserve(4096);
        let (mut reader, mut writer) = stream.split();
        tokio::select! {
            biased;
            read = read_at_rate(&mut reader, &mut buffer, rate) => match read {
                Ok(0) => return tell(Event::EndOfStream),
                Ok(_) => tell(Event::Bytes(buffer.split().freeze())),
                Err(_) => return tell(Event::Reset),
            },
            order = orders.recv() => match order {
                // A failed write is seen by the read that follows; keep reading, since bytes may still be waiting there.
                Some(Order::Send(bytes)) => write_failed |= !write_failed && writer.write_all(&bytes).await.is_err(),
                Some(Order::Read(bytes_per_second)) => rate = bytes_per_second,
                Some(Order::Shut(Shut::HalfClose)) => drop(writer.shutdown().await),
                Some(Order::Shut(Shut::Close)) | None => {
                    drop(writer.shutdown().await);
                    return;
                }
                Some(Order::Shut(Shut::Reset)) => {
                    tokio::time::sleep(HEAD_START).await;
                    drop(stream.set_zero_linger());
                    return;
                }
            },
        }
    }
}

/// Reads what there is, or a tenth of a second's worth of it after that time.
async fn read_at_rate(
    reader: &mut tokio::net::tcp::ReadHalf<'_>,
    buffer: &mut BytesMut,
    bytes_per_second: u64,
) -> std::io::Result<usize> {
    match bytes_per_second {
        NOT_SLOW.. => reader.read_buf(buffer).await,
        0 => std::future::pending().await,
        rate => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut piece = reader.take((rate / 10).max(1));
            piece.read_buf(buffer).await
        }
    }
}
