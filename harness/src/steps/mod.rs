//! The vocabulary of the feature files, one file per activity. Each sentence is one function.

mod connecting;
mod crafting;
pub mod fields;
mod network;
mod publishing;
mod receiving;
mod subscribing;
