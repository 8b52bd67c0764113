//! What stands between Control Packets and byte streams.
//!
//! [`engine`] is the face of a Server that thinks in packets, [`service`] that of one that thinks in bytes; [`service::Hosted`] makes
//! the second from the first. Both are sans-IO: time is handed in. [`serve()`] runs a Service over any [`listener::Listener`] and
//! [`clock::Clock`]; [`websocket`] puts any Service behind WebSocket; [`url`] says where a Server is, in the form that people write.

pub mod clock;
pub mod engine;
pub mod listener;
pub mod serve;
pub mod service;
pub mod stream;
pub mod url;
pub mod websocket;

pub use clock::{Clock, TokioClock};
pub use engine::{ConnectionId, Effect, Engine, Input};
pub use listener::{Listener, listen};
pub use serve::{ConnectionIds, ServeError, ServeOptions, serve};
pub use service::{Hosted, Output, Service, Stimulus};
pub use stream::{ByteStream, connect};
pub use url::{Address, AddressError, Scheme};
pub use websocket::WebSocket;
