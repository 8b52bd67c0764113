//! Every report, from the Record alone.
//!
//! A report is a rendering of a [`record::Record`] or a [`record::Campaign`] and of nothing else, so that a stored one can be rendered again years later, and
//! twice with the same bytes.

pub mod badge;
pub mod campaign;
pub mod ci;
pub mod csv;
pub mod ctrf;
pub mod diff;
pub mod encode;
pub mod export;
pub mod finding;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod matrix;
pub mod sentence;
pub mod standard;
pub mod terminal;
mod write;

pub use write::{Format, WriteError, write, write_all, write_directory, write_file};
