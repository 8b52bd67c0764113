//! The Record of a run and everything that is made from it.
//!
//! A [`Record`] is what a run established, as data: `results.json` is its canonical form. Every report is a
//! rendering of a Record and of nothing else, so that a stored Record can be rendered again years later, and twice with the same
//! bytes. This crate never sees a run, a socket or a clock.

pub mod badge;
pub mod campaign;
pub mod ci;
pub mod compare;
pub mod csv;
pub mod ctrf;
pub mod diff;
pub mod encode;
pub mod event;
pub mod export;
pub mod finding;
pub mod hostile;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod matrix;
pub mod merge;
pub mod record;
pub mod reproduce;
pub mod schema;
pub mod sentence;
pub mod standard;
pub mod terminal;
pub mod waive;
mod write;

pub use campaign::Campaign;
pub use record::{Check, Record, Transcript, Untrusted, Verdict};
pub use write::{Format, WriteError, write, write_all, write_directory, write_file};
