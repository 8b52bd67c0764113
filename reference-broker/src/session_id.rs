//! The name of a Session, for all that speaks of a Session without knowing it.

/// A Session. Numbers are given in order and never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub(crate) u64);
