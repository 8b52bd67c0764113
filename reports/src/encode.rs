//! One encoder for each place where untrusted bytes may end up.
//!
//! Nothing that came from the wire reaches an output but through one of these. They take bytes, never fail, and are total:
//! whatever goes in, the output contains nothing that its format would act upon. Text of our own goes through them as well, because a
//! reason or a title may quote what was received.

pub mod ci;
pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod name;
pub mod python;
pub mod shell;
pub mod terminal;
pub mod visible;
pub mod xml;
