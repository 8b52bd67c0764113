//! The smallest Client that obeys every statement of MQTT 3.1.1 and 5.0 that binds a Client; made to be read beside the standard.
//!
//! [`Client`] is sans-IO: commands and packets go in, packets and events come out, and time is handed in.
//!
//! Where things are: packets are received in `packets/`, one file per Control Packet, and commands obeyed in `commands/`.
//! `session.rs` is what outlives a Network Connection, `connection.rs` what does not.
//!
//! Deliberately not here: random numbers, storage on disk, fault switches.

pub mod net;

mod aliases;
mod client;
mod command;
mod commands;
mod config;
mod connection;
mod errors;
mod event;
mod flow_control;
mod keep_alive;
mod limits;
mod packet_ids;
mod packets;
mod receiving;
mod reconnecting;
mod sending;
mod session;

pub use client::{Client, Effect, Input};
pub use command::{Command, Message, Token};
pub use config::{Authenticator, Backoff, ClientConfig, ConnectOptions, RefusedByClient};
pub use event::{Closure, Event, Refusal};
