//! Faults of retained and expiring messages.

use super::*;
use crate::model::Run;
use guarantees::*;
use protocol::{QoS, Version};

pub fn set_retain(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| {
        delivered(what).is_some_and(|it| !publishes(history, it.0).is_empty() && !is_retained(history, it.0))
    })?;
    if let What::Delivered { retain, .. } = &mut history.events[place].what {
        *retain = true;
    }
    Some(())
}

pub fn expire(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    if history.version == Version::V311 {
        return None;
    }
    // Delivered on a connection that began long after the message was acknowledged.
    let place = pick(history, choice, |_, what| match *what {
        What::Delivered { message: Some(message), connection, dup: false, expiry: None, .. } => {
            let published = publishes(history, message);
            let accepted = history
                .events
                .iter()
                .find(|it| matches!(it.what, What::Accepted { message: other, .. } if other == message));
            let connect = connect_of(history, connection).map(|it| history.events[it.2].at);
            published.len() == 1
                && accepted
                    .zip(connect)
                    .is_some_and(|(accepted, connect)| connect.saturating_sub(accepted.at).as_secs() > 5)
        }
        _ => false,
    })?;
    let message = delivered(&history.events[place].what)?.0;
    for event in &mut history.events {
        match &mut event.what {
            What::Publish { message: other, expiry, .. } if *other == message => *expiry = Some(3),
            What::Delivered { message: other, expiry, .. } if *other == Some(message) => *expiry = Some(0),
            _ => {}
        }
    }
    Some(())
}

pub fn drop_retained(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    // To a Client that never does anything but subscribe once and stay.
    let place = pick(history, choice, |n, what| match *what {
        What::Delivered {
            message: Some(message),
            client,
            connection,
            topic,
            retain: true,
            qos,
            expiry: None,
            ..
        } => {
            let published = publishes(history, message);
            let subscribed = history
                .events
                .iter()
                .position(|it| matches!(&it.what, What::Subscribe { client: other, .. } if *other == client));
            let connects = history
                .events
                .iter()
                .filter(|it| matches!(it.what, What::Connect { client: other, .. } if other == client));
            let others = history.events.iter().filter(|it| match it.what {
                What::Publish { retain: true, topic: other, .. } => other == topic,
                What::Unsubscribe { client: other, .. } => other == client,
                _ => false,
            });
            qos > QoS::AtMostOnce
                && connects.count() == 1
                && stays(history, connection)
                && others.count() == 1
                && published.len() == 1
                && !matches!(history.events[published[0]].what, What::Publish { client: other, .. } if other == client)
                && subscriptions(history, client, topic) == 1
                && subscribed.is_some_and(|at| published[0] < at && at < n)
        }
        _ => false,
    })?;
    let (message, client, _) = delivered(&history.events[place].what)?;
    let accepted = history
        .events
        .iter()
        .position(|it| matches!(it.what, What::Completed { message: other, .. } | What::Accepted { message: other, .. } if other == message))?;
    let published = publishes(history, message)[0];
    let complete = match history.events[published].what {
        What::Publish { qos: QoS::ExactlyOnce, .. } => history
            .events
            .iter()
            .any(|it| matches!(it.what, What::Completed { message: other, .. } if other == message)),
        _ => true,
    };
    remove_deliveries(history, message, client, 0);
    (accepted < place && complete).then_some(())
}

pub fn send_stale(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    // A retained message comes with a SUBSCRIBE; put in its place one that it had surely replaced.
    let mut changes = Vec::new();
    for (n, event) in history.events.iter().enumerate() {
        let What::Delivered { message: Some(message), client, topic, retain: true, dup: false, .. } =
            event.what
        else {
            continue;
        };
        if subscriptions(history, client, topic) != 1 || publishes(history, message).len() != 1 {
            continue;
        }
        let at = publishes(history, message)[0];
        let What::Publish { qos, .. } = history.events[at].what else { continue };
        let acknowledged = history.events[..n].iter().position(|it| match it.what {
            What::Accepted { message: other, .. } => other == message && qos == QoS::AtLeastOnce,
            What::Completed { message: other, .. } => other == message,
            _ => false,
        });
        let subscribed = history.events[..n].iter().position(
            |it| matches!(&it.what, What::Subscribe { client: other, filters, .. } if *other == client && !filters[0].retain_as_published && protocol::topic::matches(&filters[0].filter, history.topics.name(topic))),
        );
        let older = history.events[..at].iter().find_map(|it| match it.what {
            What::Publish { message: other, retain: true, topic: its, qos: level, .. }
                if its == topic && level == qos && publishes(history, other).len() == 1 =>
            {
                Some(other)
            }
            _ => None,
        });
        let done = older.is_some_and(|older| {
            history.events[..at].iter().any(|it| match it.what {
                What::Accepted { message: other, .. } => other == older && qos == QoS::AtLeastOnce,
                What::Completed { message: other, .. } => other == older,
                _ => false,
            })
        });
        if acknowledged
            .zip(subscribed)
            .is_some_and(|(acknowledged, subscribed)| acknowledged < subscribed && done)
        {
            changes.push((n, older));
        }
    }
    let &(place, older) = changes.get(choice % changes.len().max(1))?;
    if let What::Delivered { message, .. } = &mut history.events[place].what {
        *message = older;
    }
    Some(())
}
