//! Byte streams: what a Network Connection is made of (3.1.1 and 5.0 section 4.2).
//!
//! Deliberately not here: TLS, which wraps such a stream in another one, and WebSocket, which is wrapped around a Server ([`crate::websocket`]).

use crate::url::{Address, AddressError, Scheme};
use std::io;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// An ordered, lossless stream of bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> ByteStream for T {}

/// Opens a stream to `address`. Small packets are sent at once (TCP_NODELAY).
///
/// # Errors
/// If the transport of the address is not plain TCP, or the peer cannot be reached.
pub async fn connect(address: &Address) -> io::Result<TcpStream> {
    let address = address.supported_by(&[Scheme::Mqtt]).map_err(AddressError::into_io)?;
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
