//! The reference Server: the smallest engine that obeys every statement of MQTT 3.1.1 and 5.0 that binds a Server.
//!
//! It is sans-IO. [`Server::handle`](transport::Engine::handle) takes in what happened on a Network Connection,
//! [`poll_effect`](transport::Engine::poll_effect) gives out what has to be done, and
//! [`next_deadline`](transport::Engine::next_deadline) says when time alone makes something happen. Time and the seed of
//! randomness are handed in, so the same inputs give the same effects.
//!
//! To be read beside the standard: `packets` has one file for each Control Packet that a Server receives, in the order of
//! chapter 3; the other files are named after the nouns of chapters 3 and 4. `server` finds the Client of a packet once
//! (`client`), and hands its Session and its Network Connection on together.
//!
//! What has to outlive the process is noted in `journal`, written record by record as `records` says, into a [`store`] by
//! [`Durable`], and read again by `restart`. The engine itself knows no file.
//!
//! Deliberately not here: sockets, bytes (the decoder refuses what the bytes alone show to be wrong), faults of any kind.

mod access;
mod acknowledgement;
mod alias;
pub mod authentication;
mod client;
mod closing;
pub mod config;
mod connack;
mod connection;
mod deadline;
mod delivery;
mod distribution;
pub mod durable;
mod expiry;
mod flow_control;
mod journal;
mod keep_alive;
mod message;
mod packets;
mod permissions;
mod queue;
mod random;
mod records;
mod restart;
mod resumption;
mod retained;
mod sending;
mod server;
mod session;
mod session_id;
mod shared;
mod shutdown;
pub mod store;
mod subscriptions;
mod trie;
mod violation;
mod will;

pub use config::{Config, ConfigError};
pub use deadline::Deadline;
pub use durable::Durable;
pub use random::Random;
pub use restart::{Persistent, RecordError};
pub use server::Server;
pub use session_id::SessionId;
