//! What the Server does on each Control Packet that it receives, one file each, in the order of chapter 3.

mod auth;
mod connect;
mod disconnect;
mod malformed;
mod pingreq;
mod puback;
mod pubcomp;
mod publish;
mod pubrec;
mod pubrel;
mod subscribe;
mod unsubscribe;
