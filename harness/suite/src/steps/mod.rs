//! The vocabulary of the feature files, one file per activity. Each sentence is one function.

mod aliases;
mod authenticating;
mod connecting;
mod copies;
mod crafting;
mod exchanges;
pub mod fields;
mod guarantees;
mod hardship;
mod matching;
mod network;
mod publishing;
mod receiving;
mod recommending;
mod subscribing;
mod subscription_packets;
mod websocket;
