//! What the Server and an Authentication Method need of each other (section 4.12 of 5.0).

use bytes::Bytes;
use std::fmt::Debug;

/// What an [`Exchange`] says to the Client's Authentication Data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It needs more: this goes to the Client.
    Continue(Bytes),
    /// The Client is this user; the data go to the Client with the acceptance.
    Accepted {
        /// The User Name.
        user: String,
        /// The last Authentication Data.
        data: Bytes,
    },
    /// The Client is not who it says, or does not speak the method.
    Rejected,
}

/// Where an [`Exchange`] looks users up.
pub trait Credentials {
    /// The password of the user, if the user exists.
    fn password(&self, user: &str) -> Option<&str>;
    /// A secret from which salts derive, always the same in one Server.
    fn salt_key(&self) -> &[u8];
}

/// One authentication under way.
pub trait Exchange: Debug + Send {
    /// Takes the Client's Authentication Data in.
    fn answer(&mut self, data: &[u8], credentials: &dyn Credentials) -> Answer;
}
