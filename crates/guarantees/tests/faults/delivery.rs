//! Faults of single deliveries.

use super::*;
use crate::model::Run;
use guarantees::*;
use protocol::{QoS, ReasonCode, Version};
use std::collections::BTreeMap;

pub fn drop_delivery(run: &mut Run, choice: usize) -> Option<()> {
    let &(message, client) = run.owed.get(choice % run.owed.len().max(1))?;
    remove_deliveries(&mut run.history, message, client, 0);
    Some(())
}

fn duplicate(run: &mut Run, choice: usize, level: QoS) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |n, what| match *what {
        What::Delivered { client, topic, qos, message: Some(message), .. } => {
            qos == level
                && subscriptions(history, client, topic) == 1
                && publishes(history, message).len() == 1
                && !is_retained(history, message)
                && history.events[n..]
                    .iter()
                    .skip(1)
                    .all(|it| delivered(&it.what).is_none_or(|it| it.0 != message))
                && (level == QoS::AtMostOnce
                    || matches!(
                        history.events[n + 2].what,
                        What::Acknowledged { with: Acknowledgement::Pubcomp, .. }
                    ))
        }
        _ => false,
    })?;
    let mut again = history.events[place].what.clone();
    let What::Delivered { packet_identifier, connection, .. } = &mut again else { return None };
    let connection = *connection;
    if level == QoS::AtMostOnce {
        insert(history, place + 1, again);
        return Some(());
    }
    *packet_identifier = 60_000;
    insert(history, place + 3, again);
    for (n, with) in [(4, Acknowledgement::Pubrec), (5, Acknowledgement::Pubcomp)] {
        let what = What::Acknowledged { connection, packet_identifier: 60_000, with, reason: ReasonCode(0) };
        insert(history, place + n, what);
    }
    Some(())
}

pub fn duplicate_qos_2(run: &mut Run, choice: usize) -> Option<()> {
    duplicate(run, choice, QoS::ExactlyOnce)
}

pub fn duplicate_qos_0(run: &mut Run, choice: usize) -> Option<()> {
    duplicate(run, choice, QoS::AtMostOnce)
}

pub fn swap(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    // Of one publisher, once published, in one QoS, not retained; and the only delivery of it.
    let of = |n: usize| -> Option<_> {
        let What::Delivered { message: Some(message), client, topic, qos, retain: false, dup: false, .. } =
            history.events[n].what
        else {
            return None;
        };
        let first = publishes(history, message);
        let What::Publish { client: publisher, qos: level, retain: false, .. } =
            history.events[*first.first()?].what
        else {
            return None;
        };
        let deliveries = history
            .events
            .iter()
            .filter(|it| delivered(&it.what).is_some_and(|it| it.0 == message && it.1 == client));
        // Shared Subscriptions, which all have topic 2, know no order.
        let once = topic.0 != 2
            && first.len() == 1
            && deliveries.count() == 1
            && subscriptions(history, client, topic) == 1;
        let connection = match history.events[n].what {
            What::Delivered { connection, .. } => connection,
            _ => return None,
        };
        once.then_some((connection, publisher, topic, level, qos))
    };
    let mut pairs = Vec::new();
    let mut last = BTreeMap::new();
    for n in 0..history.events.len() {
        if let Some(key) = of(n)
            && let Some(before) = last.insert((key.0, key.1, key.2, key.3, key.4), n)
        {
            pairs.push((before, n));
        }
    }
    let &(left, right) = pairs.get(choice % pairs.len().max(1))?;
    // The earlier one, with its acknowledgements, moves behind the later one with its own.
    let length = |n: usize| {
        1 + history.events[n + 1..]
            .iter()
            .take_while(|it| matches!(it.what, What::Acknowledged { .. }))
            .count()
    };
    let (moved, end) = (length(left), right + length(right));
    let at = history.events[end - 1].at;
    history.events[left..end].rotate_left(moved);
    for event in &mut history.events[end - moved..end] {
        event.at = at;
    }
    Some(())
}

pub fn invent(run: &mut Run, choice: usize) -> Option<()> {
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { message, .. } = &mut run.history.events[place].what {
        *message = None;
    }
    Some(())
}

pub fn change_topic(run: &mut Run, choice: usize) -> Option<()> {
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { topic, .. } = &mut run.history.events[place].what {
        *topic = TopicIndex((topic.0 + 1) % 4);
    }
    Some(())
}

pub fn raise_qos(run: &mut Run, choice: usize) -> Option<()> {
    let place =
        pick(&run.history, choice, |_, what| delivered(what).is_some_and(|it| it.2 == QoS::AtMostOnce))?;
    let all = &run.history;
    let (message, _, _) = delivered(&all.events[place].what)?;
    let published = *publishes(all, message).first()?;
    let What::Publish { qos: QoS::AtMostOnce, .. } = all.events[published].what else { return None };
    if let What::Delivered { qos, packet_identifier, .. } = &mut run.history.events[place].what {
        (*qos, *packet_identifier) = (QoS::AtLeastOnce, 60_000);
    }
    Some(())
}

pub fn clear_dup(run: &mut Run, choice: usize) -> Option<()> {
    // What the Client had acknowledged may have been another copy, under the same Packet Identifier.
    let history = &run.history;
    let place = pick(history, choice, |n, what| match *what {
        What::Delivered { dup: true, packet_identifier: wanted, .. } => {
            history.events[..n].iter().all(|it| match it.what {
                What::Acknowledged { packet_identifier, with: Acknowledgement::Puback, .. } => {
                    packet_identifier != wanted
                }
                _ => true,
            })
        }
        _ => false,
    })?;
    if let What::Delivered { dup, .. } = &mut run.history.events[place].what {
        *dup = false;
    }
    Some(())
}

pub fn foreign_identifier(run: &mut Run, choice: usize) -> Option<()> {
    if run.history.version == Version::V311 {
        return None;
    }
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { subscription_identifiers, .. } = &mut run.history.events[place].what {
        subscription_identifiers.push(100_000);
    }
    Some(())
}
