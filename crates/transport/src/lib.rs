//! What stands between Control Packets and byte streams.
//!
//! [`engine`] is the face of a Server that thinks in packets, [`service`] that of one that thinks in bytes; [`service::Hosted`] makes
//! the second from the first. Both are sans-IO: time is handed in, and nothing here opens a socket but `serve` and `stream`.

pub mod engine;
pub mod service;

pub use engine::{ConnectionId, Effect, Engine, Input};
pub use service::{Hosted, Output, Service, Stimulus};
