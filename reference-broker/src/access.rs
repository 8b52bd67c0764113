//! Who may connect, and with which permissions (section 5.4 of both versions; answers: 3.1.4, 3.3.5, 3.8.4).
//!
//! How a refusal is told to the Client is not here but with the packet that is refused.

use crate::authentication::Credentials;
use crate::config::Config;
use crate::permissions::{Permissions, User};
use crate::random::Random;
use std::sync::Arc;

/// Everybody's permissions, ready to be shared by Network Connections.
#[derive(Debug)]
pub(crate) struct Access {
    anonymous: Option<Arc<Permissions>>,
    users: Vec<(User, Arc<Permissions>)>,
    /// What the salts of passwords derive from.
    salt_key: [u8; 16],
}

/// Why somebody may not connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The user does not exist or the password is wrong.
    BadUserNameOrPassword,
    /// There is no user name, and somebody without one may not connect.
    NotAuthorized,
}

impl Access {
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        let share = |permissions: &Permissions| Arc::new(permissions.clone());
        Access {
            anonymous: config.anonymous.as_ref().map(share),
            users: config.users.iter().map(|user| (user.clone(), share(&user.permissions))).collect(),
            // Not the sequence that nonces come from: those would tell the key.
            salt_key: Random::new(!seed).bytes(),
        }
    }

    /// What the Client with this User Name and Password may do. If no users are configured, any name is as good as none.
    pub(crate) fn check(
        &self,
        name: Option<&str>,
        password: Option<&[u8]>,
    ) -> Result<Arc<Permissions>, Denied> {
        match name {
            Some(name) if !self.users.is_empty() => self
                .users
                .iter()
                .find(|(user, _)| user.name == name && password == Some(user.password.as_bytes()))
                .map(|(_, permissions)| Arc::clone(permissions))
                .ok_or(Denied::BadUserNameOrPassword),
            Some(_) | None => self.anonymous.clone().ok_or(Denied::NotAuthorized),
        }
    }

    /// The permissions of a user.
    pub(crate) fn permissions(&self, name: &str) -> Option<Arc<Permissions>> {
        let (_, permissions) = self.users.iter().find(|(user, _)| user.name == name)?;
        Some(Arc::clone(permissions))
    }
}

impl Credentials for Access {
    fn password(&self, name: &str) -> Option<&str> {
        let (user, _) = self.users.iter().find(|(user, _)| user.name == name)?;
        Some(&user.password)
    }

    fn salt_key(&self) -> &[u8] {
        &self.salt_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts_of_different_seeds_have_nothing_in_common() {
        let key = |seed| Access::new(&Config::default(), seed).salt_key().to_vec();

        assert_eq!(key(1), key(1));
        assert_ne!(key(1), key(2));
    }
}
