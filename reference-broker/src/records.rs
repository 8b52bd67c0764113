//! The state that has to outlive the process, record by record: what each one holds, and how it is read again.
//!
//! | record | key | value |
//! |---|---|---|
//! | a Session | 1, number | Client Identifier, Session Expiry Interval, whether it was connected, when it expires, Will Message |
//! | a Subscription | 2, number, shared, Topic Filter | options, Subscription Identifier |
//! | QoS 2, received | 3, number, Packet Identifier | |
//! | in flight | 4, number, Packet Identifier | place in the order, the message or that it is released |
//! | waiting | 5, number, place | the message |
//! | retained | 6, Topic Name | the message |
//!
//! A Session that ends with its Network Connection keeps only its Will Message and what it got by Shared Subscriptions: the first has to be
//! published, the second given to another member, should the Server be the one that fails.

use crate::client::Client;
use crate::journal::Key;
use crate::message::Message;
use crate::server::Server;
use crate::session::{InFlight, Outgoing, Progress, Session, StoredWill, Subscription, Waiting};
use crate::session_id::SessionId;
use crate::store::codec::{Fault, Reader, Writer};
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::{validate_filter, validate_name};
use protocol::{QoS, RetainHandling, SubscriptionOptions, Version, Will};
use std::sync::Arc;

const SESSION: u8 = 1;
const SUBSCRIPTION: u8 = 2;
const RECEIVED: u8 = 3;
const IN_FLIGHT: u8 = 4;
const WAITING: u8 = 5;
const RETAINED: u8 = 6;

impl Key {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Key::Session(SessionId(number)) => {
                to.u8(SESSION);
                to.u64(*number);
            }
            Key::Subscription(SessionId(number), filter, shared) => {
                to.u8(SUBSCRIPTION);
                to.u64(*number);
                to.bool(*shared);
                to.text(filter);
            }
            Key::Received(SessionId(number), packet_id) => {
                to.u8(RECEIVED);
                to.u64(*number);
                to.u16(*packet_id);
            }
            Key::InFlight(SessionId(number), packet_id) => {
                to.u8(IN_FLIGHT);
                to.u64(*number);
                to.u16(*packet_id);
            }
            Key::Waiting(SessionId(number), place) => {
                to.u8(WAITING);
                to.u64(*number);
                to.u64(*place);
            }
            Key::Retained(topic) => {
                to.u8(RETAINED);
                to.text(topic);
            }
        }
        to.0
    }

    pub(crate) fn read(mut from: Reader) -> Result<Self, Fault> {
        let key = match from.u8()? {
            SESSION => Key::Session(SessionId(from.u64()?)),
            SUBSCRIPTION => {
                let (session, shared) = (SessionId(from.u64()?), from.bool()?);
                Key::Subscription(session, from.text()?, shared)
            }
            RECEIVED => Key::Received(SessionId(from.u64()?), from.u16()?),
            IN_FLIGHT => Key::InFlight(SessionId(from.u64()?), from.u16()?),
            WAITING => Key::Waiting(SessionId(from.u64()?), from.u64()?),
            RETAINED => Key::Retained(from.text()?),
            _ => return Err("there is no such kind of record"),
        };
        from.end().map(|()| key)
    }
}

impl Server {
    /// What the record is now; `None` if it has nothing to keep.
    pub(crate) fn record(&self, key: &Key) -> Option<Vec<u8>> {
        cite!("5.0/MQTT-4.1.0-1", "3.1.1/MQTT-4.1.0-1", "3.1.1/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.2-5");
        let mut to = Writer::default();
        match key {
            Key::Session(id) => write_client(self.clients.get(*id)?, &mut to),
            Key::Subscription(id, filter, shared) => {
                self.session(*id).filter(|session| session.is_lasting())?;
                let version = if *shared { Version::V500 } else { Version::V311 };
                let parsed = validate_filter(filter, version).ok()?;
                write_subscription(&self.subscriptions.get(*id, filter, parsed)?, &mut to);
            }
            Key::Received(id, packet_id) => {
                let session = self.session(*id).filter(|session| session.is_lasting())?;
                session.received.get(packet_id)?;
            }
            Key::InFlight(id, packet_id) => {
                let session = self.session(*id)?;
                let in_flight = session.in_flight.get(packet_id)?;
                to.u64(in_flight.order);
                match &in_flight.progress {
                    Progress::Published(outgoing) if session.keeps(outgoing) => {
                        to.option(Some(outgoing), |to, outgoing| write_outgoing(outgoing, to));
                    }
                    Progress::Released if session.is_lasting() => to.option(None::<()>, |_, ()| {}),
                    Progress::Published(_) | Progress::Released => return None,
                }
            }
            Key::Waiting(id, place) => {
                let session = self.session(*id)?;
                let index = session.queue.binary_search_by_key(place, |waiting| waiting.place).ok()?;
                let outgoing = &session.queue.get(index)?.outgoing;
                if !session.keeps(outgoing) {
                    return None;
                }
                write_outgoing(outgoing, &mut to);
            }
            Key::Retained(topic) => write_message(self.retained.get(topic)?, &mut to),
        }
        Some(to.0)
    }

    /// Takes a record in. They come in the order of their keys, so a Session comes before what belongs to it.
    pub(crate) fn read_record(&mut self, key: Key, mut from: Reader) -> Result<(), Fault> {
        match key {
            Key::Session(id) => {
                let session = read_session(id, &mut from)?;
                if !self.clients.restore(session) {
                    return Err("two Sessions have the same Client Identifier");
                }
            }
            Key::Subscription(id, filter, shared) => {
                let subscription = read_subscription(&mut from)?;
                let version = if shared { Version::V500 } else { Version::V311 };
                let parsed =
                    validate_filter(&filter, version).map_err(|_| "the Topic Filter is not valid")?;
                if parsed.share_name().is_some() != shared {
                    return Err("the Topic Filter is not shared");
                }
                self.subscriptions.insert(id, &filter, parsed, subscription);
                self.session_to_restore(id)?.filters.insert((filter, shared));
            }
            Key::Received(id, packet_id) => {
                self.session_to_restore(id)?.received.insert(packet_id, None);
            }
            Key::InFlight(id, packet_id) => {
                let session = self.session_to_restore(id)?;
                let order = from.u64()?;
                let progress = match from.option(read_outgoing)? {
                    Some(outgoing) => {
                        session.bytes += outgoing.message.size();
                        Progress::Published(outgoing)
                    }
                    None => Progress::Released,
                };
                session.in_flight.insert(packet_id, InFlight { order, progress, counted: false });
                session.continue_after(order);
            }
            Key::Waiting(id, place) => {
                let session = self.session_to_restore(id)?;
                let outgoing = read_outgoing(&mut from)?;
                session.bytes += outgoing.message.size();
                session.queue.push_back(Waiting { place, outgoing });
                session.continue_after(place);
            }
            Key::Retained(topic) => {
                let message = read_message(&mut from)?;
                if message.topic != topic {
                    return Err("the message has another Topic Name");
                }
                // Under a configuration without retained messages those from before stay where they are.
                if self.config.retain_available {
                    self.retained.store(&Arc::new(message), &mut self.journal);
                }
            }
        }
        from.end()
    }

    fn session(&self, id: SessionId) -> Option<&Session> {
        self.clients.get(id).map(|client| &client.session)
    }

    fn session_to_restore(&mut self, id: SessionId) -> Result<&mut Session, Fault> {
        let client = self.clients.get_mut(id);
        client.map(|client| &mut client.session).ok_or("its Session does not exist")
    }
}

impl Session {
    /// Whether it outlives its Network Connection, and with that the process.
    pub(crate) fn is_lasting(&self) -> bool {
        cite!("3.1.1/MQTT-3.1.2-6", "5.0/MQTT-4.1.0-2");
        self.expiry_interval > 0
    }

    fn keeps(&self, outgoing: &Outgoing) -> bool {
        self.is_lasting() || outgoing.share.is_some()
    }
}

fn write_client(Client { session, connected }: &Client, to: &mut Writer) {
    to.text(&session.client_id);
    to.u32(session.expiry_interval);
    to.bool(connected.is_some() || session.interrupted);
    to.option(session.expires, Writer::time);
    to.option(session.will.as_ref(), |to, StoredWill { will, due }| {
        to.option(*due, Writer::time);
        to.u8(will.qos as u8);
        to.bool(will.retain);
        to.text(&will.topic);
        to.bytes(&will.payload);
        to.properties(&will.properties);
    });
}

fn read_session(id: SessionId, from: &mut Reader) -> Result<Session, Fault> {
    let mut session = Session::new(id, from.text()?);
    session.expiry_interval = from.u32()?;
    session.interrupted = from.bool()?;
    session.expires = from.option(Reader::time)?;
    session.will = from.option(|from| {
        let due = from.option(Reader::time)?;
        let (qos, retain, topic) = (from.qos()?, from.bool()?, topic_name(from)?);
        let (payload, properties) = (from.bytes()?, from.properties()?);
        Ok(StoredWill { will: Will { qos, retain, topic, payload, properties }, due })
    })?;
    Ok(session)
}

fn write_subscription(subscription: &Subscription, to: &mut Writer) {
    let SubscriptionOptions { qos, no_local, retain_as_published, retain_handling } = subscription.options;
    to.u8(qos as u8);
    to.bool(no_local);
    to.bool(retain_as_published);
    to.u8(retain_handling as u8);
    to.option(subscription.identifier, Writer::u32);
}

fn read_subscription(from: &mut Reader) -> Result<Subscription, Fault> {
    let (qos, no_local, retain_as_published) = (from.qos()?, from.bool()?, from.bool()?);
    let retain_handling = match from.u8()? {
        0 => RetainHandling::SendAtSubscribe,
        1 => RetainHandling::SendIfNew,
        2 => RetainHandling::DoNotSend,
        _ => return Err("there is no such Retain Handling"),
    };
    let options = SubscriptionOptions { qos, no_local, retain_as_published, retain_handling };
    Ok(Subscription { options, identifier: from.option(Reader::u32)? })
}

fn write_outgoing(outgoing: &Outgoing, to: &mut Writer) {
    let Outgoing { message, qos, retain, identifiers, share, published_retain } = outgoing;
    to.u8(*qos as u8);
    to.bool(*retain);
    to.u32(u32::try_from(identifiers.len()).unwrap_or(u32::MAX));
    identifiers.iter().for_each(|identifier| to.u32(*identifier));
    to.option(share.as_ref(), |to, filter| to.text(filter));
    to.bool(*published_retain);
    write_message(message, to);
}

fn read_outgoing(from: &mut Reader) -> Result<Outgoing, Fault> {
    let (qos, retain) = (from.qos()?, from.bool()?);
    if qos == QoS::AtMostOnce {
        return Err("a message of QoS 0 is never kept for a Session");
    }
    let identifiers = (0..from.u32()?).map(|_| from.u32()).collect::<Result<_, _>>()?;
    let (share, published_retain) = (from.option(Reader::text)?, from.bool()?);
    let message = Arc::new(read_message(from)?);
    Ok(Outgoing { message, qos, retain, identifiers, share, published_retain })
}

fn write_message(message: &Message, to: &mut Writer) {
    let Message { topic, payload, qos, properties, expiry, publisher } = message;
    to.text(topic);
    to.u8(*qos as u8);
    to.option(*expiry, |to, (seconds, received)| {
        to.u32(seconds);
        to.time(received);
    });
    to.text(publisher);
    to.properties(properties);
    to.bytes(payload);
}

fn read_message(from: &mut Reader) -> Result<Message, Fault> {
    let (topic, qos) = (topic_name(from)?, from.qos()?);
    let expiry = from.option(|from| Ok((from.u32()?, from.time()?)))?;
    let (publisher, properties, payload) = (from.text()?, from.properties()?, from.bytes()?);
    Ok(Message { topic, payload, qos, properties, expiry, publisher })
}

fn topic_name(from: &mut Reader) -> Result<ByteString, Fault> {
    let topic = from.text()?;
    match validate_name(&topic, Version::V311) {
        Ok(_) => Ok(topic),
        Err(_) => Err("the Topic Name is not valid"),
    }
}
