//! The history checker: did a Server keep what QoS, Sessions, retained and Will Messages promise, whatever happened?
//!
//! A pure function of a [`History`], which somebody else has written down while Clients worked on a Server under hardship.
//!
//! Deliberately not here: engines, drivers, networks, clocks, and everything that one packet shows by itself (the Monitors of the
//! harness see to that).

pub mod history;

pub use history::{
    Acknowledgement, Announced, ClientIndex, ConnectionIndex, Down, Ending, Event, Filter, History,
    MessageId, RequestIndex, TopicIndex, Topics, What, Will,
};
