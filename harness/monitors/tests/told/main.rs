//! The Monitors on transcripts that are written by hand: one in which each statement is kept, one in which it is broken.

mod connections;
mod exchanges;
mod messages;
mod tale;
