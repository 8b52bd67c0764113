//! Faults of Sessions, Subscriptions and windows.

use super::*;
use crate::model::{self, Run};
use guarantees::*;
use protocol::{QoS, Version};
use std::time::Duration;

pub fn set_session_present(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| match *what {
        What::Connected { connection, session_present: false, .. } => connect_of(history, connection)
            .is_some_and(|(clean_start, client, at)| {
                clean_start
                    || history.events[..at]
                        .iter()
                        .all(|it| !matches!(it.what, What::Connect { client: other, .. } if other == client))
            }),
        _ => false,
    })?;
    if let What::Connected { session_present, .. } = &mut history.events[place].what {
        *session_present = true;
    }
    Some(())
}

pub fn clear_session_present(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| match *what {
        What::Connected { connection, session_present: true, .. } => {
            // The Session of the connection before never expires; in 3.1.1 it was there just now.
            let Some((_, client, at)) = connect_of(history, connection) else { return false };
            let before = history.events[..at].iter().rev().find_map(|it| match it.what {
                What::Connect { client: other, session_expiry, .. } if other == client => {
                    Some((session_expiry, it.at))
                }
                _ => None,
            });
            let soon = history.events[at].at + Duration::from_secs(5);
            before.is_some_and(|(session_expiry, connect)| {
                let is_short = history.version == Version::V500 || soon < connect + Duration::from_secs(10);
                session_expiry == history::NEVER_EXPIRES && is_short
            })
        }
        _ => false,
    })?;
    if let What::Connected { session_present, .. } = &mut history.events[place].what {
        *session_present = false;
    }
    Some(())
}

pub fn without_subscription(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| match *what {
        What::Delivered { topic, .. } => {
            (0..model::CLIENTS).any(|client| subscriptions(history, ClientIndex(client), topic) == 0)
        }
        _ => false,
    })?;
    let What::Delivered { topic, .. } = history.events[place].what else { return None };
    let stranger = (0..model::CLIENTS).map(ClientIndex).find(|&it| subscriptions(history, it, topic) == 0)?;
    if let What::Delivered { client, .. } = &mut history.events[place].what {
        *client = stranger;
    }
    Some(())
}

pub fn ignore_no_local(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    if history.version == Version::V311 {
        return None;
    }
    let place = pick(history, choice, |_, what| match *what {
        What::Delivered { message: Some(message), client, retain: false, .. } => {
            publishes(history, message).first().is_some_and(
                |&n| matches!(history.events[n].what, What::Publish { client: other, .. } if other == client),
            )
        }
        _ => false,
    })?;
    let (_, whose, _) = delivered(&history.events[place].what)?;
    for event in &mut history.events {
        if let What::Subscribe { client, filters, .. } = &mut event.what
            && *client == whose
        {
            filters[0].no_local = true;
        }
    }
    Some(())
}

pub fn share_twice(run: &mut Run, _: usize) -> Option<()> {
    let history = &mut run.history;
    // The message of the prologue; both members have nothing else that matches, then or later.
    let place = pick(history, 0, |_, what| {
        matches!(what, What::Delivered { message: Some(MessageId(3)), qos: QoS::ExactlyOnce, .. })
    })?;
    let topic = TopicIndex(2);
    if (0..2).any(|client| subscriptions(history, ClientIndex(client), topic) != 1) {
        return None;
    }
    let mut again = history.events[place].what.clone();
    if let What::Delivered { client, connection, packet_identifier, .. } = &mut again {
        (*client, *connection, *packet_identifier) = (ClientIndex(1), ConnectionIndex(1), 60_000);
    }
    insert(history, place + 1, again);
    Some(())
}

pub fn lower_receive_maximum(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    if history.version == Version::V311 {
        return None;
    }
    // Two deliveries in a row on one connection, both open, and on a connection that allows two.
    let place =
        pick(history, choice, |n, what| match (what, history.events.get(n + 1).map(|it| &it.what)) {
            (
                What::Delivered { connection: left, qos: one, .. },
                Some(What::Delivered { connection: right, qos: two, .. }),
            ) => left == right && *one > QoS::AtMostOnce && *two > QoS::AtMostOnce,
            _ => false,
        })?;
    let What::Delivered { connection: wanted, .. } = history.events[place].what else { return None };
    for event in &mut history.events {
        if let What::Connect { connection, receive_maximum, .. } = &mut event.what
            && *connection == wanted
        {
            *receive_maximum = 1;
        }
    }
    Some(())
}
