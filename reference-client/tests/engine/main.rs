//! The Client against a scripted Server: packets in, packets and events out.

mod authenticating;
mod connecting;
mod keeping_alive;
mod never;
mod publishing;
mod receiving;
mod resuming;
mod script;
mod subscribing;
mod table;
