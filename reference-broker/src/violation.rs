//! A Client's error that the Server does not go on after (section 4.13 of 5.0, 4.8 of 3.1.1). What follows from it is in `closing`.

use protocol::ReasonCode;

/// Something that the Server does not go on after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The Reason Code for 5.0; one that DISCONNECT may have.
    pub(crate) reason: ReasonCode,
    /// What happened, for the Reason String.
    pub(crate) text: &'static str,
}

impl Violation {
    pub(crate) const fn new(reason: ReasonCode, text: &'static str) -> Self {
        Violation { reason, text }
    }

    pub(crate) const fn protocol_error(text: &'static str) -> Self {
        Violation::new(ReasonCode::PROTOCOL_ERROR, text)
    }
}
