//! The suite: turns feature files into verdicts.
//!
//! Scenarios provoke, Monitors watch, and everything that a run establishes becomes a Record (`record`). The same scenario runs unchanged in the
//! virtual, the simulated and the live Testbed. Deliberately not here: any implementation of MQTT, and how a Record is shown.

pub mod capabilities;
pub mod cause;
pub mod configurations;
mod live;
pub mod malformed;
pub mod plan;
pub mod pulse;
pub mod recording;
pub mod runner;
pub mod session;
pub mod steps;
pub mod world;
