//! The implementations that the suite is tried on: the reference broker in each configuration, with every Defect and every Variant around it, and null
//! Servers.
//!
//! Deliberately not here: any judgement of them.

pub mod around;
pub mod defects;
pub mod embedded;
pub mod hostile;
pub mod names;
pub mod null_servers;
pub mod servers;
pub mod settings;
pub mod variants;
