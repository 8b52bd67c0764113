//! What brings new Network Connections in.

use crate::stream::ByteStream;
use crate::url::{Address, AddressError, Scheme};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// How many Network Connections may wait to be accepted. If more come at once, systems make their Clients wait for a second or lose them.
const BACKLOG: u32 = 4096;

/// A source of Network Connections that Clients have opened.
pub trait Listener {
    /// What it brings.
    type Stream: ByteStream;

    /// The next Network Connection, and the name of its peer for people. Dropping the future before it completes loses nothing.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, String)>>;
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, String)> {
        let (stream, peer) = TcpListener::accept(self).await?;
        // A peer that is gone already shows when it is read from; that is no trouble of the listener.
        let _ = stream.set_nodelay(true);
        Ok((stream, peer.to_string()))
    }
}

/// Listens on `address`. Port 0 takes a free one. What is served at a `ws` address has to be a [`WebSocket`](crate::websocket::WebSocket).
///
/// # Errors
/// If the transport of the address is not supported, or the address cannot be bound.
pub async fn listen(address: &Address) -> io::Result<TcpListener> {
    let address = address.supported_by(&[Scheme::Mqtt, Scheme::Ws]).map_err(AddressError::into_io)?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, format!("`{}` has no address", address.host));
    for local in tokio::net::lookup_host((address.host.as_str(), address.port)).await? {
        match bind(local) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind(local: SocketAddr) -> io::Result<TcpListener> {
    let socket = if local.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A Server that restarts need not wait for the remains of its old Network Connections. (On Windows the option means something else.)
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(local)?;
    socket.listen(BACKLOG)
}
