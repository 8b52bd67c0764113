//! The engine in conversations of typed packets, one file per area, each test a sentence.

mod access;
mod authentication;
mod broker;
mod closing;
mod connecting;
mod delivering;
mod flow;
mod journal;
mod never_panics;
mod publishing;
mod restarting;
mod retained;
mod sessions;
mod shared;
mod state_table;
mod subscribing;
mod wills;
