//! Two independent codecs behind one face.

#![allow(dead_code, reason = "the tests and the benchmark use different parts")]

use bytes::BytesMut;
use mqtt_protocol_core::mqtt::common::Arc;
use mqtt_protocol_core::mqtt::packet::{v3_1_1, v5_0};
use protocol::Version;

/// The largest body that `mqttbytes` is asked to take.
const LIMIT: usize = 1 << 28;

/// What a peer says of the bytes of one packet: the bytes that it writes for it again, or its error.
pub type Answer = Result<Vec<u8>, String>;

/// `mqttbytes`, which is the codec of rumqttc.
pub fn mqttbytes(bytes: &[u8], version: Version) -> Answer {
    let mut stream = BytesMut::from(bytes);
    match version {
        Version::V311 => mqttbytes::v4::read(&mut stream, LIMIT).map(|packet| write_v4(&packet)),
        Version::V500 => mqttbytes::v5::read(&mut stream, LIMIT).map(|packet| write_v5(&packet)),
    }
    .map_err(|error| {
        // Without the number that some errors carry.
        let text = format!("{error:?}");
        text.split('(').next().unwrap_or_default().to_owned()
    })
}

pub fn write_v4(packet: &mqttbytes::v4::Packet) -> Vec<u8> {
    use mqttbytes::v4::{Disconnect, Packet, PingReq, PingResp};
    let mut buffer = BytesMut::new();
    let written = match packet {
        Packet::Connect(packet) => packet.write(&mut buffer),
        Packet::ConnAck(packet) => packet.write(&mut buffer),
        Packet::Publish(packet) => packet.write(&mut buffer),
        Packet::PubAck(packet) => packet.write(&mut buffer),
        Packet::PubRec(packet) => packet.write(&mut buffer),
        Packet::PubRel(packet) => packet.write(&mut buffer),
        Packet::PubComp(packet) => packet.write(&mut buffer),
        Packet::Subscribe(packet) => packet.write(&mut buffer),
        Packet::SubAck(packet) => packet.write(&mut buffer),
        Packet::Unsubscribe(packet) => packet.write(&mut buffer),
        Packet::UnsubAck(packet) => packet.write(&mut buffer),
        Packet::PingReq => PingReq.write(&mut buffer),
        Packet::PingResp => PingResp.write(&mut buffer),
        Packet::Disconnect => Disconnect.write(&mut buffer),
    };
    written.map_or_else(|error| format!("{error:?}").into_bytes(), |_| buffer.to_vec())
}

pub fn write_v5(packet: &mqttbytes::v5::Packet) -> Vec<u8> {
    use mqttbytes::v5::{Packet, PingReq, PingResp};
    let mut buffer = BytesMut::new();
    let written = match packet {
        Packet::Connect(packet) => packet.write(&mut buffer),
        Packet::ConnAck(packet) => packet.write(&mut buffer),
        Packet::Publish(packet) => packet.write(&mut buffer),
        Packet::PubAck(packet) => packet.write(&mut buffer),
        Packet::PubRec(packet) => packet.write(&mut buffer),
        Packet::PubRel(packet) => packet.write(&mut buffer),
        Packet::PubComp(packet) => packet.write(&mut buffer),
        Packet::Subscribe(packet) => packet.write(&mut buffer),
        Packet::SubAck(packet) => packet.write(&mut buffer),
        Packet::Unsubscribe(packet) => packet.write(&mut buffer),
        Packet::UnsubAck(packet) => packet.write(&mut buffer),
        Packet::PingReq => PingReq.write(&mut buffer),
        Packet::PingResp => PingResp.write(&mut buffer),
        Packet::Disconnect(packet) => packet.write(&mut buffer),
    };
    written.map_or_else(|error| format!("{error:?}").into_bytes(), |_| buffer.to_vec())
}

/// `mqtt-protocol-core`: its packet parsers, without the connection around them that frames packets and looks at flags. So the
/// framing is done here, and PUBLISH alone sees the flags.
pub fn mqtt_protocol_core(bytes: &[u8], version: Version) -> Answer {
    let Some((first, body)) = split(bytes) else { return Err("Incomplete".to_owned()) };
    if first >> 4 == 3 {
        return match version {
            Version::V311 => v3_1_1::GenericPublish::<u16>::parse(first & 0x0F, Arc::from(body))
                .map(|(packet, _)| packet.to_continuous_buffer()),
            Version::V500 => v5_0::GenericPublish::<u16>::parse(first & 0x0F, Arc::from(body))
                .map(|(packet, _)| packet.to_continuous_buffer()),
        }
        .map_err(|error| format!("{error:?}"));
    }
    macro_rules! parse {
        ($packet:ty) => {
            match <$packet>::parse(body) {
                Ok((_, length)) if length != body.len() => return Err("trailing bytes".to_owned()),
                parsed => parsed.map(|(packet, _)| packet.to_continuous_buffer()),
            }
        };
    }
    match (version, first >> 4) {
        (Version::V311, 1) => parse!(v3_1_1::Connect),
        (Version::V311, 2) => parse!(v3_1_1::Connack),
        (Version::V311, 4) => parse!(v3_1_1::GenericPuback<u16>),
        (Version::V311, 5) => parse!(v3_1_1::GenericPubrec<u16>),
        (Version::V311, 6) => parse!(v3_1_1::GenericPubrel<u16>),
        (Version::V311, 7) => parse!(v3_1_1::GenericPubcomp<u16>),
        (Version::V311, 8) => parse!(v3_1_1::GenericSubscribe<u16>),
        (Version::V311, 9) => parse!(v3_1_1::GenericSuback<u16>),
        (Version::V311, 10) => parse!(v3_1_1::GenericUnsubscribe<u16>),
        (Version::V311, 11) => parse!(v3_1_1::GenericUnsuback<u16>),
        (Version::V311, 12) => parse!(v3_1_1::Pingreq),
        (Version::V311, 13) => parse!(v3_1_1::Pingresp),
        (Version::V311, 14) => parse!(v3_1_1::Disconnect),
        (Version::V500, 1) => parse!(v5_0::Connect),
        (Version::V500, 2) => parse!(v5_0::Connack),
        (Version::V500, 4) => parse!(v5_0::GenericPuback<u16>),
        (Version::V500, 5) => parse!(v5_0::GenericPubrec<u16>),
        (Version::V500, 6) => parse!(v5_0::GenericPubrel<u16>),
        (Version::V500, 7) => parse!(v5_0::GenericPubcomp<u16>),
        (Version::V500, 8) => parse!(v5_0::GenericSubscribe<u16>),
        (Version::V500, 9) => parse!(v5_0::GenericSuback<u16>),
        (Version::V500, 10) => parse!(v5_0::GenericUnsubscribe<u16>),
        (Version::V500, 11) => parse!(v5_0::GenericUnsuback<u16>),
        (Version::V500, 12) => parse!(v5_0::Pingreq),
        (Version::V500, 13) => parse!(v5_0::Pingresp),
        (Version::V500, 14) => parse!(v5_0::Disconnect),
        (Version::V500, 15) => parse!(v5_0::Auth),
        _ => return Err("no such packet type".to_owned()),
    }
    .map_err(|error| format!("{error:?}"))
}

/// The first byte and the body of a packet that is as long as its Remaining Length says.
pub fn split(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let end = rest.iter().take(4).position(|byte| byte & 0x80 == 0)?;
    let length = rest[..=end].iter().rev().fold(0, |length, byte| length << 7 | usize::from(byte & 0x7F));
    let body = &rest[end + 1..];
    (body.len() == length).then_some((*first, body))
}
