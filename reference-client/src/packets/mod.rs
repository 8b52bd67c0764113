//! What the Client does with each Control Packet that it receives: one file for each, in the order of chapter 3.
//!
//! Which of them may come when is in `receiving.rs`.

mod auth;
mod connack;
mod disconnect;
mod pingresp;
mod puback;
mod pubcomp;
mod publish;
mod pubrec;
mod pubrel;
mod suback;
mod unsuback;
