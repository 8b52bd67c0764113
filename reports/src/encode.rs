//! One encoder for each place where untrusted bytes may end up.
//!
//! Nothing that came from the wire reaches an output but through one of these. They take bytes, never fail, and are total:
//! whatever goes in, the output contains nothing that its format would act upon.

pub mod shell;
