//! What a Server with a store loses (section 4.1): records that were not written in time, or wrongly, or never.
//!
//! Records begin with a byte for their kind (`reference_broker::store`); the values here are those of its first format.

use crate::around::StoreFault;
use crate::defect;
use reference_broker::store::Change;
use std::ops::Range;

const SESSION: u8 = 1;
const SUBSCRIPTION: u8 = 2;
const WAITING: u8 = 5;
const RETAINED: u8 = 6;

macro_rules! forgets {
    ($($name:literal, $title:literal, [$($id:literal),+], $kind:literal;)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            store: StoreFault::Forgets(|change| change.key.first() == Some(&$kind)),
        })+
    };
}

defect! {
    "what-is-acknowledged-is-written-later", "A change is acknowledged at once, and written when the next one comes",
    breaks: ["3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-23"],
    store: StoreFault::Late,
}

forgets! {
    "subscriptions-do-not-outlast-the-process", "A Session is kept over a restart without its Subscriptions",
        ["3.1.1/MQTT-3.1.2-4", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"], 2;
    "identifiers-received-do-not-outlast-the-process", "After a restart a repeated PUBLISH of QoS 2 is a new message",
        ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-10"], 3;
    "messages-under-way-do-not-outlast-the-process", "After a restart unacknowledged messages are not sent again",
        ["3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.4.0-1"], 4;
    "waiting-messages-do-not-outlast-the-process", "After a restart the messages for Clients that are away are gone, and their Sessions are not",
        ["3.1.1/MQTT-3.1.2-5", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"], 5;
    "retained-messages-do-not-outlast-the-process", "After a restart the retained messages are gone",
        ["3.1.1/MQTT-3.3.1-5", "5.0/MQTT-3.3.1-5"], 6;
}

defect! {
    "shared-subscriptions-do-not-outlast-the-process", "A Session is kept over a restart without its Shared Subscriptions",
    breaks: ["5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"],
    store: StoreFault::Forgets(|change| change.key.first() == Some(&SUBSCRIPTION) && change.key.get(9) == Some(&1)),
}

defect! {
    "subscription-options-do-not-outlast-the-process", "After a restart a Subscription has its QoS, but no other option and no identifier",
    breaks: ["5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"],
    store: StoreFault::Alters(|change| {
        if change.key.first() == Some(&SUBSCRIPTION)
            && let Some(value) = &mut change.value
        {
            value.truncate(1);
            value.extend([0; 4]);
        }
    }),
}

defect! {
    "one-waiting-message-outlasts-the-process", "Only the first of the messages for an absent Client is kept over a restart",
    breaks: ["3.1.1/MQTT-3.1.2-5", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"],
    store: StoreFault::Forgets(|change| change.key.first() == Some(&WAITING) && !change.key.ends_with(&1_u64.to_be_bytes())),
}

defect! {
    "who-was-connected-does-not-outlast-the-process", "A Session that ends with its Network Connection is there again after a crash",
    breaks: ["3.1.1/MQTT-3.1.2-6", "5.0/MQTT-4.1.0-2"],
    store: StoreFault::Alters(|change| alter_session(change, |record| {
        if let Some(connected) = connected_at(record).and_then(|at| record.get_mut(at)) {
            *connected = 0;
        }
    })),
}

defect! {
    "wills-on-their-delay-do-not-outlast-the-process", "A Will Message whose delay has begun is gone after a restart",
    breaks: ["5.0/MQTT-3.1.2-8"],
    store: StoreFault::Alters(|change| alter_session(change, |record| {
        if let Some(at) = will_at(record)
            && record.get(at..at + 2) == Some(&[1, 1])
        {
            record.truncate(at);
            record.push(0);
        }
    })),
}

defect! {
    "delays-of-wills-are-over-at-a-restart", "A Will Message whose delay has begun is published as soon as the Server is there again",
    breaks: ["5.0/MQTT-3.1.3-9"],
    store: StoreFault::Alters(|change| alter_session(change, |record| {
        if let Some(at) = will_at(record)
            && let Some([1, 1, due @ ..]) = record.get_mut(at..at + 10)
        {
            due.fill(0);
        }
    })),
}

defect! {
    "properties-do-not-outlast-the-process", "A retained message comes without its Properties after a restart",
    breaks: [
        "5.0/MQTT-3.3.2-4", "5.0/MQTT-3.3.2-15", "5.0/MQTT-3.3.2-16", "5.0/MQTT-3.3.2-17", "5.0/MQTT-3.3.2-18", "5.0/MQTT-3.3.2-20"
    ],
    store: StoreFault::Alters(|change| {
        if change.key.first() == Some(&RETAINED)
            && let Some(record) = &mut change.value
            && let Some(properties) = properties_of(record)
        {
            record.drain(properties);
        }
    }),
}

/// Changes the record of a Session.
fn alter_session(change: &mut Change, alter: fn(&mut Vec<u8>)) {
    if change.key.first() == Some(&SESSION)
        && let Some(record) = &mut change.value
    {
        alter(record);
    }
}

/// Where the Properties are in the record of a retained message: behind Topic Name, QoS, Message Expiry Interval if there is one, and publisher; before
/// 0 and the payload, which is the rest.
fn properties_of(record: &[u8]) -> Option<Range<usize>> {
    let expiry = 4 + length_at(record, 0)? + 1;
    let publisher = expiry + if record.get(expiry) == Some(&1) { 13 } else { 1 };
    let begin = publisher + 4 + length_at(record, publisher)?;
    let is_end = |at: &usize| record[*at] == 0 && length_at(record, at + 1) == Some(record.len() - at - 5);
    (begin..record.len().saturating_sub(4)).find(is_end).map(|end| begin..end)
}

fn length_at(record: &[u8], at: usize) -> Option<usize> {
    let length = record.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*length)).ok()
}

/// Where the record of a Session says whether its Client was connected: behind the Client Identifier and the Session Expiry Interval.
fn connected_at(record: &[u8]) -> Option<usize> {
    Some(4 + length_at(record, 0)? + 4)
}

/// Where it says whether there is a Will Message: behind the moment at which the Session ends, if there is one. If there is, it follows whether the
/// delay has begun, and when it is over.
fn will_at(record: &[u8]) -> Option<usize> {
    let expires = connected_at(record)? + 1;
    let length = if record.get(expires) == Some(&1) { 8 } else { 0 };
    Some(expires + 1 + length)
}
