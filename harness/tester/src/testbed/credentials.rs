//! Who Clients have to be, where a Server does not serve just anybody.

use bytes::Bytes;
use protocol::{Connect, PacketType};
use std::fmt;

/// A user of the Server under test.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The User Name.
    pub user_name: String,
    /// The Password.
    pub password: Option<Bytes>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

impl Credentials {
    /// Says who it is, in the place of whoever it said before.
    pub fn put_into(&self, connect: &mut Connect) {
        connect.user_name = Some(self.user_name.as_str().into());
        connect.password.clone_from(&self.password);
    }

    /// The same bytes of a CONNECT with the password masked, wherever it stands in there and if only its beginning does; `None` if there is nothing to mask.
    pub(crate) fn mask(&self, bytes: &Bytes) -> Option<Bytes> {
        let password = self.password.as_ref().filter(|password| !password.is_empty())?;
        if bytes.first()? >> 4 != PacketType::Connect as u8 {
            return None;
        }
        let mut masked = bytes.to_vec();
        for at in 0..bytes.len() {
            let rest = &bytes[at..];
            let whole = rest.starts_with(password);
            // A packet that is cut in the middle on purpose.
            let cut = rest.len() > 1 && password.starts_with(rest);
            if whole || cut {
                masked[at..bytes.len().min(at + password.len())].fill(b'*');
            }
        }
        (masked != *bytes).then(|| masked.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use protocol::{Packet, Version, encode};

    fn connect(password: &'static str) -> (Credentials, Bytes) {
        let password = Some(Bytes::from_static(password.as_bytes()));
        let credentials = Credentials { user_name: "somebody".to_owned(), password };
        let mut connect = Connect::new(Version::V500, "me");
        credentials.put_into(&mut connect);
        let mut bytes = BytesMut::new();
        encode(&Packet::Connect(Box::new(connect)), Version::V500, &mut bytes).expect("it has an encoding");
        (credentials, bytes.freeze())
    }

    #[test]
    fn the_password_is_masked_and_the_rest_is_not() {
        let (credentials, bytes) = connect("secret");

        let masked = credentials.mask(&bytes).expect("a CONNECT with the password");

        assert_eq!(masked.len(), bytes.len());
        assert!(masked.ends_with(b"somebody\0\x06******"), "{masked:?}");
        assert!(bytes.starts_with(&masked[..masked.len() - 6]));
    }

    #[test]
    fn a_password_that_is_cut_is_masked_too() {
        let (credentials, bytes) = connect("secret");

        let masked = credentials.mask(&bytes.slice(..bytes.len() - 2)).expect("most of the password");

        assert!(masked.ends_with(b"\0\x06****"), "{masked:?}");
    }

    #[test]
    fn other_packets_are_left_as_they_are() {
        let credentials = Credentials { user_name: "u".to_owned(), password: Some(Bytes::from_static(b"p")) };

        assert_eq!(credentials.mask(&Bytes::from_static(b"\x30\x04\0\x01p!")), None);
    }
}
