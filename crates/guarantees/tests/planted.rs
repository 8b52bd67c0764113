//! Nothing is found in what a right Server leaves, and each fault that is planted into it is found.
//!
//! The histories come from [`model`], a Server of a few hundred lines that shares nothing with the checker. A fault changes a history in
//! one place in such a way that it is a breach whatever else is in there.

mod model;

use guarantees::*;
use model::{Act, Run};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use protocol::{QoS, ReasonCode, Version};
use std::cell::RefCell;
use std::collections::BTreeMap;

fn acts() -> impl Strategy<Value = Vec<Act>> {
    vec((0u8..12, any::<[u8; 4]>()), 0..60)
}

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V311), Just(Version::V500)]
}

fn config(cases: u32) -> Config {
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        source_file: Some(file!()),
        ..Config::with_cases(cases)
    }
}

#[test]
fn nothing_is_found_in_good_histories() {
    let result = TestRunner::new(config(4000)).run(
        &(version(), any::<bool>(), acts()),
        |(version, separate, acts)| {
            let run = model::run(version, separate, &acts);

            let verdict = judge(&run.history);

            prop_assert!(verdict.findings.is_empty(), "{}\n{}", verdict.findings[0], numbered(&run.history));
            Ok(())
        },
    );
    assert!(result.is_ok(), "{}", result.unwrap_err());
}

#[test]
fn each_planted_fault_is_found() {
    let planted = RefCell::new(BTreeMap::<&str, u32>::new());
    let result = TestRunner::new(config(3000)).run(
        &(version(), any::<bool>(), acts(), any::<u16>()),
        |(version, separate, acts, choice)| {
            for (name, kind, plant) in FAULTS {
                let acts = [prologue(*kind), &acts].concat();
                let mut run = model::run(version, separate, &acts);
                if plant(&mut run, usize::from(choice)).is_none() {
                    continue;
                }
                *planted.borrow_mut().entry(name).or_default() += 1;

                let verdict = judge(&run.history);

                prop_assert!(verdict.count(*kind) > 0, "{name} was not found in\n{}", numbered(&run.history));
            }
            Ok(())
        },
    );
    assert!(result.is_ok(), "{}", result.unwrap_err());
    for (name, _, _) in FAULTS {
        let count = planted.borrow().get(name).copied().unwrap_or(0);
        assert!(count >= 10, "{name} was planted only {count} times");
    }
}

fn numbered(history: &History) -> String {
    history
        .events
        .iter()
        .enumerate()
        .map(|(n, event)| format!("{n} {:?} {:?}\n", event.at, event.what))
        .collect()
}

/// A fault: its name, what the checker has to call it, and how to plant it; the number picks a place. `None` if there is none.
type Fault = (&'static str, Kind, fn(&mut Run, usize) -> Option<()>);

const FAULTS: &[Fault] = &[
    ("a delivery is dropped", Kind::Lost, drop_delivery),
    ("a QoS 2 message is delivered again", Kind::Duplicated, duplicate_qos_2),
    ("a QoS 0 message is delivered again", Kind::Duplicated, duplicate_qos_0),
    ("two messages are swapped", Kind::OutOfOrder, swap),
    ("RETAIN is set", Kind::RetainFlag, set_retain),
    ("Session Present is set", Kind::SessionPresent, set_session_present),
    ("Session Present is cleared", Kind::SessionPresent, clear_session_present),
    ("a message nobody published arrives", Kind::Unexpected, invent),
    ("the topic changes", Kind::OtherTopic, change_topic),
    ("the QoS is raised", Kind::WrongQoS, raise_qos),
    ("a message arrives without Subscription", Kind::WithoutSubscription, without_subscription),
    ("an expired message is sent", Kind::AfterExpiry, expire),
    ("a Will is dropped", Kind::WillMissing, drop_will),
    ("a Will comes twice", Kind::WillTwice, double_will),
    ("a Will follows DISCONNECT", Kind::WillAfterDisconnect, will_after_disconnect),
    ("No Local is ignored", Kind::NoLocal, ignore_no_local),
    ("a second member gets the message", Kind::SharedTwice, share_twice),
    ("Receive Maximum is exceeded", Kind::ReceiveMaximum, lower_receive_maximum),
    ("DUP is cleared", Kind::DupFlag, clear_dup),
    ("a retained message is dropped", Kind::RetainedMissing, drop_retained),
    ("a replaced retained message is sent", Kind::StaleRetained, send_stale),
    ("a Subscription Identifier is foreign", Kind::SubscriptionIdentifier, foreign_identifier),
];

/// What has to happen first, lest a fault finds no place: two members of a share, and a message for it.
fn prologue(kind: Kind) -> &'static [Act] {
    match kind {
        Kind::SharedTwice => &[(1, [0, 5, 2, 0]), (1, [1, 5, 2, 0]), (6, [2, 2, 2, 3])],
        _ => &[],
    }
}

/// The places of the events that pass, and the one that the number picks.
fn pick(history: &History, choice: usize, wanted: impl Fn(usize, &What) -> bool) -> Option<usize> {
    let places: Vec<usize> =
        (0..history.events.len()).filter(|&n| wanted(n, &history.events[n].what)).collect();
    (!places.is_empty()).then(|| places[choice % places.len()])
}

fn insert(history: &mut History, place: usize, what: What) {
    let at = history.events[place].at;
    history.events.insert(place, Event { at, what });
}

/// Message, Client and QoS of a delivery.
fn delivered(what: &What) -> Option<(MessageId, ClientIndex, QoS)> {
    match *what {
        What::Delivered { message: Some(message), client, qos, .. } => Some((message, client, qos)),
        _ => None,
    }
}

fn publishes(history: &History, wanted: MessageId) -> Vec<usize> {
    (0..history.events.len())
        .filter(|&n| matches!(history.events[n].what, What::Publish { message, .. } if message == wanted))
        .collect()
}

fn is_retained(history: &History, wanted: MessageId) -> bool {
    history
        .events
        .iter()
        .any(|it| matches!(it.what, What::Publish { message, retain: true, .. } if message == wanted))
}

fn remove_deliveries(history: &mut History, message: MessageId, client: ClientIndex, from: usize) {
    let mut place = 0;
    history.events.retain(|event| {
        place += 1;
        place <= from || delivered(&event.what).is_none_or(|it| (it.0, it.1) != (message, client))
    });
}

/// Whether the Client keeps a connection to the end.
fn stays(history: &History, wanted: ConnectionIndex) -> bool {
    !history
        .events
        .iter()
        .any(|it| matches!(it.what, What::Closed { connection, .. } if connection == wanted))
}

/// How many filters of a Client ever matched a topic, one for each SUBSCRIBE.
fn subscriptions(history: &History, whose: ClientIndex, topic: TopicIndex) -> usize {
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

fn drop_delivery(run: &mut Run, choice: usize) -> Option<()> {
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

fn duplicate_qos_2(run: &mut Run, choice: usize) -> Option<()> {
    duplicate(run, choice, QoS::ExactlyOnce)
}

fn duplicate_qos_0(run: &mut Run, choice: usize) -> Option<()> {
    duplicate(run, choice, QoS::AtMostOnce)
}

fn swap(run: &mut Run, choice: usize) -> Option<()> {
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

fn set_retain(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| {
        delivered(what).is_some_and(|it| !publishes(history, it.0).is_empty() && !is_retained(history, it.0))
    })?;
    if let What::Delivered { retain, .. } = &mut history.events[place].what {
        *retain = true;
    }
    Some(())
}

/// Clean Start and Client of the CONNECT that a CONNACK answers, and its place.
fn connect_of(history: &History, wanted: ConnectionIndex) -> Option<(bool, ClientIndex, usize)> {
    history.events.iter().enumerate().find_map(|(n, event)| match event.what {
        What::Connect { connection, clean_start, client, .. } if connection == wanted => {
            Some((clean_start, client, n))
        }
        _ => None,
    })
}

fn set_session_present(run: &mut Run, choice: usize) -> Option<()> {
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

fn clear_session_present(run: &mut Run, choice: usize) -> Option<()> {
    let history = &mut run.history;
    let place = pick(history, choice, |_, what| match *what {
        What::Connected { connection, session_present: true, .. } => {
            // The Session of the connection before never expires.
            let Some((_, client, at)) = connect_of(history, connection) else { return false };
            let before = history.events[..at].iter().rev().find_map(|it| match it.what {
                What::Connect { client: other, session_expiry, .. } if other == client => {
                    Some(session_expiry)
                }
                _ => None,
            });
            before == Some(history::NEVER_EXPIRES)
        }
        _ => false,
    })?;
    if let What::Connected { session_present, .. } = &mut history.events[place].what {
        *session_present = false;
    }
    Some(())
}

fn invent(run: &mut Run, choice: usize) -> Option<()> {
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { message, .. } = &mut run.history.events[place].what {
        *message = None;
    }
    Some(())
}

fn change_topic(run: &mut Run, choice: usize) -> Option<()> {
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { topic, .. } = &mut run.history.events[place].what {
        *topic = TopicIndex((topic.0 + 1) % 4);
    }
    Some(())
}

fn raise_qos(run: &mut Run, choice: usize) -> Option<()> {
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

fn without_subscription(run: &mut Run, choice: usize) -> Option<()> {
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

fn expire(run: &mut Run, choice: usize) -> Option<()> {
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

fn drop_will(run: &mut Run, choice: usize) -> Option<()> {
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

fn double_will(run: &mut Run, choice: usize) -> Option<()> {
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

fn will_after_disconnect(run: &mut Run, choice: usize) -> Option<()> {
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

fn ignore_no_local(run: &mut Run, choice: usize) -> Option<()> {
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

fn share_twice(run: &mut Run, _: usize) -> Option<()> {
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

fn lower_receive_maximum(run: &mut Run, choice: usize) -> Option<()> {
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

fn clear_dup(run: &mut Run, choice: usize) -> Option<()> {
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

fn drop_retained(run: &mut Run, choice: usize) -> Option<()> {
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

fn send_stale(run: &mut Run, choice: usize) -> Option<()> {
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

fn foreign_identifier(run: &mut Run, choice: usize) -> Option<()> {
    if run.history.version == Version::V311 {
        return None;
    }
    let place = pick(&run.history, choice, |_, what| delivered(what).is_some())?;
    if let What::Delivered { subscription_identifiers, .. } = &mut run.history.events[place].what {
        subscription_identifiers.push(100_000);
    }
    Some(())
}
