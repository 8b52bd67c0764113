//! Addresses as people write them: `mqtt://host:port`.
//!
//! `mqtts`, `ws` and `wss` are understood, too; [`Address::supported_by`] refuses what its caller has no transport for.

use std::fmt;
use std::io;
use std::str::FromStr;

/// How a Network Connection is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Plain TCP.
    Mqtt,
    /// TLS over TCP.
    Mqtts,
    /// WebSocket over TCP (3.1.1 and 5.0 section 6).
    Ws,
    /// WebSocket over TLS.
    Wss,
}

impl Scheme {
    const ALL: [Scheme; 4] = [Scheme::Mqtt, Scheme::Mqtts, Scheme::Ws, Scheme::Wss];

    /// As in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Scheme::Mqtt => "mqtt",
            Scheme::Mqtts => "mqtts",
            Scheme::Ws => "ws",
            Scheme::Wss => "wss",
        }
    }

    /// The port that an address without one means (1883 and 8883 as registered with IANA).
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Scheme::Mqtt => 1883,
            Scheme::Mqtts => 8883,
            Scheme::Ws => 80,
            Scheme::Wss => 443,
        }
    }
}

/// Where a Server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// How to get there.
    pub scheme: Scheme,
    /// A name or an IP address; an IPv6 address without its brackets.
    pub host: String,
    /// The TCP port. 0 means "a free one" to a listener.
    pub port: u16,
    /// The resource of a WebSocket, from its `/` on. Empty for the others.
    pub path: String,
}

/// Why a text is no usable address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text does not have the form of an address.
    #[error("`{text}`, at byte {at}: {reason}")]
    Syntax {
        /// The whole text.
        text: String,
        /// The place, in bytes from the beginning.
        at: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The address is well-formed, and its transport is not one of those that can be used for this purpose.
    #[error("`{address}`: {name}:// is not supported here; supported: {list}", name = .address.scheme.name(), list = list(.supported))]
    NotSupported {
        /// The address.
        address: Address,
        /// What can be used.
        supported: &'static [Scheme],
    },
}

impl AddressError {
    pub(crate) fn into_io(self) -> io::Error {
        let kind = match self {
            AddressError::Syntax { .. } => io::ErrorKind::InvalidInput,
            AddressError::NotSupported { .. } => io::ErrorKind::Unsupported,
        };
        io::Error::new(kind, self)
    }
}

fn list(schemes: &[Scheme]) -> String {
    let names: Vec<String> = schemes.iter().map(|s| format!("{}://", s.name())).collect();
    names.join(", ")
}

impl Address {
    /// The address itself, if its transport is one of `supported`.
    ///
    /// # Errors
    /// [`AddressError::NotSupported`] if it is not.
    pub fn supported_by(&self, supported: &'static [Scheme]) -> Result<&Self, AddressError> {
        if supported.contains(&self.scheme) {
            Ok(self)
        } else {
            Err(AddressError::NotSupported { address: self.clone(), supported })
        }
    }

    /// `host:port`, an IPv6 address in its brackets.
    #[must_use]
    pub fn authority(&self) -> String {
        let Address { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// Parses `mqtt://host[:port]`, `mqtts://…`, `ws://host[:port][/path]` or `wss://…`.
    ///
    /// # Errors
    /// [`AddressError::Syntax`], with the place.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let error = |at: usize, reason: String| AddressError::Syntax { text: text.to_owned(), at, reason };

        let Some(colon) = text.find("://") else {
            return Err(error(0, "expected an address such as mqtt://localhost:1883".to_owned()));
        };
        let name = &text[..colon];
        let Some(scheme) = Scheme::ALL.into_iter().find(|s| s.name().eq_ignore_ascii_case(name)) else {
            return Err(error(0, format!("unknown scheme `{name}`; known: mqtt, mqtts, ws, wss")));
        };

        let start = colon + 3;
        let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |n| start + n);
        let path = match scheme {
            Scheme::Ws | Scheme::Wss => text[end..].to_owned(),
            Scheme::Mqtt | Scheme::Mqtts if matches!(&text[end..], "" | "/") => String::new(),
            Scheme::Mqtt | Scheme::Mqtts => {
                return Err(error(end, format!("{}:// has no path", scheme.name())));
            }
        };

        let authority = &text[start..end];
        if let Some(at) = authority.find('@') {
            return Err(error(
                start + at,
                "a user name and password have no place in the address".to_owned(),
            ));
        }
        let (host, rest) = if let Some(bracketed) = authority.strip_prefix('[') {
            let Some(close) = bracketed.find(']') else {
                return Err(error(start, "the bracket of the IPv6 address is not closed".to_owned()));
            };
            if bracketed[..close].parse::<std::net::Ipv6Addr>().is_err() {
                return Err(error(start + 1, format!("`{}` is no IPv6 address", &bracketed[..close])));
            }
            (&bracketed[..close], start + close + 2)
        } else {
            let length = authority.find(':').unwrap_or(authority.len());
            (&authority[..length], start + length)
        };
        if host.is_empty() {
            return Err(error(start, "the host is missing".to_owned()));
        }
        if let Some(at) = host.find(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(error(start + at, "a host has no such character".to_owned()));
        }

        let port = match text[rest..end].strip_prefix(':') {
            None if rest == end => scheme.default_port(),
            None => return Err(error(rest, "expected `:` and a port".to_owned())),
            Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits
                .parse()
                .map_err(|_| error(rest + 1, format!("`{digits}` is no port: the largest is 65535")))?,
            Some(digits) => return Err(error(rest + 1, format!("`{digits}` is no port"))),
        };
        Ok(Address { scheme, host: host.to_owned(), port, path })
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Address::parse(text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.name(), self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, String) {
        match Address::parse(text) {
            Err(AddressError::Syntax { at, reason, .. }) => (at, reason),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_address_without_a_port_means_the_registered_one() {
        for (text, expected) in [
            ("mqtt://broker", "mqtt://broker:1883"),
            ("MQTT://broker/", "mqtt://broker:1883"),
            ("mqtt://127.0.0.1:0", "mqtt://127.0.0.1:0"),
            ("mqtts://broker.example", "mqtts://broker.example:8883"),
            ("ws://broker/mqtt?x=1", "ws://broker:80/mqtt?x=1"),
            ("wss://broker:9001", "wss://broker:9001"),
            ("mqtt://[::1]:1884", "mqtt://[::1]:1884"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.to_string(), expected);
            assert_eq!(Address::parse(expected).unwrap(), address);
        }
    }

    #[test]
    fn an_error_names_the_place() {
        assert_eq!(fault("localhost:1883").0, 0);
        assert_eq!(fault("http://localhost").0, 0);
        assert_eq!(fault("mqtt://").0, 7);
        assert_eq!(fault("mqtt://:1883").0, 7);
        assert_eq!(fault("mqtt://host:").0, 12);
        assert_eq!(fault("mqtt://host:65536"), (12, "`65536` is no port: the largest is 65535".to_owned()));
        assert_eq!(fault("mqtt://host:+1").0, 12);
        assert_eq!(fault("mqtt://user@host").0, 11);
        assert_eq!(fault("mqtt://host/topic").0, 11);
        assert_eq!(fault("mqtt://[::1").0, 7);
        assert_eq!(fault("mqtt://[x]").0, 8);
        assert_eq!(fault("mqtt://[::1]x").0, 12);
        assert_eq!(fault("mqtt://a b").0, 8);
        assert_eq!(fault("mqtt://ü ").0, 9);
    }

    #[test]
    fn a_transport_that_cannot_be_used_is_refused_with_what_can_be() {
        let address = Address::parse("wss://broker:443/mqtt").unwrap();

        let error = address.supported_by(&[Scheme::Mqtt, Scheme::Ws]).unwrap_err().to_string();

        assert_eq!(error, "`wss://broker:443/mqtt`: wss:// is not supported here; supported: mqtt://, ws://");
    }
}
