//! A Server that sends hostile text: every string in its packets is one of the corpus that reports are tested with.
//!
//! It behaves like the reference broker in everything but the contents of strings, data, topics and payloads, so that a run against it gets far, and what it
//! says ends up in verdicts, transcripts and reports. It is neither a Defect nor a Variant, so the self-test does not judge it; in a report all of it
//! has to appear as plain text.

use crate::around::{Behaviour, Memory, change_packet};
use bytes::Bytes;
use protocol::wire::{Field, Frame, Value, dissect};
use protocol::{Packet, Properties, Property, PropertyId, Time, Version};
use std::sync::OnceLock;
use tester::seed_of;
use transport::{ConnectionId, Effect};

/// The behaviour.
pub const HOSTILE: Behaviour =
    Behaviour { effect: Some(say_everything), frame_out: Some(say_it_nastily), ..Behaviour::NONE };

/// Its harmless twin: as much text in the same places, but letters only.
pub const HARMLESS: Behaviour =
    Behaviour { effect: Some(say_everything), frame_out: Some(say_it_plainly), ..Behaviour::NONE };

/// Of so many packets one has strings that no decoder accepts; the first ones of a Client have none, so that it gets beyond CONNACK.
const WILD: u64 = 6;
/// A string of more bytes than this is the only long one in its packet.
const LONG: usize = 1024;
/// Of so many packets one may have a long string: transcripts keep them all.
const ROOMY: u64 = 8;

/// The corpus in two parts.
#[derive(Debug)]
struct Corpus {
    /// What is valid UTF-8 without the null character (section 1.5.4 of 5.0).
    tame: Vec<Bytes>,
    /// What is not.
    wild: Vec<Bytes>,
}

fn corpus() -> &'static Corpus {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let is_tame = |text: &Bytes| std::str::from_utf8(text).is_ok_and(|text| !text.contains('\0'));
        let (tame, wild) = record::hostile::corpus().into_iter().map(Bytes::from).partition(is_tame);
        Corpus { tame, wild }
    })
}

/// Gives each packet every Property with text that its type may have.
fn say_everything(memory: &mut Memory, _now: Time, effect: Effect) -> Vec<Effect> {
    if memory.version(effect.connection()) != Version::V500 {
        return vec![effect];
    }
    change_packet(effect, |packet| {
        let text = || "text".into();
        let data = || Bytes::from_static(b"data");
        let (properties, more) = match packet {
            Packet::Connack(connack) => (
                &mut connack.properties,
                vec![
                    Property::ReasonString(text()),
                    Property::ResponseInformation(text()),
                    Property::ServerReference(text()),
                    Property::AssignedClientIdentifier(text()),
                    Property::AuthenticationMethod(text()),
                    Property::AuthenticationData(data()),
                ],
            ),
            Packet::Publish(publish) => (
                &mut publish.properties,
                vec![
                    Property::ContentType(text()),
                    Property::ResponseTopic(text()),
                    Property::CorrelationData(data()),
                ],
            ),
            Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
                (&mut ack.properties, vec![Property::ReasonString(text())])
            }
            Packet::Suback(suback) => (&mut suback.properties, vec![Property::ReasonString(text())]),
            Packet::Unsuback(unsuback) => (&mut unsuback.properties, vec![Property::ReasonString(text())]),
            Packet::Disconnect(disconnect) => (
                &mut disconnect.properties,
                vec![Property::ReasonString(text()), Property::ServerReference(text())],
            ),
            Packet::Auth(auth) => (
                &mut auth.properties,
                vec![
                    Property::AuthenticationMethod(text()),
                    Property::AuthenticationData(data()),
                    Property::ReasonString(text()),
                ],
            ),
            Packet::Connect(_)
            | Packet::Subscribe(_)
            | Packet::Unsubscribe(_)
            | Packet::Pingreq
            | Packet::Pingresp => return,
        };
        add(properties, more);
    })
}

/// One of each, and a User Property.
fn add(properties: &mut Properties, more: Vec<Property>) {
    for property in more {
        properties.set(property);
    }
    properties.remove(PropertyId::UserProperty);
    properties.push(Property::UserProperty(("name".into(), "value".into())));
}

/// Puts the next strings of the corpus into the packet.
fn say_it_nastily(memory: &mut Memory, connection: ConnectionId, bytes: Bytes) -> Vec<Bytes> {
    let packet = next_packet(memory, connection);
    let is_wild = packet % WILD == WILD - 1;
    // Each Client starts at a different place of the corpus, the same in every run.
    let begin = memory.connect(connection).map_or(0, |connect| seed_of(0, &connect.client_id) >> 32);
    // Each part is gone through by itself, so that all of it has its turn.
    let counter = if is_wild { "said wildly" } else { "said" };
    let mut said = *memory.number(counter);
    let mut frame = dissect(&bytes, Some(memory.version(connection)));
    let mut has_long = packet % ROOMY != 3;
    let mut next = || {
        let part = if is_wild { &corpus().wild } else { &corpus().tame };
        let place = begin.wrapping_add(said) % part.len() as u64;
        said += 1;
        let text = &part[usize::try_from(place).unwrap_or(0)];
        let is_cut = text.len() > LONG && std::mem::replace(&mut has_long, true);
        if is_cut { Bytes::from_static(b"<long>") } else { text.clone() }
    };
    replace(&mut frame.fields, &mut next, Turn::of(packet));
    frame.make_lengths_honest();
    *memory.number(counter) = said;
    vec![frame.to_bytes()]
}

/// The same with a harmless word.
fn say_it_plainly(memory: &mut Memory, connection: ConnectionId, bytes: Bytes) -> Vec<Bytes> {
    let packet = next_packet(memory, connection);
    let mut frame = dissect(&bytes, Some(memory.version(connection)));
    replace(&mut frame.fields, &mut || Bytes::from_static(b"harmless"), Turn::of(packet));
    frame.make_lengths_honest();
    vec![frame.to_bytes()]
}

/// Whose turn it is in a PUBLISH: one with a strange topic may have the payload that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Neither,
    Topic,
    Payload,
}

impl Turn {
    const fn of(packet: u64) -> Self {
        match packet % 3 {
            0 => Turn::Neither,
            1 => Turn::Topic,
            _ => Turn::Payload,
        }
    }
}

fn replace(fields: &mut [Field], next: &mut impl FnMut() -> Bytes, turn: Turn) {
    for field in fields {
        match &mut field.value {
            Value::Text(..) if field.name == "Topic Name" && turn != Turn::Topic => {}
            Value::Text(..) => field.value = Value::text(next()),
            Value::Binary(..) => {
                let data = next();
                field.value = Value::Binary(u16::try_from(data.len()).unwrap_or(u16::MAX), data);
            }
            Value::Raw(_) if field.name == "Payload" && turn == Turn::Payload => {
                field.value = Value::Raw(next());
            }
            Value::Group(inner) => replace(inner, next, turn),
            Value::FirstByte(_)
            | Value::Byte(_)
            | Value::TwoBytes(_)
            | Value::FourBytes(_)
            | Value::Variable(_)
            | Value::Raw(_) => {}
        }
    }
}

/// The number of this packet among those to its Client, from 0.
fn next_packet(memory: &mut Memory, connection: ConnectionId) -> u64 {
    let count = memory.number(format!("packets of {connection:?}"));
    *count += 1;
    *count - 1
}

/// All texts and data in a packet, to find out what was sent.
#[must_use]
pub fn said(frame: &Frame) -> Vec<Bytes> {
    fn collect(fields: &[Field], out: &mut Vec<Bytes>) {
        for field in fields {
            match &field.value {
                Value::Text(_, text) | Value::Binary(_, text) | Value::Raw(text) => out.push(text.clone()),
                Value::Group(inner) => collect(inner, out),
                Value::FirstByte(_)
                | Value::Byte(_)
                | Value::TwoBytes(_)
                | Value::FourBytes(_)
                | Value::Variable(_) => {}
            }
        }
    }
    let mut out = Vec::new();
    collect(&frame.fields, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Connack, ReasonCode};

    #[test]
    fn every_short_string_of_the_corpus_is_said_in_turn_and_lengths_are_honest() {
        let mut memory = Memory::default();
        let connection = ConnectionId(1);
        let connack =
            Connack { session_present: false, reason: ReasonCode::SUCCESS, properties: Properties::new() };
        let mut heard = std::collections::BTreeSet::new();

        for _ in 0..600 {
            let packet = Packet::Connack(connack.clone());
            let effect = Effect::Send { connection, version: Version::V500, packet };
            for effect in say_everything(&mut memory, Time::ZERO, effect) {
                let Effect::Send { packet, version, .. } = effect else { continue };
                let frame = Frame::from_packet(&packet, version).unwrap();
                for bytes in say_it_nastily(&mut memory, connection, frame.to_bytes()) {
                    let frame = dissect(&bytes, Some(Version::V500));
                    assert!(frame.fields.iter().all(|field| field.name != "Trailing bytes"));
                    heard.extend(said(&frame));
                }
            }
        }

        let missing: Vec<_> = record::hostile::corpus()
            .into_iter()
            .filter(|text| text.len() <= LONG && !heard.contains(text.as_slice()))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
