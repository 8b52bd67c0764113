//! One encoder for each report format in which untrusted bytes may end up; those that the Record itself needs are in [`record::encode`].
//!
//! Nothing that came from the wire reaches an output but through one of these. They take bytes, never fail, and are total:
//! whatever goes in, the output contains nothing that its format would act upon. Text of our own goes through them as well, because a
//! reason or a title may quote what was received.

pub mod ci;
pub mod csv;
pub mod html;
pub mod markdown;
pub mod name;
pub mod python;
pub mod xml;
