//! Encoders that the Record itself needs; those of the report formats are in `reports/render`.
//!
//! Nothing that came from the wire reaches an output but through an encoder, one for each place where untrusted bytes may end up. They take bytes, never fail,
//! and are total: whatever goes in, the output contains nothing that its format would act upon. Text of our own goes through them as well, because a
//! reason or a title may quote what was received.

pub mod json;
pub mod shell;
pub mod terminal;
pub mod visible;
