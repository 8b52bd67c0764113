//! Faults of Will Messages.

use super::*;
use crate::model::{self, Run};
use guarantees::*;
use protocol::{QoS, ReasonCode};
use std::collections::BTreeMap;

/// The Wills of a history, by message: connection and topic.
fn wills(history: &History) -> BTreeMap<MessageId, (ConnectionIndex, ClientIndex, TopicIndex)> {
    history
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::Connect { connection, client, will: Some(will), .. } => {
                Some((will.message, (connection, client, will.topic)))
            }
            _ => None,
        })
        .collect()
}

pub fn drop_will(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let all = wills(history);
    // Delivered to somebody else with QoS 1 who was connected before and stayed.
    let place = pick(history, choice, |_, what| match *what {
        What::Delivered {
            message: Some(message),
            client,
            connection,
            topic,
            qos: QoS::AtLeastOnce,
            dup: false,
            ..
        } => {
            let Some(&(whose, publisher, _)) = all.get(&message) else { return false };
            let last = history.events.iter().rev().find_map(|it| match it.what {
                What::Connected { connection, .. } => {
                    connect_of(history, connection).filter(|it| it.1 == client).map(|_| connection)
                }
                _ => None,
            });
            let subscribed = history
                .events
                .iter()
                .position(|it| matches!(&it.what, What::Subscribe { client: other, filters, .. } if *other == client && &*filters[0].filter == "#"));
            let begun = connect_of(history, whose).map(|it| it.2);
            let gave_up = history
                .events
                .iter()
                .any(|it| matches!(it.what, What::Unsubscribe { client: other, .. } if other == client));
            publisher != client
                && stays(history, connection)
                && last == Some(connection)
                && subscriptions(history, client, topic) == 1
                && !gave_up
                && subscribed.zip(begun).is_some_and(|(subscribed, begun)| subscribed < begun)
                && connect_of(history, connection).map(|it| it.2) < begun
        }
        _ => false,
    })?;
    let (message, _, _) = delivered(&history.events[place].what)?;
    let left = history.events.iter().any(|it| {
        matches!(it.what, What::Disconnect { connection, reason: ReasonCode(0), .. } if connection == all[&message].0)
    });
    for client in 0..model::CLIENTS {
        remove_deliveries(history, message, ClientIndex(client), 0);
    }
    (!left).then_some(())
}

pub fn double_will(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let all = wills(history);
    let place = pick(history, choice, |_, what| match *what {
        What::Delivered { message: Some(message), client, topic, dup: false, .. } => {
            all.contains_key(&message) && subscriptions(history, client, topic) == 1
        }
        _ => false,
    })?;
    let mut again = history.events[place].what.clone();
    if let What::Delivered { packet_identifier, qos, .. } = &mut again {
        *packet_identifier = if *qos == QoS::AtMostOnce { 0 } else { 60_000 };
    }
    insert(history, place + 1, again);
    Some(())
}

pub fn will_after_disconnect(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let all = wills(history);
    let arrives = pick(history, choice, |_, what| match *what {
        What::Delivered { message: Some(message), .. } => all.contains_key(&message),
        _ => false,
    })?;
    let left = pick(history, choice, |n, what| match *what {
        What::Disconnect { connection, reason: ReasonCode(0), .. } => {
            n < arrives && all.values().any(|it| it.0 == connection)
        }
        _ => false,
    })?;
    let What::Disconnect { connection, .. } = history.events[left].what else { return None };
    let will = all.iter().find(|it| it.1.0 == connection).map(|it| *it.0)?;
    if let What::Delivered { message, .. } = &mut history.events[arrives].what {
        *message = Some(will);
    }
    Some(())
}
