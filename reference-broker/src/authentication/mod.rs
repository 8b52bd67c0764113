//! Enhanced authentication: what the Server needs of an Authentication Method, and the methods that there are (section 4.12 of 5.0).
//!
//! The AUTH packets around it are in `packets::auth`.

mod exchange;
mod scram;

pub use exchange::{Answer, Credentials, Exchange};

use crate::random::Random;

/// The Authentication Methods that there are.
pub(crate) const METHODS: [&str; 1] = [scram::NAME];

/// Begins an exchange by this Authentication Method; `None` if there is no such method.
#[must_use]
pub fn begin(method: &str, random: &mut Random) -> Option<Box<dyn Exchange>> {
    match method {
        scram::NAME => Some(Box::new(scram::Scram::new(random))),
        _ => None,
    }
}
