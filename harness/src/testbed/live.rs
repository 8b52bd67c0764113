//! The Testbed over real TCP sockets. Needs a tokio runtime with a `LocalSet` around it.

use super::{Event, Hardship, Kind, LinkId, NotSupported, Shut, Testbed};
use bytes::{Bytes, BytesMut};
use futures::future::LocalBoxFuture;
use protocol::Time;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a TCP connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

enum Order {
    Send(Bytes),
    Shut(Shut),
}

/// Real sockets to one address.
pub struct Live {
    address: String,
    began: Instant,
    orders: BTreeMap<LinkId, mpsc::UnboundedSender<Order>>,
    events: mpsc::UnboundedReceiver<(LinkId, Time, Event)>,
    events_in: mpsc::UnboundedSender<(LinkId, Time, Event)>,
    next: u32,
}

impl Live {
    /// A Testbed whose Subject listens at `address`, as `host:port`.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        let (events_in, events) = mpsc::unbounded_channel();
        Live {
            address: address.into(),
            began: Instant::now(),
            orders: BTreeMap::new(),
            events,
            events_in,
            next: 1,
        }
    }
}

impl Testbed for Live {
    fn kind(&self) -> Kind {
        Kind::Live
    }

    fn now(&self) -> Time {
        self.began.elapsed()
    }

    fn connect(&mut self) -> LinkId {
        let link = LinkId(self.next);
        self.next += 1;
        let (orders_in, orders) = mpsc::unbounded_channel();
        self.orders.insert(link, orders_in);
        tokio::task::spawn_local(drive(
            link,
            self.address.clone(),
            self.began,
            orders,
            self.events_in.clone(),
        ));
        link
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        if let Some(orders) = self.orders.get(&link) {
            // The task is gone if the connection has ended: its event says so.
            let _ = orders.send(Order::Send(bytes));
        }
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        if let Some(orders) = self.orders.get(&link) {
            let _ = orders.send(Order::Shut(how));
        }
    }

    fn next_event(&mut self, until: Time) -> LocalBoxFuture<'_, Option<(LinkId, Time, Event)>> {
        Box::pin(async move {
            let deadline = self.began + until;
            tokio::select! {
                biased;
                event = self.events.recv() => event,
                () = tokio::time::sleep_until(deadline) => None,
            }
        })
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        Err(NotSupported {
            hardship: format!("{hardship:?}"),
            reason: "our end of a live connection cannot do it",
        })
    }
}

async fn drive(
    link: LinkId,
    address: String,
    began: Instant,
    mut orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::UnboundedSender<(LinkId, Time, Event)>,
) {
    // The scenario may be over: then nobody listens any more, which is fine.
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
    loop {
        buffer.reserve(4096);
        let (mut reader, mut writer) = stream.split();
        tokio::select! {
            biased;
            read = reader.read_buf(&mut buffer) => match read {
                Ok(0) => return tell(Event::EndOfStream),
                Ok(_) => tell(Event::Bytes(buffer.split().freeze())),
                Err(_) => return tell(Event::Reset),
            },
            order = orders.recv() => match order {
                // A failed write is seen by the read that follows; keep reading, since bytes may still be waiting there.
                Some(Order::Send(bytes)) => write_failed |= !write_failed && writer.write_all(&bytes).await.is_err(),
                Some(Order::Shut(Shut::HalfClose)) => drop(writer.shutdown().await),
                Some(Order::Shut(Shut::Close)) | None => {
                    drop(writer.shutdown().await);
                    return;
                }
                Some(Order::Shut(Shut::Reset)) => {
                    drop(stream.set_zero_linger());
                    return;
                }
            },
        }
    }
}
