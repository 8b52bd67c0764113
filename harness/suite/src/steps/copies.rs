//! One message, one or several copies: overlapping Subscriptions, their identifiers (section 3.3.4 of 5.0, 3.3.5 of 3.1.1), and Shared Subscriptions (4.8.2),
//! where exactly one member gets it.

use super::fields;
use crate::world::World;
use cucumber::{then, when};
use protocol::{Packet, Property, Publish, QoS};
use std::collections::BTreeSet;
use tester::stop::{Expected, StepResult, Stop};
use tester::{Arrival, Tester};

fn publish(arrival: &Arrival) -> Option<&Publish> {
    match &arrival.packet {
        Packet::Publish(publish) => Some(publish),
        _ => None,
    }
}

/// The part of a Topic Filter that Topic Names are compared with.
fn matched_part(filter: &str) -> &str {
    filter.strip_prefix("$share/").and_then(|f| f.split_once('/')).map_or(filter, |(_, f)| f)
}

/// All copies of a message that this Client gets. Repeats, which have DUP 1, are not counted.
async fn copies(
    world: &mut World,
    name: &str,
    payload: &str,
    topic: &str,
) -> Result<Vec<(usize, Publish)>, Stop> {
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(topic));
    let bytes = fields::binary(payload);
    let is = |a: &Arrival| publish(a).is_some_and(|p| *p.topic == *wire && p.payload == bytes);
    let first = tester.expect(name, &format!("PUBLISH \"{payload}\" on \"{topic}\""), is).await?;
    tester.fence(name).await?;
    tester.garbage(name)?;
    let mut found = vec![first];
    found.extend(tester.client(name).inbox.iter().filter(|a| is(a)).cloned());
    tester.client(name).inbox.retain(|a| !is(a));
    Ok(found
        .iter()
        .filter_map(|a| Some((a.observation, publish(a)?.clone())))
        .filter(|(_, p)| !p.dup)
        .collect())
}

/// The QoS of each Subscription of this Client that matches, as granted and lowered to that of the message, the best first.
fn allowed(tester: &mut Tester, name: &str, topic: &str, published: QoS) -> Vec<QoS> {
    let granted = tester.client(name).granted.iter();
    let mut allowed: Vec<QoS> = granted
        .filter(|(filter, _)| protocol::topic::matches(matched_part(filter), topic))
        .map(|(_, qos)| published.min(*qos))
        .collect();
    allowed.sort_unstable_by(|a, b| b.cmp(a));
    allowed
}

/// One copy at the best QoS of the matching Subscriptions; and perhaps further ones, each by another of the Subscriptions and at the QoS of that.
#[then(
    expr = "{word} receives {string} on {string} at the best QoS of its Subscriptions, published at QoS {int}"
)]
async fn receives_best(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    qos: u8,
) -> StepResult {
    let copies = copies(world, &name, &payload, &topic).await?;
    let tester = world.tester();
    let Some(published) = QoS::from_bits(qos) else {
        return Err(Stop::Error(format!("{qos} is no QoS")).into());
    };
    let wire = tester.namespace.topic(&fields::text(&topic));
    let allowed = allowed(tester, &name, &wire, published);
    let shown: Vec<String> = copies.iter().map(|(_, p)| p.qos.to_string()).collect();
    let wanted: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let last = copies.last().map(|(observation, _)| *observation);
    if !copies.iter().any(|(_, p)| Some(&p.qos) == allowed.first()) {
        let expected = format!("a copy at QoS {}", wanted.first().cloned().unwrap_or_default());
        return Err(Stop::seen(expected, format!("copies at QoS {}", shown.join(", ")), last).into());
    }
    let mut free = allowed;
    for (observation, copy) in &copies {
        match free.iter().position(|qos| *qos == copy.qos) {
            Some(index) => drop(free.remove(index)),
            None => {
                let expected =
                    format!("at most one copy for each Subscription, at QoS {}", wanted.join(", "));
                let actual = format!("copies at QoS {}", shown.join(", "));
                return Err(Stop::seen(expected, actual, Some(*observation)).into());
            }
        }
    }
    tester.choose("copies for overlapping Subscriptions", copies.len().to_string());
    Ok(())
}

fn numbers(text: &str) -> Result<Vec<u32>, Stop> {
    text.split([',', ' '])
        .filter(|word| !word.is_empty() && *word != "and")
        .map(|word| fields::number("Subscription Identifier", word))
        .collect()
}

fn identifiers(publish: &Publish) -> Vec<u32> {
    let mut found: Vec<u32> = publish
        .properties
        .iter()
        .filter_map(|p| match p {
            Property::SubscriptionIdentifier(id) => Some(*id),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found
}

/// A single copy carries the identifiers of all matching Subscriptions; of several copies each carries that of its own Subscription.
#[then(
    regex = r#"^(\w+) receives "([^"]*)" on "([^"]*)" for (\d+) Subscriptions with the Subscription Identifiers? ([\d, and]+)$"#
)]
async fn receives_identifiers(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    subscriptions: usize,
    wanted: String,
) -> StepResult {
    let wanted = numbers(&wanted)?;
    let copies = copies(world, &name, &payload, &topic).await?;
    let known: BTreeSet<u32> = wanted.iter().copied().collect();
    let last = copies.last().map(|(observation, _)| *observation);
    let shown: Vec<String> = copies.iter().map(|(_, p)| format!("{:?}", identifiers(p))).collect();
    let wrong = |expected: String| Stop::seen(expected, format!("copies with {}", shown.join(" ")), last);
    let all: BTreeSet<u32> = copies.iter().flat_map(|(_, p)| identifiers(p)).collect();
    if all != known {
        return Err(
            wrong(format!("the Subscription Identifiers {wanted:?} over all copies, and no other")).into()
        );
    }
    let mut warning = None;
    if copies.len() == 1 {
        if copies.iter().any(|(_, p)| identifiers(p) != wanted) {
            warning = Some(format!(
                "one copy should carry the identifiers {wanted:?}, each as often as it matches"
            ));
        }
    } else if copies.len() == subscriptions {
        let each: Vec<Vec<u32>> = copies.iter().map(|(_, p)| identifiers(p)).collect();
        let mut flat: Vec<u32> = each.iter().flatten().copied().collect();
        flat.sort_unstable();
        if each.iter().any(|ids| ids.len() > 1) || flat != wanted {
            return Err(wrong("each copy with the identifier of its own Subscription".to_owned()).into());
        }
    }
    world.tester().choose("copies for overlapping Subscriptions", copies.len().to_string());
    match warning {
        // Stated as a fact without a keyword, and read in two ways: a warning at most.
        Some(text) => Err(Stop::Warning(text).into()),
        None => Ok(()),
    }
}

fn names(text: &str) -> Vec<String> {
    text.split([',', ' ']).filter(|word| !word.is_empty() && *word != "and").map(str::to_owned).collect()
}

/// Takes all copies of a message out of the inboxes of these Clients: who got it, where in the transcript, and how. Repeats are not counted.
fn collect(
    tester: &mut Tester,
    members: &[String],
    wire: &str,
    payload: &[u8],
) -> Vec<(String, usize, Publish)> {
    let is = |a: &Arrival| publish(a).is_some_and(|p| *p.topic == *wire && *p.payload == *payload);
    let mut found = Vec::new();
    for member in members {
        for arrival in tester.client(member).inbox.iter().filter(|a| is(a)) {
            if let Some(p) = publish(arrival)
                && !p.dup
            {
                found.push((member.clone(), arrival.observation, p.clone()));
            }
        }
        tester.client(member).inbox.retain(|a| !is(a));
    }
    found
}

/// The messages `1`, `2`, … on the topic: each reaches one of these Clients, once, and no QoS is above that of its Subscription.
#[then(
    regex = r#"^each of "1" to "(\d+)" on "([^"]*)" reaches exactly one of (\w+(?:, \w+)*(?: and \w+)?)$"#
)]
async fn reaches_one(world: &mut World, count: u32, topic: String, members: String) -> StepResult {
    let members: Vec<Member> =
        names(&members).into_iter().map(|name| Member { name, identifier: None }).collect();
    Ok(reach_one(world, count, &topic, &members).await?)
}

/// As above, and each copy carries the Subscription Identifier of the Client that gets it, and no other.
#[then(
    regex = r#"^each of "1" to "(\d+)" on "([^"]*)" reaches exactly one of (\w+) with identifier (\d+) and (\w+) with identifier (\d+)$"#
)]
async fn reaches_one_with(
    world: &mut World,
    count: u32,
    topic: String,
    first: String,
    first_identifier: u32,
    second: String,
    second_identifier: u32,
) -> StepResult {
    let members = [
        Member { name: first, identifier: Some(first_identifier) },
        Member { name: second, identifier: Some(second_identifier) },
    ];
    Ok(reach_one(world, count, &topic, &members).await?)
}

/// A Client that may get a message, and the only Subscription Identifier that it may see, where that matters.
struct Member {
    name: String,
    identifier: Option<u32>,
}

async fn reach_one(world: &mut World, count: u32, topic: &str, members: &[Member]) -> Result<(), Stop> {
    let wanted: Vec<Option<u32>> = members.iter().map(|m| m.identifier).collect();
    let members: Vec<String> = members.iter().map(|m| m.name.clone()).collect();
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(topic));
    let mut shares: Vec<(String, u32)> = members.iter().map(|m| (m.clone(), 0)).collect();
    let patience = members.iter().map(|m| tester.patience(m)).max().unwrap_or_default();
    let last = count.to_string();
    // Wait for the last one, wherever it goes; then fence every member, so that whatever is under way has arrived.
    tester
        .wait(patience, |t| {
            members
                .iter()
                .any(|m| {
                    t.client(m).inbox.iter().any(|a| {
                        publish(a).is_some_and(|p| *p.topic == *wire && *p.payload == *last.as_bytes())
                    })
                })
                .then_some(())
        })
        .await;
    for member in &members {
        tester.fence(member).await?;
        tester.garbage(member)?;
    }
    for number in 1..=count {
        let payload = number.to_string();
        let found = collect(tester, &members, &wire, payload.as_bytes());
        let receivers: Vec<&str> = found.iter().map(|(member, _, _)| member.as_str()).collect();
        let expected = format!("\"{payload}\" reaches exactly one of {}", members.join(", "));
        match found.as_slice() {
            [] => return Err(Stop::missing(Expected::packet(expected), "it reaches none of them")),
            [(member, observation, copy)] => {
                let best = allowed(tester, member, &wire, QoS::ExactlyOnce).first().copied();
                if best.is_some_and(|best| copy.qos > best) {
                    let expected = format!("a QoS not above that of the Subscription of {member}");
                    return Err(Stop::seen(expected, format!("QoS {}", copy.qos), Some(*observation)));
                }
                let position = members.iter().position(|name| name == member);
                if let Some(identifier) = position.and_then(|index| wanted[index])
                    && identifiers(copy) != [identifier]
                {
                    let expected = format!("the Subscription Identifier {identifier} of {member} alone");
                    let actual = format!("{:?}", identifiers(copy));
                    return Err(Stop::seen(expected, actual, Some(*observation)));
                }
                if let Some(share) = shares.iter_mut().find(|(name, _)| name == member) {
                    share.1 += 1;
                }
            }
            [.., (_, observation, _)] => {
                let actual = format!("it reaches {}", receivers.join(" and "));
                return Err(Stop::seen(expected, actual, Some(*observation)));
            }
        }
    }
    let shown: Vec<String> = shares.iter().map(|(name, share)| format!("{name} {share}")).collect();
    tester.choose("how a Shared Subscription spreads its messages", shown.join(", "));
    Ok(())
}

/// Keeps the messages flowing while a SUBSCRIBE is under way: a third of them is sent before it, the rest after it, and nothing is waited for in between.
#[when(
    expr = "{word} publishes {int} messages to {string} at QoS 1 while {word} subscribes to the same filter again at QoS {int}"
)]
async fn publishes_while(
    world: &mut World,
    publisher: String,
    count: u32,
    topic: String,
    subscriber: String,
    qos: u8,
) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(&topic));
    let wanted = QoS::from_bits(qos).ok_or_else(|| Stop::Error(format!("{qos} is no QoS")))?;
    let mut subscribe_id = None;
    let mut last_id = 0;
    for number in 1..=count {
        let mut message = Publish::new(wire.clone(), number.to_string().into_bytes());
        message.qos = QoS::AtLeastOnce;
        last_id = tester.fresh_packet_id(&publisher);
        message.packet_id = Some(last_id);
        tester.send(&publisher, Packet::Publish(message))?;
        if number == count / 3 {
            let packet_id = tester.fresh_packet_id(&subscriber);
            let filters = vec![(wire.clone().into(), protocol::SubscriptionOptions::at(wanted))];
            let properties = protocol::Properties::new();
            tester.send(
                &subscriber,
                Packet::Subscribe(protocol::Subscribe { packet_id, properties, filters }),
            )?;
            subscribe_id = Some(packet_id);
        }
        tester.pass(std::time::Duration::from_micros(200)).await;
    }
    let suback = tester
        .expect(
            &subscriber,
            "SUBACK",
            |a| matches!(&a.packet, Packet::Suback(s) if Some(s.packet_id) == subscribe_id),
        )
        .await?;
    if let Packet::Suback(s) = &suback.packet {
        match s.reasons.first().and_then(|r| QoS::from_bits(r.0)) {
            Some(granted) => drop(tester.client(&subscriber).granted.insert(wire, granted)),
            None => {
                return Err(Stop::inconclusive("the Server refuses to replace the Subscription").into());
            }
        }
    }
    tester
        .expect(&publisher, "PUBACK", |a| matches!(&a.packet, Packet::Puback(p) if p.packet_id == last_id))
        .await?;
    Ok(())
}

/// Each of the messages `1`, `2`, … at least once.
#[then(expr = "{word} receives each of {string} to {string} on {string}")]
async fn receives_each(
    world: &mut World,
    name: String,
    first: String,
    last: String,
    topic: String,
) -> StepResult {
    let (first, last) = (fields::number("from", &first)?, fields::number("to", &last)?);
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(&topic));
    for number in first..=last {
        let payload = number.to_string();
        let is =
            |a: &Arrival| publish(a).is_some_and(|p| *p.topic == *wire && *p.payload == *payload.as_bytes());
        tester.expect(&name, &format!("PUBLISH \"{payload}\" on \"{topic}\""), is).await?;
        tester.client(&name).inbox.retain(|a| !is(a));
    }
    Ok(())
}

/// A recommendation: if the message stays out, that is a warning.
#[then(expr = "{word} should receive {string} on {string}")]
async fn should_receive(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(&topic));
    let bytes = fields::binary(&payload);
    let is = |a: &Arrival| publish(a).is_some_and(|p| *p.topic == *wire && p.payload == bytes);
    match tester.expect(&name, &format!("PUBLISH \"{payload}\" on \"{topic}\""), is).await {
        Ok(_) => Ok(()),
        Err(Stop::Violation(violation)) => Err(Stop::Warning(violation.to_string()).into()),
        Err(other) => Err(other.into()),
    }
}
