//! The suite: turns feature files into verdicts.
//!
//! Scenarios provoke, Monitors watch, and everything that a run establishes becomes a Record (`reports`). The same scenario runs unchanged in the
//! virtual, the simulated and the live Testbed.

pub mod campaign_record;
pub mod capabilities;
pub mod cli;
pub mod configurations;
pub mod defects;
pub mod embedded;
pub mod hunt;
pub mod ledger;
pub mod malformed;
pub mod monitors;
pub mod plan;
pub mod record;
pub mod runner;
pub mod selftest;
pub mod servers;
pub mod session;
pub mod shell;
pub mod steps;
pub mod testbed;
pub mod tester;
pub mod variants;
pub mod verdict;
pub mod world;
