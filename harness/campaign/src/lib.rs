//! Generated workloads and hardship against a Server, judged by the history checker, and made small when they fail.
//!
//! One seed decides a [`Workload`]: what two to four Clients do, and which trouble networks, processes and machines
//! get into meanwhile. A driver ([`virtual_time`], [`simulated`], [`live`]) carries it out on a [`Subject`] and writes a `guarantees::History`
//! down, which the checker judges. [`campaign`] does so for many seeds, [`mod@shrink`] finds the few steps that a failure
//! needs, [`replay()`] shows it.
//!
//! The Clients of a workload are engines of `reference-client`. That is no conflict: the judge shares no code with
//! them, and sees nothing but packets.
//!
//! Deliberately not here: which Servers there are, and verdicts on single packets (the Monitors of the harness give those).

pub mod campaign;
pub mod canary;
pub mod driver;
pub mod generate;
pub mod live;
pub mod regressions;
pub mod replay;
pub mod schedule;
pub mod shrink;
pub mod simulated;
pub mod statistics;
pub mod subject;
pub mod transcript;
pub mod virtual_time;
pub mod workload;

mod kind;
mod names;
mod payload;
mod text;

pub use campaign::{Conclusion, Found, Plan, Report};
pub use driver::Outcome;
pub use kind::Driver;
pub use replay::{Replay, fails, replay};
pub use shrink::{shrink, shrink_within};
pub use statistics::Statistics;
pub use subject::{BoxedService, Machine, Subject};
pub use transcript::Transcript;
pub use workload::Workload;
