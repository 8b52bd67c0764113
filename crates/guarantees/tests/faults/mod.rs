//! Faults to plant into good histories, and how to find a place for each.

mod delivery;
mod retained;
mod session;
mod will;

use crate::model::{Act, Run};
use guarantees::*;
use protocol::QoS;

/// A fault: its name, what the checker has to call it, and how to plant it; the number picks a place. `None` if there is none.
pub type Fault = (&'static str, Kind, fn(&mut Run, usize) -> Option<()>);

pub const FAULTS: &[Fault] = &[
    ("a delivery is dropped", Kind::Lost, delivery::drop_delivery),
    ("a QoS 2 message is delivered again", Kind::Duplicated, delivery::duplicate_qos_2),
    ("a QoS 0 message is delivered again", Kind::Duplicated, delivery::duplicate_qos_0),
    ("two messages are swapped", Kind::OutOfOrder, delivery::swap),
    ("RETAIN is set", Kind::RetainFlag, retained::set_retain),
    ("Session Present is set", Kind::SessionPresent, session::set_session_present),
    ("Session Present is cleared", Kind::SessionPresent, session::clear_session_present),
    ("a message nobody published arrives", Kind::Unexpected, delivery::invent),
    ("the topic changes", Kind::OtherTopic, delivery::change_topic),
    ("the QoS is raised", Kind::WrongQoS, delivery::raise_qos),
    ("a message arrives without Subscription", Kind::WithoutSubscription, session::without_subscription),
    ("an expired message is sent", Kind::AfterExpiry, retained::expire),
    ("a Will is dropped", Kind::WillMissing, will::drop_will),
    ("a Will comes twice", Kind::WillTwice, will::double_will),
    ("a Will follows DISCONNECT", Kind::WillAfterDisconnect, will::will_after_disconnect),
    ("No Local is ignored", Kind::NoLocal, session::ignore_no_local),
    ("a second member gets the message", Kind::SharedTwice, session::share_twice),
    ("Receive Maximum is exceeded", Kind::ReceiveMaximum, session::lower_receive_maximum),
    ("DUP is cleared", Kind::DupFlag, delivery::clear_dup),
    ("a retained message is dropped", Kind::RetainedMissing, retained::drop_retained),
    ("a replaced retained message is sent", Kind::StaleRetained, retained::send_stale),
    ("a Subscription Identifier is foreign", Kind::SubscriptionIdentifier, delivery::foreign_identifier),
];

/// What has to happen first, lest a fault finds no place in most histories: two members of a share and a message for it; a retained message
/// and then a Subscription of somebody else.
pub fn prologue(kind: Kind) -> &'static [Act] {
    match kind {
        Kind::SharedTwice => &[(1, [0, 5, 2, 0]), (1, [1, 5, 2, 0]), (6, [2, 2, 2, 3])],
        Kind::RetainedMissing => &[(6, [1, 0, 64, 3]), (1, [2, 0, 1, 0])],
        _ => &[],
    }
}

/// The places of the events that pass, and the one that the number picks.
pub(super) fn pick(history: &History, choice: usize, wanted: impl Fn(usize, &What) -> bool) -> Option<usize> {
    let places: Vec<usize> =
        (0..history.events.len()).filter(|&n| wanted(n, &history.events[n].what)).collect();
    (!places.is_empty()).then(|| places[choice % places.len()])
}

pub(super) fn insert(history: &mut History, place: usize, what: What) {
    let at = history.events[place].at;
    history.events.insert(place, Event { at, what });
}

/// Message, Client and QoS of a delivery.
pub(super) fn delivered(what: &What) -> Option<(MessageId, ClientIndex, QoS)> {
    match *what {
        What::Delivered { message: Some(message), client, qos, .. } => Some((message, client, qos)),
        _ => None,
    }
}

pub(super) fn publishes(history: &History, wanted: MessageId) -> Vec<usize> {
    (0..history.events.len())
        .filter(|&n| matches!(history.events[n].what, What::Publish { message, .. } if message == wanted))
        .collect()
}

pub(super) fn is_retained(history: &History, wanted: MessageId) -> bool {
    history
        .events
        .iter()
        .any(|it| matches!(it.what, What::Publish { message, retain: true, .. } if message == wanted))
}

pub(super) fn remove_deliveries(history: &mut History, message: MessageId, client: ClientIndex, from: usize) {
    let mut place = 0;
    history.events.retain(|event| {
        place += 1;
        place <= from || delivered(&event.what).is_none_or(|it| (it.0, it.1) != (message, client))
    });
}

/// Whether the Client keeps a connection to the end.
pub(super) fn stays(history: &History, wanted: ConnectionIndex) -> bool {
    !history
        .events
        .iter()
        .any(|it| matches!(it.what, What::Closed { connection, .. } if connection == wanted))
}

/// How many filters of a Client ever matched a topic, one for each SUBSCRIBE.
pub(super) fn subscriptions(history: &History, whose: ClientIndex, topic: TopicIndex) -> usize {
    let name = history.topics.name(topic);
    history
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Subscribe { client, filters, .. } if *client == whose => Some(&filters[0].filter),
            _ => None,
        })
        .filter(|filter| protocol::topic::matches(filter.trim_start_matches("$share/g/"), name))
        .count()
}

/// Clean Start and Client of the CONNECT that a CONNACK answers, and its place.
pub(super) fn connect_of(history: &History, wanted: ConnectionIndex) -> Option<(bool, ClientIndex, usize)> {
    history.events.iter().enumerate().find_map(|(n, event)| match event.what {
        What::Connect { connection, clean_start, client, .. } if connection == wanted => {
            Some((clean_start, client, n))
        }
        _ => None,
    })
}
