//! The strict decoder: bytes in, typed packets or the first broken Requirement out.
//!
//! Incremental: bytes may arrive one at a time or all at once. Memory is bounded by [`Limits`], never by a length field.
//!
//! Checked is all that can be known without a Session: structure, flags, strings, which Properties and values may stand where.
//! Left to the receiver: the order of packets (a second CONNECT is decoded like the first), limits that were announced,
//! the meaning of Reason Codes, Packet Identifiers in use, and the syntax of Topic Filters.

mod acknowledge;
mod connect;
mod disconnect;
mod error;
mod fault;
mod header;
mod properties;
mod property_rules;
mod publish;
mod reader;
mod rules;
mod subscribe;

use crate::{Packet, PacketId, PacketType, PropertyPlace, Role, Version};
use bytes::{Bytes, BytesMut};
use catalogue::cite;
pub use error::{DecodeError, ErrorKind};
use fault::{Fault, protocol_error};
use header::Header;
use reader::Reader;
use rules::Rule;

/// What a [`Decoder`] takes in at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest whole packet, in bytes (fixed header included). A longer one is refused as soon as its length is known.
    pub maximum_packet_size: u32,
}

impl Default for Limits {
    /// 268,435,460 bytes: the largest packet that a Remaining Length can describe.
    fn default() -> Self {
        Limits { maximum_packet_size: 268_435_460 }
    }
}

/// Cuts a byte stream into packets, and checks each of them.
#[derive(Debug)]
pub struct Decoder {
    version: Option<Version>,
    sender: Role,
    limits: Limits,
    /// The one version that a CONNECT may name, if not both.
    only: Option<Version>,
    /// Bytes that can be cut up without a copy.
    ready: Bytes,
    /// The beginning of a packet of which more has arrived than one piece. If this is not empty, `ready` is.
    partial: BytesMut,
    dead: Option<DecodeError>,
}

impl Decoder {
    /// A decoder for what a Client sends: the first CONNECT decides the version.
    #[must_use]
    pub fn for_server(limits: Limits) -> Self {
        Decoder::new(None, Role::Client, limits)
    }

    /// A decoder for what a Server sends on a Network Connection of this version.
    #[must_use]
    pub fn for_client(version: Version, limits: Limits) -> Self {
        Decoder::new(Some(version), Role::Server, limits)
    }

    fn new(version: Option<Version>, sender: Role, limits: Limits) -> Self {
        Decoder {
            version,
            sender,
            limits,
            only: None,
            ready: Bytes::new(),
            partial: BytesMut::new(),
            dead: None,
        }
    }

    /// The same decoder for a Server that speaks one version: a CONNECT that names the other is an unsupported one.
    #[must_use]
    pub fn only(mut self, version: Version) -> Self {
        self.only = Some(version);
        self
    }

    /// The version of the stream, once known.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// The bytes that have arrived and belong to no packet yet.
    #[must_use]
    pub fn buffered(&self) -> &[u8] {
        if self.partial.is_empty() { &self.ready } else { &self.partial }
    }

    /// Takes bytes in. Nothing is decoded before [`Decoder::next_packet`].
    ///
    /// Call [`Decoder::next_packet`] until it has no more before the next bytes come: then never more than one packet and one piece
    /// are held. Strings and payloads of the packets are views into `bytes`: who keeps a small one for long copies it.
    pub fn feed(&mut self, bytes: Bytes) {
        if self.dead.is_some() {
            return;
        }
        if self.partial.is_empty() && self.ready.is_empty() {
            self.ready = bytes;
            return;
        }
        if !self.ready.is_empty() {
            let ready = std::mem::take(&mut self.ready);
            self.partial.extend_from_slice(&ready);
        }
        self.partial.extend_from_slice(&bytes);
    }

    /// The next packet, `None` if more bytes are needed. After an error the stream is dead: the same error comes again.
    #[inline]
    pub fn next_packet(&mut self) -> Option<Result<Packet, DecodeError>> {
        self.next_with_bytes().map(|(_, packet)| packet)
    }

    /// As [`Decoder::next_packet`], together with the bytes of the packet. With an error come the bytes that were there.
    #[inline]
    pub fn next_with_bytes(&mut self) -> Option<(Bytes, Result<Packet, DecodeError>)> {
        if let Some(error) = &self.dead {
            return Some((Bytes::new(), Err(error.clone())));
        }
        let limit = self.limits.maximum_packet_size;
        let header = match header::read(self.buffered(), self.version, self.sender, limit) {
            Ok(header) => header?,
            Err(fault) => {
                let bytes = Bytes::copy_from_slice(self.buffered());
                let first_byte = bytes.first().copied();
                return Some((bytes, Err(self.die(fault.into_error(self.version, first_byte)))));
            }
        };
        if self.buffered().len() < header.packet_length {
            return None;
        }
        if !self.partial.is_empty() {
            self.ready = std::mem::take(&mut self.partial).freeze();
        }
        let bytes = self.ready.split_to(header.packet_length);
        let result = decode_packet(&bytes, header, self.version, self.sender);
        if self.version.is_none() {
            let named = match &result {
                Ok(Packet::Connect(connect)) => Some(connect.version),
                Ok(_) => None,
                Err(error) => error.version,
            };
            if let (Some(only), Some(named)) = (self.only, named)
                && only != named
            {
                let fault = connect::unsupported(named.protocol_level(), header.length + 6);
                let error = fault.into_error(None, bytes.first().copied());
                return Some((bytes, Err(self.die(error))));
            }
            if result.is_ok() {
                self.version = named;
            }
        }
        match result {
            Ok(packet) => Some((bytes, Ok(packet))),
            Err(error) => Some((bytes, Err(self.die(error)))),
        }
    }

    #[cold]
    fn die(&mut self, error: DecodeError) -> DecodeError {
        self.ready = Bytes::new();
        self.partial = BytesMut::new();
        self.dead = Some(error.clone());
        error
    }
}

/// Decodes one whole packet that stands alone. `version` is `None` for the first packet of a Client.
///
/// # Errors
/// As [`Decoder::next_packet`]; also if the bytes are less or more than one packet.
pub fn decode(bytes: &Bytes, version: Option<Version>, sender: Role) -> Result<Packet, DecodeError> {
    let to_error = |fault: Box<Fault>| fault.into_error(version, bytes.first().copied());
    let limit = Limits::default().maximum_packet_size;
    let Some(header) = header::read(bytes, version, sender, limit).map_err(to_error)? else {
        let text = "the bytes end within the fixed header";
        return Err(to_error(fault::malformed(rules::MISSING_FIELD, bytes.len(), text)));
    };
    if header.packet_length != bytes.len() {
        let at = header.packet_length.min(bytes.len());
        let rule = if at < bytes.len() { rules::TRAILING_BYTES } else { rules::MISSING_FIELD };
        let text =
            format!("Remaining Length means {} bytes, there are {}", header.packet_length, bytes.len());
        return Err(to_error(fault::malformed(rule, at, text)));
    }
    decode_packet(bytes, header, version, sender)
}

#[inline]
fn decode_packet(
    bytes: &Bytes,
    header: Header,
    version: Option<Version>,
    sender: Role,
) -> Result<Packet, DecodeError> {
    let reader = Reader::new(bytes, header.length);
    let flags = bytes[0] & 0x0F;
    let packet = match (header.packet_type, version) {
        (PacketType::Connect, _) => return decode_connect(bytes, reader, version),
        // Before the version is known the header lets nothing but CONNECT through.
        (_, None) => Err(protocol_error(rules::CONNECT_FIRST, 0, "the first packet is not a CONNECT")),
        (packet_type, Some(version)) => decode_body(packet_type, flags, reader, version, sender),
    };
    packet.map_err(|fault| fault.into_error(version, bytes.first().copied()))
}

#[inline]
fn decode_body(
    packet_type: PacketType,
    flags: u8,
    reader: Reader<'_>,
    version: Version,
    sender: Role,
) -> Result<Packet, Box<Fault>> {
    Ok(match packet_type {
        PacketType::Publish => Packet::Publish(publish::read(reader, flags, version, sender)?),
        PacketType::Puback => {
            Packet::Puback(acknowledge::read(reader, PropertyPlace::Puback, version, sender)?)
        }
        PacketType::Pubrec => {
            Packet::Pubrec(acknowledge::read(reader, PropertyPlace::Pubrec, version, sender)?)
        }
        PacketType::Pubrel => {
            Packet::Pubrel(acknowledge::read(reader, PropertyPlace::Pubrel, version, sender)?)
        }
        PacketType::Pubcomp => {
            Packet::Pubcomp(acknowledge::read(reader, PropertyPlace::Pubcomp, version, sender)?)
        }
        PacketType::Connect => Packet::Connect(Box::new(connect::read_rest(reader, version)?)),
        PacketType::Connack => Packet::Connack(acknowledge::read_connack(reader, version)?),
        PacketType::Subscribe => Packet::Subscribe(subscribe::read(reader, version)?),
        PacketType::Suback => Packet::Suback(acknowledge::read_suback(reader, version)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(subscribe::read_unsubscribe(reader, version)?),
        PacketType::Unsuback => Packet::Unsuback(acknowledge::read_unsuback(reader, version)?),
        PacketType::Pingreq => reader.finish().map(|()| Packet::Pingreq)?,
        PacketType::Pingresp => reader.finish().map(|()| Packet::Pingresp)?,
        PacketType::Disconnect => Packet::Disconnect(disconnect::read_disconnect(reader, version, sender)?),
        PacketType::Auth => Packet::Auth(disconnect::read_auth(reader, sender)?),
    })
}

/// Decodes a CONNECT, whose body says in which version it is written. `stream` is the version of the Network
/// Connection, if there has been a CONNECT before.
fn decode_connect(
    bytes: &Bytes,
    mut reader: Reader<'_>,
    stream: Option<Version>,
) -> Result<Packet, DecodeError> {
    let first_byte = bytes.first().copied();
    let version = match connect::read_version(&mut reader) {
        Ok(version) => version,
        Err(fault) if stream.is_none() => return Err(fault.into_error(None, first_byte)),
        // A second CONNECT is wrong whatever it says: it must not look as if a version were to be negotiated.
        Err(_) => {
            cite!("5.0/MQTT-3.1.0-2", "3.1.1/MQTT-3.1.0-2");
            let fault = protocol_error(rules::SECOND_CONNECT, 0, "this is a second CONNECT");
            return Err(fault.into_error(stream, first_byte));
        }
    };
    match connect::read_rest(reader, version) {
        Ok(connect) => Ok(Packet::Connect(Box::new(connect))),
        Err(fault) => Err(fault.into_error(stream.or(Some(version)), first_byte)),
    }
}

/// Reads a Packet Identifier, which is never 0 (section 2.2.1; 2.3.1 of 3.1.1).
#[inline]
fn packet_id(reader: &mut Reader<'_>, rule: Rule) -> Result<PacketId, Box<Fault>> {
    let at = reader.at();
    match reader.two_bytes("Packet Identifier")? {
        0 => {
            cite!("5.0/MQTT-2.2.1-3", "5.0/MQTT-2.2.1-4", "3.1.1/MQTT-2.3.1-1");
            Err(protocol_error(rule, at, "Packet Identifier is 0"))
        }
        id => Ok(id),
    }
}
