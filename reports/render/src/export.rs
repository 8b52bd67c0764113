//! Evidence for the tools of others: a capture for Wireshark, a script that sends the same again.
//!
//! Both are made from the Transcript of one check, which a Record keeps for every check that did not simply pass.

pub mod pcapng;
pub mod script;
