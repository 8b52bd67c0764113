//! A mistake inside one packet, before the version of the Network Connection is added to it.

use super::rules::Rule;
use super::{DecodeError, ErrorKind};
use crate::Version;
use std::borrow::Cow;

/// As [`DecodeError`], for either version. Always boxed: results stay small, and only mistakes pay.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    pub(super) rule: Rule,
    pub(super) offset: usize,
    pub(super) text: Cow<'static, str>,
}

impl Fault {
    /// The error in a version. 3.1.1 knows no difference between a Malformed Packet and a Protocol Error.
    pub(super) fn into_error(self, version: Option<Version>, first_byte: Option<u8>) -> DecodeError {
        let kind = match (version, self.kind) {
            (Some(Version::V311), ErrorKind::ProtocolError | ErrorKind::TopicAliasInvalid) => {
                ErrorKind::MalformedPacket
            }
            (_, kind) => kind,
        };
        DecodeError {
            kind,
            version,
            first_byte,
            requirement: self.rule.requirement(version),
            offset: self.offset,
            text: self.text,
        }
    }
}

/// A Malformed Packet (5.0 section 1.2).
#[cold]
pub(super) fn malformed(rule: Rule, offset: usize, text: impl Into<Cow<'static, str>>) -> Box<Fault> {
    fault(ErrorKind::MalformedPacket, rule, offset, text)
}

/// A Protocol Error (5.0 section 1.2).
#[cold]
pub(super) fn protocol_error(rule: Rule, offset: usize, text: impl Into<Cow<'static, str>>) -> Box<Fault> {
    fault(ErrorKind::ProtocolError, rule, offset, text)
}

/// A mistake of any kind.
#[cold]
pub(super) fn fault(
    kind: ErrorKind,
    rule: Rule,
    offset: usize,
    text: impl Into<Cow<'static, str>>,
) -> Box<Fault> {
    Box::new(Fault { kind, rule, offset, text: text.into() })
}
