//! A deterministic network: Servers behind it, Network Connections to them, and trouble in between.
//!
//! [`Simulation`] runs the asynchronous code of [`transport::serve()`](transport::serve::serve) over the streams of turmoil; [`Virtual`] is a
//! bare loop straight on a [`transport::Service`], a hundred times faster and without any I/O code in it. Both are a [`Network`], so a scenario
//! need not know which of them it runs in. Same seed, same events, byte for byte.
//!
//! Time is simulated. It passes only inside [`Network::next_event`], and jumps to whatever happens next, so waiting for an hour costs no more
//! than waiting for a millisecond.
//!
//! [`Sockets`] is the exception: the same words for the trouble that our end of real sockets can make, in real time.
//!
//! Deliberately not here: MQTT, scenarios and verdicts. To this crate a Network Connection is a stream of bytes.

pub mod clock;
pub mod hardship;
pub mod network;
mod random;
pub mod simulation;
pub mod sockets;
pub mod virtual_time;
mod weather;

pub use hardship::{Direction, Hardship, NotSupported};
pub use network::{Event, LinkId, Network, Shut};
pub use random::Random;
pub use simulation::{Simulation, SimulationConfig};
pub use sockets::{Hooks, Sockets};
pub use virtual_time::{Sighting, Virtual};
