//! What brings new Network Connections in.

use crate::stream::ByteStream;
use crate::url::{Address, AddressError};
use std::future::Future;
use std::io;
use tokio::net::{TcpListener, TcpStream};

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

/// Listens on `address`. Port 0 takes a free one.
///
/// # Errors
/// If the transport of the address is not supported yet, or the address cannot be bound.
pub async fn listen(address: &Address) -> io::Result<TcpListener> {
    let address = address.supported().map_err(AddressError::into_io)?;
    TcpListener::bind((address.host.as_str(), address.port)).await
}
